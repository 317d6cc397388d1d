/** How boxes are coloured: by kind of op, by cost, or by what changed between two compilations. */
import { groupOf, kindOf, labelOf, nameOf, nodeChanges, type NodeChange, nodesIn } from '../../../report/index.ts';
import { series, type ColourName } from '../../shell/theme.ts';
import type { Model } from './model.ts';
import type { Scene } from './scene.ts';
import type { Colouring, Picture } from './store.ts';

/** A tint over the colour of the page. */
export interface Tint {
  readonly colour: ColourName;
  /** From 0 to 1. */
  readonly strength: number;
}

export interface LegendEntry extends Tint {
  readonly label: string;
}

export interface Look {
  readonly tint: (item: number) => Tint | null;
  readonly legend: readonly LegendEntry[];
  /** What a cost of zero and the largest cost on screen look like; null when colours say no cost. */
  readonly largest: number | null;
}

const KIND_STRENGTH = 0.3;
const CHANGE_STRENGTH = 0.4;
const LEAST_HEAT = 0.03;

export const changeColours: Readonly<Record<Exclude<NodeChange, 'same'>, ColourName>> = {
  added: 'good',
  removed: 'bad',
  changed: 'warn',
};

export function lookOf(picture: Picture, colouring: Colouring, scene: Scene): Look {
  if (colouring === 'kind') return picture.difference === null ? byKind(picture.model) : byChange(picture);
  const total = picture.total[colouring];
  if (total === null) return { tint: () => null, legend: [], largest: null };
  const closed = scene.boxes.filter(({ isOpen }) => !isOpen);
  const largest = closed.reduce((most, { item }) => Math.max(most, total(item)), 0);
  return {
    tint: (item) => {
      const value = total(item);
      return value <= 0 || largest <= 0
        ? null
        : { colour: 'series-2', strength: LEAST_HEAT + 0.85 * Math.sqrt(Math.min(1, value / largest)) };
    },
    legend: [],
    largest,
  };
}

/** The most frequent ops have a colour each. */
function byKind({ graph, tree }: Model): Look {
  const counts = new Map<number, number>();
  for (const [node, name] of graph.nodes.name.entries())
    if (kindOf(graph, node) === 'op') counts.set(name, (counts.get(name) ?? 0) + 1);
  const ranked = [...counts].sort((left, right) => right[1] - left[1]).slice(0, series.length);
  const colours = new Map(ranked.map(([name], index) => [name, series[index] ?? 'series-8']));
  const labelled = ranked.map(([name, count], index) => ({
    colour: series[index] ?? 'series-8',
    strength: KIND_STRENGTH,
    label: `${(graph.strings[name] ?? '').replace(/^ms\./, '')} ${count}`,
  }));
  return {
    tint: (item) => {
      const group = groupOf(tree, item);
      const only = group?.ops === 1 ? nodesIn(tree, item).find((node) => kindOf(graph, node) === 'op') : undefined;
      const node = group === null ? item : only;
      const colour = node === undefined ? undefined : colours.get(graph.nodes.name[node] ?? 0);
      return colour === undefined ? null : { colour, strength: KIND_STRENGTH };
    },
    legend: labelled,
    largest: null,
  };
}

/** What happened to the nodes of an item, as counts. */
export interface Changes {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export function changesOf({ model, difference }: Picture, item: number): Changes {
  const found = { added: 0, removed: 0, changed: 0 };
  if (difference === null) return found;
  for (const node of nodesIn(model.tree, item)) {
    const change = nodeChanges[difference.change[node] ?? 0] ?? 'same';
    if (change !== 'same') found[change]++;
  }
  return found;
}

export const changesText = ({ added, removed, changed }: Changes): string =>
  [
    [added, '+'],
    [removed, '−'],
    [changed, '~'],
  ]
    .flatMap(([count, sign]) => (count === 0 ? [] : [`${sign}${count}`]))
    .join(' ');

function byChange(picture: Picture): Look {
  const known = new Map<number, Tint | null>();
  const tint = (item: number): Tint | null => {
    const change = dominant(picture, item);
    return change === null ? null : { colour: changeColours[change], strength: CHANGE_STRENGTH };
  };
  return {
    tint: (item) => {
      const found = known.get(item);
      if (found !== undefined) return found;
      const made = tint(item);
      known.set(item, made);
      return made;
    },
    legend: (['added', 'removed', 'changed'] as const).map((label) => ({
      colour: changeColours[label],
      strength: CHANGE_STRENGTH,
      label,
    })),
    largest: null,
  };
}

/** All of one kind: that; several kinds: changed. */
function dominant(picture: Picture, item: number): Exclude<NodeChange, 'same'> | null {
  const { added, removed, changed } = changesOf(picture, item);
  const group = groupOf(picture.model.tree, item);
  const count = group === null ? 1 : group.end - group.first;
  if (added + removed + changed === 0) return null;
  if (added === count) return 'added';
  if (removed === count) return 'removed';
  return 'changed';
}

/** What a box is called, in full. */
export const fullName = ({ tree, graph }: Model, item: number): string =>
  item < tree.nodeCount ? nameOf(graph, item) : labelOf(tree, item);
