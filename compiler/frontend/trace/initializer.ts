/**
 * Initial values of parameters as data, and the numbers they stand for.
 *
 * Compiling never draws them. Element i of a parameter is a function of (seed, i) alone, so that any slice can be drawn
 * alone and runs without weights repeat. The mixer is the finalizer of MurmurHash3 over two counters.
 */
import type { Attribute } from '../../ir/index.ts';
import { floatAttribute, integerAttribute, integersAttribute, stringAttribute } from '../../ir/index.ts';

export type InitializerKind =
  'Constant' | 'Uniform' | 'Normal' | 'TruncatedNormal' | 'Identity' | 'Dirac' | 'Orthogonal' | 'Sparse';

/** Which distribution, its numbers, the seed, and the shape it was made for. */
export interface Initializer {
  readonly kind: InitializerKind;
  readonly arguments: Readonly<Record<string, number>>;
  readonly seed: number;
  readonly shape: readonly number[];
}

export const INITIALIZER_KINDS: readonly InitializerKind[] = [
  'Constant',
  'Uniform',
  'Normal',
  'TruncatedNormal',
  'Identity',
  'Dirac',
  'Orthogonal',
  'Sparse',
];

function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Uniform in [0, 1) from a seed, a position and the number of the draw at that position. */
function uniform(seed: number, index: number, draw: number): number {
  const word = mix(mix(mix(seed + 0x9e3779b9) ^ index) + Math.imul(draw + 1, 0x9e3779b1));
  return (word >>> 8) / 0x1000000;
}

/** Box and Muller. */
function normal(seed: number, index: number, draw: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, index, 2 * draw)));
  return radius * Math.cos(2 * Math.PI * uniform(seed, index, 2 * draw + 1));
}

function truncated(seed: number, index: number, low: number, high: number): number {
  for (let draw = 0; draw < 64; draw++) {
    const value = normal(seed, index, draw);
    if (value >= low && value <= high) return value;
  }
  return Math.min(Math.max(0, low), high);
}

type Draw = (initializer: Initializer, index: number) => number;

/** One row for each kind; null where a value cannot be drawn element by element. */
const DRAWS: Readonly<Record<InitializerKind, Draw | null>> = {
  Constant: ({ arguments: { value } }) => value,
  Uniform: ({ arguments: { scale }, seed }, index) => scale * (2 * uniform(seed, index, 0) - 1),
  Normal: ({ arguments: { sigma, mean }, seed }, index) => mean + sigma * normal(seed, index, 0),
  TruncatedNormal: ({ arguments: { sigma, mean, a, b }, seed }, index) => mean + sigma * truncated(seed, index, a, b),
  Identity: ({ shape }, index) => (Math.floor(index / shape[1]) === index % shape[1] ? 1 : 0),
  Dirac: null,
  Orthogonal: null,
  Sparse: null,
};

/** Fills `count` elements through `store`; false when msc cannot draw this kind. */
export function drawInitializer(
  initializer: Initializer,
  count: number,
  store: (index: number, value: number) => void,
): boolean {
  const draw = DRAWS[initializer.kind];
  if (!draw) return false;
  for (let index = 0; index < count; index++) store(index, draw(initializer, index));
  return true;
}

/** The `ms.init` dictionary of an argument of `@main`. */
export function initializerAttribute(initializer: Initializer): Attribute {
  const entries = new Map<string, Attribute>([['kind', stringAttribute(initializer.kind)]]);
  for (const [name, value] of Object.entries(initializer.arguments)) entries.set(name, floatAttribute(value, 'f64'));
  entries.set('seed', integerAttribute(initializer.seed));
  entries.set('shape', integersAttribute(initializer.shape));
  return { kind: 'dictionary', entries };
}
