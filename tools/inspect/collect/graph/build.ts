/**
 * A module as the columns of a graph. Values that pass through a kernel's boundary are followed to the op that makes them, so that
 * edges join the nodes that compute; kernels, regions and Cells are groups.
 */
import type { Block, Module, Operation, Value } from '../../../../compiler/ir/index.ts';
import { stringOf } from '../../../../compiler/ir/index.ts';
import { opTable } from '../../../../compiler/ir/ops/index.ts';
import { argumentAttributes, mainOf, mainArguments, resultNames } from '../../../msc/parameters.ts';
import { NOWHERE, type Graph, type Place } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { attributeLines } from './attributes.ts';
import { FLOATING, GraphColumns, type NodeRow, type Producer } from './columns.ts';
import { isLoop, isTransparent, regionInputs } from './regions.ts';

/** Operations and bytes of an op, or null where nobody knows. */
export type OpCost = (op: Operation) => { readonly flops: number; readonly bytes: number } | null;

/** Where nodes go: a group, and the Cell that it is inside of. */
interface Scope {
  readonly group: number;
  readonly cell: string;
  /** Constants and parameters go where they are used; inside a region they stay. */
  readonly isFunction: boolean;
}

/** Below this many ops a network without Cells needs no groups. */
const FEW_OPS = 60;

/** More new values of parameters than these stand in a group of their own. */
const MOST_LOOSE_VALUES = 4;

const terminators: ReadonlySet<string> = new Set([
  'func.return',
  'ms.yield',
  'scf.yield',
  'scf.condition',
  'npu.yield',
]);

export function buildGraph(module: Module, stage: string, places: PlaceTable, cost: OpCost): Graph {
  return new Builder(module, places, cost).build(stage);
}

class Builder {
  readonly #columns = new GraphColumns();
  readonly #producers = new Map<Value, Producer>();
  readonly #module: Module;
  readonly #places: PlaceTable;
  readonly #cost: OpCost;
  /** Classes of Cells, also of those that have no op of their own at this stage. */
  readonly #classes = new Map<string, string>();
  #hasCells = true;

  constructor(module: Module, places: PlaceTable, cost: OpCost) {
    this.#module = module;
    this.#places = places;
    this.#cost = cost;
    for (const { cell, cellClass } of places.places) if (cellClass !== '') this.#classes.set(cell, cellClass);
  }

