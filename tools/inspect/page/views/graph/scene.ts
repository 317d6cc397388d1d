/** Places what is visible: the children of each open group in a box, boxes in boxes. */
import { type Graph, groupOf, kindOf, labelOf, nameOf, nodesIn } from '../../../report/index.ts';
import { layoutOf } from './layout/client.ts';
import type { LayoutResult } from './layout/protocol.ts';
import { childrenOf, ENTRY, EXIT, type Flow, flowsOf, type Hidden, type Model } from './model.ts';

/** A node or group where it is drawn. */
export interface Box {
  readonly item: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isOpen: boolean;
  readonly depth: number;
}

/** Tensors that flow, as a line. */
export interface Line {
  readonly group: number;
  readonly flow: Flow;
  /** x and y of its points. */
  readonly points: readonly number[];
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  /** Whether it ends at a box (and not at a border that it goes on through). */
  readonly hasHead: boolean;
}

export interface Scene {
  /** Outer boxes before those in them. */
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly boxOf: ReadonlyMap<number, Box>;
  readonly width: number;
  readonly height: number;
}

export const emptyScene: Scene = { boxes: [], lines: [], boxOf: new Map(), width: 0, height: 0 };

/** Pixels at scale 1. */
export const HEADER = 26;
const PADDING = 14;
const LEAF_HEIGHT = 26;
const GROUP_HEIGHT = 42;
const PORT = 2;

export type Measure = (text: string) => number;

/** An open group's content, relative to its own corner. */
interface Content {
  readonly item: number;
  readonly width: number;
  readonly height: number;
  readonly children: readonly number[];
  readonly inner: ReadonlyMap<number, Content>;
  readonly sizes: readonly number[];
  readonly flows: readonly Flow[];
  readonly ends: readonly (readonly [number, number])[];
  readonly layout: LayoutResult;
}

export interface SceneRequest {
  readonly model: Model;
  readonly open: ReadonlySet<number>;
  readonly hidden: Hidden;
  readonly measure: Measure;
}

export async function sceneOf(request: SceneRequest): Promise<Scene> {
  const content = await contentOf(request, request.model.tree.nodeCount);
  const builder = new Placing();
  builder.place(content, 0, 0, 0);
  return builder.scene(content);
}

async function contentOf(request: SceneRequest, item: number): Promise<Content> {
  const { model, open, hidden } = request;
  const children = childrenOf(model, item, hidden);
  const opened = children.filter((child) => open.has(child) && groupOf(model.tree, child) !== null);
  const inner = new Map(
    await Promise.all(opened.map(async (child) => [child, await contentOf(request, child)] as const)),
  );
  const sizes = children.flatMap((child) => sizeOf(request, child, inner.get(child)));
  const flows = flowsOf(model, item, hidden);
  const index = new Map(children.map((child, at) => [child, at]));
  if (flows.some(({ from }) => from === ENTRY)) index.set(ENTRY, sizes.push(PORT, PORT) / 2 - 1);
  if (flows.some(({ to }) => to === EXIT)) index.set(EXIT, sizes.push(PORT, PORT) / 2 - 1);
  const ends = flows.map(({ from, to }) => [index.get(from) ?? 0, index.get(to) ?? 0] as const);
  const layout = await layoutOf({ sizes, edges: ends.flat() });
  const width = Math.max(layout.width + 2 * PADDING, headerWidth(request, item));
  return { item, width, height: layout.height + HEADER + PADDING, children, inner, sizes, flows, ends, layout };
}

function sizeOf({ model, measure }: SceneRequest, item: number, content: Content | undefined): readonly number[] {
  if (content !== undefined) return [content.width, content.height];
  const group = groupOf(model.tree, item);
  const label = rounded(measure(labelOf(model.tree, item)) + 24);
  if (group === null) return [Math.max(56, label), LEAF_HEIGHT];
  return [Math.max(96, label + 24, rounded(measure(subtitle(model, item)) + 24)), GROUP_HEIGHT];
}

const headerWidth = ({ model, measure }: SceneRequest, item: number): number =>
  rounded(measure(`${labelOf(model.tree, item)} ${subtitle(model, item)}`) + 60);

/** Few different sizes, so that like groups share their layout. */
const rounded = (width: number): number => Math.ceil(width / 10) * 10;

