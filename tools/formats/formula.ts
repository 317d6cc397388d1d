/** Test weights and inputs that follow from names alone: spec/weights.md. */
import type { FileTensor } from './tensor.ts';

/** Which line of spec/weights.md gives a parameter its values. */
export type FormulaKind = 'gain' | 'variance' | 'offset' | 'weight';

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;
const digitZero = 48;

/** Continues a 32-bit FNV-1a hash over the UTF-8 bytes of `text`. */
export function fnv1a32(text: string, state: number = fnvOffset): number {
  let hash = state;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, fnvPrime);
  return hash >>> 0;
}

/** The line of spec/weights.md that fits a parameter. */
export function formulaKind(name: string, rank: number): FormulaKind {
  const leaf = name.slice(name.lastIndexOf('.') + 1);
  if (leaf.endsWith('gamma')) return 'gain';
  if (leaf.endsWith('variance')) return 'variance';
  if (leaf.endsWith('beta') || leaf.endsWith('mean') || leaf.includes('bias')) return 'offset';
  if (rank >= 2) return 'weight';
  return leaf.endsWith('weight') ? 'gain' : 'offset';
}

/** The formula value of a parameter, in f32. */
export function formulaWeights(
  name: string,
  shape: readonly number[],
  kind: FormulaKind = formulaKind(name, shape.length),
): FileTensor {
  const { base, slope } = line(kind, shape);
  const data = new Float32Array(elements(shape));
  if (kind === 'variance') fill(name, data, (hash) => base + slope * Math.abs(hash / 2 ** 31 - 1));
  else if (base === 0) fill(name, data, (hash) => (hash / 2 ** 31 - 1) * slope);
  else fill(name, data, (hash) => base + slope * (hash / 2 ** 31 - 1));
  return { dtype: 'f32', shape, data };
}

/** The formula value of a float input: u itself. */
export function formulaInput(name: string, shape: readonly number[]): FileTensor {
  const data = new Float32Array(elements(shape));
  fill(name, data, (hash) => hash / 2 ** 31 - 1);
  return { dtype: 'f32', shape, data };
}

/** The formula value of an integer input with values in [0, bound). */
export function formulaIntegers(name: string, shape: readonly number[], bound: number): FileTensor {
  const data = new Int32Array(elements(shape));
  fill(name, data, (hash) => (hash >>> 8) % bound);
  return { dtype: 'i32', shape, data };
}

function line(kind: FormulaKind, shape: readonly number[]): { readonly base: number; readonly slope: number } {
  if (kind === 'gain') return { base: 1, slope: 0.1 };
  if (kind === 'variance') return { base: 1, slope: 0.5 };
  if (kind === 'offset') return { base: 0, slope: 0.1 };
  return { base: 0, slope: Math.sqrt(3 / elements(shape.slice(1))) };
}

function elements(shape: readonly number[]): number {
  return shape.reduce((count, extent) => count * extent, 1);
}

/**
 * Stores valueOf(fnv1a32(name + ':' + index)) for every index. The hash of index n continues the hash of ⌊n/10⌋ by
 * one digit, so the hashes of the first tenth are kept and every element costs one multiplication.
 */
function fill(name: string, data: Float32Array | Int32Array, valueOf: (hash: number) => number): void {
  const parents = new Int32Array(Math.ceil(data.length / 10));
  const prefix = fnv1a32(`${name}:`);
  for (let index = 0; index < Math.min(10, data.length); index++) {
    const hash = Math.imul(prefix ^ (digitZero + index), fnvPrime);
    if (index < parents.length) parents[index] = hash;
    data[index] = valueOf(hash >>> 0);
  }
  for (let parent = 1, index = 10; index < data.length; parent++) {
    const stem = parents[parent];
    const end = Math.min(index + 10, data.length);
    for (let digit = digitZero; index < end; index++, digit++) {
      const hash = Math.imul(stem ^ digit, fnvPrime);
      if (index < parents.length) parents[index] = hash;
      data[index] = valueOf(hash >>> 0);
    }
  }
}
