/** Joining, cutting, repeating and padding arrays. */
import { PyList, PyTuple, valueError, type Interpreter, type PyValue } from '../../eval/index.ts';
import { countOf, NdArray } from './array.ts';
import { asArray, asAxis, asInt, asInts } from './convert.ts';
import { promote } from './dtype.ts';

export function concatenate(parts: readonly NdArray[], axis: number): NdArray {
  if (parts.length === 0) throw valueError('need at least one array to concatenate');
  const dtype = parts.map((part) => part.dtype).reduce(promote);
  const [first] = parts;
  const odd = parts.find(
    (part) =>
      part.shape.length !== first.shape.length ||
      part.shape.some((extent, at) => at !== axis && extent !== first.shape[at]),
  );
  if (odd)
    throw valueError(
      `all the input array dimensions except for the concatenation axis must match exactly, but got (${first.shape.join(',')}) and (${odd.shape.join(',')})`,
    );
  const shape = first.shape.with(
    axis,
    parts.reduce((sum, part) => sum + part.shape[axis], 0),
  );
  const joined = NdArray.generate(shape, dtype, () => 0);
  let begin = 0;
  for (const part of parts) {
    joined.view(part.shape, joined.strides, joined.offset + begin * joined.strides[axis]).assign(part);
    begin += part.shape[axis];
  }
  return joined;
}

export const expandDims = (array: NdArray, axis: number): NdArray => array.reshape(array.shape.toSpliced(axis, 0, 1));

export function stack(parts: readonly NdArray[], axis: number): NdArray {
  const at = axis < 0 ? axis + (parts[0]?.shape.length ?? 0) + 1 : axis;
  return concatenate(
    parts.map((part) => expandDims(part, at)),
    at,
  );
}

/** At least `rank` dimensions, new ones in front. */
export const atLeast = (array: NdArray, rank: number): NdArray =>
  array.shape.length >= rank
    ? array
    : array.reshape([...Array.from({ length: rank - array.shape.length }, () => 1), ...array.shape]);

export function tile(array: NdArray, repeats: readonly number[]): NdArray {
  const rank = Math.max(repeats.length, array.shape.length);
  const source = atLeast(array, rank);
  const counts = [...Array.from({ length: rank - repeats.length }, () => 1), ...repeats];
  const paired = source.reshape(source.shape.flatMap((extent) => [1, extent]));
  const wide = paired.broadcastTo(source.shape.flatMap((extent, axis) => [counts[axis], extent]));
  return wide.copy().reshape(source.shape.map((extent, axis) => extent * counts[axis]));
}

/** Takes slices along an axis by their positions. */
export function takeAlong(array: NdArray, indices: readonly number[], axis: number): NdArray {
  const shape = array.shape.with(axis, indices.length);
  const taken = NdArray.generate(shape, array.dtype, () => 0);
  indices.forEach((index, at) => {
    const line = shape.with(axis, 1);
    const from = index < 0 ? index + array.shape[axis] : index;
    taken
      .view(line, taken.strides, at * taken.strides[axis])
      .assign(array.view(line, array.strides, array.offset + from * array.strides[axis]));
  });
  return taken;
}

export function repeat(py: Interpreter, x: PyValue, repeats: PyValue, axis: PyValue): NdArray {
  const array = asArray(py, x);
  const source = axis === null ? array.reshape([-1]) : array;
  const at = axis === null ? 0 : asAxis(py, axis, source.shape.length);
  const counts = asInts(py, repeats);
  const indices = Array.from({ length: source.shape[at] }, (_, index) => index).flatMap((index) =>
    Array.from({ length: counts[counts.length === 1 ? 0 : index] }, () => index),
  );
  return takeAlong(source, indices, at);
}

/** Equal parts, or cuts at positions. */
export function split(py: Interpreter, x: PyValue, cuts: PyValue, axis: number, exact: boolean): PyList {
  const array = asArray(py, x);
  const extent = array.shape[axis];
  const isCount = !(
    cuts instanceof PyTuple ||
    cuts instanceof PyList ||
    (cuts instanceof NdArray && cuts.shape.length > 0)
  );
  const count = isCount ? asInt(py, cuts) : 0;
  if (isCount && exact && extent % count !== 0) throw valueError('array split does not result in an equal division');
  const evenly = Array.from(
    { length: Math.max(0, count - 1) },
    (_, at) => (at + 1) * Math.floor(extent / count) + Math.min(at + 1, extent % count),
  );
  const positions = [
    0,
    ...(isCount ? evenly : asInts(py, cuts).map((cut) => Math.min(cut < 0 ? cut + extent : cut, extent))),
    extent,
  ];
  return new PyList(
    positions
      .slice(1)
      .map((end, at) =>
        array.view(
          array.shape.with(axis, Math.max(0, end - positions[at])),
          array.strides,
          array.offset + positions[at] * array.strides[axis],
        ),
      ),
  );
}

