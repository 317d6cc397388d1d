/** Where propagation starts: annotations, the batch of data inputs, and how ZeRO stores parameters. */
import type { Operation, Value } from '../../ir/index.ts';
import { elementCount, isFloat } from '../../ir/index.ts';
import type { Annotations } from './annotations.ts';
import type { Assignment } from './assignment.ts';
import { shardDiagnostics } from './diagnostics.ts';
import type { ShardReport } from './diagnostics.ts';
import { layoutOf, layoutProblem, layoutsEqual, layoutText } from './layout.ts';
import type { Layout } from './layout.ts';
import type { Mesh } from './mesh.ts';
import { axesSize } from './mesh.ts';
import { notationOf } from './notation.ts';
import { MICRO } from './plan.ts';
import type { Propagation, Seeds, Storage } from './propagate.ts';
import { annotatedAssignment, propagate } from './propagate.ts';
import { parameterName, stateResults, tiesOf } from './ties.ts';

type Cuts = readonly (readonly string[])[];

/** The seeds that annotations give; contradictions are reported. */
export function seedsOf(main: Operation, mesh: Mesh, annotations: Annotations, report: ShardReport): Seeds {
  const fixed = new Map<Value, Cuts>();
  const [block] = main.regions;
  for (const [at, layout] of annotations.arguments) fixed.set(block.arguments[at], layout.dimensions);
  seedStates(main, annotations, fixed, report);
  const operations = seedOperations(main, mesh, annotations, fixed, report);
  seedBatch(main, mesh, annotations.batchAxes, fixed, report);
  const seeds: Seeds = { initial: new Map(), fixed, operations };
  return annotations.pipeline.microBatches === 1 ? seeds : inMicroBatches(main, mesh, seeds, report);
}

/** The batch of inputs that say nothing themselves. */
function seedBatch(
  main: Operation,
  mesh: Mesh,
  axes: readonly string[],
  fixed: Map<Value, Cuts>,
  report: ShardReport,
): void {
  if (axes.length === 0) return;
  for (const value of batchInputs(main)) {
    if (fixed.has(value) || value.type.kind !== 'tensor') continue;
    const layout = layoutOf(value.type.shape.map((_, at) => (at === 0 ? axes : [])));
    const problem = layoutProblem(mesh, layout, value.type.shape);
    if (problem === null) fixed.set(value, layout.dimensions);
    else
      report.add(shardDiagnostics.layoutDoesNotFit, main.location, [`input '${value.name || value.index}'`, problem]);
  }
}

/**
 * Micro-batches cut before devices do. What they cut follows from the batch of the inputs alone, so that it is found
 * first, and stands in front of whatever annotations say.
 */
function inMicroBatches(main: Operation, mesh: Mesh, { fixed, operations }: Seeds, report: ShardReport): Seeds {
  const batches = new Map<Value, Cuts>();
  for (const value of batchInputs(main)) {
    if (value.type.kind !== 'tensor') continue;
    const [batch] = value.type.shape;
    const cuts = value.type.shape.map((_, at) => (at === 0 ? [MICRO] : []));
    batches.set(value, cuts);
    const parts = axesSize(mesh, [MICRO, ...(fixed.get(value)?.[0] ?? [])]);
    if (Number(batch) % parts !== 0)
      report.add(shardDiagnostics.microBatches, main.location, [
        `a batch of ${batch} does not divide into ${parts} parts`,
      ]);
  }
  if (report.diagnostics.length > 0) return { initial: batches, fixed, operations };
  const micro = propagate(main, mesh, { initial: new Map(), fixed: batches, operations: new Map() }, tiesOf(main));
  const before = (found: readonly string[] | undefined, axes: readonly string[]) =>
    found?.includes(MICRO) ? [MICRO, ...axes] : axes;
  return {
    initial: micro.homes,
    fixed: new Map(
      [...fixed].map(([value, cuts]) => [value, cuts.map((axes, at) => before(micro.homeOf(value)[at], axes))]),
    ),
    operations: new Map(
      [...operations].map(([op, assignment]) => {
        const found = micro.assignmentOf(op);
        const indices = new Set([...found.keys(), ...assignment.keys()]);
        return [
          op,
          new Map([...indices].map((index) => [index, before(found.get(index), assignment.get(index) ?? [])])),
        ];
      }),
    ),
  };
}

/** A parameter and its new value lie alike. */
function seedStates(main: Operation, annotations: Annotations, fixed: Map<Value, Cuts>, report: ShardReport): void {
  const returned = main.regions[0].operations.at(-1)?.operands ?? [];
  const states = new Map([...stateResults(main)].map(([argument, result]) => [result, argument]));
  for (const [at, layout] of annotations.results) {
    const argument = states.get(at);
    const other = argument === undefined ? undefined : annotations.arguments.get(argument);
    if (other && !layoutsEqual(other, layout)) {
      const name = parameterName(main, 'res_attrs', at) ?? `result ${at}`;
      report.add(shardDiagnostics.contradiction, main.location, [name, layoutText(other), layoutText(layout)]);
    } else fixed.set(returned[at], layout.dimensions);
  }
}

