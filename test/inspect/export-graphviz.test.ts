/** Graphs in the language of dot. */
import { describe, expect, it } from 'vitest';
import { graphvizExport, graphvizText } from '../../tools/inspect/export/graphviz.ts';
import { exportKinds } from '../../tools/inspect/export/index.ts';
import { sampleReport } from '../page/report-file.ts';
import { graphOfText, mainText, sectionOf } from './graph-samples.ts';

describe('the export for Graphviz', () => {
  it('has a cluster for each group and a node for each op', () => {
    const { graph } = graphOfText(
      mainText('%x: tensor<4xf32> {ms.input = "x"}', [
        '%0 = "ms.relu"(%x) : (tensor<4xf32>) -> tensor<4xf32> loc("a.b: ReLU"("net.py":2:1))',
        'func.return %0 : tensor<4xf32>',
      ]),
    );
    expect(graphvizText(graph)).toBe(`digraph "graph" {
  rankdir=TB; compound=true; node [fontname="sans-serif", fontsize=10]; edge [fontname="sans-serif", fontsize=8];
  n0 [label="x", shape=ellipse];
  subgraph cluster_4 {
    label="a";
    subgraph cluster_5 {
      label="b: ReLU";
      n1 [label="relu", shape=box];
    }
  }
  n2 [label="out0", shape=ellipse];
  n0 -> n1 [label="4xf32"];
  n1 -> n2 [label="4xf32"];
}
`);
  });

  it('quotes whatever a name holds', () => {
    const { graph } = graphOfText(
      mainText('%x: tensor<4xf32> {ms.input = "a\\22; } \\5C\\5C<b>\\0A"}', ['func.return %x : tensor<4xf32>']),
    );
    expect(graphvizText(graph)).toContain(String.raw`  n0 [label="a\"; } \\\\<b>\n", shape=ellipse];`);
  });

  it('is a file for each stage', () => {
    const { graph } = graphOfText(mainText('%x: tensor<4xf32>', ['func.return %x : tensor<4xf32>']));
    const report = sampleReport({ graph: sectionOf(graph, { ...graph, stage: 'sharded, rank 3' }) });
    expect(graphvizExport.make(report, 'net').map(({ name }) => name)).toEqual([
      'net.graph.dot',
      'net.sharded-rank-3.dot',
    ]);
    expect(exportKinds).toContain(graphvizExport);
  });
});
