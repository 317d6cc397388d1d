/**
 * `x[...]` and `x[...] = value`: ints, slices, None, Ellipsis, index tensors and masks.
 *
 * The index is first brought to one step for each dimension. Ints and slices are one slice op and a reshape; one index
 * tensor is a gather; several are broadcast together into tuples for gather_nd. A mask must be known, except in a store.
 */
import { integerAttribute, stringAttribute, tensorType } from '../../../ir/index.ts';
import { loadNumber } from '../../../ir/ops/index.ts';
import { ellipsis, indexError, PySlice, PyTuple, typeError, type PyValue } from '../../eval/index.ts';
import { intValue } from '../../eval/protocol/numbers.ts';
import type { TensorSession } from '../../trace/session.ts';
import { allElements, elementsOf, extentsOf, Tensor } from '../../trace/tensor.ts';
import { NdArray } from '../numpy/index.ts';
import { asInt, asTensor, sequenceOf } from './arguments.ts';
import { cast, unify } from './promote.ts';
import { joined } from './join.ts';
import { broadcast, permuted, reshaped } from './shape.ts';
import { sliceAttributes, sliceAxes, sliceCount, upwards, type AxisSlice } from './slice.ts';

/** What an index does with one dimension of x, or `new`: a dimension that x does not have. */
type Step =
  | { readonly kind: 'slice'; readonly slice: AxisSlice }
  | { readonly kind: 'point'; readonly at: number; readonly axis: number }
  | { readonly kind: 'tensor'; readonly indices: Tensor; readonly axis: number }
  | { readonly kind: 'new' };

const partsOf = (index: PyValue): readonly PyValue[] => (index instanceof PyTuple ? index.items : [index]);

/** How many dimensions of x a part takes. */
function width(part: PyValue): number {
  if (part === null || part === ellipsis || typeof part === 'boolean') return 0;
  if (part instanceof Tensor && part.type.dtype === 'i1') return part.type.shape.length;
  return part instanceof NdArray && part.dtype === 'i1' ? part.shape.length : 1;
}

function stepsOf(session: TensorSession, x: Tensor, index: PyValue): readonly Step[] {
  const extents = extentsOf(x.type);
  const parts = partsOf(index);
  const taken = parts.reduce<number>((sum, part) => sum + width(part), 0);
  if (taken > extents.length)
    throw indexError(`too many indices: the tensor has rank ${extents.length}, the index takes ${taken}`);
  const filled = parts.includes(ellipsis) ? parts : [...parts, ellipsis];
  const steps: Step[] = [];
  let axis = 0;
  for (const part of filled) {
    if (part === ellipsis) {
      for (let skipped = extents.length - taken; skipped > 0; skipped--) steps.push(whole(axis, extents[axis++]));
    } else if (part === null || part === true) {
      steps.push({ kind: 'new' });
    } else {
      const made = stepOf(session, part, axis, extents);
      steps.push(...made);
      axis += width(part);
    }
  }
  return steps;
}

const whole = (axis: number, extent: number): Step => ({
  kind: 'slice',
  slice: { axis, begin: 0, end: extent, step: 1 },
});

function stepOf(session: TensorSession, part: PyValue, axis: number, extents: readonly number[]): readonly Step[] {
  if (part instanceof PySlice) return [{ kind: 'slice', slice: resolveSlice(session, part, axis, extents[axis]) }];
  const int = intValue(part);
  if (int !== undefined) return [{ kind: 'point', axis, at: resolveIndex(Number(int), axis, extents[axis]) }];
  if (part instanceof Tensor || part instanceof NdArray || sequenceOf(part)) {
    const tensor = asTensor(session, part, 'index', null);
    if (tensor.type.dtype === 'i1') return maskSteps(session, tensor, axis);
    if (tensor.type.shape.length === 0 && tensor.payload.kind === 'concrete' && !tensor.isParameter)
      return [{ kind: 'point', axis, at: resolveIndex(asInt(session, tensor, 'index'), axis, extents[axis]) }];
    return [{ kind: 'tensor', axis, indices: wrapped(session, tensor, extents[axis]) }];
  }
  throw typeError(`a tensor cannot be indexed by ${session.py.repr(part)}`);
}

function resolveIndex(at: number, axis: number, extent: number): number {
  if (at < -extent || at >= extent)
    throw indexError(`index ${at} is out of range for dimension ${axis} of extent ${extent}`);
  return at < 0 ? at + extent : at;
}

