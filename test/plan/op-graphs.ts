/** Random small op graphs, and the cheapest plan of them by trying every strategy of every operation. */
import type { Attribute, Operation as Op, Value } from '../../compiler/ir/index.ts';
import {
  Block,
  Operation,
  boolAttribute,
  integersAttribute,
  integerAttribute,
  isAbsent,
  tensorType,
} from '../../compiler/ir/index.ts';
import { tensorOps } from '../../compiler/ir/ops/index.ts';
import type { BlockCosts } from '../../compiler/passes/plan/intra/index.ts';
import type { Layout, Mesh, OpSharding } from '../../compiler/passes/shard/index.ts';
import { axesSize, layoutOf, layoutText, notationOf, reshard, shardingFor } from '../../compiler/passes/shard/index.ts';

export interface OpGraph {
  readonly operations: readonly Op[];
  readonly parameters: ReadonlySet<Value>;
}

const shapeOf = ({ type }: Value): readonly number[] => (type.kind === 'tensor' ? type.shape.map(Number) : []);

/** Up to `mostOps` operations over matrices of extents 2 to 6. */
export function randomOpGraph(random: () => number, mostOps: number): OpGraph {
  const below = (end: number): number => Math.floor(random() * end);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)];
  const extent = (): number => pick([2, 3, 4, 6]);
  const block = new Block();
  const values: Value[] = [block.addArgument(tensorType([extent(), extent()], 'f32'))];
  const parameters = new Set<Value>();
  const parameter = (shape: readonly number[]): Value => {
    const value = block.addArgument(tensorType(shape, 'f32'));
    parameters.add(value);
    return value;
  };
  const operations: Op[] = [];
  const emit = (
    name: keyof typeof tensorOps,
    operands: readonly Value[],
    attributes: Record<string, Attribute> = {},
  ) => {
    const map = new Map(Object.entries(attributes));
    const { infer } = tensorOps[name];
    if (isAbsent(infer)) throw new Error(`${name} has no infer`);
    const types = infer(
      operands.map(({ type }) => type),
      map,
    );
    if (!types.ok) throw new Error(`${name}: ${JSON.stringify(types)}`);
    const op = new Operation(name, operands, types.value, map, [], null);
    operations.push(op);
    values.push(...op.results);
  };
  const count = 1 + below(mostOps);
  const makers: readonly ((x: Value) => void)[] = [
    (x) => {
      const [transposed, columns, inner] = [random() < 0.5, extent(), shapeOf(x)[1]];
      const weight = parameter(transposed ? [columns, inner] : [inner, columns]);
      emit('ms.matmul', [x, weight], { transpose_a: boolAttribute(false), transpose_b: boolAttribute(transposed) });
    },
    (x) => emit('ms.relu', [x]),
    (x) => emit('ms.add', [x, parameter([shapeOf(x)[1]])]),
    (x) => emit('ms.mul', [x, pick(values.filter(({ type }) => type.key === x.type.key))]),
    (x) => emit('ms.softmax', [x], { axis: integerAttribute(1) }),
    (x) => emit('ms.transpose', [x], { permutation: integersAttribute([1, 0]) }),
    (x) => emit('ms.reduce_sum', [x], { axes: integersAttribute([below(2)]), keep_dims: boolAttribute(true) }),
  ];
  while (operations.length < count) pick(makers)(pick(values.slice(-3)));
  return { operations, parameters };
}

/** Every way to give each mesh axis to an index that divides, written without the planner's enumeration. */
function waysToCut(op: Op, mesh: Mesh): readonly OpSharding[] {
  const notation = notationOf(op);
  const indices = [...notation.extents].filter(([index]) => notation.roleOf(index).kind !== 'whole');
  const choices = indices.length + 1;
  const ways: OpSharding[] = [];
  for (let code = 0; code < choices ** mesh.axes.length; code++) {
    const assignment = new Map<string, readonly string[]>();
    let rest = code;
    for (const axis of mesh.axes) {
      const at = rest % choices;
      rest = Math.floor(rest / choices);
      if (at > 0) assignment.set(indices[at - 1][0], [...(assignment.get(indices[at - 1][0]) ?? []), axis]);
    }
    if (indices.every(([index, size]) => size % axesSize(mesh, assignment.get(index) ?? []) === 0))
      ways.push(shardingFor(op, assignment));
  }
  return ways;
}