/** Where an element of the padded dimension comes from; null for the constant. */
const PAD_SOURCES: Readonly<Record<string, (at: number, extent: number) => number | null>> = {
  constant: (at, extent) => (at >= 0 && at < extent ? at : null),
  edge: (at, extent) => Math.min(Math.max(at, 0), extent - 1),
  reflect: (at, extent) => {
    if (extent === 1) return 0;
    const period = 2 * (extent - 1);
    const folded = ((at % period) + period) % period;
    return folded < extent ? folded : period - folded;
  },
  symmetric: (at, extent) => {
    const folded = ((at % (2 * extent)) + 2 * extent) % (2 * extent);
    return folded < extent ? folded : 2 * extent - 1 - folded;
  },
  wrap: (at, extent) => ((at % extent) + extent) % extent,
};

export function pad(
  array: NdArray,
  widths: readonly (readonly [number, number])[],
  mode: string,
  value: number,
): NdArray {
  const source = PAD_SOURCES[mode];
  if (!source) throw valueError(`the pad mode '${mode}' is not supported by this version of msc`);
  const shape = array.shape.map((extent, axis) => extent + widths[axis][0] + widths[axis][1]);
  return NdArray.generate(shape, array.dtype, (index) => {
    let [rest, from, scale] = [index, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const at = source((rest % shape[axis]) - widths[axis][0], array.shape[axis]);
      if (at === null) return value;
      from += at * scale;
      scale *= array.shape[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return array.numberAt(from);
  });
}

export function roll(py: Interpreter, x: PyValue, shift: PyValue, axis: PyValue): NdArray {
  const array = asArray(py, x);
  const source = axis === null ? array.reshape([-1]) : array;
  const axes = axis === null ? [0] : asInts(py, axis).map((item) => asAxis(py, item, source.shape.length));
  const shifts = asInts(py, shift);
  const rolled = axes.reduce((current, at, index) => {
    const [extent, by] = [current.shape[at], shifts[index] ?? shifts[0]];
    return takeAlong(
      current,
      Array.from({ length: extent }, (_, to) => (((to - by) % extent) + extent) % extent),
      at,
    );
  }, source);
  return rolled.reshape(array.shape);
}

/** Matrix product by NumPy's rules for vectors and batches. */
export function matmul(py: Interpreter, x: PyValue, y: PyValue): NdArray {
  const [a, b] = [asArray(py, x), asArray(py, y)];
  const left = a.shape.length === 1 ? a.reshape([1, a.shape[0]]) : a;
  const right = b.shape.length === 1 ? b.reshape([b.shape[0], 1]) : b;
  const [m, k] = left.shape.slice(-2);
  const [inner, n] = right.shape.slice(-2);
  if (k !== inner) throw valueError(`matmul: the inner dimensions are ${k} and ${inner}`);
  const batch = left.shape.length >= right.shape.length ? left.shape.slice(0, -2) : right.shape.slice(0, -2);
  const [p, q] = [left.broadcastTo([...batch, m, k]).numbers(), right.broadcastTo([...batch, k, n]).numbers()];
  py.spend(countOf(batch) * m * n * k);
  const product = NdArray.generate([...batch, m, n], promote(a.dtype, b.dtype), (index) => {
    const [block, row, column] = [Math.floor(index / (m * n)), Math.floor(index / n) % m, index % n];
    let sum = 0;
    for (let at = 0; at < k; at++) sum += p[block * m * k + row * k + at] * q[block * k * n + at * n + column];
    return sum;
  });
  const shape = [...batch, ...(a.shape.length === 1 ? [] : [m]), ...(b.shape.length === 1 ? [] : [n])];
  return product.reshape(shape);
}

/** einsum by its definition: for each output element the sum over all other letters. */
export function einsum(py: Interpreter, equation: string, values: readonly PyValue[]): NdArray {
  const arrays = values.map((value) => asArray(py, value));
  const [left, right] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  const extents = new Map<string, number>();
  terms.forEach((term, index) => [...term].forEach((name, axis) => extents.set(name, arrays[index].shape[axis])));
  const counts = (name: string): number => [...left].filter((letter) => letter === name).length;
  const output =
    right ??
    [...extents.keys()]
      .filter((name) => counts(name) === 1)
      .sort()
      .join('');
  const order = [...output, ...[...extents.keys()].filter((name) => !output.includes(name))];
  const full = order.map((name) => extents.get(name) ?? 1);
  const columns = arrays.map((array, index) => {
    const strides = order.map((name) =>
      [...terms[index]].reduce((sum, letter, axis) => sum + (letter === name ? array.strides[axis] : 0), 0),
    );
    return array.view(full, strides).numbers();
  });
  const shape = [...output].map((name) => extents.get(name) ?? 1);
  const inner = countOf(full.slice(output.length));
  py.spend(countOf(full) * arrays.length);
  return NdArray.generate(shape, arrays.map((array) => array.dtype).reduce(promote), (index) => {
    let sum = 0;
    for (let at = index * inner; at < (index + 1) * inner; at++)
      sum += columns.reduce((product, column) => product * column[at], 1);
    return sum;
  });
}
