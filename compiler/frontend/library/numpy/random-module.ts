/** `numpy.random`: the functions of the legacy generator. */
import {
  native,
  nativeClass,
  PyDict,
  PyList,
  PyObject,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { broadcastShape, NdArray } from './array.ts';
import { asArray, asInt, asInts, asNumber, asShape, optionalDType, result } from './convert.ts';
import { LegacyRandom } from './random.ts';
import { takeAlong } from './shape.ts';

/** Draws for each element of `size`, or for the broadcast of the arguments. */
function draw(
  py: Interpreter,
  size: PyValue,
  parameters: readonly PyValue[],
  one: (values: readonly number[]) => number,
): PyValue {
  const arrays = parameters.map((value) => asArray(py, value));
  const shape = size === null ? broadcastShape(arrays.map((array) => array.shape)) : asInts(py, size);
  const columns = arrays.map((array) => array.broadcastTo(shape).numbers());
  return result(NdArray.generate(shape, 'f64', (index) => one(columns.map((column) => column[index]))));
}

function integers(
  py: Interpreter,
  random: LegacyRandom,
  low: PyValue,
  high: PyValue,
  size: PyValue,
  dtype: PyValue,
): PyValue {
  const [from, to] = high === null ? [0, asNumber(py, low)] : [asNumber(py, low), asNumber(py, high)];
  const shape = size === null ? [] : asInts(py, size);
  return result(NdArray.generate(shape, optionalDType(dtype, 'i64'), () => from + random.below(to - from - 1)));
}

const shaped = (py: Interpreter, size: PyValue, one: () => number): PyValue =>
  result(NdArray.generate(asShape(py, size), 'f64', one));

/** The functions over one generator. */
export function randomMembers(random: LegacyRandom): readonly Member[] {
  return [
    native('seed(seed=None)', (py, [seed]) => {
      random.seed(seed === null ? 0 : asInt(py, seed));
      return null;
    }),
    native('rand(*shape)', (py, [shape]) => shaped(py, shape, () => random.double())),
    native('randn(*shape)', (py, [shape]) => shaped(py, shape, () => random.gauss())),
    native('random(size=None)', (py, [size]) => draw(py, size, [], () => random.double())),
    native('random_sample(size=None)', (py, [size]) => draw(py, size, [], () => random.double())),
    native('uniform(low=0.0, high=1.0, size=None)', (py, [low, high, size]) =>
      draw(py, size, [low, high], ([from, to]) => from + (to - from) * random.double()),
    ),
    native('normal(loc=0.0, scale=1.0, size=None)', (py, [loc, scale, size]) =>
      draw(py, size, [loc, scale], ([mean, deviation]) => mean + deviation * random.gauss()),
    ),
    native('standard_normal(size=None)', (py, [size]) => draw(py, size, [], () => random.gauss())),
    native('randint(low, high=None, size=None, dtype=None)', (py, [low, high, size, dtype]) =>
      integers(py, random, low, high, size, dtype),
    ),
    native('permutation(x)', (py, [x]) => {
      const array = typeof x === 'number' ? null : asArray(py, x);
      const order = random.permutation(array ? array.shape[0] : asInt(py, x));
      return array ? takeAlong(array, order, 0) : NdArray.generate([order.length], 'i64', (index) => order[index]);
    }),
    native('shuffle(x)', (py, [x]) => {
      if (x instanceof PyList) {
        py.touch(x);
        x.items = random.permutation(x.items.length).map((index) => x.items[index]);
      } else {
        const array = asArray(py, x);
        py.touch(array);
        array.assign(takeAlong(array, random.permutation(array.shape[0]), 0));
      }
      return null;
    }),
    native('choice(a, size=None, replace=True, p=None)', (py, [a, size, replace]) => {
      const source = typeof a === 'number' ? NdArray.generate([a], 'i64', (index) => index) : asArray(py, a);
      const shape = size === null ? [] : asInts(py, size);
      const order = replace === false ? random.permutation(source.size) : null;
      return result(
        NdArray.generate(shape, source.dtype, (index) =>
          source.numberAt(order ? order[index] : random.below(source.size - 1)),
        ),
      );
    }),
  ];
}

const stateClass = nativeClass({ name: 'RandomState', module: 'numpy.random', openInstances: true, members: [] });

/** `RandomState(seed)`: a generator of its own with the same functions. */
export const randomState: Member = native('RandomState(seed=None)', (py, [seed]) => {
  const state = new PyObject(stateClass);
  state.attributes = new PyDict();
  for (const member of randomMembers(new LegacyRandom(seed === null ? 0 : asInt(py, seed)))) {
    if (member instanceof PyObject) state.attributes.map.set(member.name, member);
  }
  return state;
});
