/** random: the Mersenne Twister MT19937, seeded and read as CPython does, so that `random.seed(n)` gives the same numbers. */
import {
  countValue,
  indexError,
  indexValue,
  intValue,
  method,
  native,
  nativeClass,
  nativeModule,
  normalInt,
  PyClass,
  PyFloat,
  PyList,
  PyObject,
  realValue,
  textOf,
  typeError,
  valueError,
  NativeFunction,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { toReal } from '../builtins/index.ts';
import { MersenneTwister } from '../mersenne-twister.ts';

/** The words of a seed, least significant first. */
function seedKey(py: Interpreter, seed: PyValue): number[] {
  const int = intValue(seed);
  if (int === undefined) {
    if (seed === null) return [0];
    const text = textOf(seed);
    return text === undefined ? [py.hash(seed) >>> 0] : [...text].map((char) => char.codePointAt(0) ?? 0);
  }
  let left = int < 0 ? -BigInt(int) : BigInt(int);
  const words: number[] = [];
  do {
    words.push(Number(left & 0xffffffffn));
    left >>= 32n;
  } while (left > 0n);
  return words;
}

class Generator extends PyObject {
  twister = new MersenneTwister([0]);
  nextGauss: number | null = null;
}

function needGenerator(value: PyValue): Generator {
  if (!(value instanceof Generator)) throw typeError('a Random is required');
  return value;
}

const uniform = (random: Generator, low: number, high: number): number => low + (high - low) * random.twister.float();

function gauss(random: Generator, mean: number, deviation: number): number {
  const saved = random.nextGauss;
  random.nextGauss = null;
  if (saved !== null) return mean + saved * deviation;
  const angle = random.twister.float() * 2 * Math.PI;
  const radius = Math.sqrt(-2 * Math.log(1 - random.twister.float()));
  random.nextGauss = Math.sin(angle) * radius;
  return mean + Math.cos(angle) * radius * deviation;
}

/** Kinderman and Monahan's ratio method, as CPython's normalvariate. */
function normal(random: Generator, mean: number, deviation: number): number {
  const magic = (4 * Math.exp(-0.5)) / Math.sqrt(2);
  for (;;) {
    const u = random.twister.float();
    const v = 1 - random.twister.float();
    const z = (magic * (u - 0.5)) / v;
    if ((z * z) / 4 <= -Math.log(v)) return mean + z * deviation;
  }
}

function randomRange(py: Interpreter, random: Generator, [start, stop, step]: PyValue[]): PyValue {
  const first = BigInt(indexValue(py, start));
  if (stop === null) {
    if (first <= 0n) throw valueError('empty range for randrange()');
    return normalInt(random.twister.below(first));
  }
  const stride = BigInt(indexValue(py, step));
  const width = BigInt(indexValue(py, stop)) - first;
  const count = stride > 0n ? (width + stride - 1n) / stride : (width + stride + 1n) / stride;
  if (count <= 0n) throw valueError(`empty range in randrange(${first}, ${py.str(stop)})`);
  return normalInt(first + stride * random.twister.below(count));
}

function shuffle(py: Interpreter, random: Generator, target: PyValue): null {
  for (let at = py.length(target) - 1; at > 0; at--) {
    const other = Number(random.twister.below(BigInt(at + 1)));
    const held = py.getItem(target, at);
    py.setItem(target, at, py.getItem(target, other));
    py.setItem(target, other, held);
  }
  return null;
}

function sample(py: Interpreter, random: Generator, [population, k]: PyValue[]): PyValue {
  const pool = py.collect(population);
  const count = countValue(py, k);
  if (count < 0 || count > pool.length) throw valueError('Sample larger than population or is negative');
  const setSize = count > 5 ? 21 + 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 21;
  if (pool.length <= setSize) {
    const result: PyValue[] = [];
    for (let step = 0; step < count; step++) {
      const at = Number(random.twister.below(BigInt(pool.length - step)));
      result.push(pool[at]);
      pool[at] = pool[pool.length - step - 1];
    }
    return new PyList(result);
  }
  const chosen = new Set<number>();
  while (chosen.size < count) {
    let at = Number(random.twister.below(BigInt(pool.length)));
    while (chosen.has(at)) at = Number(random.twister.below(BigInt(pool.length)));
    chosen.add(at);
  }
  return new PyList([...chosen].map((at) => pool[at]));
}

function choices(py: Interpreter, random: Generator, [population, weights, cumulative, k]: PyValue[]): PyValue {
  const pool = py.collect(population);
  const count = countValue(py, k);
  if (weights === null && cumulative === null)
    return new PyList(Array.from({ length: count }, () => pool[Math.floor(random.twister.float() * pool.length)]));
  let total = 0;
  const sums =
    cumulative === null
      ? py.collect(weights).map((weight) => (total += toReal(py, weight)))
      : py.collect(cumulative).map((sum) => toReal(py, sum));
  const all = sums.at(-1) ?? 0;
  const pick = (): PyValue => {
    const target = random.twister.float() * all;
    const at = sums.findIndex((sum) => target < sum);
    return pool[at < 0 ? pool.length - 1 : Math.min(at, pool.length - 1)];
  };
  return new PyList(Array.from({ length: count }, pick));
}

const real = (py: Interpreter, value: PyValue): number => realValue(value) ?? toReal(py, value);
const float = (value: number): PyFloat => new PyFloat(value);

type Body = (py: Interpreter, random: Generator, bound: PyValue[]) => PyValue;

/** Every function of the module is a method of the class `Random` too. */
const functions: readonly (readonly [string, string, Body])[] = [
  [
    'seed',
    'a=None, version=2',
    (py, random, [seed]) => {
      random.twister = new MersenneTwister(seedKey(py, seed));
      random.nextGauss = null;
      return null;
    },
  ],
  ['random', '', (_py, random) => float(random.twister.float())],
  ['uniform', 'a, b', (py, random, [a, b]) => float(uniform(random, real(py, a), real(py, b)))],
  ['getrandbits', 'k, /', (py, random, [k]) => normalInt(random.twister.bits(countValue(py, k)))],
  ['randrange', 'start, stop=None, step=1', randomRange],
  ['randint', 'a, b', (py, random, [a, b]) => randomRange(py, random, [a, py.binary('+', b, 1), 1])],
  [
    'choice',
    'seq',
    (py, random, [sequence]) => {
      const length = py.length(sequence);
      if (length === 0) throw indexError('Cannot choose from an empty sequence');
      return py.getItem(sequence, Number(random.twister.below(BigInt(length))));
    },
  ],
  ['shuffle', 'x', (py, random, [target]) => shuffle(py, random, target)],
  ['sample', 'population, k', sample],
  ['choices', 'population, weights=None, *, cum_weights=None, k=1', choices],
  [
    'gauss',
    'mu=0.0, sigma=1.0',
    (py, random, [mean, deviation]) => float(gauss(random, real(py, mean), real(py, deviation))),
  ],
  [
    'normalvariate',
    'mu=0.0, sigma=1.0',
    (py, random, [mean, deviation]) => float(normal(random, real(py, mean), real(py, deviation))),
  ],
  ['expovariate', 'lambd=1.0', (py, random, [rate]) => float(-Math.log(1 - random.twister.float()) / real(py, rate))],
  [
    'triangular',
    'low=0.0, high=1.0, mode=None',
    (py, random, [low, high, mode]) => {
      const [a, b] = [real(py, low), real(py, high)];
      const u = random.twister.float();
      const middle = mode === null ? 0.5 : (real(py, mode) - a) / (b - a);
      return float(u > middle ? b + (a - b) * Math.sqrt((1 - u) * (1 - middle)) : a + (b - a) * Math.sqrt(u * middle));
    },
  ],
];

const randomType: PyClass = nativeClass({
  name: 'Random',
  module: 'random',
  allocate: (cls) => new Generator(cls),
  openInstances: true,
  members: [
    method('__init__(self, x=None)', (py, [self, seed]) => {
      needGenerator(self).twister = new MersenneTwister(seedKey(py, seed));
      return null;
    }),
    ...functions.map(([name, signature, body]): NativeFunction =>
      method(`${name}(self${signature ? `, ${signature}` : ''})`, (py, [self, ...bound]) =>
        body(py, needGenerator(self), bound),
      ),
    ),
  ],
});

export const random = nativeModule('random', (): Member[] => {
  const shared = new Generator(randomType);
  return [
    ['Random', randomType],
    ['SystemRandom', randomType],
    native('getstate()', () => {
      const restore = shared.twister.snapshot();
      return native('state()', () => {
        restore();
        return null;
      });
    }),
    native('setstate(state)', (py, [state]) => py.call(state, [])),
    ...functions.map(([name, signature, body]) =>
      native(`${name}(${signature})`, (py, bound) => body(py, shared, bound)),
    ),
  ];
});
