/** Comparing two compilations. */
import { describe, expect, it } from 'vitest';
import {
  changeCounts,
  compareGraphs,
  type Graph,
  nameOf,
  nodeChanges,
  NOWHERE,
  withComparison,
} from '../../tools/inspect/report/index.ts';
import { alignBy } from '../../tools/inspect/report/graph-align.ts';
import { graphText } from '../../tools/inspect/text/graph.ts';
import { sampleReport } from '../page/report-file.ts';
import { Random } from '../wasm/harness.ts';
import { bigGraph, graphOfText, outline, sectionOf } from './graph-samples.ts';

/** A chain of ops `name@cell`, with attributes after a blank. */
function chain(...ops: readonly string[]): Graph {
  const lines = ops.map((op, at) => {
    const [, name = '', cell = '', attributes = ''] = /^(\w+)@(\S+)(?: (.*))?$/.exec(op) ?? [];
    const [path, className = 'Cell'] = cell.split(':');
    return `%${at} = "ms.${name}"(%${at === 0 ? 'x' : at - 1}) {${attributes}} : (tensor<4xf32>) -> tensor<4xf32> loc("${path}: ${className}"("net.py":1:1))`;
  });
  return graphOfText(
    `func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {\n${lines.join('\n')}\nfunc.return %${ops.length - 1} : tensor<4xf32>\n}`,
  ).graph;
}

/** What changed, as `added ms.relu: reasons`. */
function changes(left: Graph, right: Graph): readonly string[] {
  const { union, change, reasons } = compareGraphs(left, right);
  const texts = new Map(reasons.map(({ node, texts: list }) => [node, list.join('; ')]));
  return change.flatMap((kind, node) => {
    const what = nodeChanges[kind];
    const reason = texts.get(node);
    return what === 'same' ? [] : [`${what} ${nameOf(union, node)}${reason === undefined ? '' : `: ${reason}`}`];
  });
}

