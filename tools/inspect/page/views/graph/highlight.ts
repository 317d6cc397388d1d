/** What belongs to an item: the boxes that it takes tensors from and gives tensors to, and the lines on the way. */
import { nodesIn } from '../../../report/index.ts';
import { type Flow, type Model, producersOf, usersOfNode, wayOf } from './model.ts';
import type { Scene } from './scene.ts';

export type Role = 'in' | 'out';

export interface Highlight {
  readonly items: ReadonlyMap<number, Role>;
  /** By `lineKey`. */
  readonly lines: ReadonlyMap<string, Role>;
}

export const nothing: Highlight = { items: new Map(), lines: new Map() };

export const lineKey = (group: number, { from, to }: Pick<Flow, 'from' | 'to'>): string => `${group} ${from} ${to}`;

/** Ways beyond that are not followed one by one. */
const MOST_WAYS = 4000;

export function highlightOf(model: Model, scene: Scene, item: number | null): Highlight {
  if (item === null || item === model.tree.nodeCount) return nothing;
  const inside = new Set(nodesIn(model.tree, item));
  const items = new Map<number, Role>();
  const lines = new Map<string, Role>();
  let ways = 0;
  const follow = (from: number, to: number, role: Role): void => {
    if (++ways > MOST_WAYS) return;
    for (const step of wayOf(model, from, to)) lines.set(lineKey(step.group, step), role);
    const other = visible(model, scene, role === 'in' ? from : to);
    if (other !== null) items.set(other, role);
  };
  for (const node of inside) {
    for (const producer of producersOf(model, node)) if (!inside.has(producer)) follow(producer, node, 'in');
    for (const user of usersOfNode(model, node)) if (!inside.has(user)) follow(node, user, 'out');
  }
  return { items, lines };
}

/** The box that stands for a node: its own or that of the innermost group that is drawn closed. */
export function visible({ tree }: Model, { boxOf }: Scene, node: number): number | null {
  for (let item = node; item >= 0; item = tree.parent[item] ?? -1) {
    const box = boxOf.get(item);
    if (box !== undefined) return box.isOpen ? null : item;
  }
  return null;
}