/** What annotated operations want of their operands and results, and the homes that follow. */
function seedOperations(
  main: Operation,
  mesh: Mesh,
  annotations: Annotations,
  fixed: Map<Value, Cuts>,
  report: ShardReport,
): ReadonlyMap<Operation, Assignment> {
  const operations = new Map<Operation, Assignment>();
  const wanted = new Map<Value, { readonly layout: Layout; readonly op: Operation }>();
  for (const [op, { operands, results }] of annotations.operations) {
    const notation = notationOf(op);
    const found = annotatedAssignment(mesh, notation, operands);
    if ('left' in found) {
      const text = ({ dimension, axes }: { readonly dimension: number; readonly axes: readonly string[] }) =>
        `${axes.join('+') || 'whole'} (dimension ${dimension})`;
      report.add(shardDiagnostics.contradiction, op.location, [
        `an index of '${op.name}'`,
        text(found.left),
        text(found.right),
      ]);
      continue;
    }
    if ('whole' in found) {
      const { operand, dimension, axes } = found.whole;
      report.add(shardDiagnostics.notDivisible, op.location, [
        op.name,
        String(operand),
        String(dimension),
        axes.join(' and '),
      ]);
      continue;
    }
    if (operands.length > 0) operations.set(op, found.assignment);
    operands.forEach((layout, at) => {
      const value = op.operands[at];
      if (layout === null || fixed.has(value)) return;
      const other = wanted.get(value);
      if (other && !layoutsEqual(other.layout, layout) && isParameter(main, value)) {
        const name = value.name || 'a parameter';
        report.add(
          shardDiagnostics.contradiction,
          op.location,
          [name, layoutText(layout), layoutText(other.layout)],
          [{ location: other.op.location, message: `here it lies as ${layoutText(other.layout)}` }],
        );
      }
      if (!other) wanted.set(value, { layout, op });
    });
    results.forEach((layout, at) => {
      if (layout !== null) fixed.set(op.results[at], layout.dimensions);
    });
  }
  for (const [value, { layout }] of wanted) if (isParameter(main, value)) fixed.set(value, layout.dimensions);
  return operations;
}

function isParameter(main: Operation, value: Value): boolean {
  return value.owner === main.regions[0] && parameterName(main, 'arg_attrs', value.index) !== null;
}

/** Arguments that are no parameters and have a batch. */
function dataInputs(main: Operation): readonly Value[] {
  return main.regions[0].arguments.filter(
    (value, at) =>
      parameterName(main, 'arg_attrs', at) === null && value.type.kind === 'tensor' && value.type.shape.length > 0,
  );
}

/** Data inputs whose first dimension is as long as that of the first one: the batch. */
function batchInputs(main: Operation): readonly Value[] {
  const batchOf = ({ type }: Value) => (type.kind === 'tensor' ? type.shape[0] : undefined);
  const inputs = dataInputs(main);
  return inputs.filter((value) => batchOf(value) === batchOf(inputs[0]));
}

/** Mesh axes along which the batch lies: what ZeRO divides state over. */
export function batchAxes(main: Operation, propagation: Propagation): readonly string[] {
  const axes = dataInputs(main).flatMap((value) => propagation.homeOf(value)[0] ?? []);
  return [...new Set(axes)].filter((axis) => axis !== MICRO);
}

/** Parameters that ZeRO stores in parts: from level 1 on optimizer state, from level 3 on also the weights. */
export function storageOf(main: Operation, mesh: Mesh, propagation: Propagation, level: number): Storage {
  const [block] = main.regions;
  const returned = block.operations.at(-1)?.operands ?? [];
  const axes = batchAxes(main, propagation);
  const homes = new Map<Value, Cuts>();
  const frozen = new Set<Value>(block.arguments);
  if (level === 0 || axes.length === 0) return { homes, frozen };
  const needed = neededForResults(main);
  for (const [argument, result] of stateResults(main)) {
    const value = block.arguments[argument];
    if (level < 3 && needed.has(value)) {
      frozen.add(returned[result]);
      continue;
    }
    const cuts = cutFurther(value, mesh, propagation.homeOf(value), axes);
    if (cuts === null) continue;
    homes.set(value, cuts);
    frozen.delete(value);
  }
  return { homes, frozen };
}

/** A home in which one more dimension is cut: the first that divides. */
function cutFurther(value: Value, mesh: Mesh, home: Cuts, axes: readonly string[]): Cuts | null {
  if (value.type.kind !== 'tensor' || !isFloat(value.type.dtype) || axes.some((axis) => home.flat().includes(axis)))
    return null;
  const shape = value.type.shape.map(Number);
  if (elementCount(shape) === 0) return null;
  const at = shape.findIndex((extent, dimension) => extent % axesSize(mesh, [...home[dimension], ...axes]) === 0);
  return at < 0 ? null : home.with(at, [...home[at], ...axes]);
}

/** Values that some result other than a parameter's new value depends on. */
function neededForResults(main: Operation): ReadonlySet<Value> {
  const [block] = main.regions;
  const states = new Set(stateResults(main).values());
  const needed = new Set<Value>((block.operations.at(-1)?.operands ?? []).filter((_, at) => !states.has(at)));
  for (const op of block.operations.toReversed()) {
    if (!op.results.some((result) => needed.has(result))) continue;
    for (const operand of readBy(op)) needed.add(operand);
  }
  return needed;
}

function readBy(op: Operation): readonly Value[] {
  return [...op.operands, ...op.regions.flatMap((region) => region.operations.flatMap(readBy))];
}