  build(stage: string): Graph {
    const main = mainOf(this.#module);
    const root: Scope = { group: this.#columns.group(-1, 'network', 'network', ''), cell: '', isFunction: true };
    if (main !== null) {
      this.#hasCells = this.#needsNoLines(main.regions[0]);
      this.#main(main, root);
    }
    for (const func of this.#module.body.operations)
      if (func !== main && func.name === 'func.func' && func.regions.length > 0) this.#function(func, root);
    return this.#columns.finish(stage);
  }

  #main(main: Operation, scope: Scope): void {
    const attributes = argumentAttributes(main);
    const { arguments: values, operations } = main.regions[0];
    for (const [index, { name, isParameter }] of mainArguments(this.#module).entries())
      this.#define(
        values[index],
        isParameter
          ? { kind: 'parameter', name, group: FLOATING, attributes: attributeLines(attributes[index], PARAMETER) }
          : { kind: 'input', name, group: scope.group, attributes: '' },
      );
    const names = resultNames(this.#module);
    const parameters = new Set(
      mainArguments(this.#module).flatMap(({ name, isParameter }) => (isParameter ? name : [])),
    );
    const isFolded = names.filter((name) => parameters.has(name)).length > MOST_LOOSE_VALUES;
    this.#operations(operations, scope, (terminator) => {
      const folded = isFolded
        ? this.#columns.group(scope.group, 'outputs', 'new values of parameters', '')
        : scope.group;
      this.#outputs(terminator, names, (name) => (parameters.has(name) ? folded : scope.group));
    });
  }

  #function(func: Operation, root: Scope): void {
    const name = stringOf(func.attributes, 'sym_name');
    const scope = { ...root, group: this.#columns.group(root.group, 'function', name, '', this.#place(func)) };
    for (const [index, value] of func.regions[0].arguments.entries())
      this.#define(value, { kind: 'input', name: value.name || `arg${index}`, group: scope.group, attributes: '' });
    this.#operations(func.regions[0].operations, scope, (terminator) =>
      this.#outputs(
        terminator,
        terminator.operands.map((_, index) => `out${index}`),
        () => scope.group,
      ),
    );
  }

  #outputs(terminator: Operation, names: readonly string[], groupOf: (name: string) => number): void {
    for (const [index, value] of terminator.operands.entries())
      this.#columns.node({
        ...bare,
        kind: 'output',
        name: names[index] ?? `out${index}`,
        group: groupOf(names[index] ?? ''),
        place: this.#place(terminator),
        operands: this.#operands([value]),
      });
  }

  /** A node that is one value. */
  #define(value: Value, row: Pick<NodeRow, 'kind' | 'name' | 'group' | 'attributes'> & Partial<NodeRow>): void {
    const node = this.#columns.node({ ...bare, ...row, results: [value.type.key] });
    this.#producers.set(value, { node, slot: 0 });
  }

  #operations(operations: readonly Operation[], scope: Scope, end: (terminator: Operation) => void): void {
    for (const op of operations) {
      if (terminators.has(op.name)) end(op);
      else if (op.regions.length === 0) this.#leaf(op, this.#scopeOf(op, scope), scope);
      else if (isTransparent(op)) this.#transparent(op, scope);
      else this.#control(op, this.#scopeOf(op, scope));
    }
  }

  #leaf(op: Operation, { group }: Scope, { isFunction }: Scope): void {
    const kind = isConstant(op) ? 'constant' : 'op';
    this.#node(op, { kind, group: kind === 'constant' && isFunction ? FLOATING : group });
  }

  #node(op: Operation, row: Pick<NodeRow, 'kind' | 'group'>): number {
    const { flops, bytes } = this.#cost(op) ?? { flops: -1, bytes: -1 };
    const node = this.#columns.node({
      ...row,
      name: op.name,
      attributes: attributeLines(op.attributes),
      place: this.#place(op),
      operands: this.#operands(op.operands),
      results: op.results.map(({ type }) => type.key),
      flops,
      bytes,
    });
    for (const [slot, result] of op.results.entries()) this.#producers.set(result, { node, slot });
    return node;
  }

  /** A kernel: a group without a node of its own. */
  #transparent(op: Operation, scope: Scope): void {
    const body = op.regions[0];
    // Equal constants are one constant, wherever the first of them was made: they do not say where the kernel belongs.
    const inside = body.operations.slice(0, -1).filter((inner) => !isConstant(inner));
    const home = mostFrequent(inside.map((inner) => this.#placeOf(inner)));
    const outer = this.#hasCells ? this.#cellScope(op, scope, home ?? this.#placeOf(op)) : this.#scopeOf(op, scope);
    const inner = inside.map(({ name }) => name.replace(/^ms\./, ''));
    const kind = op.name === 'ms.recompute' ? 'region' : 'fused';
    const group = this.#columns.group(outer.group, kind, op.name, titleOf(inner), this.#place(op));
    this.#pass(op, 0);
    this.#operations(body.operations, { group, cell: EVERYWHERE, isFunction: false }, ({ operands }) => {
      for (const [index, result] of op.results.entries()) {
        const producer = this.#producers.get(operands[index]);
        if (producer !== undefined) this.#producers.set(result, producer);
      }
    });
  }

  /** An op with regions: a group with a node for the op, and a group for each region. */
  #control(op: Operation, outer: Scope): void {
    const group = this.#columns.group(outer.group, 'control', op.name, '', this.#place(op));
    const head = this.#node(op, { kind: 'op', group });
    const names = opTable.get(op.name)?.regions ?? [];
    for (const [index, region] of op.regions.entries()) {
      const inner = this.#columns.group(group, 'region', names[index] ?? `region ${index}`, '', this.#place(op));
      const scope: Scope = { group: inner, cell: outer.cell, isFunction: false };
      if (isLoop(op)) this.#loopArguments(op, index, region, scope);
      else this.#pass(op, index);
      this.#operations(region.operations, scope, (terminator) => {
        const node = this.#columns.node({
          ...bare,
          kind: 'op',
          name: terminator.name,
          group: inner,
          place: this.#place(terminator),
          operands: this.#operands(terminator.operands),
          results: terminator.operands.map(({ type }) => type.key),
        });
        this.#columns.addOperands(
          head,
          terminator.operands.map((_, slot) => ({ node, slot })),
        );
      });
    }
  }

  /** Arguments are the values that they stand for. */
  #pass(op: Operation, region: number): void {
    for (const [index, value] of regionInputs(op, region).entries()) {
      const producer = value === null ? undefined : this.#producers.get(value);
      if (producer !== undefined) this.#producers.set(op.regions[region].arguments[index], producer);
    }
  }

  #loopArguments(op: Operation, index: number, region: Block, { group }: Scope): void {
    for (const [at, value] of regionInputs(op, index).entries())
      this.#define(region.arguments[at], {
        kind: 'argument',
        name: region.arguments[at].name || `arg${at}`,
        group,
        attributes: '',
        place: this.#place(op),
        operands: value === null ? [] : this.#operands([value]),
      });
  }

  #operands(values: readonly Value[]): readonly Producer[] {
    return values.flatMap((value) => this.#producers.get(value) ?? []);
  }

  #place({ location }: Operation): number {
    return this.#places.number(location);
  }

  #placeOf(op: Operation): Place {
    return this.#places.places[this.#place(op)];
  }

  #scopeOf(op: Operation, scope: Scope): Scope {
    const place = this.#placeOf(op);
    if (scope.cell === EVERYWHERE) return scope;
    if (this.#hasCells) return this.#cellScope(op, scope, place);
    const [position] = place.positions;
    if (position === undefined || !scope.isFunction) return scope;
    const file = this.#places.sources[position.file]?.name.split('/').at(-1) ?? 'library';
    return {
      ...scope,
      group: this.#columns.childGroup(scope.group, 'line', `${file}:${position.line}`, '', this.#operands(op.operands)),
    };
  }

  /** The group of a Cell below a scope: one for each part of its path. */
  #cellScope(op: Operation, scope: Scope, { cell, cellClass }: Pick<Place, 'cell' | 'cellClass'>): Scope {
    const isInside = scope.cell === '' || cell === scope.cell || cell.startsWith(`${scope.cell}.`);
    const rest = isInside ? cell.slice(scope.cell.length).replace(/^\./, '') : '';
    if (rest === '') return scope;
    const operands = this.#operands(op.operands);
    let { group, cell: path } = scope;
    for (const part of rest.split('.')) {
      path = path === '' ? part : `${path}.${part}`;
      const title = (path === cell ? cellClass : '') || (this.#classes.get(path) ?? '');
      const isBackward = this.#placeOf(op).backward === true && title !== '';
      group = this.#columns.childGroup(group, 'cell', part, isBackward ? `${title}, backward` : title, operands);
    }
    return { ...scope, group, cell };
  }

  #needsNoLines(body: Block): boolean {
    return body.operations.length <= FEW_OPS || body.operations.some((op) => this.#placeOf(op).cell !== '');
  }
}

/** The scope's Cell inside a kernel, which holds ops of several Cells. */
const EVERYWHERE = '*';
const PARAMETER: ReadonlySet<string> = new Set(['ms.param']);

const bare = {
  attributes: '',
  place: NOWHERE,
  operands: [],
  results: [],
  flops: -1,
  bytes: -1,
} satisfies Partial<NodeRow>;

/** The place of the Cell in which most of them are; the later one of equals, since a kernel ends there. */
function mostFrequent(places: readonly Place[]): Place | null {
  const counts = new Map<string, number>();
  for (const { cell } of places) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return places.findLast(({ cell }) => counts.get(cell) === most) ?? null;
}

const isConstant = (op: Operation): boolean =>
  op.operands.length === 0 && op.results.length === 1 && op.attributes.has('value');

/** `mul + add + …`, each name once. */
function titleOf(names: readonly string[]): string {
  const different = [...new Set(names)];
  return different.length > 4 ? `${different.slice(0, 4).join(' + ')} + …` : different.join(' + ');
}
