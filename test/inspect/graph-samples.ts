/** Graphs for tests: from IR text, from a network, and of any size. */
import { parseModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { buildGraph } from '../../tools/inspect/collect/graph/build.ts';
import { GraphColumns, type Producer } from '../../tools/inspect/collect/graph/columns.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import {
  type Graph,
  type GraphSection,
  type GraphTree,
  graphTree,
  groupOf,
  kindOf,
  labelOf,
  nameOf,
  type Place,
  shortType,
} from '../../tools/inspect/report/index.ts';

/** The graph of IR text and its places. */
export function graphOfText(
  text: string,
  stage = 'graph',
): { readonly graph: Graph; readonly places: readonly Place[] } {
  const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const places = new PlaceTable(() => '');
  return { graph: buildGraph(module, stage, places, () => null), places: places.places };
}

/** A function `@main` from argument list, body lines and result. */
export const mainText = (args: string, body: readonly string[]): string =>
  `func.func @main(${args}) -> tensor<4xf32> {\n${body.map((line) => `  ${line}`).join('\n')}\n}`;

export const sectionOf = (...graphs: readonly Graph[]): GraphSection => ({
  kind: 'graph',
  graphs,
  launches: [],
  parts: [],
  comparison: null,
});

/** A tree as indented lines: `op relu(conv2d) 4xf32`. */
export function outline(graph: Graph, tree: GraphTree = graphTree(graph)): readonly string[] {
  const lines = (item: number, indent: string): readonly string[] =>
    (groupOf(tree, item)?.children ?? []).flatMap((child) => {
      const group = groupOf(tree, child);
      if (group === null) return [`${indent}${nodeText(graph, child)}`];
      const title = group.title === '' ? '' : `: ${group.title}`;
      return [`${indent}${group.kind} ${labelOf(tree, child)}${title}`, ...lines(child, `${indent}  `)];
    });
  return lines(tree.nodeCount, '');
}

function nodeText(graph: Graph, node: number): string {
  const { nodes, strings } = graph;
  const operands = nodes.producer.slice(nodes.operandStart[node], nodes.operandStart[node + 1]);
  const types = nodes.resultType.slice(nodes.resultStart[node], nodes.resultStart[node + 1]);
  const inputs = operands.length === 0 ? '' : `(${operands.map((operand) => nameOf(graph, operand)).join(', ')})`;
  return [
    `${kindOf(graph, node)} ${nameOf(graph, node)}${inputs}`,
    ...types.map((type) => shortType(strings[type])),
  ].join(' ');
}

const kinds = ['ms.matmul', 'ms.add', 'ms.relu', 'ms.mul', 'ms.softmax', 'ms.reshape'] as const;

/** A network of any size: `layers` Cells of `blocks` Cells of `ops` ops in a chain; without `hasCells` all in one heap. */
export function bigGraph(layers: number, blocks: number, ops: number, hasCells = true): Graph {
  const columns = new GraphColumns();
  const root = columns.group(-1, 'network', 'network', '');
  const row = { attributes: '', place: 0, flops: 1000, bytes: 4096 };
  const type = 'tensor<8x128x1024xf32>';
  const input = columns.node({ ...row, kind: 'input', name: 'x', group: root, operands: [], results: [type] });
  let last: Producer = { node: input, slot: 0 };
  for (let layer = 0; layer < layers; layer++) {
    const start = last;
    for (let block = 0; block < blocks; block++)
      for (let op = 0; op < ops; op++) {
        const name = op === ops - 1 ? 'ms.add' : kinds[(block + op) % kinds.length];
        const operands = name === 'ms.add' ? [last, start] : [last];
        const group = hasCells ? groupAt(columns, root, layer, block, operands) : root;
        const attributes = `axis = ${op % 4}\nlabel = "layer ${layer}"`;
        last = {
          node: columns.node({ ...row, attributes, kind: 'op', name, group, operands, results: [type] }),
          slot: 0,
        };
      }
  }
  columns.node({ ...row, kind: 'output', name: 'out0', group: root, operands: [last], results: [] });
  return columns.finish('graph');
}

function groupAt(
  columns: GraphColumns,
  root: number,
  layer: number,
  block: number,
  operands: readonly Producer[],
): number {
  const outer = columns.childGroup(root, 'cell', `layer${layer}`, 'Layer', operands);
  return columns.childGroup(outer, 'cell', `block${block}`, 'Block', operands);
}
