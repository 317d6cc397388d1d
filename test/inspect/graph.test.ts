/** The graph section: columns from modules, groups by Cell, kernel and region, and the tree that is shown. */
import { describe, expect, it } from 'vitest';
import { nodeCosts, nodesIn, shortType, uniquePaths } from '../../tools/inspect/report/index.ts';
import { graphTree, groupOf, labelOf, MOST_CHILDREN } from '../../tools/inspect/report/graph-tree.ts';
import { chunks } from '../../tools/inspect/report/graph-chunks.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { GraphRecorder } from '../../tools/inspect/collect/graph/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import { runStages } from '../../tools/msc/pipeline.ts';
import { compileText, moduleOf } from '../frontend/harness.ts';
import { graphText } from '../../tools/inspect/text/graph.ts';
import { sampleCosts } from '../page/report-file.ts';
import { bigGraph, graphOfText, mainText, outline, sectionOf } from './graph-samples.ts';

const unary = (name: string, result: string, operand: string, where: string): string =>
  `%${result} = "ms.${name}"(%${operand}) : (tensor<4xf32>) -> tensor<4xf32> loc(${where})`;
const cell = (path: string, line: number): string => `"${path}"("net.py":${line}:1)`;
const x = '%x: tensor<4xf32> {ms.input = "x"}';
const returned = (value: string): string => `func.return %${value} : tensor<4xf32>`;