/** The second line of a group: class and number of ops, or which op it is. */
export function subtitle(model: Model, item: number): string {
  const group = groupOf(model.tree, item);
  if (group === null) return '';
  const title = group.kind === 'fused' ? 'kernel' : group.title;
  const alike = group.alike > 1 ? `×${group.alike}` : '';
  return [title, contents(model, item), alike].filter((part) => part !== '').join(' · ');
}

/** How many ops a group has, or which one. */
export function contents({ tree, graph }: Model, item: number): string {
  const group = groupOf(tree, item);
  if (group?.kind === 'outputs') return `${group.children.length} values`;
  const ops = group?.ops ?? 0;
  return ops === 1 ? onlyOp(graph, nodesIn(tree, item)) : `${ops} ops`;
}

/** The name of the one op among some nodes. */
function onlyOp(graph: Graph, nodes: Int32Array): string {
  const op = nodes.find((node) => kindOf(graph, node) === 'op');
  return op === undefined ? '' : nameOf(graph, op).replace(/^ms\./, '');
}

class Placing {
  readonly #boxes: Box[] = [];
  readonly #lines: Line[] = [];
  /** Where lines inside an open group begin and end. */
  readonly #ports = new Map<string, readonly number[]>();

  scene({ width, height }: Content): Scene {
    return {
      boxes: this.#boxes,
      lines: this.#lines,
      boxOf: new Map(this.#boxes.map((box) => [box.item, box])),
      width,
      height,
    };
  }

  place(content: Content, x: number, y: number, depth: number): void {
    const { item, width, height, children, inner, sizes, layout } = content;
    this.#boxes.push({ item, x, y, width, height, isOpen: true, depth });
    const left = x + (width - layout.width) / 2;
    const top = y + HEADER;
    for (const [at, child] of children.entries()) {
      const [boxWidth = 0, boxHeight = 0] = [sizes[2 * at], sizes[2 * at + 1]];
      const boxX = left + (layout.middles[2 * at] ?? 0) - boxWidth / 2;
      const boxY = top + (layout.middles[2 * at + 1] ?? 0) - boxHeight / 2;
      const open = inner.get(child);
      if (open === undefined)
        this.#boxes.push({
          item: child,
          x: boxX,
          y: boxY,
          width: boxWidth,
          height: boxHeight,
          isOpen: false,
          depth: depth + 1,
        });
      else this.place(open, boxX, boxY, depth + 1);
    }
    this.#connect(content, left, top);
  }

  #connect({ item, inner, flows, layout }: Content, left: number, top: number): void {
    for (const [at, flow] of flows.entries()) {
      const points = (layout.points[at] ?? []).map((value, index) => value + (index % 2 === 0 ? left : top));
      if (points.length < 4) continue;
      this.#line(item, flow, points, flow.to !== EXIT && !inner.has(flow.to));
      if (inner.has(flow.to)) this.#through(flow, item, points.slice(-2), flow.to, ENTRY);
      if (inner.has(flow.from)) this.#through(flow, item, points.slice(0, 2), flow.from, EXIT);
    }
  }

  /** Joins a line's end at an open group's border with where the line goes on inside. */
  #through(flow: Flow, group: number, [x = 0, y = 0]: readonly number[], child: number, port: number): void {
    const end = this.#ports.get(portKey(child, port));
    if (end === undefined) return;
    this.#line(group, flow, port === ENTRY ? [x, y, ...end] : [...end, x, y], false);
  }

  #line(group: number, flow: Flow, points: readonly number[], hasHead: boolean): void {
    if (flow.from === ENTRY) this.#ports.set(portKey(group, ENTRY), points.slice(0, 2));
    if (flow.to === EXIT) this.#ports.set(portKey(group, EXIT), points.slice(-2));
    const xs = points.filter((_, index) => index % 2 === 0);
    const ys = points.filter((_, index) => index % 2 === 1);
    this.#lines.push({
      group,
      flow,
      points,
      hasHead,
      left: Math.min(...xs),
      right: Math.max(...xs),
      top: Math.min(...ys),
      bottom: Math.max(...ys),
    });
  }
}

const portKey = (group: number, port: number): string => `${group} ${port}`;
