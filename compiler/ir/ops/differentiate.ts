/**
 * Derivatives as operations, region ops like `scf.*`. They stand in @source only: `passes/grad` replaces them, innermost
 * first, by the operations that compute the derivatives. `pure` means: as pure as what the regions hold.
 *
 *     %y, %dx = ms.vjp %x, %dy ({^bb0(%a: …): … scf.yield %b : …}) {outputs = 1, primals = 1}
 */
import type { AttributeMap } from '../core/attribute.ts';
import type { Constraint, OpDefinition, OpView } from '../core/definition.ts';
import { absent, integerOf } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { anyValues } from './func.ts';
import { integerSlot, numberTensor, variadic } from './slot.ts';

const FAMILY = { family: 'differentiate', axes: absent('a region'), traits: ['pure'] } as const;
const statedTypes = absent('the results have the types that the regions yield');

/** How many operands of `ms.vjp` are primals; the rest are cotangents, one for each output. */
export const primalCount = (attributes: AttributeMap): number => integerOf(attributes, 'primals');

/** How many results of `ms.vjp` or `ms.custom_vjp` are outputs; extras (and gradients) follow. */
export const outputCount = (attributes: AttributeMap): number => integerOf(attributes, 'outputs');

const typeKeys = (types: readonly Type[]): string => types.map((type) => type.key).join(', ');

const sameTypes = (left: readonly Type[], right: readonly Type[]): boolean => typeKeys(left) === typeKeys(right);

function operandCount({ operandTypes, attributes }: OpView): string | null {
  const [primals, outputs] = [primalCount(attributes), outputCount(attributes)];
  return primals >= 0 && outputs >= 0 && operandTypes.length === primals + outputs
    ? null
    : `operands are ${operandTypes.length}, primals are ${primals}, outputs are ${outputs}`;
}

function resultCount({ resultTypes, attributes }: OpView): string | null {
  const [primals, outputs] = [primalCount(attributes), outputCount(attributes)];
  return resultTypes.length >= primals + outputs
    ? null
    : `results are ${resultTypes.length}, expected ${outputs} outputs and ${primals} gradients at least`;
}

function outputTypes({ operandTypes, resultTypes, attributes }: OpView): string | null {
  const cotangents = operandTypes.slice(primalCount(attributes));
  const outputs = resultTypes.slice(0, outputCount(attributes));
  return sameTypes(cotangents, outputs)
    ? null
    : `cotangents are (${typeKeys(cotangents)}), outputs are (${typeKeys(outputs)})`;
}

function gradientTypes({ operandTypes, resultTypes, attributes }: OpView): string | null {
  const count = primalCount(attributes);
  const primals = operandTypes.slice(0, count);
  const gradients = resultTypes.slice(resultTypes.length - count);
  return sameTypes(primals, gradients)
    ? null
    : `primals are (${typeKeys(primals)}), gradients are (${typeKeys(gradients)})`;
}

function customOutputs({ resultTypes, attributes }: OpView): string | null {
  const outputs = outputCount(attributes);
  return outputs >= 0 && outputs <= resultTypes.length
    ? null
    : `outputs are ${outputs}, results are ${resultTypes.length}`;
}

type Rule = readonly [text: string, check: (op: OpView) => string | null];

const rules = (...list: readonly Rule[]): readonly Constraint[] =>
  list.map(([text, check], index) => ({ label: `C${index + 1}`, text, check }));

const vjpConstraints: readonly Constraint[] = rules(
  ['operands are the primals and a cotangent for each output', operandCount],
  ['results are the outputs, extras and a gradient for each primal', resultCount],
  ['outputs have the types of the cotangents', outputTypes],
  ['gradients have the types of the primals', gradientTypes],
);

export const differentiateOps = {
  'ms.vjp': {
    ...FAMILY,
    name: 'ms.vjp',
    summary:
      'Runs the region on the primals and pulls the cotangents of its outputs back: results are outputs, extras, gradients of the primals. Values from outside the region are constants of this derivative.',
    operands: [variadic('primals and cotangents', numberTensor)],
    results: [anyValues('results')],
    attributes: [
      integerSlot('primals', 'how many operands are primals; a cotangent for each output follows'),
      integerSlot('outputs', 'how many of the yielded values are differentiated; extras follow'),
    ],
    regions: ['function'],
    constraints: vjpConstraints,
    infer: statedTypes,
  },
  'ms.custom_vjp': {
    ...FAMILY,
    name: 'ms.custom_vjp',
    summary:
      'Runs the first region. Where it is differentiated, the second one gives the gradients of the inputs from inputs, outputs and cotangents of the outputs.',
    operands: [anyValues('inputs')],
    results: [anyValues('results')],
    attributes: [integerSlot('outputs', 'how many of the results are differentiated; extras follow')],
    regions: ['forward', 'backward'],
    constraints: rules(['outputs are among the results', customOutputs]),
    infer: statedTypes,
  },
  'ms.recompute': {
    ...FAMILY,
    name: 'ms.recompute',
    summary: 'Runs the region. Where it is differentiated, it runs again in the reverse sweep and keeps nothing.',
    operands: [anyValues('inputs')],
    results: [anyValues('results')],
    attributes: [],
    regions: ['function'],
    constraints: [],
    infer: statedTypes,
  },
} as const satisfies Readonly<Record<string, OpDefinition>>;