describe('the graph of a module', () => {
  it('nests ops by the path of their Cell and keeps classes, parameters stand with their users', () => {
    const text = mainText(`${x}, %w: tensor<4xf32> {ms.param = "block.fc.weight"}`, [
      unary('relu', '0', 'x', cell('block.act: ReLU', 3)),
      `%1 = "ms.mul"(%0, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc(${cell('block.fc: Scale', 4)})`,
      unary('neg', '2', '1', cell('block: Block', 5)),
      returned('2'),
    ]);
    expect(outline(graphOfText(text).graph)).toEqual([
      'input x 4xf32',
      'cell block: Block',
      '  cell act: ReLU',
      '    op ms.relu(x) 4xf32',
      '  cell fc: Scale',
      '    parameter block.fc.weight 4xf32',
      '    op ms.mul(ms.relu, block.fc.weight) 4xf32',
      '  op ms.neg(ms.mul) 4xf32',
      'output out0(ms.neg)',
    ]);
  });

  it('a Cell that is called again is a new group, or groups would have cycles', () => {
    const text = mainText(x, [
      unary('relu', '0', 'x', cell('relu: ReLU', 3)),
      unary('neg', '1', '0', cell('fc: Dense', 4)),
      unary('abs', '2', '1', cell('relu: ReLU', 5)),
      unary('square', '3', '2', cell('relu: ReLU', 5)),
      returned('3'),
    ]);
    expect(outline(graphOfText(text).graph)).toEqual([
      'input x 4xf32',
      'cell relu: ReLU',
      '  op ms.relu(x) 4xf32',
      'cell fc: Dense',
      '  op ms.neg(ms.relu) 4xf32',
      'cell relu (2): ReLU',
      '  op ms.abs(ms.neg) 4xf32',
      '  op ms.square(ms.abs) 4xf32',
      'output out0(ms.square)',
    ]);
  });

  it('a Cell stays one group where an operand came from before it', () => {
    const text = mainText(x, [
      unary('neg', '0', 'x', cell('net: Net', 2)),
      unary('relu', '1', 'x', cell('block: Block', 3)),
      `%2 = "ms.add"(%1, %0) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc(${cell('block: Block', 4)})`,
      returned('2'),
    ]);
    expect(outline(graphOfText(text).graph).filter((line) => line.startsWith('cell'))).toEqual([
      'cell net: Net',
      'cell block: Block',
    ]);
  });

  it('a kernel is a group: values pass through it, and it stands where most of its ops do, whatever its constants say', () => {
    const text = mainText(x, [
      unary('neg', '0', 'x', cell('a: A', 1)),
      `%1 = "ms.fused"(%0) ({`,
      `^bb0(%in: tensor<4xf32>):`,
      `  %c = "ms.constant"() {value = dense<1.0> : tensor<4xf32>} : () -> tensor<4xf32> loc(${cell('zz: Other', 9)})`,
      `  %2 = "ms.add"(%in, %c) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc(${cell('b.norm: Norm', 2)})`,
      `  ${unary('rsqrt', '3', '2', cell('b.norm: Norm', 2))}`,
      `  ${unary('relu', '4', '3', cell('b: B', 3))}`,
      `  "ms.yield"(%4) : (tensor<4xf32>) -> ()`,
      `}) : (tensor<4xf32>) -> tensor<4xf32>`,
      unary('abs', '5', '1', cell('b: B', 4)),
      returned('5'),
    ]);
    expect(outline(graphOfText(text, 'fused').graph)).toEqual([
      'input x 4xf32',
      'cell a: A',
      '  op ms.neg(x) 4xf32',
      'cell b: B',
      '  cell norm: Norm',
      '    fused add + rsqrt + relu: add + rsqrt + relu',
      '      constant ms.constant 4xf32',
      '      op ms.add(ms.neg, ms.constant) 4xf32',
      '      op ms.rsqrt(ms.add) 4xf32',
      '      op ms.relu(ms.rsqrt) 4xf32',
      '  op ms.abs(ms.relu) 4xf32',
      'output out0(ms.abs)',
    ]);
  });

  it('an op with regions has a node, and a group for each region; what regions give goes to the op', () => {
    const text = mainText(`${x}, %p: i1`, [
      `%0 = "scf.if"(%p) ({`,
      `  ${unary('relu', '1', 'x', 'unknown')}`,
      `  scf.yield %1 : tensor<4xf32>`,
      `}, {`,
      `  scf.yield %x : tensor<4xf32>`,
      `}) : (i1) -> tensor<4xf32>`,
      returned('0'),
    ]);
    expect(outline(graphOfText(text).graph)).toEqual([
      'input x 4xf32',
      'input p i1',
      'control scf.if',
      '  op scf.if(p, scf.yield, scf.yield) 4xf32',
      '  region then',
      '    op ms.relu(x) 4xf32',
      '    op scf.yield(ms.relu) 4xf32',
      '  region else',
      '    op scf.yield(x) 4xf32',
      'output out0(scf.if)',
    ]);
  });

  it("a loop's arguments are nodes that begin with the values before it", () => {
    const text = mainText(`${x}, %n: index`, [
      `%0 = scf.for %i = %n to %n step %n iter_args(%a = %x) -> (tensor<4xf32>) {`,
      `  ${unary('relu', '1', 'a', 'unknown')}`,
      `  scf.yield %1 : tensor<4xf32>`,
      `}`,
      returned('0'),
    ]);
    expect(outline(graphOfText(text).graph).slice(2, 8)).toEqual([
      'control scf.for',
      '  op scf.for(n, n, n, x, scf.yield) 4xf32',
      '  region body',
      '    argument i index',
      '    argument a(x) 4xf32',
      '    op ms.relu(a) 4xf32',
    ]);
  });

  it('without Cells many ops are grouped by line', () => {
    const count = 70;
    const ops = Array.from({ length: count }, (_, at) =>
      unary('relu', String(at), at === 0 ? 'x' : String(at - 1), `"lib/net.py":${1 + Math.floor(at / 35)}:1`),
    );
    const lines = outline(graphOfText(mainText(x, [...ops, returned(String(count - 1))])).graph);
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
      'input x 4xf32',
      'line net.py:1',
      'line net.py:2',
      'output out0(ms.relu)',
    ]);
    const few = graphOfText(mainText(x, [ops[0], returned('0')])).graph;
    expect(outline(few)).toEqual(['input x 4xf32', 'op ms.relu(x) 4xf32', 'output out0(ms.relu)']);
  });

  it('tells long constants apart without their elements', () => {
    const numbers = Array.from({ length: 32 }, (_, at) => `${at}.0`);
    const constant = (elements: readonly string[]): string => {
      const { graph } = graphOfText(
        `func.func @main() -> tensor<32xf32> {\n%0 = "ms.constant"() {value = dense<[${elements.join(', ')}]> : tensor<32xf32>} : () -> tensor<32xf32>\nfunc.return %0 : tensor<32xf32>\n}`,
      );
      return graph.strings[graph.nodes.attributes[0]];
    };
    expect(constant(numbers)).toMatch(/^value = 32 elements, hash [0-9a-f]{8}$/);
    expect(constant(numbers)).not.toBe(constant([...numbers.slice(1), '7.0']));
  });
});