/** Python's rule for slices. */
export function resolveSlice(session: TensorSession, slice: PySlice, axis: number, extent: number): AxisSlice {
  const step = slice.step === null ? 1 : asInt(session, slice.step, 'step');
  if (step === 0) throw indexError('slice step cannot be zero');
  const clampTo = (value: PyValue, otherwise: number): number => {
    if (value === null) return otherwise;
    const at = asInt(session, value, 'slice bound');
    const counted = at < 0 ? at + extent : at;
    return Math.min(Math.max(counted, step > 0 ? 0 : -1), step > 0 ? extent : extent - 1);
  };
  const begin = clampTo(slice.start, step > 0 ? 0 : extent - 1);
  const end = clampTo(slice.stop, step > 0 ? extent : -1);
  return { axis, begin, end, step };
}

/** A mask that is known is the list of positions where it holds. */
function maskSteps(session: TensorSession, mask: Tensor, axis: number): readonly Step[] {
  const data = allElements(session.known(mask, 'an index by a mask'));
  const extents = extentsOf(mask.type);
  const positions: number[] = [];
  for (let at = 0; at < data.length; at++) if (data[at]) positions.push(at);
  return extents.map((_, dimension): Step => {
    const inner = extents.slice(dimension + 1).reduce((product, extent) => product * extent, 1);
    const indices = Int32Array.from(positions, (at) => Math.floor(at / inner) % extents[dimension]);
    return {
      kind: 'tensor',
      axis: axis + dimension,
      indices: session.concrete(tensorType([positions.length], 'i32'), indices),
    };
  });
}

/** Indices from 0: known negative ones are counted from the end here, others by the graph. */
function wrapped(session: TensorSession, indices: Tensor, extent: number): Tensor {
  const ints = ['i32', 'i64'].includes(indices.type.dtype) ? indices : cast(session, indices, 'i32');
  if (ints.payload.kind === 'concrete' && !ints.isParameter) {
    const data = allElements(ints.payload);
    if (!data.some((value) => value < 0)) return ints;
    const turned = Int32Array.from(
      { length: data.length },
      (_, at) => loadNumber(ints.type.dtype, data, at) + (data[at] < 0 ? extent : 0),
    );
    return session.concrete(tensorType(ints.type.shape, 'i32'), turned);
  }
  const shifted = session.op('ms.add', unify(session, [ints, extent], ['index', 'extent']));
  const negative = session.op('ms.less', unify(session, [ints, 0], ['index', 'zero']));
  return session.op('ms.select', [negative, shifted, ints]);
}

const slicesOf = (steps: readonly Step[]): readonly AxisSlice[] =>
  steps.flatMap((step) =>
    step.kind === 'slice'
      ? [step.slice]
      : step.kind === 'point'
        ? [{ axis: step.axis, begin: step.at, end: step.at + 1, step: 1 }]
        : [],
  );

type TensorStep = Extract<Step, { kind: 'tensor' }>;
const tensorSteps = (steps: readonly Step[]): readonly TensorStep[] =>
  steps.filter((step): step is TensorStep => step.kind === 'tensor');

/** `x[index]`. */
export function getItem(session: TensorSession, x: Tensor, index: PyValue): Tensor {
  const steps = stepsOf(session, x, index);
  const cut = sliceAxes(session, x, slicesOf(steps));
  if (tensorSteps(steps).length > 0) return gatherSteps(session, cut, steps);
  const extents = extentsOf(cut.type);
  const shape = steps.flatMap((step) =>
    step.kind === 'new' ? [1] : step.kind === 'slice' ? [extents[step.slice.axis]] : [],
  );
  return reshaped(session, cut, shape);
}

/** Drops points, puts new dimensions in, and gathers along the dimensions that tensors index. */
function gatherSteps(session: TensorSession, cut: Tensor, steps: readonly Step[]): Tensor {
  const extents = extentsOf(cut.type);
  const kept = steps.filter((step) => step.kind !== 'point');
  const view = reshaped(
    session,
    cut,
    kept.map((step) => (step.kind === 'new' ? 1 : extents[step.kind === 'slice' ? step.slice.axis : step.axis])),
  );
  const axes = kept.flatMap((step, axis) => (step.kind === 'tensor' ? [axis] : []));
  const indices = tensorSteps(kept).map((step) => step.indices);
  if (axes.length === 1) return session.op('ms.gather', [view, indices[0]], { axis: integerAttribute(axes[0]) });
  const { tuples, shape } = indexTuples(session, indices);
  const others = extentsOf(view.type)
    .map((_, axis) => axis)
    .filter((axis) => !axes.includes(axis));
  const taken = session.op('ms.gather_nd', [permuted(session, view, [...axes, ...others]), tuples]);
  const adjacent = axes.every((axis, at) => at === 0 || axis === axes[at - 1] + 1);
  if (!adjacent) return taken;
  // NumPy leaves the gathered dimensions where the indices stood.
  const before = axes[0];
  const order = [
    ...Array.from({ length: before }, (_, at) => shape.length + at),
    ...shape.map((_, at) => at),
    ...others.slice(before).map((_, at) => shape.length + before + at),
  ];
  return permuted(session, taken, order);
}

