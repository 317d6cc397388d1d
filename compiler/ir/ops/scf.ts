/**
 * Structured control flow. Names and attributes are MLIR's. `pure` on a row with regions means: as pure as what its
 * regions hold.
 */
import type { OpDefinition, Slot, TypePredicate } from '../core/definition.ts';
import { absent } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { ok } from '../support/diagnostic.ts';
import { anyValues } from './func.ts';

const condition: TypePredicate = { text: 'i1', test: (type) => type.key === 'i1' };
const counter: TypePredicate = {
  text: 'index or a signless integer',
  test: (type) => type.kind === 'scalar' && /^(index|i8|i16|i32|i64)$/.test(type.dtype),
};
const one = (name: string, accepts: TypePredicate): Slot => ({ name, accepts, arity: 'one' });

const FAMILY = { family: 'scf', attributes: [], axes: absent('control flow') } as const;
const statedTypes = absent('the results have the types that the regions yield');

function sameKeys(types: readonly Type[]): string | null {
  const other = types.find((type) => type.key !== types[0].key);
  return other ? `types are ${types[0].key} and ${other.key}` : null;
}

export const scfOps = {
  'scf.if': {
    ...FAMILY,
    name: 'scf.if',
    summary: 'Runs one of two regions; the results are what it yields.',
    operands: [one('condition', condition)],
    results: [anyValues('results')],
    regions: ['then', 'else'],
    traits: ['pure'],
    constraints: [],
    infer: statedTypes,
  },
  'scf.for': {
    ...FAMILY,
    name: 'scf.for',
    summary:
      'Runs the region for each value from lower up to but not including upper; carried values go from yield to argument.',
    operands: [one('lower', counter), one('upper', counter), one('step', counter), anyValues('initial')],
    results: [anyValues('results')],
    regions: ['body'],
    traits: ['pure'],
    constraints: [
      {
        label: 'C1',
        text: 'lower, upper and step have one type',
        check: ({ operandTypes }) => sameKeys(operandTypes.slice(0, 3)),
      },
      {
        label: 'C2',
        text: 'results have the types of the initial values',
        check: ({ operandTypes, resultTypes }) => pairProblem(operandTypes.slice(3), resultTypes),
      },
    ],
    infer: statedTypes,
  },
  'scf.while': {
    ...FAMILY,
    name: 'scf.while',
    summary:
      'Runs the first region; while its condition holds, runs the second with the values passed on, and the first again.',
    operands: [anyValues('initial')],
    results: [anyValues('results')],
    regions: ['before', 'after'],
    traits: ['pure'],
    constraints: [],
    infer: statedTypes,
  },
  'scf.yield': {
    ...FAMILY,
    name: 'scf.yield',
    summary: 'Ends a region with the values that it gives to its operation.',
    operands: [anyValues('values')],
    results: [],
    regions: [],
    traits: ['terminator'],
    constraints: [],
    infer: () => ok([]),
  },
  'scf.condition': {
    ...FAMILY,
    name: 'scf.condition',
    summary: 'Ends the first region of a while: whether to go on, and the values to pass.',
    operands: [one('condition', condition), anyValues('values')],
    results: [],
    regions: [],
    traits: ['terminator'],
    constraints: [],
    infer: () => ok([]),
  },
} as const satisfies Readonly<Record<string, OpDefinition>>;

function pairProblem(left: readonly Type[], right: readonly Type[]): string | null {
  if (left.length !== right.length) return `${left.length} initial values, ${right.length} results`;
  const index = left.findIndex((type, at) => type.key !== right[at].key);
  return index < 0 ? null : `initial value ${index} is ${left[index].key}, result ${index} is ${right[index].key}`;
}
