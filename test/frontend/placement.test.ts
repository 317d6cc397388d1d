/** Parallel settings of the source become attributes of the graph. */
import { describe, expect, it } from 'vitest';
import { walk, type Attribute, type Operation } from '../../compiler/ir/index.ts';
import { attributeText } from '../../compiler/ir/text/index.ts';
import { compileText, moduleOf } from './harness.ts';

const trace = (settings: string, init: string, body: string) =>
  compileText(
    `import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
from mindspore.parallel import AutoParallel, Layout
${settings}

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(4, 8)
        ${init}

    def construct(self, x):
        return ${body}
`,
    'Net()',
    [{ name: 'x', shape: [2, 4], dtype: 'f32' }],
  );

const text = (attribute: Attribute | undefined): string => (attribute ? attributeText(attribute) : 'none');

function only(name: string, network: ReturnType<typeof trace>): Operation {
  const found: Operation[] = [];
  walk(moduleOf(network).body, (op) => {
    if (op.name === name) found.push(op);
  });
  expect(found).toHaveLength(1);
  return found[0];
}

describe('shard', () => {
  it('writes cuts at the op', () => {
    const network = trace('', 'self.mm = ops.MatMul(False, True).shard(((2, 1), (1, 1)), ((2, 1),))', 'self.mm(x, x)');
    const op = only('ms.matmul', network);
    expect(text(op.attribute('dist.in_strategy'))).toBe('[array<i64: 2, 1>, array<i64: 1, 1>]');
    expect(text(op.attribute('dist.out_strategy'))).toBe('[array<i64: 2, 1>]');
  });

  it('writes names of mesh axes and the mesh', () => {
    const network = trace(
      'layout = Layout((2, 4), ("dp", "mp"))',
      'self.mm = ops.MatMul(False, True).shard((layout("dp", "None"), layout("mp", "None")))',
      'self.mm(x, x)',
    );
    expect(text(only('ms.matmul', network).attribute('dist.in'))).toBe('[[["dp"], []], [["mp"], []]]');
    expect(text(moduleOf(network).attributes.get('dist.mesh'))).toBe(
      '{axes = ["dp", "mp"], sizes = [2 : i64, 4 : i64]}',
    );
  });

  const wrong: readonly [string, string, string][] = [
    ['too many dimensions', '((2, 1, 1), (1, 1))', 'MSC0315'],
    ['no cuts', '("dp", "mp")', 'MSC0315'],
    ['two meshes', '(Layout((2,), ("a",))("a", "None"), Layout((4,), ("b",))("b", "None"))', 'MSC0305'],
  ];
  it.each(wrong)('that does not fit is told: %s', (_, strategy, code) => {
    const network = trace('', `self.mm = ops.MatMul(False, True).shard(${strategy})`, 'self.mm(x, x)');
    expect(network.diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
});

describe('stages and settings', () => {
  it('pipeline_stage marks what a cell emits', () => {
    const network = trace('', 'self.dense.pipeline_stage = 1', 'self.dense(ops.relu(x))');
    expect(text(only('ms.matmul', network).attribute('dist.stage'))).toBe('1 : i64');
    expect(only('ms.relu', network).attribute('dist.stage')).toBeUndefined();
  });

  it('set_auto_parallel_context goes to the module, though nothing reads its module', () => {
    const network = trace(
      'ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", device_num=8, pipeline_stages=2)',
      '',
      'self.dense(x)',
    );
    const context = moduleOf(network).attributes.get('dist.context');
    expect(text(context)).toContain('device_num = 8 : i64');
    expect(text(context)).toContain('pipeline_stages = 2 : i64');
  });

  it('collectives of the user have no meaning beside a parallel mode, and none to say on one device', () => {
    const settings = 'ms.set_auto_parallel_context(parallel_mode="data_parallel", device_num=4)';
    const divided = trace(settings, 'self.sum = ops.AllReduce()', 'self.sum(self.dense(x))');
    expect(divided.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['MSC0305', 'a collective of your own beside a parallel mode is not supported by this version of msc'],
    ]);
    expect(trace('', 'self.sum = ops.AllReduce()', 'self.sum(self.dense(x))').diagnostics).toEqual([]);
  });

  it('settings of packages that are absent are passed over', () => {
    const network = trace('import torch\ntorch.set_num_threads(1)', '', 'self.dense(x)');
    expect(moduleOf(network).attributes.has('dist.context')).toBe(false);
  });
});