function homes(shape: readonly number[], mesh: Mesh): readonly Layout[] {
  const all: Layout[] = [];
  for (let code = 0; code < (shape.length + 1) ** mesh.axes.length; code++) {
    const cuts: string[][] = shape.map(() => []);
    mesh.axes.forEach((axis, place) => {
      const at = Math.floor(code / (shape.length + 1) ** place) % (shape.length + 1);
      if (at < shape.length) cuts[at].push(axis);
    });
    if (cuts.every((axes, at) => shape[at] % axesSize(mesh, axes) === 0)) all.push(layoutOf(cuts));
  }
  return all;
}

/**
 * The least seconds of forward and backward over all strategies of all operations. Given those, each value's home
 * matters to its own edges alone, so homes are tried value by value. No memory limit.
 */
export function cheapestByTrying(
  { operations }: OpGraph,
  mesh: Mesh,
  costs: BlockCosts,
  mostCombinations: number,
): number | null {
  const ways = operations.map((op) => waysToCut(op, mesh));
  if (ways.reduce((product, list) => product * list.length, 1) > mostCombinations) return null;
  const values = [...new Set(operations.flatMap((op) => [...op.operands, ...op.results]))];
  const taken = ways.map(() => 0);
  const known = new Map<string, number>();
  const once = (key: string, make: () => number): number => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  let best = Infinity;
  for (;;) {
    let seconds = 0;
    operations.forEach(
      (_, at) =>
        (seconds += once(`op ${at} ${taken[at]}`, () => workSeconds(operations[at], ways[at][taken[at]], mesh, costs))),
    );
    values.forEach((value, at) => {
      const users = operations.map((op, index) =>
        op.operands.includes(value) || op.results.includes(value) ? taken[index] : '-',
      );
      seconds += once(`value ${at} ${users.join()}`, () =>
        Math.min(
          ...homes(shapeOf(value), mesh).map((home) =>
            edgeSeconds(value, home, operations, (index) => ways[index][taken[index]], mesh, costs),
          ),
        ),
      );
    });
    best = Math.min(best, seconds);
    let digit = 0;
    while (digit < taken.length && ++taken[digit] === ways[digit].length) taken[digit++] = 0;
    if (digit === taken.length) return best;
  }
}

function workSeconds(op: Op, way: OpSharding, mesh: Mesh, costs: BlockCosts): number {
  const parts = (layout: Layout): number => axesSize(mesh, layout.dimensions.flat());
  const bytes = (value: Value, layout: Layout): number =>
    (4 * shapeOf(value).reduce((product, size) => product * size, 1)) / parts(layout);
  let moved = 0;
  op.operands.forEach((value, at) => (moved += bytes(value, way.operands[at])));
  op.results.forEach((value, at) => (moved += bytes(value, way.results[at])));
  const [x, weight] = op.operands.map(shapeOf);
  const flops = op.name === 'ms.matmul' ? 2 * x[0] * weight[0] * weight[1] : 0;
  const cut = [...way.assignment.values()].reduce((product, axes) => product * axesSize(mesh, axes), 1);
  const forward = Math.max(flops / cut / costs.flopsPerSecond, moved / costs.memoryBytesPerSecond);
  return costs.training ? forward * (1 + op.operands.length) : forward;
}

function edgeSeconds(
  value: Value,
  home: Layout,
  operations: readonly Op[],
  wayOf: (index: number) => OpSharding,
  mesh: Mesh,
  costs: BlockCosts,
): number {
  const seconds = (from: Layout, to: Layout): number =>
    layoutText(from) === layoutText(to)
      ? 0
      : (reshard(mesh, from, to, shapeOf(value), 4, { cost: costs.stepSeconds })?.cost ?? Infinity);
  let sum = 0;
  operations.forEach((op, index) => {
    const way = wayOf(index);
    op.results.forEach((result, at) => {
      if (result !== value) return;
      sum += seconds(way.results[at], home);
      if (costs.training) sum += seconds(home, layoutOf(way.results[at].dimensions));
    });
    op.operands.forEach((operand, at) => {
      if (operand !== value) return;
      sum += seconds(home, way.operands[at]);
      const dimensions = way.operands[at].dimensions;
      const partial = [...way.assignment.values()].flat().filter((axis) => !dimensions.flat().includes(axis));
      if (costs.training) sum += seconds(layoutOf(dimensions, partial), home);
    });
  });
  return sum;
}
