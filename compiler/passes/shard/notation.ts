/**
 * Index notation of an operation as sharding reads it: the indices of each dimension, their extents, and what cutting an
 * index means. Derived from the `axes` of definitions; what index notation cannot say has a rule here.
 */
import type { Axes, OpDefinition, Operation, Reducer, Type } from '../../ir/index.ts';
import { integerOf, isAbsent, stringOf, viewOf } from '../../ir/index.ts';
import { isTensorOp, tensorOps } from '../../ir/ops/index.ts';
import type { Reduction } from '../../ir/ops/index.ts';

/** Indices of one dimension, major first; none stays whole. */
export type DimensionIndices = readonly string[];

/** What cutting an index does: to each part its own results, partial results to be joined, or it may not be cut. */
export type Role =
  { readonly kind: 'parallel' } | { readonly kind: 'joined'; readonly by: Reducer } | { readonly kind: 'whole' };

export interface Notation {
  readonly operands: readonly (readonly DimensionIndices[])[];
  readonly results: readonly (readonly DimensionIndices[])[];
  readonly extents: ReadonlyMap<string, number>;
  readonly roleOf: (index: string) => Role;
}

/** Reductions that collectives know; the others are decomposed before they are cut. */
export const COLLECTIVE_REDUCTION: Readonly<Partial<Record<Reducer, Reduction>>> = {
  sum: 'sum',
  product: 'prod',
  maximum: 'max',
  minimum: 'min',
};

const PARALLEL: Role = { kind: 'parallel' };
const WHOLE: Role = { kind: 'whole' };

/** The notation of an operation; operations that have none are whole: every device computes all of them. */
export function notationOf(op: Operation): Notation {
  const axes = axesOf(op);
  const dimensions = (lists: readonly (readonly string[])[]) =>
    lists.map((list) => list.map((text) => (text === '_' ? [] : text.split('*'))));
  const [operands, results] = [dimensions(axes.operands), dimensions(axes.results)];
  const extents = extentsOf(operands, results, op);
  const [joined, whole] = [new Set(axes.summed), new Set(axes.indivisible)];
  const by = axes.reducer ?? 'sum';
  const roleOf = (index: string): Role => {
    if (whole.has(index) || !extents.has(index)) return WHOLE;
    return joined.has(index) ? { kind: 'joined', by } : PARALLEL;
  };
  return { operands, results, extents, roleOf };
}

function axesOf(op: Operation): Axes {
  const special = SPECIAL.get(op.name)?.(op);
  if (special) return special;
  const definition: OpDefinition | null = isTensorOp(op.name) ? tensorOps[op.name] : null;
  return definition === null || isAbsent(definition.axes) ? nothing(op) : definition.axes(viewOf(op));
}

const rankOf = (type: Type): number => (type.kind === 'tensor' ? type.shape.length : 0);
const names = (type: Type, prefix = 'i'): readonly string[] =>
  Array.from({ length: rankOf(type) }, (_, at) => `${prefix}${at}`);
const wholes = (type: Type): readonly string[] => Array.from({ length: rankOf(type) }, () => '_');

function nothing(op: Operation): Axes {
  return {
    operands: op.operands.map((operand) => wholes(operand.type)),
    results: op.results.map((result) => wholes(result.type)),
    summed: [],
    indivisible: [],
  };
}

/** What comes from nothing is made in parts: every index of the first result may be cut. */
const source = (op: Operation): Axes => ({
  ...nothing(op),
  results: op.results.map((result, at) => (at === 0 ? names(result.type) : wholes(result.type))),
});

/** Look-up along an axis: a device that holds some rows finds the others to be 0, and the parts sum up. */
function gather(op: Operation): Axes {
  const [x, indices] = op.operands.map((operand) => operand.type);
  const axis = integerOf(op.attributes, 'axis');
  const rows = names(x).with(axis, 'v');
  const taken = names(indices, 'j');
  const results = [[...rows.slice(0, axis), ...taken, ...rows.slice(axis + 1)]];
  return { operands: [rows, taken], results, summed: summable(x) ? ['v'] : [], indivisible: summable(x) ? [] : ['v'] };
}

