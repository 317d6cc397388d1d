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
  const hashes = indexHashes(name, elements(shape));
  if (kind === 'gain') return { dtype: 'f32', shape, data: affine(hashes, 1, 0.1) };
  if (kind === 'offset') return { dtype: 'f32', shape, data: affine(hashes, 0, 0.1) };
  if (kind === 'variance') return { dtype: 'f32', shape, data: spread(hashes, 1, 0.5) };
  return { dtype: 'f32', shape, data: affine(hashes, 0, Math.sqrt(3 / elements(shape.slice(1)))) };
}

/** The formula value of a float input: u itself. */
export function formulaInput(name: string, shape: readonly number[]): FileTensor {
  return { dtype: 'f32', shape, data: affine(indexHashes(name, elements(shape)), 0, 1) };
}

/** The formula value of an integer input with values in [0, bound). */
export function formulaIntegers(name: string, shape: readonly number[], bound: number): FileTensor {
  return {
    dtype: 'i32',
    shape,
    data: Int32Array.from(indexHashes(name, elements(shape)), (hash) => (hash >>> 8) % bound),
  };
}

/** base + slope · u, written over the hashes: both have 4 bytes, and a value replaces its own hash. */
function affine(hashes: Uint32Array, base: number, slope: number): Float32Array {
  const data = new Float32Array(hashes.buffer);
  for (let index = 0; index < data.length; index++) data[index] = base + slope * (hashes[index] / 2 ** 31 - 1);
  return data;
}

/** base + slope · |u|, likewise. */
function spread(hashes: Uint32Array, base: number, slope: number): Float32Array {
  const data = new Float32Array(hashes.buffer);
  for (let index = 0; index < data.length; index++) data[index] = base + slope * Math.abs(hashes[index] / 2 ** 31 - 1);
  return data;
}

function elements(shape: readonly number[]): number {
  return shape.reduce((count, extent) => count * extent, 1);
}

/**
 * fnv1a32(name + ':' + index) for every index below `count`. The hash of index n continues the hash of ⌊n/10⌋ by one
 * digit, so every element costs one multiplication.
 */
function indexHashes(name: string, count: number): Uint32Array {
  const hashes = new Uint32Array(count);
  const prefix = fnv1a32(`${name}:`);
  for (let digit = 0; digit < Math.min(10, count); digit++)
    hashes[digit] = Math.imul(prefix ^ (digitZero + digit), fnvPrime);
  for (let parent = 1, index = 10; index < count; parent++) {
    const stem = hashes[parent];
    const end = Math.min(index + 10, count);
    for (let digit = digitZero; index < end; index++, digit++) hashes[index] = Math.imul(stem ^ digit, fnvPrime);
  }
  return hashes;
}
