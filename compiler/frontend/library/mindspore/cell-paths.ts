/** Where running Cells stand in their network: the path of attributes, as the names of parameters have it. */
import type { CellPlace } from '../../../ir/index.ts';
import { PyDict, PyList, PyObject, PyTuple, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import type { Trace } from '../../trace/trace.ts';

/** Where nn.Cell keeps the Cells below it (prelude/mindspore/nn/cell.py). */
const CHILDREN = '_cells';

/** Cells of a tree by identity. */
type Tree = Map<PyObject, CellPlace>;

/** What runs: a Cell in the tree of a root. */
interface RunningCell {
  readonly cell: PyObject;
  readonly place: CellPlace;
  readonly tree: Tree;
  /** Where its ops go; null for none. */
  readonly trace: Trace | null;
}

/**
 * Keeps `session.cells`. A Cell that is called while no other runs is a root: the first root of a graph is the network and has
 * the empty path, further ones (a loss, an optimizer beside the network) the name of their class.
 */
export class CellPaths {
  readonly #session: TensorSession;
  readonly #running: (RunningCell | null)[] = [];
  /** Roots of each graph; of what runs without one, of the session. */
  readonly #roots = new WeakMap<object, Map<PyObject, Tree>>();

  constructor(session: TensorSession) {
    this.#session = session;
  }

  enter(cell: PyValue): void {
    const around = this.#running.at(-1) ?? null;
    const outer = around?.trace === this.#session.trace ? around : null; // a graph in a graph begins anew
    const running = cell instanceof PyObject ? this.#locate(cell, outer) : outer;
    this.#running.push(running);
    this.#session.cells.push(running?.place ?? null);
  }

  leave(): void {
    this.#running.pop();
    this.#session.cells.pop();
  }

  #locate(cell: PyObject, outer: RunningCell | null): RunningCell {
    const tree = outer?.tree ?? this.#rootTree(cell);
    return { cell, place: tree.get(cell) ?? adopt(tree, outer, cell), tree, trace: this.#session.trace };
  }

  #rootTree(cell: PyObject): Tree {
    const graph = this.#session.trace ?? this;
    const roots = this.#roots.get(graph) ?? new Map<PyObject, Tree>();
    this.#roots.set(graph, roots);
    const known = roots.get(cell);
    if (known !== undefined) return known;
    const tree: Tree = new Map();
    addCells(tree, cell, roots.size === 0 ? '' : cell.cls.name);
    roots.set(cell, tree);
    return tree;
  }
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** A Cell that was not in the tree when its root was entered: in a plain list of the Cell around it, or made while it runs. */
const adopt = (tree: Tree, outer: RunningCell | null, cell: PyObject): CellPlace =>
  addCells(tree, cell, joined(outer?.place.path ?? '', (outer && nameInside(outer.cell, cell)) ?? cell.cls.name));

/** Adds a Cell and those below it, each at the first attribute that holds it. */
function addCells(tree: Tree, cell: PyObject, path: string): CellPlace {
  const known = tree.get(cell);
  if (known !== undefined) return known;
  const place = { path, className: cell.cls.name };
  tree.set(cell, place);
  for (const [name, child] of childrenOf(cell)) addCells(tree, child, joined(path, name));
  return place;
}

function childrenOf(cell: PyObject): readonly (readonly [name: string, child: PyObject])[] {
  const children = cell.attributes?.map.get(CHILDREN);
  if (!(children instanceof PyDict)) return [];
  return [...children.map].flatMap(([name, child]) =>
    child instanceof PyObject ? [[String(name), child] as const] : [],
  );
}

/** How a Cell holds another: `head` for an attribute, `blocks.2` for a plain list, tuple or dict. */
function nameInside(owner: PyObject, cell: PyObject): string | null {
  for (const [attribute, value] of owner.attributes?.map ?? []) {
    if (value === cell) return String(attribute);
    const key = value instanceof PyObject ? keyOf(value, cell) : null;
    if (key !== null) return attribute === CHILDREN ? key : `${String(attribute)}.${key}`;
  }
  return null;
}

function keyOf(container: PyObject, cell: PyObject): string | null {
  if (container instanceof PyDict)
    return [...container.map].find(([, value]) => value === cell)?.[0]?.toString() ?? null;
  if (!(container instanceof PyList || container instanceof PyTuple)) return null;
  const index = container.items.indexOf(cell);
  return index < 0 ? null : String(index);
}
