/**
 * Communication between the ranks of a program that is partitioned over devices: one module for each rank, in which the
 * rank's own slices are static. A rank is the number of a device; a group lists ranks, and a rank's place in that list
 * is its place in what is gathered or scattered (MPI's and HCCL's meaning).
 *
 * All of them are effects: each rank of a group must come to the same collectives in the same order, so that none may
 * be removed, merged or moved on one rank alone.
 */
import type { AttributeMap } from '../core/attribute.ts';
import type { AttributeSlot, Constraint, OpDefinition, Slot, Trait } from '../core/definition.ts';
import { absent, integerOf, integersOf } from '../core/definition.ts';
import type { Dimension, Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import type { Result } from '../support/diagnostic.ts';
import { failure, ok } from '../support/diagnostic.ts';
import { attributeProblem, constraints, slotProblem } from './define.ts';
import { scaleDimension, shapeText, tensor } from './dimension.ts';
import { anyTensor, integerSlot, integersSlot, numberTensor, one, wordSlot } from './slot.ts';

/** How a reducing collective joins the operands of its group. */
export const REDUCTIONS = ['sum', 'max', 'min', 'prod'] as const;
export type Reduction = (typeof REDUCTIONS)[number];

const groupSlot = integersSlot('group', 'the ranks that take part, in the order of their parts');
const reductionSlot = wordSlot('reduction', REDUCTIONS, 'how the operands join');
const peerSlot = integerSlot('peer', 'the other rank');
const tagSlot = integerSlot('tag', 'which of the messages between the two ranks');

function groupProblem(_: readonly Type[], attributes: AttributeMap): string | null {
  const group = integersOf(attributes, 'group');
  if (group.length === 0) return 'group is empty';
  const bad = group.find((rank, index) => rank < 0 || group.indexOf(rank) !== index);
  return bad === undefined ? null : `group is [${group.join(', ')}], ${bad} is negative or repeated`;
}

function axisProblem(name: string) {
  return ([x]: readonly Type[], attributes: AttributeMap): string | null => {
    const [axis, rank] = [integerOf(attributes, name), tensor(x).shape.length];
    return axis >= 0 && axis < rank ? null : `${name} is ${axis}, rank of x is ${rank}`;
  };
}

/** The extent along an axis must be cut into one part for each rank. */
function divisionProblem(name: string) {
  return ([x]: readonly Type[], attributes: AttributeMap): string | null => {
    const { shape } = tensor(x);
    const [extent, parts] = [shape[integerOf(attributes, name)], integersOf(attributes, 'group').length];
    return typeof extent === 'number' && extent % parts === 0
      ? null
      : `${name} ${integerOf(attributes, name)} of x ${shapeText(shape)} does not divide into ${parts} parts`;
  };
}

const groupRule = ['group names each rank once', groupProblem] as const;

const scaled = (type: Type, axis: number, scale: (extent: Dimension) => Dimension): Type => {
  const { shape, dtype } = tensor(type);
  return tensorType(shape.with(axis, scale(shape[axis])), dtype);
};

const groupSize = (attributes: AttributeMap): number => integersOf(attributes, 'group').length;
const timesGroup = (type: Type, axis: string, attributes: AttributeMap): Type =>
  scaled(type, integerOf(attributes, axis), (extent) => scaleDimension(extent, groupSize(attributes)));
const overGroup = (type: Type, axis: string, attributes: AttributeMap): Type =>
  scaled(type, integerOf(attributes, axis), (extent) => Number(extent) / groupSize(attributes));
const same = ([x]: readonly Type[]): readonly Type[] => [tensorType(tensor(x).shape, tensor(x).dtype)];

interface CollectiveRow {
  readonly summary: string;
  readonly operands: readonly Slot[];
  readonly results: readonly Slot[];
  readonly attributes: readonly AttributeSlot[];
  readonly constraints: readonly Constraint[];
  readonly infer: ((types: readonly Type[], attributes: AttributeMap) => readonly Type[]) | null;
}

const EFFECT: readonly Trait[] = ['effect'];

function define<const Name extends `dist.${string}`>(name: Name, row: CollectiveRow): OpDefinition<Name> {
  const { infer } = row;
  return {
    ...row,
    name,
    family: 'collective',
    regions: [],
    traits: EFFECT,
    axes: absent('communication'),
    infer: infer === null ? absent('states what arrives') : checked(row, infer),
  };
}

/** Slots first, then constraints in order, then the rule. */
function checked(row: CollectiveRow, infer: NonNullable<CollectiveRow['infer']>) {
  return (operandTypes: readonly Type[], attributes: AttributeMap): Result<readonly Type[]> => {
    const problem = slotProblem(row.operands, operandTypes) ?? attributeProblem(row.attributes, attributes);
    if (problem !== null) return failure(problem);
    for (const { check } of row.constraints) {
      const found = check({ operandTypes, attributes, resultTypes: [] });
      if (found !== null) return failure(found);
    }
    return ok(infer(operandTypes, attributes));
  };
}

const moved = { operands: [one('x', anyTensor)], results: [one('result', anyTensor)] };
const joined = { operands: [one('x', numberTensor)], results: [one('result', numberTensor)] };

/** Rows by name; none is a row of the tensor grid, since their meaning needs all ranks. */
export const collectiveOps = {
  'dist.all_reduce': define('dist.all_reduce', {
    ...joined,
    summary: 'On every rank of the group: the operands of all its ranks, joined element by element.',
    attributes: [groupSlot, reductionSlot],
    constraints: constraints(groupRule),
    infer: same,
  }),
  'dist.all_gather': define('dist.all_gather', {
    ...moved,
    summary: 'On every rank of the group: the operands of all its ranks one after another along an axis.',
    attributes: [groupSlot, integerSlot('axis', 'the dimension that grows')],
    constraints: constraints(groupRule, ['axis is a dimension of x', axisProblem('axis')]),
    infer: ([x], attributes) => [timesGroup(x, 'axis', attributes)],
  }),
  'dist.reduce_scatter': define('dist.reduce_scatter', {
    ...joined,
    summary: 'The operands of the group joined element by element; each rank keeps its part along an axis.',
    attributes: [groupSlot, integerSlot('axis', 'the dimension that is cut'), reductionSlot],
    constraints: constraints(
      groupRule,
      ['axis is a dimension of x', axisProblem('axis')],
      ['the group divides the axis', divisionProblem('axis')],
    ),
    infer: ([x], attributes) => [overGroup(x, 'axis', attributes)],
  }),
  'dist.all_to_all': define('dist.all_to_all', {
    ...moved,
    summary: 'Each rank cuts x along split_axis, sends part i to rank i of the group, and joins what arrives.',
    attributes: [
      groupSlot,
      integerSlot('split_axis', 'the dimension that is cut'),
      integerSlot('concat_axis', 'the dimension along which arriving parts follow one another'),
    ],
    constraints: constraints(
      groupRule,
      ['split_axis is a dimension of x', axisProblem('split_axis')],
      ['concat_axis is a dimension of x', axisProblem('concat_axis')],
      ['the group divides split_axis', divisionProblem('split_axis')],
    ),
    infer: ([x], attributes) => [timesGroup(overGroup(x, 'split_axis', attributes), 'concat_axis', attributes)],
  }),
  'dist.broadcast': define('dist.broadcast', {
    ...moved,
    summary: 'On every rank of the group: the operand of the rank `root`.',
    attributes: [groupSlot, integerSlot('root', 'the rank whose operand all get')],
    constraints: constraints(groupRule, [
      'root is a rank of the group',
      (_, attributes) =>
        integersOf(attributes, 'group').includes(integerOf(attributes, 'root'))
          ? null
          : `root is ${integerOf(attributes, 'root')}, group is [${integersOf(attributes, 'group').join(', ')}]`,
    ]),
    infer: same,
  }),
  'dist.send': define('dist.send', {
    operands: [one('x', anyTensor)],
    results: [],
    summary: 'Hands x to the rank `peer` and goes on: the bytes are taken at once, whenever that rank receives them.',
    attributes: [peerSlot, tagSlot],
    constraints: [],
    infer: () => [],
  }),
  'dist.receive': define('dist.receive', {
    operands: [],
    results: [one('result', anyTensor)],
    summary: 'What the rank `peer` sends under the same tag, of the stated type.',
    attributes: [peerSlot, tagSlot],
    constraints: [],
    infer: null,
  }),
} as const satisfies Readonly<Record<string, OpDefinition>>;

export type CollectiveName = keyof typeof collectiveOps;

export const isCollective = (name: string): name is CollectiveName => Object.hasOwn(collectiveOps, name);
