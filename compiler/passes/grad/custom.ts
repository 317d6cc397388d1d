/** Functions with a backward rule of their own, and functions that run again instead of keeping their values. */
import type { Type, Value } from '../../ir/index.ts';
import { outputCount } from '../../ir/ops/index.ts';
import { gradDiagnostics } from './diagnostics.ts';
import type { RegionRequest, RegionRule } from './mode.ts';
import { capturesOf, emitterOf } from './mode.ts';
import { holdsNumbers } from './rule.ts';
import { filled, typesOf, variedCaptures } from './control/body.ts';

/** The backward region on inputs, outputs and their cotangents. What the forward region takes from outside gets nothing. */
export const customRule: RegionRule = (request) => {
  const { op, mode, builder, accumulate } = request;
  const [, backward] = op.regions;
  const given = backward.operations[backward.operations.length - 1].operands;
  if (!fitsInputs(request, typesOf(given))) return;
  const outputs = op.results.slice(0, outputCount(op.attributes));
  const inputs = [...op.operands, ...outputs, ...filled(request, outputs)];
  const gradients = mode.runAgain(backward, inputs, builder);
  op.operands.forEach((input, index) => accumulate(input, holdsNumbers(input) ? gradients[index] : null));
};

function fitsInputs({ op, mode }: RegionRequest, found: readonly Type[]): boolean {
  const inputs = typesOf(op.operands);
  if (found.length !== inputs.length) {
    mode.report(gradDiagnostics.gradientCount, op, [counted(found.length), inputsText(inputs.length)]);
    return false;
  }
  const odd = op.operands.findIndex((input, index) => holdsNumbers(input) && found[index].key !== input.type.key);
  if (odd < 0) return true;
  mode.report(gradDiagnostics.gradientType, op, [String(odd), found[odd].key, inputs[odd].key]);
  return false;
}

const counted = (count: number): string => `${count} gradient${count === 1 ? '' : 's'}`;
const inputsText = (count: number): string => `${count} input${count === 1 ? '' : 's'}`;

/**
 * The region runs again on what `ms.depend` makes of its inputs: computed after the cotangents, so that nothing of it can
 * be merged with the forward sweep. Parameters are there all the time and stay as they are.
 */
export const recomputeRule: RegionRule = (request) => {
  const { op, mode, builder, cotangents, accumulate, isVaried } = request;
  const [body] = op.regions;
  const after = cotangents.find((value) => value !== null);
  if (!after) return;
  const emit = emitterOf(mode, builder);
  const late = (value: Value): Value => (value.type.kind === 'tensor' ? emit.op('ms.depend', [value, after]) : value);
  const inputs = op.operands.map(late);
  const captures = capturesOf(op.regions).filter((value) => !mode.parameters.has(value));
  const again = new Map(captures.map((value) => [value, late(value)]));
  const varied = variedCaptures(request);
  const operands = op.operands.flatMap((value, at) => (holdsNumbers(value) && isVaried(value) ? [at] : []));
  const gradients = mode.pullBack({
    body,
    inputs,
    captures: again,
    seeds: cotangents,
    wanted: [...operands.map((at) => inputs[at]), ...varied.map((value) => again.get(value) ?? value)],
    builder,
  });
  operands.forEach((at, index) => accumulate(op.operands[at], gradients[index]));
  varied.forEach((value, index) => accumulate(value, gradients[operands.length + index]));
};
