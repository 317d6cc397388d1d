/**
 * Carries layouts through a function until nothing changes (the idea of GSPMD and Shardy).
 *
 * Every value has a home: the mesh axes that cut each of its dimensions. An operation projects the homes of its operands
 * and results to its indices, joins them, and projects back; a home only grows at its minor end, so the process ends.
 * What an earlier tier has settled a later one cannot change. Tiers: annotations (operations before arguments), then
 * storage layouts (ZeRO); within a tier first the operations that only pass data through, then all.
 */
import type { Operation, Value } from '../../ir/index.ts';
import { walk } from '../../ir/index.ts';
import { isTensorOp, tensorOps } from '../../ir/ops/index.ts';
import type { Assignment, Wish } from './assignment.ts';
import { assign, project } from './assignment.ts';
import type { Layout } from './layout.ts';
import type { Mesh } from './mesh.ts';
import { axesSize } from './mesh.ts';
import type { Notation } from './notation.ts';
import { notationOf } from './notation.ts';
import type { Tie } from './ties.ts';

type Cuts = readonly (readonly string[])[];

/** Where propagation starts. */
export interface Seeds {
  /** Homes from which others grow: what micro-batches cut. */
  readonly initial: ReadonlyMap<Value, Cuts>;
  /** Homes that are given and stay. */
  readonly fixed: ReadonlyMap<Value, Cuts>;
  /** Operations whose indices are cut as annotated. */
  readonly operations: ReadonlyMap<Operation, Assignment>;
}

/** How parameters are stored where that is not how they are used. */
export interface Storage {
  readonly homes: ReadonlyMap<Value, Cuts>;
  /** Values that keep the homes that they have. */
  readonly frozen: ReadonlySet<Value>;
}

export interface Propagation {
  /** Mesh axes of each dimension of a value. */
  readonly homeOf: (value: Value) => Cuts;
  /** How the indices of an operation are cut. */
  readonly assignmentOf: (op: Operation) => Assignment;
  readonly notationOf: (op: Operation) => Notation;
  /** All homes that cut something. */
  readonly homes: ReadonlyMap<Value, Cuts>;
  /** A further tier: storage grows from the homes found so far, and matters only where nothing else does. */
  readonly store: (storage: Storage) => void;
}

const SWEEP_LIMIT = 40;

export function propagate(main: Operation, mesh: Mesh, seeds: Seeds, ties: readonly Tie[]): Propagation {
  const run = new Run(mesh, main, seeds, ties);
  run.settle(seeds.fixed);
  return run;
}

class Run implements Propagation {
  private readonly mesh: Mesh;
  private readonly seeds: Seeds;
  private readonly ties: readonly Tie[];
  private readonly operations: Operation[] = [];
  private readonly notations = new Map<Operation, Notation>();
  readonly homes = new Map<Value, Cuts>();
  /** Homes after each finished tier, the strongest first. */
  private readonly tiers: ReadonlyMap<Value, Cuts>[] = [];
  private frozen: ReadonlySet<Value>;

  constructor(mesh: Mesh, main: Operation, seeds: Seeds, ties: readonly Tie[]) {
    this.mesh = mesh;
    this.seeds = seeds;
    this.ties = ties;
    for (const [value, cuts] of seeds.initial) this.homes.set(value, cuts);
    for (const [value, cuts] of seeds.fixed) this.homes.set(value, cuts);
    this.frozen = new Set(seeds.fixed.keys());
    walk(main.regions[0], (op) => {
      if (op.regions.length === 0) this.operations.push(op);
    });
  }

  notationOf(op: Operation): Notation {
    let notation = this.notations.get(op);
    if (!notation) {
      notation = notationOf(op);
      this.notations.set(op, notation);
    }
    return notation;
  }

  homeOf(value: Value): Cuts {
    return this.homes.get(value) ?? wholeCuts(value);
  }

  assignmentOf(op: Operation): Assignment {
    return this.seeds.operations.get(op) ?? assign(this.mesh, this.notationOf(op), this.wishesOf(op));
  }

  /** Runs one tier to its fixpoint. */
  settle(seeds: ReadonlyMap<Value, Cuts>): void {
    for (const [value, cuts] of seeds) this.grow(value, cuts);
    this.sweep((op) => isPassThrough(op));
    this.sweep(() => true);
    this.tiers.push(new Map(this.homes));
  }

  store({ homes, frozen }: Storage): void {
    this.frozen = frozen;
    this.settle(homes);
    this.frozen = new Set([...frozen, ...homes.keys()]);
  }

  private sweep(takes: (op: Operation) => boolean): void {
    const chosen = this.operations.filter(takes);
    for (let count = 0; count < SWEEP_LIMIT; count++) {
      let changed = false;
      for (const op of chosen) changed = this.visit(op) || changed;
      for (const [left, right] of this.ties) changed = this.join(left, right) || changed;
      for (const op of chosen.toReversed()) changed = this.visit(op) || changed;
      if (!changed) return;
    }
  }