/** What a training step is traced from. */
const step = `
import mindspore as ms
from mindspore import nn, ops

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.act = nn.ReLU()
        self.weight = ms.Parameter(ops.ones((2, 4), ms.float32))
    def construct(self, x):
        return self.act(x * self.weight)

class Step(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = Net()
        self.grad = ops.grad(lambda x: ops.exp(self.net(x)).sum())
    def construct(self, x):
        return self.grad(x)
`;

it('a training step has its backward pass in groups of their own, at each stage that is shown', () => {
  const network = compileText(step, 'Step()', [{ name: 'x', shape: [2, 4], dtype: 'f32' }]);
  const recorder = new GraphRecorder(new PlaceTable(() => ''));
  runStages(moduleOf(network), {
    chip: defaultChip,
    to: 'tile',
    now: () => 0,
    visit: (stage, module) => recorder.visit(stage, module),
  });
  const graphs = recorder.finish(null)?.graphs ?? [];
  expect(graphs.map(({ stage }) => stage)).toEqual(['graph', 'fused']);
  expect(outline(graphs[0]).filter((line) => /^ *(cell|parameter|output)/.test(line))).toEqual([
    'parameter net.weight 2x4xf32',
    'cell net: Net',
    '  cell act: ReLU',
    'cell net (2): Net, backward',
    '  cell act: ReLU, backward',
    'output out0(ms.mul)',
  ]);
});

it('many new values of parameters fold into one group, results stay where they are', () => {
  const parameters = [0, 1, 2, 3, 4].map((index) => `{ms.param = "p${index}"}`).join(', ');
  const types = Array.from({ length: 5 }, () => 'tensor<4xf32>').join(', ');
  const text = `"builtin.module"() ({
  "func.func"() ({
  ^bb0(%p0: tensor<4xf32>, %p1: tensor<4xf32>, %p2: tensor<4xf32>, %p3: tensor<4xf32>, %p4: tensor<4xf32>):
    "func.return"(%p0, %p0, %p1, %p2, %p3, %p4) : (tensor<4xf32>, ${types}) -> ()
  }) {arg_attrs = [${parameters}], res_attrs = [{}, ${parameters}], function_type = (${types}) -> (tensor<4xf32>, ${types}), sym_name = "main"} : () -> ()
}) : () -> ()`;
  expect(outline(graphOfText(text).graph).filter((line) => /output/.test(line))).toEqual([
    'output out0(p0)',
    'outputs new values of parameters',
    ...[0, 1, 2, 3, 4].map((index) => `  output p${index}(p${index})`),
  ]);
});

