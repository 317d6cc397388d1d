/** The host array: elements in a typed array, seen through shape, strides and an offset. Views share the elements. */
import type { DType, ElementArray } from '../../../ir/index.ts';
import { elementArray } from '../../../ir/index.ts';
import { loadNumber, storeNumber } from '../../../ir/ops/index.ts';
import { nativeClass, PyObject, valueError, type PyClass, type Restorable } from '../../eval/index.ts';

export type Shape = readonly number[];

export const countOf = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** Row-major strides in elements. */
export function rowMajor(shape: Shape): readonly number[] {
  const strides = Array.from(shape, () => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Arrays whose elements are their numbers: all but half precision and 64-bit integers. */
type PlainArray = Exclude<ElementArray, BigInt64Array | BigUint64Array>;

const PLAIN_DTYPES: ReadonlySet<DType> = new Set<DType>(['f32', 'f64', 'i32', 'ui32', 'i16', 'i8', 'ui8', 'i1']);

const isPlain = (data: ElementArray): data is PlainArray =>
  !(data instanceof BigInt64Array || data instanceof BigUint64Array || data instanceof Uint16Array);

/** The elements of an array that lie in order and are their own numbers; null for others. */
export function plainElements(array: NdArray): PlainArray | null {
  if (!PLAIN_DTYPES.has(array.dtype) || !isPlain(array.data) || !array.isContiguous) return null;
  return array.data.subarray(array.offset, array.offset + array.size);
}

/** `numpy.ndarray`; its methods are added by `numpyModules`. */
export const arrayClass: PyClass = nativeClass({ name: 'ndarray', module: 'numpy', members: [] });

export class NdArray extends PyObject implements Restorable {
  data: ElementArray;
  readonly dtype: DType;
  shape: Shape;
  strides: readonly number[];
  readonly offset: number;

  constructor(data: ElementArray, dtype: DType, shape: Shape, strides: readonly number[], offset: number) {
    super(arrayClass);
    this.data = data;
    this.dtype = dtype;
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
  }

  /** A fresh array over elements in row-major order. */
  static of(data: ElementArray, shape: Shape, dtype: DType): NdArray {
    return new NdArray(data, dtype, shape, rowMajor(shape), 0);
  }

  /** Element `index` of the result comes from `value(index)`. */
  static generate(shape: Shape, dtype: DType, value: (index: number) => number): NdArray {
    const count = countOf(shape);
    const data = elementArray(dtype, count);
    for (let index = 0; index < count; index++) storeNumber(dtype, data, index, value(index));
    return NdArray.of(data, shape, dtype);
  }

  get size(): number {
    return countOf(this.shape);
  }

  /** Positions of the elements in `data`, in row-major order of the view. */
  offsets(): Int32Array {
    const result = new Int32Array(this.size);
    if (result.length === 0) return result;
    result[0] = this.offset;
    let filled = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      const [extent, stride] = [this.shape[axis], this.strides[axis]];
      const block = filled;
      for (let at = 1; at < extent; at++)
        for (let index = 0; index < block; index++) result[filled++] = result[index] + at * stride;
    }
    return result;
  }

  numberAt(index: number): number {
    let [offset, rest] = [this.offset, index];
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      offset += (rest % this.shape[axis]) * this.strides[axis];
      rest = Math.floor(rest / this.shape[axis]);
    }
    return loadNumber(this.dtype, this.data, offset);
  }

  numbers(): readonly number[] {
    return Array.from(this.offsets(), (offset) => loadNumber(this.dtype, this.data, offset));
  }

  /** The elements in row-major order, copied. */
  elements(): ElementArray {
    if (this.isContiguous) return this.data.slice(this.offset, this.offset + this.size);
    const data = elementArray(this.dtype, this.size);
    this.offsets().forEach((offset, index) => {
      data[index] = this.data[offset];
    });
    return data;
  }

  copy(): NdArray {
    return NdArray.of(this.elements(), this.shape, this.dtype);
  }

  astype(dtype: DType): NdArray {
    if (dtype === this.dtype) return this;
    if (dtype === 'f32' && isPlain(this.data) && this.isContiguous)
      return NdArray.of(new Float32Array(this.data.subarray(this.offset, this.offset + this.size)), this.shape, dtype);
    const offsets = this.offsets();
    const convert = dtype === 'i1' ? (value: number) => (value === 0 ? 0 : 1) : (value: number) => value;
    return NdArray.generate(this.shape, dtype, (index) => convert(loadNumber(this.dtype, this.data, offsets[index])));
  }

  view(shape: Shape, strides: readonly number[], offset = this.offset): NdArray {
    return new NdArray(this.data, this.dtype, shape, strides, offset);
  }

  get isContiguous(): boolean {
    const natural = rowMajor(this.shape);
    return this.shape.every((extent, axis) => extent <= 1 || this.strides[axis] === natural[axis]);
  }

  /** A view where the elements lie in order, else a copy; one extent may be -1. */
  reshape(shape: Shape): NdArray {
    const known = shape.reduce((product, extent) => (extent < 0 ? product : product * extent), 1);
    const target = shape.map((extent) => (extent < 0 ? (known === 0 ? 0 : this.size / known) : extent));
    if (countOf(target) !== this.size || target.some((extent) => !Number.isInteger(extent))) {
      throw valueError(`cannot reshape array of size ${this.size} into shape (${shape.join(',')})`);
    }
    const source = this.isContiguous ? this : this.copy();
    return source.view(target, rowMajor(target));
  }

  transpose(order: readonly number[]): NdArray {
    return this.view(
      order.map((axis) => this.shape[axis]),
      order.map((axis) => this.strides[axis]),
    );
  }

  /** Repeats dimensions of extent 1 without copying. */
  broadcastTo(shape: Shape): NdArray {
    const lead = shape.length - this.shape.length;
    const fits = lead >= 0 && this.shape.every((extent, axis) => extent === 1 || extent === shape[axis + lead]);
    if (!fits)
      throw valueError(
        `could not broadcast input array from shape (${this.shape.join(',')}) into shape (${shape.join(',')})`,
      );
    return this.view(
      shape,
      shape.map((_, axis) => (axis < lead || this.shape[axis - lead] === 1 ? 0 : this.strides[axis - lead])),
    );
  }

  /** Writes the elements of `source`, broadcast, into this view. */
  assign(source: NdArray): void {
    const from =
      source.shape.length > this.shape.length
        ? source.reshape(source.shape.slice(source.shape.length - this.shape.length))
        : source;
    if (from.dtype === this.dtype && from.shape.join() === this.shape.join() && this.isContiguous) {
      // Both are arrays of one kind, since their element types are equal.
      this.data.set(from.elements() as never, this.offset);
      return;
    }
    const values = from.broadcastTo(this.shape).numbers();
    this.offsets().forEach((offset, index) => storeNumber(this.dtype, this.data, offset, values[index]));
  }

  save(): () => void {
    const copy = this.data.slice();
    return () => {
      for (let index = 0; index < copy.length; index++) this.data[index] = copy[index];
    };
  }
}

/** The shape that operands broadcast to. */
export function broadcastShape(shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const extents = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const extent = extents.find((candidate) => candidate !== 1) ?? 1;
    if (extents.some((candidate) => candidate !== 1 && candidate !== extent)) {
      throw valueError(
        `operands could not be broadcast together with shapes ${shapes.map((shape) => `(${shape.join(',')})`).join(' ')}`,
      );
    }
    return extent;
  });
}
