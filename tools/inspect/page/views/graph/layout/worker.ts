/** Runs in a worker: lays out the boxes of one group in layers (Sugiyama; dagre). */
import { graphlib, layout } from '@dagrejs/dagre';
import type { LayoutMessage, LayoutReply, LayoutRequest, LayoutResult } from './protocol.ts';
import { longEdges } from './spans.ts';

/** Network simplex and the search for few crossings take long on many boxes. */
const MANY_BOXES = 120;

/** Pixels between the boxes and the edges beside them, and between those. */
const LANE = 10;
const LANES = 4;
const LANE_TURN = 18;

interface Point {
  readonly x: number;
  readonly y: number;
}

function laidOut({ sizes, edges }: LayoutRequest): LayoutResult {
  const count = sizes.length / 2;
  const long = longEdges(count, edges);
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
  for (let edge = 0; edge < edges.length / 2; edge++)
    if (!long.has(edge)) graph.setEdge(String(edges[2 * edge]), String(edges[2 * edge + 1]));
  layout(graph, { disableOptimalOrderHeuristic: count > MANY_BOXES });
  return resultOf(graph, { sizes, edges }, long);
}

/** Dagre writes positions into the labels of its graph; its types leave labels open, hence `as`. */
function resultOf(graph: graphlib.Graph, { sizes, edges }: LayoutRequest, long: ReadonlySet<number>): LayoutResult {
  const { width, height } = graph.graph() as { width: number; height: number };
  const margin = long.size === 0 ? 0 : LANE * (LANES + 1);
  const middles = Array.from({ length: sizes.length / 2 }, (_, box): Point => {
    const { x, y } = graph.node(String(box)) as Point;
    return { x: x + margin, y };
  });
  let lane = 0;
  const points = Array.from({ length: edges.length / 2 }, (_, edge) => {
    const [from = 0, to = 0] = [edges[2 * edge], edges[2 * edge + 1]];
    if (long.has(edge)) return beside(middles, sizes, from, to, LANE * (1 + (lane++ % LANES)));
    const label = graph.edge(String(from), String(to)) as { points: readonly Point[] };
    return label.points.flatMap(({ x, y }) => [x + margin, y]);
  });
  return { width: width + margin, height, middles: middles.flatMap(({ x, y }) => [x, y]), points };
}

/** Down the left side of the boxes. */
function beside(middles: readonly Point[], sizes: readonly number[], from: number, to: number, x: number): number[] {
  const [source, target] = [middles[from] ?? { x: 0, y: 0 }, middles[to] ?? { x: 0, y: 0 }];
  const start = source.y + (sizes[2 * from + 1] ?? 0) / 2;
  const end = target.y - (sizes[2 * to + 1] ?? 0) / 2;
  return [source.x, start, x, start + LANE_TURN, x, end - LANE_TURN, target.x, end];
}

addEventListener('message', ({ data }: MessageEvent<LayoutMessage>) => {
  const reply: LayoutReply = { id: data.id, result: laidOut(data) };
  postMessage(reply);
});
