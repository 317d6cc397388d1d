/** `a[...]` and `a[...] = value`: basic indices give views, index arrays and masks give copies. */
import { ellipsis, indexError, PyList, PySlice, PyTuple, type Interpreter, type PyValue } from '../../eval/index.ts';
import { intValue } from '../../eval/protocol/numbers.ts';
import { broadcastShape, NdArray } from './array.ts';
import { asArray, asInt } from './convert.ts';

function widthOf(part: PyValue): number {
  if (part === null || part === ellipsis) return 0;
  return part instanceof NdArray && part.dtype === 'i1' ? part.shape.length : 1;
}

/** The index with one part for each dimension: Ellipsis written out, masks as index arrays. */
function complete(py: Interpreter, array: NdArray, index: PyValue): readonly PyValue[] {
  const parts = index instanceof PyTuple ? index.items : [index];
  const taken = parts.reduce<number>((sum, part) => sum + widthOf(part), 0);
  if (taken > array.shape.length)
    throw indexError(
      `too many indices for array: array is ${array.shape.length}-dimensional, but ${taken} were indexed`,
    );
  const whole = new PySlice(null, null, null);
  const rest = Array.from({ length: array.shape.length - taken }, () => whole);
  const at = parts.indexOf(ellipsis);
  const full = at < 0 ? [...parts, ...rest] : [...parts.slice(0, at), ...rest, ...parts.slice(at + 1)];
  return full.flatMap((part): readonly PyValue[] =>
    part instanceof NdArray && part.dtype === 'i1'
      ? maskIndices(part)
      : part instanceof PyList
        ? listIndices(py, part)
        : [part],
  );
}

function listIndices(py: Interpreter, part: PyList): readonly NdArray[] {
  const array = asArray(py, part);
  return array.dtype === 'i1' ? maskIndices(array) : [array];
}

export function maskIndices(mask: NdArray): readonly NdArray[] {
  const positions: number[] = [];
  mask.numbers().forEach((value, at) => {
    if (value !== 0) positions.push(at);
  });
  return mask.shape.map((extent, axis) => {
    const inner = mask.shape.slice(axis + 1).reduce((product, other) => product * other, 1);
    return NdArray.generate([positions.length], 'i64', (at) => Math.floor(positions[at] / inner) % extent);
  });
}

function point(part: number, axis: number, extent: number): number {
  if (part < -extent || part >= extent)
    throw indexError(`index ${part} is out of bounds for axis ${axis} with size ${extent}`);
  return part < 0 ? part + extent : part;
}

/** Start, count and step of a slice over an extent. */
function bounds(py: Interpreter, slice: PySlice, extent: number): readonly [number, number, number] {
  const step = slice.step === null ? 1 : asInt(py, slice.step);
  const clampTo = (value: PyValue, otherwise: number): number => {
    if (value === null) return otherwise;
    const at = asInt(py, value);
    return Math.min(Math.max(at < 0 ? at + extent : at, step > 0 ? 0 : -1), step > 0 ? extent : extent - 1);
  };
  const begin = clampTo(slice.start, step > 0 ? 0 : extent - 1);
  const end = clampTo(slice.stop, step > 0 ? extent : -1);
  return [begin, Math.max(0, Math.ceil((end - begin) / step)), step];
}

/** Applies ints, slices and None; index arrays leave their dimension and are returned with its number in the view. */
function basicView(
  py: Interpreter,
  array: NdArray,
  parts: readonly PyValue[],
): { readonly view: NdArray; readonly advanced: readonly (readonly [number, NdArray])[] } {
  const [shape, strides]: [number[], number[]] = [[], []];
  const advanced: (readonly [number, NdArray])[] = [];
  let [offset, axis] = [array.offset, 0];
  for (const part of parts) {
    if (part === null) {
      shape.push(1);
      strides.push(0);
      continue;
    }
    const [extent, stride] = [array.shape[axis], array.strides[axis]];
    const int = part instanceof NdArray ? undefined : intValue(part);
    if (part instanceof PySlice) {
      const [begin, count, step] = bounds(py, part, extent);
      offset += count > 0 ? begin * stride : 0;
      shape.push(count);
      strides.push(step * stride);
    } else if (int !== undefined) {
      offset += point(Number(int), axis, extent) * stride;
    } else {
      advanced.push([shape.length, asArray(py, part)]);
      shape.push(extent);
      strides.push(stride);
    }
    axis++;
  }
  return { view: array.view(shape, strides, offset), advanced };
}

/** Positions in `data` that index arrays name, and the shape of the result. */
function advancedOffsets(
  view: NdArray,
  advanced: readonly (readonly [number, NdArray])[],
): { readonly offsets: readonly number[]; readonly shape: readonly number[] } {
  const common = broadcastShape(advanced.map(([, indices]) => indices.shape));
  const columns = advanced.map(([axis, indices]) =>
    indices
      .broadcastTo(common)
      .numbers()
      .map((at) => point(at, axis, view.shape[axis]) * view.strides[axis]),
  );
  const axes = advanced.map(([axis]) => axis);
  const others = view.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const adjacent = axes.every((axis, at) => at === 0 || axis === axes[at - 1] + 1);
  const before = adjacent ? others.filter((axis) => axis < axes[0]) : [];
  const after = others.filter((axis) => !before.includes(axis));
  const inner = (list: readonly number[]): Int32Array =>
    view
      .view(
        list.map((axis) => view.shape[axis]),
        list.map((axis) => view.strides[axis]),
        0,
      )
      .offsets();
  const [lead, tail] = [inner(before), inner(after)];
  const count = columns[0]?.length ?? 0;
  const offsets: number[] = [];
  for (const first of lead) {
    for (let at = 0; at < count; at++) {
      const base = view.offset + first + columns.reduce((sum, column) => sum + column[at], 0);
      for (const last of tail) offsets.push(base + last);
    }
  }
  return {
    offsets,
    shape: [...before.map((axis) => view.shape[axis]), ...common, ...after.map((axis) => view.shape[axis])],
  };
}

export function getItem(py: Interpreter, array: NdArray, index: PyValue): NdArray {
  const { view, advanced } = basicView(py, array, complete(py, array, index));
  if (advanced.length === 0) return view;
  const { offsets, shape } = advancedOffsets(view, advanced);
  const taken = view.view([offsets.length], [1]);
  const data = taken.data.slice(0, 0);
  const picked = new (data.constructor as new (length: number) => typeof data)(offsets.length); // the same kind of typed array
  offsets.forEach((offset, at) => {
    picked[at] = view.data[offset];
  });
  return NdArray.of(picked, shape, array.dtype);
}

export function setItem(py: Interpreter, array: NdArray, index: PyValue, value: PyValue): void {
  py.touch(array);
  const source = asArray(py, value);
  const { view, advanced } = basicView(py, array, complete(py, array, index));
  if (advanced.length === 0) {
    view.assign(source);
    return;
  }
  const { offsets, shape } = advancedOffsets(view, advanced);
  const filled = NdArray.generate(shape, array.dtype, () => 0);
  filled.assign(source);
  offsets.forEach((offset, at) => {
    array.data[offset] = filled.data[at];
  });
}