function gatherElements(op: Operation): Axes {
  const [x] = op.operands.map((operand) => operand.type);
  const axis = integerOf(op.attributes, 'axis');
  const [rows, taken] = [names(x).with(axis, 'v'), names(x).with(axis, 'j')];
  return {
    operands: [rows, taken],
    results: [taken],
    summed: summable(x) ? ['v'] : [],
    indivisible: summable(x) ? [] : ['v'],
  };
}

const summable = (type: Type): boolean => type.kind === 'tensor' && type.dtype !== 'i1';

/** Adding at places: parts of the updates give partial sums, and a device that holds some rows drops the others. */
function scatterElements(op: Operation): Axes | null {
  if (stringOf(op.attributes, 'reduction') !== 'add') return null;
  const axis = integerOf(op.attributes, 'axis');
  const { type } = op.operands[0];
  const [rows, given] = [names(type).with(axis, 'v'), names(type).with(axis, 'j')];
  return { operands: [rows, given, given], results: [rows], summed: ['j'], indivisible: [] };
}

function scatterTuples(op: Operation): Axes | null {
  const [x, indices] = op.operands.map((operand) => operand.type);
  if (stringOf(op.attributes, 'reduction') !== 'add' || indices.kind !== 'tensor') return null;
  const length = Number(indices.shape.at(-1));
  const rows = names(x).map((name, at) => (at >= length ? name : length === 1 ? 'v' : '_'));
  const given = names(indices, 'j').slice(0, -1);
  return {
    operands: [rows, [...given, '_'], [...given, ...rows.slice(length)]],
    results: [rows],
    summed: given,
    indivisible: [],
  };
}

function oneHot(op: Operation): Axes {
  const taken = names(op.operands[0].type);
  return {
    operands: [taken, [], []],
    results: [taken.toSpliced(integerOf(op.attributes, 'axis'), 0, 'v')],
    summed: [],
    indivisible: [],
  };
}

/** The count of copies is an attribute, so that copies stay together. */
function repeat(op: Operation): Axes {
  const rows = names(op.operands[0].type);
  const axis = integerOf(op.attributes, 'axis');
  return { operands: [rows], results: [rows.with(axis, `${rows[axis]}*r`)], summed: [], indivisible: ['r'] };
}

const SPECIAL: ReadonlyMap<string, (op: Operation) => Axes | null> = new Map<string, (op: Operation) => Axes | null>([
  ['ms.constant', source],
  ['ms.iota', source],
  ['ms.triangle', source],
  ['ms.random_uniform', source],
  ['ms.random_normal', source],
  ['ms.gather', gather],
  ['ms.gather_elements', gatherElements],
  ['ms.scatter_elements', scatterElements],
  ['ms.scatter_nd', scatterTuples],
  ['ms.one_hot', oneHot],
  ['ms.repeat', repeat],
]);

/** Extents of indices: a dimension of one index has its extent, then products give what is left. */
function extentsOf(
  operands: readonly (readonly DimensionIndices[])[],
  results: readonly (readonly DimensionIndices[])[],
  op: Operation,
): ReadonlyMap<string, number> {
  const extents = new Map<string, number>();
  const products: { readonly indices: DimensionIndices; readonly extent: number }[] = [];
  const learn = (lists: readonly (readonly DimensionIndices[])[], types: readonly Type[]) =>
    lists.forEach((list, at) => {
      const type = types[at];
      if (type?.kind !== 'tensor') return;
      list.forEach((indices, dimension) => {
        const extent = type.shape[dimension];
        if (typeof extent !== 'number') return;
        if (indices.length === 1) extents.set(indices[0], extent);
        else if (indices.length > 1) products.push({ indices, extent });
      });
    });
  learn(
    operands,
    op.operands.map((operand) => operand.type),
  );
  learn(
    results,
    op.results.map((result) => result.type),
  );
  for (let known = -1; known !== extents.size;) {
    known = extents.size;
    for (const { indices, extent } of products) {
      const open = indices.filter((index) => !extents.has(index));
      if (open.length !== 1) continue;
      const rest = indices.reduce((product, index) => product * (extents.get(index) ?? 1), 1);
      if (rest > 0 && extent % rest === 0) extents.set(open[0], extent / rest);
    }
  }
  return extents;
}
