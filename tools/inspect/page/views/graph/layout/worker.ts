/** Runs in a worker: lays out the boxes of one group in layers (Sugiyama; dagre). */
import { graphlib, layout } from '@dagrejs/dagre';
import type { LayoutMessage, LayoutReply, LayoutRequest, LayoutResult } from './protocol.ts';

/** Network simplex makes the shortest edges but takes long on many boxes. */
const MANY_BOXES = 120;

function laidOut({ sizes, edges }: LayoutRequest): LayoutResult {
  const count = sizes.length / 2;
  const graph = new graphlib.Graph();
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 18,
    edgesep: 10,
    ranksep: 40,
    ranker: count > MANY_BOXES ? 'longest-path' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (let box = 0; box < count; box++)
    graph.setNode(String(box), { width: sizes[2 * box] ?? 0, height: sizes[2 * box + 1] ?? 0 });
  for (let at = 0; at < edges.length; at += 2) graph.setEdge(String(edges[at]), String(edges[at + 1]));
  layout(graph);
  return resultOf(graph, count, edges);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Dagre writes positions into the labels of its graph. */
function resultOf(graph: graphlib.Graph, count: number, edges: readonly number[]): LayoutResult {
  const { width, height } = graph.graph() as { width: number; height: number }; // dagre's types leave labels open
  const middles = Array.from({ length: count }, (_, box) => {
    const { x, y } = graph.node(String(box)) as Point; // as above
    return [x, y];
  }).flat();
  const points = Array.from({ length: edges.length / 2 }, (_, edge) => {
    const label = graph.edge(String(edges[2 * edge]), String(edges[2 * edge + 1])) as { points: readonly Point[] }; // as above
    return label.points.flatMap(({ x, y }) => [x, y]);
  });
  return { width, height, middles, points };
}

addEventListener('message', ({ data }: MessageEvent<LayoutMessage>) => {
  const reply: LayoutReply = { id: data.id, result: laidOut(data) };
  postMessage(reply);
});
