/** The file for Model Explorer, as its input_graph.ts describes it. */
import { describe, expect, it } from 'vitest';
import { modelExplorerExport, modelExplorerJson } from '../../tools/inspect/export/model-explorer.ts';
import { exportKinds } from '../../tools/inspect/export/index.ts';
import { sampleReport } from '../page/report-file.ts';
import { bigGraph, graphOfText, mainText, sectionOf } from './graph-samples.ts';

const { graph, places } = graphOfText(
  mainText('%x: tensor<4xf32> {ms.input = "x"}, %w: tensor<4xf32> {ms.param = "a.w"}', [
    '%0 = "ms.mul"(%x, %w) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> loc("a/b.c: Scale"("net.py":2:1))',
    '%1 = "ms.reshape"(%0) {to = "<b>&\\22"} : (tensor<4xf32>) -> tensor<4xf32> loc("a/b.c: Scale"("net.py":3:1))',
    'func.return %1 : tensor<4xf32>',
  ]),
);
const report = sampleReport({ graph: sectionOf(graph) }, { places });

interface File {
  readonly label: string;
  readonly graphs: readonly {
    readonly id: string;
    readonly nodes: readonly {
      readonly id: string;
      readonly namespace: string;
      readonly incomingEdges: readonly { readonly sourceNodeId: string; readonly sourceNodeOutputId: string }[];
      readonly outputsMetadata: readonly { readonly id: string }[];
    }[];
  }[];
}

const read = (text: string): File => JSON.parse(text) as File; // the text is ours

describe('the export for Model Explorer', () => {
  it('is a collection of graphs with namespaces, edges and shapes', () => {
    const [, , , reshape] = read(modelExplorerJson(report, 'net')).graphs[0].nodes;
    expect(reshape).toEqual({
      id: '3',
      label: 'reshape',
      namespace: 'a·b/c',
      attrs: [
        { key: 'to', value: '"<b>&\\22"' },
        { key: 'kind', value: 'op' },
        { key: 'cell', value: 'a/b.c' },
        { key: 'location', value: '"a/b.c: Scale"("net.py":3:1)' },
      ],
      incomingEdges: [{ sourceNodeId: '2', sourceNodeOutputId: '0', targetNodeInputId: '0' }],
      inputsMetadata: [{ id: '0', attrs: [{ key: 'tensor_shape', value: 'tensor<4xf32>' }] }],
      outputsMetadata: [{ id: '0', attrs: [{ key: 'tensor_shape', value: 'tensor<4xf32>' }] }],
    });
    expect(JSON.parse(modelExplorerJson(report, 'net'))).toMatchObject({
      label: 'net',
      graphs: [{ id: 'graph', groupNodeAttributes: { 'a·b/c': { class: 'Scale' } } }],
    });
  });

  it('says which result of an op an edge takes', () => {
    const split = graphOfText(
      `func.func @main(%x: tensor<8xf32>) -> tensor<4xf32> {
%0:2 = "ms.split"(%x) {axis = 0, sections = [4, 4]} : (tensor<8xf32>) -> (tensor<4xf32>, tensor<4xf32>)
func.return %0#1 : tensor<4xf32>
}`,
    ).graph;
    const [{ nodes }] = read(modelExplorerJson(sampleReport({ graph: sectionOf(split) }))).graphs;
    expect(nodes.at(-1)?.incomingEdges).toMatchObject([{ sourceNodeId: '1', sourceNodeOutputId: '1' }]);
  });

  it('names every edge by a node and a result that are there', () => {
    const [{ nodes }] = read(modelExplorerJson(sampleReport({ graph: sectionOf(bigGraph(5, 4, 6)) }))).graphs;
    const results = new Map(nodes.map(({ id, outputsMetadata }) => [id, outputsMetadata.length]));
    expect(results.size).toBe(122);
    const edges = nodes.flatMap(({ incomingEdges }) => incomingEdges);
    expect(edges).toHaveLength(156);
    expect(
      edges.every(
        ({ sourceNodeId, sourceNodeOutputId }) => Number(sourceNodeOutputId) < (results.get(sourceNodeId) ?? 0),
      ),
    ).toBe(true);
    expect(nodes.filter(({ namespace }) => namespace === 'layer3/block2')).toHaveLength(6);
  });

  it('is among the exports', () => {
    expect(exportKinds).toContain(modelExplorerExport);
    expect(modelExplorerExport.make(report, 'net').map(({ name }) => name)).toEqual(['net.model-explorer.json']);
  });
});