describe('the tree that is shown', () => {
  it('numbers groups with the same ops beside each other', () => {
    const tree = graphTree(bigGraph(4, 2, 5));
    expect(groupOf(tree, tree.nodeCount)?.children.map((item) => groupOf(tree, item)?.alike ?? 0)).toEqual([
      0, 1, 1, 1, 1, 0,
    ]);
    const same = graphTree(bigGraph(1, 6, 6));
    const [, layer] = groupOf(same, same.nodeCount)?.children ?? [];
    expect(groupOf(same, layer)?.children.map((item) => groupOf(same, item)?.alike)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it.each([
    ['50,000 ops in a heap that repeats', bigGraph(100, 20, 25, false)],
    ['1,000 Cells beside each other', bigGraph(1000, 1, 4)],
    ['251 ops', bigGraph(1, 1, 251, false)],
  ])('shows at most so many boxes at once: %s', (_, graph) => {
    const tree = graphTree(graph);
    expect(Math.max(...tree.groups.map(({ children }) => children.length))).toBeLessThanOrEqual(MOST_CHILDREN);
    expect(new Set(tree.order).size).toBe(graph.nodes.kind.length);
    const isParent = tree.groups.every(({ children }, index) =>
      children.every((child) => tree.parent[child] === tree.nodeCount + index),
    );
    expect(isParent).toBe(true);
    expect(nodesIn(tree, tree.nodeCount)).toHaveLength(tree.nodeCount);
  });

  it('names ranges of Cells by the first and last of them', () => {
    const tree = graphTree(bigGraph(1000, 1, 4));
    const [, first, second] = groupOf(tree, tree.nodeCount)?.children ?? [];
    expect([first, second].map((item) => labelOf(tree, item))).toEqual(['layer31 – layer62', 'layer63 – layer94']);
  });

  it('divides a list that repeats into its blocks, any other into ranges', () => {
    const repeating = Array.from({ length: 400 }, (_, at) => (at < 3 ? 100 + at : (at - 3) % 20));
    const { label, parts } = chunks(repeating, 50);
    expect(label).toBe('block');
    expect(parts.slice(0, 3)).toEqual([
      { start: 0, end: 3 },
      { start: 3, end: 23 },
      { start: 23, end: 43 },
    ]);
    const different = Array.from({ length: 400 }, (_, at) => at);
    expect(chunks(different, 50)).toMatchObject({ label: 'range', parts: { length: 20 } });
    const alike = Array.from({ length: 400 }, () => 1);
    expect(chunks(alike, 50)).toMatchObject({ label: 'range' });
  });

  it('names groups apart for formats that know them by name', () => {
    const tree = graphTree(
      graphOfText(mainText(x, [unary('relu', '0', 'x', cell('a/b: Net', 1)), returned('0')])).graph,
    );
    expect(uniquePaths(tree, '/')).toEqual([[], ['a·b']]);
  });
});

describe('costs of ops', () => {
  const text = mainText(x, [
    unary('relu', '0', 'x', '"net.py":1:1'),
    unary('neg', '1', '0', 'fused["net.py":2:1, "net.py":3:1]'),
    unary('abs', '2', '1', '"net.py":4:1'),
    returned('2'),
  ]);
  const { graph, places } = graphOfText(text);
  const placeOf = (part: string): number => places.findIndex((place) => place.text === part);
  const costs = {
    ...sampleCosts,
    places: [
      { ...sampleCosts.places[0], place: 100, seconds: 6 },
      { ...sampleCosts.places[0], place: placeOf('"net.py":4:1'), seconds: 5 },
    ],
  };
  const secondsOf = (parts: readonly number[]): readonly number[] => [
    ...(nodeCosts(graph, costs, [{ place: 100, parts }]).seconds ?? []),
  ];

  it('those of a kernel go to the ops that it is made of', () => {
    expect(secondsOf([placeOf('"net.py":1:1'), 200])).toEqual([0, 6, 0, 5, 0]);
    expect(secondsOf([placeOf('"net.py":1:1'), placeOf('fused["net.py":2:1, "net.py":3:1]')])).toEqual([0, 3, 3, 5, 0]);
  });

  it('nothing is known of time before it was simulated', () => {
    expect(nodeCosts(graph, { ...costs, timed: false }, []).seconds).toBeNull();
    expect(nodeCosts(bigGraph(1, 1, 2), null, []).flops).toEqual(Float64Array.of(1000, 1000, 1000, 1000));
  });
});

it('types are as short as they are read', () => {
  expect(shortType('tensor<1x64x56x56xf32>')).toBe('1x64x56x56xf32');
  expect(shortType('tensor<1x64xf32, #ms.enc<layout = "NZ", shard = "dp">>')).toBe('1x64xf32 NZ dp');
  expect(shortType('tensor<?x16xf32, #ms.enc<dims = ["batch", 16]>>')).toBe('batchx16xf32');
  expect(shortType('index')).toBe('index');
});

it('the terminal shows ops by kind and groups to depth 2', () => {
  const head = { places: [] } as unknown as Parameters<typeof graphText>[1]; // no place is looked up
  expect(graphText(sectionOf(bigGraph(2, 1, 3)), head)).toBe(
    `graph: 6 ops, 0 parameters
  by kind: add 4, matmul 2
  layer0 (Layer): 3 ops, 3 kflop, 12 KiB
    block0 (Block): 3 ops, 3 kflop, 12 KiB
  layer1 (Layer): 3 ops, 3 kflop, 12 KiB
    block0 (Block): 3 ops, 3 kflop, 12 KiB

`,
  );
});

it('labels of ops leave the dialect out, names of parameters stay', () => {
  const { graph } = graphOfText(mainText(x, [unary('relu', '0', 'x', 'unknown'), returned('0')]));
  const tree = graphTree(graph);
  expect([0, 1, 2].map((node) => labelOf(tree, node))).toEqual(['x', 'relu', 'out0']);
});
