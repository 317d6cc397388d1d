/** What the graph view remembers while other views are open: what is unfolded, chosen, searched and how it is coloured. */
import { signal, type Signal } from '@preact/signals';
import {
  ancestors,
  type CostSection,
  type GraphDifference,
  type GraphSection,
  groupOf,
  nodeCosts,
  type NodeCosts,
  nodesIn,
} from '../../../report/index.ts';
import type { Camera } from './camera.ts';
import { childrenOf, type Hidden, type Model, modelOf, sums } from './model.ts';
import { emptyScene, type Scene } from './scene.ts';

export const colourings = ['kind', 'seconds', 'bytes', 'flops'] as const;
export type Colouring = (typeof colourings)[number];

/** One graph that can be looked at: a stage, or what differs at a stage. */
export interface Picture {
  readonly title: string;
  readonly model: Model;
  readonly difference: GraphDifference | null;
  readonly costs: NodeCosts;
  readonly total: Readonly<Record<Exclude<Colouring, 'kind'>, ((item: number) => number) | null>>;
  readonly open: Signal<ReadonlySet<number>>;
  readonly chosen: Signal<number | null>;
  readonly scene: Signal<Scene>;
  readonly camera: Signal<Camera | null>;
}

/** More boxes than that are not unfolded at once. */
export const MOST_BOXES = 2500;

export class GraphStore {
  readonly section: GraphSection;
  readonly stage: Signal<number>;
  readonly isComparing: Signal<boolean>;
  readonly colouring = signal<Colouring>('kind');
  readonly hidden = signal<Hidden>(new Set(['parameter', 'constant']));
  readonly query = signal('');
  readonly panel = signal<'outline' | 'differences'>('outline');
  /** Said to screen readers and shown for a moment. */
  readonly notice = signal('');
  /** Stays where it is on screen when the layout changes. */
  anchor: number | null = null;
  /** Is shown as soon as it is laid out. */
  wanted: number | null = null;
  /** What `n` walks through: search results, or else what passes the filter. */
  matches: readonly number[] = [];
  readonly #costs: CostSection | null;
  readonly #pictures = new Map<string, Picture>();

  constructor(section: GraphSection, costs: CostSection | null) {
    this.section = section;
    this.#costs = costs;
    this.stage = signal(0);
    this.isComparing = signal(section.comparison !== null);
    this.panel.value = section.comparison === null ? 'outline' : 'differences';
  }

  difference(stage: number): GraphDifference | null {
    const name = this.section.graphs[stage]?.stage;
    return this.section.comparison?.differences.find((difference) => difference.stage === name) ?? null;
  }

  /** Made when it is first looked at. */
  get picture(): Picture {
    const stage = this.stage.value;
    const difference = this.isComparing.value ? this.difference(stage) : null;
    const key = `${stage} ${difference !== null}`;
    const known = this.#pictures.get(key) ?? this.#make(stage, difference);
    this.#pictures.set(key, known);
    return known;
  }

  /** Unfolds what is around an item, chooses it and goes there. */
  show(item: number): void {
    this.wanted = item;
    reveal(this.picture, item);
  }

  /** To the next or previous match. */
  step(direction: 1 | -1): void {
    if (this.matches.length === 0) return;
    const at = this.matches.indexOf(this.picture.chosen.value ?? -1);
    const next = at < 0 && direction < 0 ? -1 : at + direction;
    const item = this.matches.at(next % this.matches.length);
    if (item !== undefined) this.show(item);
  }

  #make(stage: number, difference: GraphDifference | null): Picture {
    const graph = difference?.union ?? this.section.graphs[stage] ?? emptyGraph;
    const model = modelOf(graph);
    const costs = nodeCosts(graph, this.#costs, this.section.parts);
    const total = (column: Float64Array | null) => (column === null ? null : sums(model, column));
    return {
      title: graph.stage,
      model,
      difference,
      costs,
      total: { seconds: total(costs.seconds), bytes: total(costs.bytes), flops: total(costs.flops) },
      open: signal(new Set<number>(firstOpen(model, this.hidden.peek()))),
      chosen: signal(null),
      scene: signal(emptyScene),
      camera: signal(null),
    };
  }
}

const emptyGraph: GraphSection['graphs'][number] = {
  stage: '',
  strings: [''],
  nodes: {
    kind: [],
    name: [],
    attributes: [],
    place: [],
    group: [],
    operandStart: [0],
    producer: [],
    slot: [],
    resultStart: [0],
    resultType: [],
    flops: [],
    bytes: [],
  },
  groups: { parent: [-1], kind: [0], name: [0], call: [1], title: [0], place: [0] },
};

/** At first so much is unfolded as can be seen at once. */
const FIRST_BOXES = 48;

function firstOpen(model: Model, hidden: Hidden): readonly number[] {
  const open: number[] = [];
  let level: readonly number[] = [model.tree.nodeCount];
  let boxes = childrenOf(model, model.tree.nodeCount, hidden).length;
  while (level.length > 0) {
    const inner = level.flatMap((group) => childrenOf(model, group, hidden)).filter((child) => canOpen(model, child));
    boxes += inner.reduce((count, child) => count + childrenOf(model, child, hidden).length, 0);
    if (boxes > FIRST_BOXES) break;
    open.push(...inner);
    level = inner;
  }
  return open;
}

/** Whether a group holds more than an op. */
const canOpen = ({ tree }: Model, item: number): boolean => (groupOf(tree, item)?.ops ?? 0) > 1;

export function toggle({ open, model }: Picture, item: number): void {
  if (groupOf(model.tree, item) === null) return;
  const next = new Set(open.value);
  if (!next.delete(item)) next.add(item);
  open.value = next;
}

/** Unfolds everything around an item and chooses it. */
export function reveal({ open, chosen, model }: Picture, item: number): void {
  const around = ancestors(model.tree, item);
  if (around.some((group) => !open.value.has(group))) open.value = new Set([...open.value, ...around]);
  chosen.value = item;
}

/** Unfolds all groups down to a depth, as far as the page can draw them; returns whether that was all. */
export function openTo({ open, model }: Picture, depth: number, hidden: Hidden): boolean {
  const next = new Set<number>();
  let boxes = 0;
  let level: readonly number[] = [model.tree.nodeCount];
  for (let at = 0; at <= depth && level.length > 0; at++) {
    const below: number[] = [];
    for (const group of level) {
      const children = childrenOf(model, group, hidden);
      if (boxes + children.length > MOST_BOXES) {
        open.value = next;
        return false;
      }
      boxes += children.length;
      next.add(group);
      below.push(...children.filter((child) => canOpen(model, child)));
    }
    level = below;
  }
  open.value = next;
  return true;
}

/** Places of the ops of an item, each once. */
export const placesOf = ({ tree, graph }: Model, item: number): readonly number[] => [
  ...new Set([...nodesIn(tree, item)].map((node) => graph.nodes.place[node] ?? 0).filter((place) => place !== 0)),
];