  private join(left: Value, right: Value): boolean {
    const forth = this.grow(right, this.homeOf(left));
    return this.grow(left, this.homeOf(right)) || forth;
  }

  private visit(op: Operation): boolean {
    const assignment = this.assignmentOf(op);
    if (assignment.size === 0) return false;
    const notation = this.notationOf(op);
    let changed = false;
    const back = (values: readonly Value[], lists: Notation['operands']) =>
      values.forEach((value, at) => {
        const cuts = lists[at].map((indices) => indices.flatMap((index) => assignment.get(index) ?? []));
        changed = this.grow(value, cuts) || changed;
      });
    back(op.operands, notation.operands);
    back(op.results, notation.results);
    return changed;
  }

  /** Homes as wishes: settled tiers first, in each the given homes before the found ones, and large tensors first. */
  private wishesOf(op: Operation): readonly Wish[] {
    const notation = this.notationOf(op);
    const tensors = [
      ...op.operands.map((value, at) => ({ value, dimensions: notation.operands[at] })),
      ...op.results.map((value, at) => ({ value, dimensions: notation.results[at] })),
    ].sort((left, right) => this.weight(right.value) - this.weight(left.value));
    return [...this.tiers, this.homes].flatMap((homes) =>
      tensors.flatMap(({ value, dimensions }) => {
        const cuts = homes.get(value);
        return cuts === undefined ? [] : [{ dimensions, cuts }];
      }),
    );
  }

  private weight(value: Value): number {
    const { type } = value;
    const elements =
      type.kind === 'tensor' ? type.shape.reduce<number>((product, extent) => product * Number(extent), 1) : 0;
    return this.seeds.fixed.has(value) ? Number.MAX_SAFE_INTEGER + elements : elements;
  }

  /** Lets a home grow to cuts where they continue it; true when it did. */
  private grow(value: Value, cuts: Cuts): boolean {
    if (value.type.kind !== 'tensor') return false;
    const { shape } = value.type;
    const known = this.homeOf(value);
    if (this.frozen.has(value)) return false;
    const used = new Set(known.flat());
    let changed = false;
    const next = known.map((axes, at) => {
      const wanted = cuts[at] ?? [];
      if (wanted.length <= axes.length || axes.some((axis, place) => wanted[place] !== axis)) return axes;
      const more: string[] = [];
      for (const axis of wanted.slice(axes.length)) {
        const parts = axesSize(this.mesh, [...axes, ...more, axis]);
        if (used.has(axis) || Number(shape[at]) % parts !== 0) break;
        used.add(axis);
        more.push(axis);
      }
      changed ||= more.length > 0;
      return [...axes, ...more];
    });
    if (changed || !this.homes.has(value)) this.homes.set(value, next);
    return changed;
  }
}

function wholeCuts(value: Value): Cuts {
  return value.type.kind === 'tensor' ? value.type.shape.map(() => []) : [];
}

/** Operations that keep or reorder elements: what comes in is what goes out. */
function isPassThrough(op: Operation): boolean {
  if (PASS_THROUGH.has(op.name)) return true;
  return isTensorOp(op.name) && tensorOps[op.name].traits.includes('elementwise');
}

const PASS_THROUGH: ReadonlySet<string> = new Set(['ms.reshape', 'ms.transpose', 'ms.broadcast_to', 'ms.depend']);

/** The assignment that annotated layouts of operands say, or the index about which they disagree. */
export function annotatedAssignment(
  mesh: Mesh,
  notation: Notation,
  operands: readonly (Layout | null)[],
): { readonly assignment: Assignment } | { readonly left: Cut; readonly right: Cut } | { readonly whole: Cut } {
  const found = new Map<string, Cut>();
  for (const [operand, layout] of operands.entries()) {
    if (layout === null) continue;
    for (const [dimension, indices] of notation.operands[operand].entries()) {
      const axes = layout.dimensions[dimension];
      const parts = new Map(project(mesh, notation, indices, axes));
      const placed = [...parts.values()].flat();
      const whole = indices.some((index) => parts.has(index) && notation.roleOf(index).kind === 'whole');
      if (whole || placed.length < axes.length) return { whole: { operand, dimension, axes } };
      for (const index of indices) {
        const cut: Cut = { operand, dimension, axes: parts.get(index) ?? [] };
        const other = found.get(index);
        if (other && other.axes.join() !== cut.axes.join()) return { left: other, right: cut };
        found.set(index, cut);
      }
    }
  }
  return { assignment: new Map([...found].flatMap(([index, { axes }]) => (axes.length > 0 ? [[index, axes]] : []))) };
}

/** A cut of one dimension of an operand. */
export interface Cut {
  readonly operand: number;
  readonly dimension: number;
  readonly axes: readonly string[];
}
