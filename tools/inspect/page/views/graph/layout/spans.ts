/**
 * How far edges reach. Dagre puts a point into each layer that an edge passes, so a few edges over many layers cost more than all
 * boxes; the longest of them are kept out of it and drawn beside the boxes.
 */

/** Points in layers that dagre is given at most. */
const MOST_POINTS = 240;

/** Indices of edges (pairs in `edges`) that are drawn beside the boxes. */
export function longEdges(count: number, edges: readonly number[]): ReadonlySet<number> {
  const layers = layersOf(count, edges);
  const spans = Array.from({ length: edges.length / 2 }, (_, edge) => ({
    edge,
    points: Math.abs((layers[edges[2 * edge + 1] ?? 0] ?? 0) - (layers[edges[2 * edge] ?? 0] ?? 0)) - 1,
  })).sort((left, right) => left.points - right.points || left.edge - right.edge);
  let sum = 0;
  const long = new Set<number>();
  for (const { edge, points } of spans) {
    sum += Math.max(0, points);
    if (sum > MOST_POINTS) long.add(edge);
  }
  return long;
}

/** The longest way to each box from a box that nothing leads to; a box at the start of a way stands right before its first user. */
function layersOf(count: number, edges: readonly number[]): Int32Array {
  const after: number[][] = Array.from({ length: count }, () => []);
  const waiting = new Int32Array(count);
  for (let at = 0; at < edges.length; at += 2) {
    after[edges[at] ?? 0]?.push(edges[at + 1] ?? 0);
    waiting[edges[at + 1] ?? 0] = (waiting[edges[at + 1] ?? 0] ?? 0) + 1;
  }
  const isStart = Array.from(waiting, (edgesIn) => edgesIn === 0);
  const layers = new Int32Array(count);
  // Boxes of a cycle keep waiting and stay at the top: the layers are only an estimate.
  const ready = Array.from({ length: count }, (_, box) => box).filter((box) => isStart[box]);
  for (let box = ready.pop(); box !== undefined; box = ready.pop())
    for (const next of after[box] ?? []) {
      layers[next] = Math.max(layers[next] ?? 0, (layers[box] ?? 0) + 1);
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) ready.push(next);
    }
  for (let box = 0; box < count; box++)
    if (isStart[box] === true && (after[box]?.length ?? 0) > 0)
      layers[box] = Math.min(...(after[box] ?? []).map((next) => layers[next] ?? 0)) - 1;
  return layers;
}