/** Index tensors broadcast together, their last dimension the tuple. */
function indexTuples(
  session: TensorSession,
  indices: readonly Tensor[],
): { readonly tuples: Tensor; readonly shape: readonly number[] } {
  const rank = Math.max(...indices.map((item) => item.type.shape.length));
  const shape = Array.from({ length: rank }, (_, axis) =>
    Math.max(1, ...indices.map((item) => extentsOf(item.type)[axis - rank + item.type.shape.length] ?? 1)),
  );
  const empty = indices.some((item) => elementsOf(item.type) === 0);
  const full = empty ? extentsOf(indices[0].type) : shape;
  const columns = indices.map((item) => reshaped(session, broadcast(session, item, full), [...full, 1]));
  return { tuples: joined(session, columns, full.length), shape: full };
}

/** `x[index] = value`: the tensor that x becomes. */
export function withItem(session: TensorSession, x: Tensor, index: PyValue, value: PyValue): Tensor {
  if (index instanceof Tensor && index.type.dtype === 'i1' && index.payload.kind !== 'concrete')
    return withMask(session, x, index, value);
  const steps = stepsOf(session, x, index);
  const update = cast(session, asTensor(session, value, 'value', x.type.dtype), x.type.dtype);
  if (tensorSteps(steps).length > 0) return scatterSteps(session, x, steps, update);
  const slices = slicesOf(steps);
  const shape = steps.flatMap((step) =>
    step.kind === 'new' ? [1] : step.kind === 'slice' ? [sliceCount(step.slice)] : [],
  );
  const full = slices.map((slice) => sliceCount(slice));
  const placed = reshaped(session, broadcast(session, squeezedTo(session, update, shape.length), shape), full);
  const turned = slices.filter(({ step }) => step < 0).map(({ axis }) => axis);
  const upward =
    turned.length === 0 ? placed : session.op('ms.reverse', [placed], { axes: { kind: 'integers', values: turned } });
  return session.op('ms.slice_update', [x, upward], sliceAttributes(slices.map(upwards)));
}

/** A value may have more dimensions of extent 1 than its place. */
function squeezedTo(session: TensorSession, x: Tensor, rank: number): Tensor {
  const extents = extentsOf(x.type);
  const extra = extents.length - rank;
  return extra > 0 && extents.slice(0, extra).every((extent) => extent === 1)
    ? reshaped(session, x, extents.slice(extra))
    : x;
}

function withMask(session: TensorSession, x: Tensor, mask: Tensor, value: PyValue): Tensor {
  const extents = extentsOf(mask.type);
  const full = reshaped(session, mask, [
    ...extents,
    ...Array.from({ length: x.type.shape.length - extents.length }, () => 1),
  ]);
  const fill = cast(session, asTensor(session, value, 'value', x.type.dtype), x.type.dtype);
  return session.op('ms.select', [full, fill, x]);
}

/** Every dimension becomes an index tensor, so that one scatter_nd says the whole store. */
function scatterSteps(session: TensorSession, x: Tensor, steps: readonly Step[], update: Tensor): Tensor {
  const advanced = indexTuples(
    session,
    tensorSteps(steps).map((step) => step.indices),
  ).shape;
  const slices = steps.flatMap((step) => (step.kind === 'slice' ? [step.slice] : []));
  const before = steps.findIndex((step) => step.kind === 'tensor');
  const leading = steps.slice(0, before).filter((step) => step.kind === 'slice').length;
  const counts = slices.map(sliceCount);
  const shape = [...counts.slice(0, leading), ...advanced, ...counts.slice(leading)];
  const along = (values: readonly number[], axis: number): Tensor =>
    session.concrete(
      tensorType(
        shape.map((_, at) => (at === axis ? values.length : 1)),
        'i32',
      ),
      Int32Array.from(values),
    );
  let slice = 0;
  const indices = steps.flatMap((step): readonly Tensor[] => {
    if (step.kind === 'new') return [];
    if (step.kind === 'point') return [along([step.at], -1)];
    if (step.kind === 'tensor') {
      const own = extentsOf(step.indices.type);
      const lead = Array.from({ length: leading + advanced.length - own.length }, () => 1);
      return [
        cast(session, reshaped(session, step.indices, [...lead, ...own, ...counts.slice(leading).map(() => 1)]), 'i32'),
      ];
    }
    const position = slice++;
    const values = Array.from({ length: counts[position] }, (_, at) => step.slice.begin + at * step.slice.step);
    return [along(values, position < leading ? position : position + advanced.length)];
  });
  const columns = indices.map((item) => reshaped(session, broadcast(session, item, shape), [...shape, 1]));
  const placed = broadcast(session, squeezedTo(session, update, shape.length), shape);
  return session.op('ms.scatter_nd', [x, joined(session, columns, shape.length), placed], {
    reduction: stringAttribute('none'),
  });
}

export { wrapped };
