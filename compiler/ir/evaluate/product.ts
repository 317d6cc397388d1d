/**
 * Products of matrices with f64 accumulation: rows of both factors are contiguous along k, and a block of rows of the
 * second stays in cache. Exact for integers while sums stay below 2^53.
 */
import { boolOf, floatOf } from '../core/definition.ts';
import type { OpView } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import { broadcastShapes } from '../ops/index.ts';
import type { matmulOps } from '../ops/matmul.ts';
import type { TensorValue } from './array.ts';
import { fromNumbers, numbersOf } from './array.ts';
import type { Evaluate } from './cell.ts';
import { evaluateBinary } from './elementwise.ts';
import { broadcastOffsets } from './offsets.ts';
import { evaluateReduce } from './reduce.ts';

/** A matrix whose rows are contiguous along k, padded to an even number of rows by the caller's choice of loops. */
export type Rows = Float32Array | Float64Array;

const BLOCK_NUMBERS = 1 << 15;

/** out[i, j] = Σ left[i, k]·right[j, k] for m rows of left and n rows of right. */
export function multiplyRows(
  left: Rows,
  right: Rows,
  m: number,
  n: number,
  k: number,
  out: Float64Array,
  outAt = 0,
): void {
  const block = Math.max(4, (Math.floor(BLOCK_NUMBERS / Math.max(k, 1)) >> 2) << 2);
  for (let begin = 0; begin < n; begin += block) {
    const end = Math.min(n, begin + block);
    for (let i = 0; i < m; i += 2) {
      if (i + 1 < m) multiplyPair(left, right, i, begin, end, n, k, out, outAt);
      else for (let j = begin; j < end; j++) out[outAt + i * n + j] = dot(left, i * k, right, j * k, k);
    }
  }
}

function dot(left: Rows, leftAt: number, right: Rows, rightAt: number, k: number): number {
  let sum = 0;
  for (let at = 0; at < k; at++) sum += left[leftAt + at] * right[rightAt + at];
  return sum;
}

/** Two rows of left by four rows of right at a time: eight sums in registers. */
function multiplyPair(
  left: Rows,
  right: Rows,
  i: number,
  begin: number,
  end: number,
  n: number,
  k: number,
  out: Float64Array,
  outAt: number,
): void {
  const a = i * k;
  const b = a + k;
  const first = outAt + i * n;
  const second = first + n;
  let j = begin;
  for (; j + 3 < end; j += 4) {
    const p = j * k;
    const q = p + k;
    const r = q + k;
    const s = r + k;
    let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let at = 0; at < k; at++) {
      const x = left[a + at];
      const y = left[b + at];
      const u = right[p + at];
      const v = right[q + at];
      const w = right[r + at];
      const z = right[s + at];
      a0 += x * u;
      a1 += x * v;
      a2 += x * w;
      a3 += x * z;
      b0 += y * u;
      b1 += y * v;
      b2 += y * w;
      b3 += y * z;
    }
    out[first + j] = a0;
    out[first + j + 1] = a1;
    out[first + j + 2] = a2;
    out[first + j + 3] = a3;
    out[second + j] = b0;
    out[second + j + 1] = b1;
    out[second + j + 2] = b2;
    out[second + j + 3] = b3;
  }
  for (; j < end; j++) {
    out[first + j] = dot(left, a, right, j * k, k);
    out[second + j] = dot(left, b, right, j * k, k);
  }
}

/** Elements as a column that `multiplyRows` reads fast. */
export function rowsOf(value: TensorValue): Rows {
  const numbers = numbersOf(value);
  if (numbers instanceof Float32Array || numbers instanceof Float64Array) return numbers;
  return Float64Array.from(numbers);
}

/** The transpose of one matrix inside a column. */
function transposed(rows: Rows, at: number, height: number, width: number): Rows {
  const out = rows instanceof Float32Array ? new Float32Array(height * width) : new Float64Array(height * width);
  for (let i = 0; i < height; i++) for (let j = 0; j < width; j++) out[j * height + i] = rows[at + i * width + j];
  return out;
}

function product([lhs, rhs]: readonly TensorValue[], transposeA: boolean, transposeB: boolean): TensorValue {
  const [rows, inner] = transposeA
    ? [lhs.shape.at(-1) ?? 1, lhs.shape.at(-2) ?? 1]
    : [lhs.shape.at(-2) ?? 1, lhs.shape.at(-1) ?? 1];
  const columns = (transposeB ? rhs.shape.at(-2) : rhs.shape.at(-1)) ?? 1;
  const batches = [lhs, rhs].map((operand) => operand.shape.slice(0, -2));
  const batch = (broadcastShapes(batches[0], batches[1]) ?? []).map(Number);
  const [lefts, rights] = batches.map((shape) => broadcastOffsets(shape, batch));
  const [left, right] = [rowsOf(lhs), rowsOf(rhs)];
  const count = elementCount(batch);
  const out = new Float64Array(count * rows * columns);
  const [leftSize, rightSize] = [rows * inner, inner * columns];
  for (let index = 0; index < count; index++) {
    const leftAt = (lefts ? lefts[index] : index) * leftSize;
    const rightAt = (rights ? rights[index] : index) * rightSize;
    const a = transposeA ? transposed(left, leftAt, inner, rows) : left.subarray(leftAt, leftAt + leftSize);
    const b = transposeB ? right.subarray(rightAt, rightAt + rightSize) : transposed(right, rightAt, inner, columns);
    multiplyRows(a, b, rows, columns, inner, out, index * rows * columns);
  }
  return fromNumbers([...batch, rows, columns], lhs.dtype, out);
}

const matmul: Evaluate = (operands, op) => [
  product(operands, boolOf(op.attributes, 'transpose_a'), boolOf(op.attributes, 'transpose_b')),
];

export const evaluateMatmul: Readonly<Record<keyof typeof matmulOps, Evaluate>> = {
  'ms.matmul': matmul,
  'ms.batch_matmul': matmul,
  'ms.dense': ([x, weight, bias], op) => {
    const flat = { ...x, shape: [elementCount(x.shape.slice(0, -1)), x.shape.at(-1) ?? 1] };
    const sum = product([flat, weight], false, true);
    const shaped = { ...sum, shape: [...x.shape.slice(0, -1), weight.shape[0]] };
    return bias === undefined ? [shaped] : evaluateBinary['ms.add']([shaped, bias], op);
  },
  'ms.attention': ([query, key, value, mask], op) => [
    attention(query, key, value, mask, floatOf(op.attributes, 'scale'), op),
  ],
};

/** Scores and weights round to the dtype between the steps, as the decomposition does. */
function attention(
  query: TensorValue,
  key: TensorValue,
  value: TensorValue,
  mask: TensorValue | undefined,
  scale: number,
  op: OpView,
): TensorValue {
  const scores = product([query, key], false, true);
  const numbers = numbersOf(scores);
  const scaled = fromNumbers(
    scores.shape,
    scores.dtype,
    Float64Array.from(numbers, (score) => score * scale),
  );
  const masked = mask === undefined ? scaled : evaluateBinary['ms.add']([scaled, mask], op)[0];
  const axis = {
    kind: 'integer',
    value: masked.shape.length - 1,
    type: { kind: 'scalar', dtype: 'i64', key: 'i64' },
  } as const;
  const [weights] = evaluateReduce['ms.softmax']([masked], { ...op, attributes: new Map([['axis', axis]]) });
  return product([weights, value], false, false);
}
