/** Costs of the Cells of a network, from the costs of places. */
import type { CellCost, Cost, Place, PlaceCost } from '../../report/index.ts';
import { Ledger } from './ledger.ts';

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

/** The tree of the Cells that places name, each before those in it; siblings in order of their first place. */
export function cellCosts(costs: readonly PlaceCost[], places: readonly Place[]): readonly CellCost[] {
  const own = new Ledger<string>();
  const classes = new Map<string, string>();
  for (const { place, ...cost } of costs) {
    const { cell, cellClass } = places[place];
    if (cell === '' && cellClass === '') continue;
    own.add(cell, cost);
    if (!classes.has(cell)) classes.set(cell, cellClass);
  }
  return rows(own, classes);
}

function rows(own: Ledger<string>, classes: ReadonlyMap<string, string>): readonly CellCost[] {
  const total = new Ledger<string>();
  const children = new Map<string, Set<string>>();
  for (const [path, cost] of own.entries()) addUpwards(path, cost, total, children);
  const cells: CellCost[] = [];
  const list = (path: string, parent: number): void => {
    const index = cells.length;
    cells.push({ path, className: classes.get(path) ?? '', parent, own: own.get(path), total: total.get(path) });
    for (const child of children.get(path) ?? []) list(child, index);
  };
  if (total.entries().length > 0) list('', -1);
  return cells;
}

/** Adds a Cell's own cost to it and all Cells around it, and notes who is whose child. */
function addUpwards(path: string, cost: Cost, total: Ledger<string>, children: Map<string, Set<string>>): void {
  total.add(path, cost);
  if (path === '') return;
  const parent = parentOf(path);
  const siblings = children.get(parent) ?? new Set();
  children.set(parent, siblings.add(path));
  addUpwards(parent, cost, total, children);
}
