/** Written ONNX models run in onnxruntime-web: LeNet-5 with its checkpoint gives MindSpore's recorded logits. */
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import {
  onnxFloat,
  OnnxGraphBuilder,
  readCheckpoint,
  readNpz,
  tensorFromBytes,
  writeOnnx,
  writeOnnxWithExternalData,
  type FileTensor,
  type FormatError,
  type OnnxGraph,
  type OnnxModel,
} from '../../tools/formats/index.ts';
import type { Result } from '../../compiler/ir/support/index.ts';

ort.env.wasm.numThreads = 1;

function must<Value>(result: Result<Value, FormatError>): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const fileBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../${path}`, import.meta.url)));

const modelOf = (graph: OnnxGraph): OnnxModel => ({
  graph,
  opsets: { '': 17 },
  producer: 'msc',
  producerVersion: 'test',
});

function lenet(weights: ReadonlyMap<string, FileTensor>): OnnxModel {
  const graph = new OnnxGraphBuilder('lenet5');
  const weight = (name: string): string => graph.constant(name, weights.get(name) ?? expect.fail(`no ${name}`));
  const pool = (x: string): string =>
    graph.node('MaxPool', [graph.node('Relu', [x])], { kernel_shape: [2, 2], strides: [2, 2] });
  const dense = (x: string, name: string): string =>
    graph.node('Gemm', [x, weight(`${name}.weight`), weight(`${name}.bias`)], { transB: 1, alpha: onnxFloat(1) });
  let x = graph.input({ name: 'x', dtype: 'f32', shape: ['batch', 1, 32, 32] });
  for (const name of ['conv1', 'conv2'])
    x = pool(graph.node('Conv', [x, weight(`${name}.weight`), weight(`${name}.bias`)]));
  x = graph.node('Reshape', [x, graph.integers([0, 400])]);
  for (const name of ['fc1', 'fc2']) x = graph.node('Relu', [dense(x, name)]);
  graph.output({ name: dense(x, 'fc3'), dtype: 'f32', shape: ['batch', 10] });
  return modelOf(graph.finish());
}

async function logits(session: ort.InferenceSession, x: FileTensor): Promise<Float32Array> {
  const result = await session.run({ x: new ort.Tensor('float32', x.data as Float32Array, x.shape) });
  return result[session.outputNames[0]].data as Float32Array;
}

function relativeError(found: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return found.reduce((max, value, index) => Math.max(max, Math.abs(value - expected[index])), 0) / largest;
}

describe('ONNX', () => {
  const model = lenet(must(readCheckpoint(fileBytes('examples/lenet5/lenet5.ckpt'))));
  const digits = must(readNpz(fileBytes('examples/lenet5/digits.npz')));
  const x = digits.get('x') ?? expect.fail('no digits');
  const expected = digits.get('expected.out0')?.data as Float32Array;

  it('LeNet-5 gives the logits that MindSpore gave', async () => {
    const found = await logits(await ort.InferenceSession.create(must(writeOnnx(model))), x);
    expect(found.length).toBe(2000);
    expect(relativeError(found, expected)).toBeLessThan(1e-5);
  });

  it('so it does with its weights in a file beside the model', async () => {
    const { model: bytes, external } = writeOnnxWithExternalData(model, 'lenet5.onnx.data');
    expect(bytes.length).toBeLessThan(10_000);
    const data = new Uint8Array(Buffer.concat(external));
    const session = await ort.InferenceSession.create(bytes, { externalData: [{ path: 'lenet5.onnx.data', data }] });
    expect(relativeError(await logits(session, x), expected)).toBeLessThan(1e-5);
  });

  it('attributes of every kind: a conditional with two graphs, a tensor, strings, floats', async () => {
    const branch = (value: number): OnnxGraph => {
      const inner = new OnnxGraphBuilder(`branch${value}`);
      const constant = {
        kind: 'tensor',
        value: tensorFromBytes('f32', [2], new Uint8Array(Float32Array.of(value, -1.5).buffer)),
      } as const;
      inner.output({
        name: inner.node('Constant', [], { value: constant }, `value${value}`),
        dtype: 'f32',
        shape: [2],
      });
      return inner.finish();
    };
    const graph = new OnnxGraphBuilder('conditional');
    const condition = graph.input({ name: 'condition', dtype: 'i1', shape: [] });
    const chosen = graph.node('If', [condition], {
      then_branch: { kind: 'graph', value: branch(2) },
      else_branch: { kind: 'graph', value: branch(3) },
    });
    const more = graph.node('Constant', [], { value_floats: { kind: 'floats', value: [0.5, 0.25] } });
    graph.output({ name: graph.node('Add', [chosen, more], {}, 'sum'), dtype: 'f32', shape: [2] });
    const session = await ort.InferenceSession.create(must(writeOnnx(modelOf(graph.finish()))));
    for (const [truth, sum] of [
      [true, [2.5, -1.25]],
      [false, [3.5, -1.25]],
    ] as const) {
      const { sum: found } = await session.run({ condition: new ort.Tensor('bool', [truth], []) });
      expect([...(found.data as Float32Array)]).toEqual(sum);
    }
  });

  it('equal models give equal bytes; made-up names do not collide', () => {
    expect(Buffer.compare(must(writeOnnx(model)), must(writeOnnx(model)))).toBe(0);
    const graph = new OnnxGraphBuilder('names');
    const names = [
      graph.input({ name: 'Relu', dtype: 'f32', shape: [] }),
      graph.node('Relu', ['Relu']),
      graph.node('Relu', ['Relu']),
    ];
    expect(names).toEqual(['Relu', 'Relu_1', 'Relu_2']);
    expect(graph.integers([1, 2])).toBe(graph.integers([1, 2]));
    expect(graph.integers([1])).not.toBe(graph.literal('i64', [], [1]));
  });
});
