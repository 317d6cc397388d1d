/** Random networks with random meshes and legal layouts, from genes. */
import type { Attribute, Module, OpDefinition, Operation, Value } from '../../compiler/ir/index.ts';
import {
  arrayAttribute,
  integersAttribute,
  scalarType,
  stringAttribute,
  tensorType,
  walk,
} from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { Layout, Mesh } from '../../compiler/passes/shard/index.ts';
import {
  axisSize,
  layoutOf,
  layoutProblem,
  meshOf,
  notationOf,
  shardingFor,
} from '../../compiler/passes/shard/index.ts';
import type { Genes } from '../props/generator/genes.ts';
import { generateModule } from '../props/generator/module.ts';

const MESHES: readonly Mesh[] = [
  meshOf({ a: 2 }),
  meshOf({ a: 2, b: 2 }),
  meshOf({ a: 4 }),
  meshOf({ a: 2, b: 2, c: 2 }),
  meshOf({ a: 4, b: 2 }),
  meshOf({ a: 3 }),
  meshOf({ a: 3, b: 2 }),
];

/** Types whose extents divide by most axes, and broadcast and multiply with one another. */
const TYPES = [
  scalarType('i1'),
  tensorType([4, 12], 'f32'),
  tensorType([12, 4], 'f32'),
  tensorType([4, 12], 'i32'),
  tensorType([12], 'f32'),
  tensorType([2, 4, 12], 'f32'),
  tensorType([4, 12], 'i1'),
  tensorType([], 'f32'),
  tensorType([6, 2], 'i32'),
  tensorType([2, 4, 4, 4], 'f32'),
  tensorType([4, 4, 1, 1], 'f32'),
  tensorType([4, 1], 'f32'),
  tensorType([4], 'f32'),
  tensorType([4, 12], 'f16'),
];

/** A network whose arguments and operations are annotated here and there. */
export function randomNetwork(
  genes: Genes,
  accepts: (definition: OpDefinition) => boolean,
): { readonly module: Module; readonly mesh: Mesh } {
  const mesh = genes.pick(MESHES);
  const chosen = TYPES.filter((_, at) => at < 3 || genes.next(3) > 0);
  const layouts = chosen.map((type) => (genes.next(3) > 0 ? randomLayout(genes, mesh, { type }) : null));
  const annotate = Array.from({ length: 24 }, () => genes.next(4));
  const cuts = Array.from({ length: 24 }, () => genes.next(1000));
  const module = generateModule(genes, { definitions: opTable, accepts, arguments: chosen });
  const [main] = module.body.operations;
  main.attributes = new Map([...main.attributes, ['arg_attrs', arrayAttribute(layouts.map(dictionary))]]);
  module.attributes = new Map<string, Attribute>([
    ['ms.stage', stringAttribute('graph')],
    ['dist.mesh', { kind: 'dictionary', entries: meshEntries(mesh) }],
  ]);
  let at = 0;
  walk(main.regions[0], (op) => {
    const place = at++ % annotate.length;
    if (op.regions.length > 0 || op.results.length === 0) return;
    if (annotate[place] === 0) annotateOperands(op, mesh, cuts[place]);
    if (annotate[place] === 1) annotateResults(op, mesh, cuts[place]);
  });
  return { module, mesh };
}

const meshEntries = (mesh: Mesh): ReadonlyMap<string, Attribute> =>
  new Map([
    ['axes', arrayAttribute(mesh.axes.map((axis) => stringAttribute(axis)))],
    ['sizes', integersAttribute(mesh.sizes)],
  ]);

const lists = (layout: Layout): Attribute =>
  arrayAttribute(layout.dimensions.map((axes) => arrayAttribute(axes.map((axis) => stringAttribute(axis)))));

const dictionary = (layout: Layout | null): Attribute => ({
  kind: 'dictionary',
  entries: layout === null ? new Map<string, Attribute>() : new Map([['dist.layout', lists(layout)]]),
});

/** Each axis cuts some dimension that it divides, or none. */
function randomLayout(
  genes: { next: (limit: number) => number },
  mesh: Mesh,
  { type }: Pick<Value, 'type'>,
): Layout | null {
  if (type.kind !== 'tensor') return null;
  let layout = layoutOf(type.shape.map(() => []));
  for (const axis of mesh.axes) {
    const at = genes.next(type.shape.length + 1);
    if (at === type.shape.length) continue;
    const next = layoutOf(layout.dimensions.with(at, [...layout.dimensions[at], axis]));
    if (layoutProblem(mesh, next, type.shape) === null) layout = next;
  }
  return layout;
}

/** Numbers from one seed, for choices after the genes have run out. */
function numbers(seed: number): { next: (limit: number) => number } {
  let state = seed + 1;
  return { next: (limit) => ((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16) % limit };
}

/** Indices of an operation cut at random, said of its operands. */
function annotateOperands(op: Operation, mesh: Mesh, seed: number): void {
  if (op.operands.length === 0 || !op.operands.every(({ type }) => type.kind === 'tensor')) return;
  const choice = numbers(seed);
  const notation = notationOf(op);
  const free = [...mesh.axes];
  const assignment = new Map<string, readonly string[]>();
  for (const [index, extent] of notation.extents) {
    const compound = [...notation.operands, ...notation.results].some((list) =>
      list.some((names) => names.length > 1 && names.includes(index)),
    );
    const axis = free[choice.next(free.length + 1)];
    if (
      axis === undefined ||
      compound ||
      notation.roleOf(index).kind === 'whole' ||
      extent % axisSize(mesh, axis) !== 0
    )
      continue;
    assignment.set(index, [axis]);
    free.splice(free.indexOf(axis), 1);
  }
  const { operands } = shardingFor(op, assignment);
  op.attributes = new Map([...op.attributes, ['dist.in', arrayAttribute(operands.map(lists))]]);
}

function annotateResults(op: Operation, mesh: Mesh, seed: number): void {
  const layouts = op.results.map((result) => randomLayout(numbers(seed), mesh, result));
  if (layouts.some((layout) => layout === null)) return;
  op.attributes = new Map([
    ...op.attributes,
    ['dist.out', arrayAttribute(layouts.flatMap((layout) => (layout ? [lists(layout)] : [])))],
  ]);
}