describe('two compilations', () => {
  it('of one network are the same', () => {
    const graph = chain('relu@a.b', 'neg@a', 'abs@c');
    expect(changes(graph, graph)).toEqual([]);
    expect(changeCounts(compareGraphs(graph, graph))).toEqual({ same: 5, added: 0, removed: 0, changed: 0 });
  });

  it('an added and a removed op, and whose operand they were', () => {
    expect(changes(chain('relu@a', 'abs@a'), chain('relu@a', 'neg@a', 'abs@a'))).toEqual([
      'added ms.neg',
      'changed ms.abs: operand 0: relu → neg',
    ]);
    expect(changes(chain('relu@a', 'neg@a', 'abs@a'), chain('relu@a', 'abs@a'))).toEqual([
      'removed ms.neg',
      'changed ms.abs: operand 0: neg → relu',
    ]);
  });

  it('changed attributes and types, with both values', () => {
    expect(changes(chain('relu@a', 'neg@a k = 1 : i64'), chain('relu@a', 'neg@a k = 2 : i64, m'))).toEqual([
      'changed ms.neg: k: 1 → 2; m: none → set',
    ]);
    const typed = (type: string): Graph =>
      graphOfText(
        `func.func @main(%x: tensor<${type}>) -> tensor<${type}> {\n%0 = "ms.relu"(%x) : (tensor<${type}>) -> tensor<${type}>\nfunc.return %0 : tensor<${type}>\n}`,
      ).graph;
    expect(changes(typed('4xf32'), typed('4xf16'))).toEqual([
      'changed x: type: 4xf32 → 4xf16',
      'changed ms.relu: type: 4xf32 → 4xf16',
    ]);
  });

  it('renamed Cells, and Cells in them, are the same Cells', () => {
    expect(
      changes(
        chain('relu@layer1.conv', 'neg@layer1.conv', 'abs@layer1.norm', 'square@head'),
        chain('relu@stage1.convolution', 'neg@stage1.convolution', 'abs@stage1.bn', 'square@head'),
      ),
    ).toEqual([]);
  });

  it('an inserted Cell of a sequence does not shift the others: the class decides before the name', () => {
    expect(
      changes(
        chain('relu@0:Conv', 'abs@1:Norm', 'neg@2:Act'),
        chain('relu@0:Conv', 'square@1:Dropout', 'abs@2:Norm', 'neg@3:Act'),
      ),
    ).toEqual(['added ms.square', 'changed ms.abs: operand 0: relu → square']);
  });

  it('the union has removed nodes and their groups in place', () => {
    const { union, change } = compareGraphs(chain('relu@a', 'neg@b', 'abs@c'), chain('relu@a', 'abs@c'));
    expect(outline(union)).toEqual([
      'input x 4xf32',
      'cell a: Cell',
      '  op ms.relu(x) 4xf32',
      'cell b: Cell',
      '  op ms.neg(ms.relu) 4xf32',
      'cell c: Cell',
      '  op ms.abs(ms.relu) 4xf32',
      'output out0(ms.abs)',
    ]);
    expect(change.map((kind) => nodeChanges[kind])).toEqual(['same', 'same', 'removed', 'changed', 'same']);
  });

  it('the union keeps Cells in Cells, and no place of the other compilation', () => {
    const { union, change } = compareGraphs(chain('relu@a', 'neg@a.b.c', 'abs@a'), chain('relu@a', 'abs@a'));
    expect(outline(union)).toEqual([
      'input x 4xf32',
      'cell a: Cell',
      '  op ms.relu(x) 4xf32',
      '  cell b',
      '    cell c: Cell',
      '      op ms.neg(ms.relu) 4xf32',
      '  op ms.abs(ms.relu) 4xf32',
      'output out0(ms.abs)',
    ]);
    const removed = change.flatMap((kind, node) => (nodeChanges[kind] === 'removed' ? [node] : []));
    expect(removed.map((node) => union.nodes.place[node])).toEqual([NOWHERE]);
  });

  it('calls of one Cell are told apart', () => {
    const twice = chain('relu@a', 'neg@b', 'abs@a', 'square@b');
    expect(changes(twice, twice)).toEqual([]);
  });

  it('Cells that have little in common are different Cells', () => {
    const left = chain('relu@a', 'relu@a', 'relu@a', 'neg@a');
    expect(changeCounts(compareGraphs(left, chain('neg@b', 'abs@b', 'abs@b', 'abs@b')))).toMatchObject({
      added: 4,
      removed: 4,
    });
  });

  it('another result of the same op', () => {
    const taking = (slot: number): Graph =>
      graphOfText(
        `func.func @main(%x: tensor<8xf32>) -> tensor<4xf32> {
%0:2 = "ms.split"(%x) {axis = 0, sections = [4, 4]} : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
func.return %0#${slot} : tensor<4xf32>
}`,
      ).graph;
    expect(changes(taking(0), taking(1))).toEqual(['changed out0: operand 0: split → split']);
  });

  it('sections are compared stage by stage', () => {
    const [left, right] = [
      sectionOf(chain('relu@a')),
      sectionOf(chain('relu@a', 'neg@a'), { ...chain('relu@a'), stage: 'fused' }),
    ];
    const { comparison } = withComparison(right, left, { label: 'before.py', placeOf: () => 0 });
    expect(comparison?.label).toBe('before.py');
    expect(comparison?.differences.map(({ stage }) => stage)).toEqual(['graph']);
  });

  it('in a terminal names cannot steer it', () => {
    const named = (name: string): Graph => {
      const { graph } = graphOfText(
        `func.func @main(%x: tensor<4xf32> {ms.param = "w"}, %y: tensor<4xf32> {ms.param = "v"}) -> tensor<4xf32> {
%0 = "ms.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32>
func.return %0 : tensor<4xf32>
}`,
      );
      return { ...graph, strings: graph.strings.map((text) => (text === 'w' ? name : text)) };
    };
    const other = { ...named('w'), nodes: { ...named('w').nodes, producer: named('w').nodes.producer.map(() => 1) } };
    const section = withComparison(sectionOf(named('\u001b]0;title\u0007')), sectionOf(other));
    const text = graphText(section, sampleReport().head);
    expect(text).toContain('operand 0: v → ·]0;title·');
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('of many ops: a layer more is found, nothing else', () => {
    const difference = compareGraphs(bigGraph(20, 20, 25), bigGraph(21, 20, 25));
    expect(changeCounts(difference)).toEqual({ same: 10_001, added: 500, removed: 0, changed: 1 });
  });

  it('of 12,000 ops in one heap with an op less in front', () => {
    const heap = bigGraph(600, 1, 20, false);
    const { strings, nodes } = heap;
    const other: Graph = {
      ...heap,
      strings: [...strings, 'ms.other'],
      nodes: { ...nodes, name: nodes.name.with(5, strings.length).with(9000, strings.length) },
    };
    expect(changeCounts(compareGraphs(heap, other))).toMatchObject({ added: 2, removed: 2 });
  });

  it('of 150,000 ops of which none is left', () => {
    const difference = compareGraphs(bigGraph(7500, 1, 20, false), bigGraph(1, 1, 1, false));
    expect(changeCounts(difference)).toEqual({ same: 2, added: 0, removed: 149_999, changed: 1 });
  });
});

/** The length of a longest common subsequence, by the table. */
function commonLength(left: readonly number[], right: readonly number[]): number {
  let row = new Uint16Array(right.length + 1);
  for (const key of left) {
    const next = new Uint16Array(right.length + 1);
    for (const [at, other] of right.entries())
      next[at + 1] = key === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0);
    row = next;
  }
  return row[right.length] ?? 0;
}

describe('alignment of lists', () => {
  it.each([1, 2, 3, 4])('pairs as many as can be on lists too long for a table: seed %i', (seed) => {
    const random = new Random(seed);
    const left = Array.from({ length: 2200 }, () => random.below(40));
    const right = left.flatMap((key) => {
      const turn = random.below(100);
      if (turn < 3) return [];
      return turn < 6 ? [key, random.below(40)] : [turn < 8 ? 40 : key];
    });
    const found = alignBy(left, right, [String]);
    expect(found).toHaveLength(commonLength(left, right));
    expect(found.every(([one, other]) => left[one] === right[other])).toBe(true);
  });

  it('of lists with more edits than are searched for still pairs equal elements in order', () => {
    const left = Array.from({ length: 4000 }, (_, at) => (at % 2 === 0 ? `same ${at}` : `left ${at}`));
    const right = Array.from({ length: 4000 }, (_, at) => (at % 2 === 0 ? `same ${at}` : `right ${at}`));
    expect(alignBy(left, right, [(text) => text])).toEqual(Array.from({ length: 2000 }, (_, at) => [2 * at, 2 * at]));
    const [few, many] = [left.map((_, at) => `${at % 3}`), right.map((_, at) => `${(at * at) % 5}`)];
    const found = alignBy(few, many, [(text) => text]);
    expect(found.length).toBeGreaterThan(500);
    expect(found.every(([one, other]) => few[one] === many[other])).toBe(true);
  });

  const pairs = (left: string, right: string): string =>
    alignBy([...left], [...right], [(letter) => letter, (letter) => letter.toLowerCase()])
      .map(([one, other]) => `${one}-${other}`)
      .join(' ');

  it('finds a longest common subsequence, then laxer pairs in the gaps', () => {
    expect(pairs('abcd', 'abd')).toBe('0-0 1-1 3-2');
    expect(pairs('xabc', 'abcx')).toBe('1-0 2-1 3-2');
    expect(pairs('aBc', 'abc')).toBe('0-0 1-1 2-2');
    expect(pairs('', 'abc')).toBe('');
  });

  it('keeps order and pairs equal elements on lists too long for a table', () => {
    const left = Array.from({ length: 5000 }, (_, at) => `op ${at % 7} ${at % 11}`);
    const right = ['new', ...left.slice(0, 2000), 'other', ...left.slice(2010), 'end'];
    const found = alignBy(['start', ...left], right, [(text) => text]);
    expect(found).toHaveLength(4990);
    const isInOrder = found.every(([one, other], at) => {
      const [before, otherBefore] = found[at - 1] ?? [-1, -1];
      return ['start', ...left][one] === right[other] && one > before && other > otherBefore;
    });
    expect(isInOrder).toBe(true);
  });
});
