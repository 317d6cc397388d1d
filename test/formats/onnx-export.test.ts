/** Ops exported as ONNX compute in onnxruntime-web what their rows say: numbers by hand, which the oracle gives too. */
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import {
  arrayAttribute,
  Block,
  boolAttribute,
  Builder,
  elementArray,
  fileLocation,
  cellLocation,
  floatAttribute,
  functionType,
  integerAttribute,
  integersAttribute,
  isAbsent,
  Module,
  Operation,
  stringAttribute,
  tensorType,
  typeAttribute,
  type Attribute,
  type DType,
  type TensorType,
  type Value,
} from '../../compiler/ir/index.ts';
import { evaluateFunction, fromNumbers, isScalar, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { Emitter, storeNumber, tensorOps, tensorOpTable } from '../../compiler/ir/ops/index.ts';
import { exportOnnx, onnxRules, writeOnnx, type FileTensor } from '../../tools/formats/index.ts';

ort.env.wasm.numThreads = 1;

type Build = (emit: Emitter, inputs: readonly Value[]) => readonly Value[];

/** A function of a module; attributes of arguments where they are parameters. */
function functionOf(
  name: string,
  inputs: readonly TensorType[],
  build: Build,
  parameters: readonly (string | null)[] = [],
): Operation {
  const body = new Block(inputs);
  const builder = new Builder(body, tensorOpTable);
  builder.location = fileLocation('net.py', 7, 3);
  const results = build(new Emitter(builder, tensorOpTable), body.arguments);
  builder.create('func.return', results, []);
  const type = functionType(
    inputs,
    results.map((result) => result.type),
  );
  const dictionaries = parameters.map((parameter): Attribute => {
    return {
      kind: 'dictionary',
      entries: new Map(parameter === null ? [] : [['ms.param', stringAttribute(parameter)]]),
    };
  });
  const attributes = new Map<string, Attribute>([
    ['sym_name', stringAttribute(name)],
    ['function_type', typeAttribute(type)],
    ['arg_attrs', arrayAttribute(dictionaries)],
  ]);
  return new Operation('func.func', [], [], attributes, [body], null);
}

function moduleOf(...functions: readonly Operation[]): Module {
  const top = new Block();
  top.operations = [...functions];
  return new Module(top);
}

const ortTypes: Partial<Record<DType, 'float32' | 'int32' | 'bool'>> = { f32: 'float32', i32: 'int32', i1: 'bool' };

async function run(
  module: Module,
  inputs: readonly (readonly number[])[],
  types: readonly TensorType[],
): Promise<readonly (readonly number[])[]> {
  const model = exportOnnx(module, { parameter: () => null, producerVersion: 'test' });
  if (!model.ok) throw new Error(JSON.stringify(model.error));
  const bytes = writeOnnx(model.value);
  if (!bytes.ok) throw new Error(bytes.error.message);
  const session = await ort.InferenceSession.create(bytes.value);
  const feeds = Object.fromEntries(
    types.map(({ dtype, shape }, index) => {
      const data = elementArray(dtype, inputs[index].length);
      inputs[index].forEach((value, at) => storeNumber(dtype, data, at, value));
      return [`input${index}`, new ort.Tensor(ortTypes[dtype] ?? 'float32', data as Float32Array, shape.map(Number))];
    }),
  );
  const results = await session.run(feeds);
  return session.outputNames.map((name) => [...(results[name].data as Float32Array)].map(Number));
}

/** What the oracle says to the same question. */
function evaluated(
  module: Module,
  inputs: readonly (readonly number[])[],
  types: readonly TensorType[],
): readonly (readonly number[])[] {
  const values = types.map(({ dtype, shape }, index) => fromNumbers(shape.map(Number), dtype, inputs[index]));
  const results = evaluateFunction(module, 'main', values);
  if (!results.ok) throw new Error(results.error.message);
  return results.value.map((value) => (isScalar(value) ? [] : Array.from(numbersOf(value))));
}

function expectClose(
  found: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
  what: string,
): void {
  expect(
    found.map((values) => values.length),
    what,
  ).toEqual(expected.map((values) => values.length));
  expected.forEach((values, index) =>
    values.forEach((value, at) => expect(found[index][at], what).toBeCloseTo(value, 5)),
  );
}

interface Case {
  readonly op: string;
  readonly inputs: readonly (readonly [dtype: DType, shape: readonly number[], values: readonly number[]])[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** The stated result type, for ops that do not infer it. */
  readonly states?: TensorType;
  readonly results: readonly (readonly number[])[];
}

const ints = (...values: readonly number[]) => integersAttribute(values);
const six = [1, 2, 3, 4, 5, 6] as const;
const matrix = ['f32', [2, 3], six] as const;
const nine = ['f32', [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]] as const;
const window = { strides: ints(1, 1), dilations: ints(1, 1) };
const signs = ['f32', [4], [-2.5, -0.5, 0.5, 2.5]] as const;
const dividends = ['i32', [4], [7, -7, 7, -7]] as const;
const divisors = ['i32', [4], [2, 2, -2, -2]] as const;
const asFloats = (row: readonly [DType, readonly number[], readonly number[]]) => ['f32', row[1], row[2]] as const;
const axisAndKeep = (axis: number) => ({ axis: integerAttribute(axis), keep_dims: boolAttribute(false) });
const reduced = (...axes: readonly number[]) => ({ axes: ints(...axes), keep_dims: boolAttribute(false) });
const plain = { transpose_a: boolAttribute(false), transpose_b: boolAttribute(false) };

// prettier-ignore
const cases: readonly Case[] = [
  { op: 'ms.trunc', inputs: [signs], results: [[-2, -0, 0, 2]] },
  { op: 'ms.round', inputs: [signs], results: [[-2, -0, 0, 2]] },
  { op: 'ms.relu6', inputs: [['f32', [3], [-1, 3, 9]]], results: [[0, 3, 6]] },
  { op: 'ms.clamp', inputs: [signs], attributes: { low: floatAttribute(-1), high: floatAttribute(2) }, results: [[-1, -0.5, 0.5, 2]] },
  { op: 'ms.hardsigmoid', inputs: [['f32', [3], [-4, 0, 4]]], results: [[0, 0.5, 1]] },
  { op: 'ms.hardswish', inputs: [['f32', [3], [-4, 3, 4]]], results: [[0, 3, 4]] },
  { op: 'ms.isfinite', inputs: [['f32', [3], [1, Infinity, NaN]]], results: [[1, 0, 0]] },
  { op: 'ms.floor_div', inputs: [dividends, divisors], results: [[3, -4, -4, 3]] },
  { op: 'ms.mod', inputs: [dividends, divisors], results: [[1, 1, -1, -1]] },
  { op: 'ms.mod', inputs: [asFloats(dividends), asFloats(divisors)], results: [[1, 1, -1, -1]] },
  { op: 'ms.remainder', inputs: [dividends, divisors], results: [[1, -1, 1, -1]] },
  { op: 'ms.not_equal', inputs: [dividends, divisors], results: [[1, 1, 1, 1]] },
  { op: 'ms.bitwise_xor', inputs: [['i32', [2], [5, 6]], ['i32', [2], [3, 3]]], results: [[6, 5]] },
  { op: 'ms.cast', inputs: [signs], states: tensorType([4], 'i32'), results: [[-2, 0, 0, 2]] },
  { op: 'ms.matmul', inputs: [matrix, matrix], attributes: { ...plain, transpose_b: boolAttribute(true) }, results: [[14, 32, 32, 77]] },
  { op: 'ms.matmul', inputs: [matrix, matrix], attributes: { ...plain, transpose_a: boolAttribute(true) }, results: [[17, 22, 27, 22, 29, 36, 27, 36, 45]] },
  { op: 'ms.batch_matmul', inputs: [['f32', [1, 2, 3], six], matrix], attributes: { ...plain, transpose_b: boolAttribute(true) }, results: [[14, 32, 32, 77]] },
  { op: 'ms.dense', inputs: [['f32', [1, 2, 3], six], matrix, ['f32', [2], [1, -1]]], results: [[15, 31, 33, 76]] },
  { op: 'ms.attention', inputs: [['f32', [1, 2], [0, 0]], ['f32', [2, 2], [1, 2, 3, 4]], ['f32', [2, 1], [3, 5]]], attributes: { scale: floatAttribute(2) }, results: [[4]] },
  { op: 'ms.conv2d', inputs: [nine, ['f32', [1, 1, 2, 2], [1, 1, 1, 1]]], attributes: { ...window, pads: ints(1, 0, 0, 0), group: integerAttribute(1) }, results: [[3, 5, 12, 16, 24, 28]] },
  { op: 'ms.conv2d_transpose', inputs: [['f32', [1, 1, 1, 2], [1, 2]], ['f32', [1, 1, 1, 2], [1, 10]]], attributes: { ...window, strides: ints(1, 2), pads: ints(0, 0, 0, 0), group: integerAttribute(1), output_pads: ints(0, 0) }, results: [[1, 10, 2, 20]] },
  { op: 'ms.max_pool2d', inputs: [nine], attributes: { ...window, strides: ints(2, 2), kernel: ints(2, 2), pads: ints(0, 0, 0, 0), ceil_mode: boolAttribute(true) }, results: [[5, 6, 8, 9]] },
  { op: 'ms.avg_pool2d', inputs: [nine], attributes: { ...window, kernel: ints(2, 3), pads: ints(1, 0, 0, 0), ceil_mode: boolAttribute(false), count_include_pad: boolAttribute(true) }, results: [[1, 3.5, 6.5]] },
  { op: 'ms.adaptive_avg_pool2d', inputs: [nine], attributes: { size: ints(2, 1) }, results: [[3.5, 6.5]] },
  { op: 'ms.resize_nearest', inputs: [['f32', [1, 1, 1, 2], [1, 2]]], attributes: { size: ints(1, 4), coordinates: stringAttribute('asymmetric') }, results: [[1, 1, 2, 2]] },
  { op: 'ms.reduce_mean', inputs: [matrix], attributes: reduced(1), results: [[2, 5]] },
  { op: 'ms.reduce_sum', inputs: [matrix], attributes: reduced(), results: [[...six]] },
  { op: 'ms.reduce_all', inputs: [['i1', [2, 2], [1, 1, 0, 1]]], attributes: reduced(1), results: [[1, 0]] },
  { op: 'ms.reduce_any', inputs: [['i1', [2, 2], [0, 0, 0, 1]]], attributes: reduced(1), results: [[0, 1]] },
  { op: 'ms.argmax', inputs: [matrix], attributes: axisAndKeep(1), results: [[2, 2]] },
  { op: 'ms.cumsum', inputs: [matrix], attributes: { axis: integerAttribute(1), exclusive: boolAttribute(true), reverse: boolAttribute(true) }, results: [[5, 3, 0, 11, 6, 0]] },
  { op: 'ms.layer_norm', inputs: [['f32', [1, 2], [1, 3]], ['f32', [2], [1, 2]], ['f32', [2], [0, 5]]], attributes: { begin_axis: integerAttribute(1), epsilon: floatAttribute(0) }, results: [[-1, 7]] },
  { op: 'ms.rms_norm', inputs: [['f32', [1, 2], [1, 7]], ['f32', [2], [1, 1]]], attributes: { begin_axis: integerAttribute(1), epsilon: floatAttribute(0) }, results: [[0.2, 1.4]] },
  { op: 'ms.batch_norm', inputs: [['f32', [1, 2], [3, 5]], ['f32', [2], [1, 2]], ['f32', [2], [0, 1]], ['f32', [2], [1, 1]], ['f32', [2], [4, 4]]], attributes: { epsilon: floatAttribute(0) }, results: [[1, 5]] },
  { op: 'ms.group_norm', inputs: [['f32', [1, 4], [1, 3, 5, 9]], ['f32', [4], [1, 1, 1, 1]], ['f32', [4], [0, 0, 0, 0]]], attributes: { groups: integerAttribute(2), epsilon: floatAttribute(0) }, results: [[-1, 1, -1, 1]] },
  { op: 'ms.reshape', inputs: [matrix], states: tensorType([3, 2], 'f32'), results: [[...six]] },
  { op: 'ms.transpose', inputs: [matrix], attributes: { permutation: ints(1, 0) }, results: [[1, 4, 2, 5, 3, 6]] },
  { op: 'ms.broadcast_to', inputs: [['f32', [2, 1], [1, 2]]], states: tensorType([2, 2], 'f32'), results: [[1, 1, 2, 2]] },
  { op: 'ms.concat', inputs: [matrix, ['f32', [2, 1], [8, 9]]], attributes: { axis: integerAttribute(1) }, results: [[1, 2, 3, 8, 4, 5, 6, 9]] },
  { op: 'ms.split', inputs: [matrix], attributes: { axis: integerAttribute(1), sizes: ints(1, 2) }, results: [[1, 4], [2, 3, 5, 6]] },
  { op: 'ms.slice', inputs: [matrix], attributes: { axes: ints(1), begins: ints(0), ends: ints(3), strides: ints(2) }, results: [[1, 3, 4, 6]] },
  { op: 'ms.slice_update', inputs: [matrix, ['f32', [2, 2], [7, 8, 9, 0]]], attributes: { axes: ints(1), begins: ints(0), ends: ints(3), strides: ints(2) }, results: [[7, 2, 8, 9, 5, 0]] },
  { op: 'ms.pad', inputs: [['f32', [3], [1, 2, 3]]], attributes: { low: ints(1), high: ints(2), mode: stringAttribute('reflect'), value: floatAttribute(0) }, results: [[2, 1, 2, 3, 2, 1]] },
  { op: 'ms.pad', inputs: [['f32', [2], [1, 2]]], attributes: { low: ints(1), high: ints(0), mode: stringAttribute('constant'), value: floatAttribute(-3) }, results: [[-3, 1, 2]] },
  { op: 'ms.tile', inputs: [['f32', [2], [1, 2]]], attributes: { repeats: ints(2) }, results: [[1, 2, 1, 2]] },
  { op: 'ms.repeat', inputs: [['f32', [2], [1, 2]]], attributes: { axis: integerAttribute(0), count: integerAttribute(2) }, results: [[1, 1, 2, 2]] },
  { op: 'ms.reverse', inputs: [matrix], attributes: { axes: ints(0, 1) }, results: [[6, 5, 4, 3, 2, 1]] },
  { op: 'ms.roll', inputs: [matrix], attributes: { axis: integerAttribute(1), shift: integerAttribute(-1) }, results: [[2, 3, 1, 5, 6, 4]] },
  { op: 'ms.gather', inputs: [matrix, ['i32', [2], [2, 0]]], attributes: { axis: integerAttribute(1) }, results: [[3, 1, 6, 4]] },
  { op: 'ms.gather_elements', inputs: [matrix, ['i32', [2, 1], [2, 0]]], attributes: { axis: integerAttribute(1) }, results: [[3, 4]] },
  { op: 'ms.gather_nd', inputs: [matrix, ['i32', [2, 2], [1, 2, 0, 0]]], results: [[6, 1]] },
  { op: 'ms.scatter_nd', inputs: [matrix, ['i32', [2, 1], [1, 1]], ['f32', [2, 3], six]], attributes: { reduction: stringAttribute('add') }, results: [[1, 2, 3, 9, 12, 15]] },
  { op: 'ms.scatter_elements', inputs: [matrix, ['i32', [2, 1], [2, 0]], ['f32', [2, 1], [8, 9]]], attributes: { axis: integerAttribute(1), reduction: stringAttribute('none') }, results: [[1, 2, 8, 9, 5, 6]] },
  { op: 'ms.one_hot', inputs: [['i32', [2], [1, 5]], ['f32', [], [1]], ['f32', [], [0]]], attributes: { axis: integerAttribute(1), depth: integerAttribute(3) }, results: [[0, 1, 0, 0, 0, 0]] },
  { op: 'ms.triangle', inputs: [], states: tensorType([2, 3], 'i1'), attributes: { diagonal: integerAttribute(0), part: stringAttribute('lower') }, results: [[1, 0, 0, 1, 1, 0]] },
  { op: 'ms.sort', inputs: [['f32', [3], [2, 3, 1]]], attributes: { axis: integerAttribute(0), descending: boolAttribute(false) }, results: [[1, 2, 3], [2, 0, 1]] },
  { op: 'ms.top_k', inputs: [matrix], attributes: { k: integerAttribute(1), largest: boolAttribute(true) }, results: [[3, 6], [2, 2]] },
];

describe('exported ops', () => {
  it.each(cases)('$op', async ({ op, inputs, attributes = {}, states, results }) => {
    const types = inputs.map(([dtype, shape]) => tensorType(shape, dtype));
    const main = functionOf('main', types, (emit, values) =>
      states ? [emit.stated(op, values, states, attributes)] : emit.all(op, values, attributes),
    );
    const values = inputs.map(([, , numbers]) => numbers);
    expectClose(await run(moduleOf(main), values, types), results, 'onnxruntime');
    expectClose(evaluated(moduleOf(main), values, types), results, 'oracle');
  });

  it('every function of one float equals the oracle', async () => {
    const names = Object.values(tensorOps)
      .filter(({ family, attributes }) => (family === 'unary' || family === 'activation') && attributes.length === 0)
      .filter((row) => row.operands[0].accepts.test(tensorType([1], 'f32')) && row.name !== 'ms.acosh')
      .map((row) => row.name);
    expect(names.length).toBeGreaterThan(35);
    const type = tensorType([9], 'f32');
    const main = functionOf('main', [type], (emit, [x]) => names.map((name) => emit.op(name, [x])));
    const values = [[0.9, 0.5, 0.25, 0.1, 0.01, 0.75, 0.6, 0.3, 0.97]];
    const [found, expected] = [await run(moduleOf(main), values, [type]), evaluated(moduleOf(main), values, [type])];
    names.forEach((name, index) => expectClose([found[index]], [expected[index]], name));
  });

  it('the column has a cell for every op, and decompositions where it leans on them', () => {
    expect(Object.keys(onnxRules).toSorted()).toEqual(Object.keys(tensorOps).toSorted());
    for (const { name, decompose } of Object.values(tensorOps)) {
      if (onnxRules[name] === 'decompose') expect(isAbsent(decompose), name).toBe(false);
    }
  });
});

describe('exported networks', () => {
  const vector = tensorType([2], 'f32');

  it('write out calls, take parameters as constants, and name inputs and outputs', async () => {
    const layer = functionOf('layer', [vector, vector], (emit, [x, w]) => [
      emit.op('ms.silu', [emit.op('ms.mul', [x, w])]),
    ]);
    const main = functionOf(
      'main',
      [vector, vector],
      (emit, [x, w]) => {
        const call = (value: Value): Value =>
          emit.sink.create('func.call', [value, w], [vector], new Map([['callee', { kind: 'symbol', name: 'layer' }]]))
            .results[0];
        return [call(call(x)), x];
      },
      [null, 'fc.weight'],
    );
    const weight: FileTensor = { dtype: 'f32', shape: [2], data: Float32Array.of(1, 2) };
    const exported = exportOnnx(moduleOf(layer, main), {
      parameter: (name) => (name === 'fc.weight' ? weight : null),
      producerVersion: 'test',
    });
    if (!exported.ok) throw new Error(JSON.stringify(exported.error));
    expect([...exported.value.graph.initializers.keys()]).toEqual(['fc.weight']);
    const bytes = writeOnnx(exported.value);
    if (!bytes.ok) throw new Error(bytes.error.message);
    const session = await ort.InferenceSession.create(bytes.value);
    expect([session.inputNames, session.outputNames]).toEqual([['input0'], ['out0', 'out1']]);
    const silu = (x: number): number => x / (1 + Math.exp(-x));
    const { out0, out1 } = await session.run({ input0: new ort.Tensor('float32', [0.5, -1], [2]) });
    expect([...(out1.data as Float32Array)]).toEqual([0.5, -1]);
    expect(out0.data[0]).toBeCloseTo(silu(silu(0.5)), 6);
    expect(out0.data[1]).toBeCloseTo(silu(2 * silu(-2)), 6);
  });

  it('name nodes by the Cell that made them', () => {
    const main = functionOf('main', [vector], (emit, [x]) => [emit.op('ms.relu', [emit.op('ms.relu', [x])])]);
    for (const [at, op] of main.regions[0].operations.slice(0, 2).entries())
      op.location = cellLocation({ path: at === 0 ? 'layer.act' : '', className: 'ReLU' }, null);
    const exported = exportOnnx(moduleOf(main), { parameter: () => null, producerVersion: 'test' });
    if (!exported.ok) throw new Error(JSON.stringify(exported.error));
    const { nodes } = exported.value.graph;
    expect(nodes.map(({ name, inputs, outputs }) => [name, inputs, outputs])).toEqual([
      ['layer.act/Relu', ['input0'], ['layer.act/Relu']],
      ['Relu', ['layer.act/Relu'], ['Relu']],
      ['out0', ['Relu'], ['out0']],
    ]);
  });

  it('report every op that ONNX cannot say, with its place', () => {
    const main = functionOf('main', [vector, vector], (emit, [x, y]) => {
      const angle = emit.op('ms.atan2', [x, y]);
      return [
        emit.op('ms.cumprod', [angle], {
          axis: integerAttribute(0),
          exclusive: boolAttribute(false),
          reverse: boolAttribute(false),
        }),
      ];
    });
    const exported = exportOnnx(moduleOf(main), { parameter: () => null, producerVersion: 'test' });
    expect(exported.ok ? [] : exported.error).toEqual([
      { op: 'ms.atan2', message: 'ONNX has no arc tangent of two numbers', location: fileLocation('net.py', 7, 3) },
      { op: 'ms.cumprod', message: 'ONNX has no running product', location: fileLocation('net.py', 7, 3) },
    ]);
  });

  it('keep symbolic dimensions', async () => {
    const type = tensorType(['batch', 6], 'f32');
    const main = functionOf('main', [type], (emit, [x]) => [
      emit.stated('ms.reshape', [x], tensorType(['batch', 2, 3], 'f32')),
    ]);
    const exported = exportOnnx(moduleOf(main), { parameter: () => null, producerVersion: 'test' });
    if (!exported.ok) throw new Error(JSON.stringify(exported.error));
    const bytes = writeOnnx(exported.value);
    if (!bytes.ok) throw new Error(bytes.error.message);
    const session = await ort.InferenceSession.create(bytes.value);
    const { out0 } = await session.run({
      input0: new ort.Tensor('float32', Float32Array.from({ length: 18 }), [3, 6]),
    });
    expect(out0.dims).toEqual([3, 2, 3]);
  });
});
