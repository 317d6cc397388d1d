/** The lowering rule of elementwise ops, row reductions, and groups of them (`ms.fused`). */
import type { Operation, Value } from '../../../ir/index.ts';
import { Block, Operation as Op, dtypeBytes, integersOf, isAbsent, isFloat, staticShape } from '../../../ir/index.ts';
import { FUSED, YIELD } from '../../../passes/fuse/index.ts';
import { KernelBuilder } from '../../tile/kernel-builder.ts';
import { planKernelMemory } from '../../schedule/memory.ts';
import { onChipCapacities } from '../capacities.ts';
import { blockElements, layoutOf, physicalShape } from '../layout.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { tensorOf } from '../tensor.ts';
import { unsupported } from '../diagnostics.ts';
import { ELEMENTWISE, elementwiseRule, operandDtype } from './arithmetic.ts';
import { iterationDomain } from './domain.ts';
import { isEmpty, pieceCount, tileChoices, transferBytes, writeRowwise } from './kernel.ts';
import type { RowwiseGroup, TileSize } from './kernel.ts';
import { laneKindOf } from './lanes.ts';
import { isRowReduction } from './reduce.ts';
import { isScalarUnitOp, lowerOnScalarUnit } from './scalar-unit.ts';

/** Ops a row-wise group may hold. */
export function isRowwise(op: Operation): boolean {
  if (op.name === 'ms.constant') return isSplat(op);
  if (isRowReduction(op)) return reducesLastAxes(op);
  return op.name in ELEMENTWISE;
}

function isSplat(op: Operation): boolean {
  const value = op.attributes.get('value');
  return value?.kind === 'dense' && value.data.length === 1;
}

/** A reduction of the last axes, of one at least. */
function reducesLastAxes(op: Operation): boolean {
  const rank = tensorOf(op.operands[0]).shape.length;
  const axes = integersOf(op.attributes, 'axes');
  return axes.length > 0 && axes.every((axis, position) => axis === rank - axes.length + position);
}

export const rowwiseRule: LowerRule = (op, lowering) => {
  if (isScalarUnitOp(op)) {
    lowerOnScalarUnit(op, lowering);
    return null;
  }
  const body = op.name === FUSED ? op.regions[0] : singleBody(op);
  const inputs = op.operands.map((operand, index) => ({ inner: body.arguments[index], outer: operand }));
  const yielded = body.operations.at(-1)?.operands ?? [];
  const outputs = yielded.map((inner, index) => ({ inner, outer: op.results[index] }));
  for (const inner of body.operations) {
    const reason = problemOf(inner);
    if (reason !== null) return unsupported(inner, `${inner.name} on ${operandDtype(inner)}`, reason);
  }
  if (outputs.every(({ inner }) => isEmpty(inner))) return null;
  const group = rowwiseGroup(
    body,
    inputs.map(({ inner }) => inner),
    outputs.map(({ inner }) => inner),
  );
  if (group === null)
    return unsupported(op, 'a group of reductions over different axes', 'a row-wise kernel has one set of columns');
  const key = groupKey(group);
  const size = lowering.remember(`tile of ${key}`, () => chooseTile(group, lowering));
  if (size === null)
    return unsupported(
      op,
      `${op.name} over ${group.domain.columns} columns`,
      'the row does not fit into the unified buffer',
    );
  lowering.launch(
    {
      key: `rowwise ${key} ${size.rows}x${size.columns}`,
      name: `vector_${kernelStem(group)}`,
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, pieceCount(group, size)),
      write: (k) => writeRowwise(k, group, size),
      inPlace: sameAccesses(group),
    },
    [...inputs, ...outputs].map(({ outer }) => lowering.buffer(outer)),
  );
  return null;
};

/** Inputs and outputs of which a tile reads exactly the bytes that it writes afterwards. */
function sameAccesses({ inputs, outputs }: RowwiseGroup): readonly (readonly [number, number])[] {
  const access = ({ dtype, pattern }: RowwiseGroup['inputs'][number]): string =>
    `${dtypeBytes(dtype)} ${JSON.stringify(pattern)}`;
  return inputs.flatMap((input, read) =>
    outputs.flatMap((output, at) => (access(input) === access(output) ? [[read, inputs.length + at] as const] : [])),
  );
}

/** Why an op has no row-wise kernel with its types, or null when it has one. */
function problemOf(op: Operation): string | null {
  if (op.name === YIELD) return null;
  for (const { dtype } of [...op.operands, ...op.results].map(tensorOf)) {
    const kind = laneKindOf(dtype);
    if (isAbsent(kind)) return kind.absent;
  }
  if (op.name === 'ms.constant') return null;
  if (isRowReduction(op)) return reductionProblem(op);
  const rule = elementwiseRule(op);
  return isAbsent(rule) ? rule.absent : null;
}

function reductionProblem(op: Operation): string | null {
  const kind = laneKindOf(operandDtype(op));
  return !isAbsent(kind) && kind.lane === 's32' ? 'rows of integers have no instruction across lanes' : null;
}

/** The op alone, over block arguments. */
function singleBody(op: Operation): Block {
  const block = new Block(op.operands.map((operand) => operand.type));
  const copy = new Op(
    op.name,
    block.arguments,
    op.results.map((result) => result.type),
    op.attributes,
    [],
    op.location,
  );
  block.operations.push(copy, new Op(YIELD, copy.results, [], new Map(), [], op.location));
  return block;
}

/** The group over its iteration space; null when its reductions do not agree on the columns. */
function rowwiseGroup(body: Block, inputs: readonly Value[], outputs: readonly Value[]): RowwiseGroup | null {
  const inner = body.operations.flatMap((op) => op.results);
  const values = [...new Set([...inputs, ...inner])];
  const reductions = body.operations.filter(isRowReduction);
  const counts = new Set(reductions.map((op) => integersOf(op.attributes, 'axes').length));
  if (counts.size > 1) return null;
  const kept = Math.max(0, ...counts);
  const c0 = blockOf(values);
  const shapes = values.map((value) => alignedShape(value, reductions, c0));
  const domain = iterationDomain(shapes, kept);
  if (domain === null) return null;
  const port = (value: Value) => ({
    value,
    dtype: tensorOf(value).dtype,
    pattern: domain.patterns[values.indexOf(value)],
  });
  return { body, inputs: inputs.map(port), outputs: outputs.map(port), domain, hasReduction: kept > 0 };
}

/** Channels of a block where maps are blocked: those of the floats, in whose lanes conditions are computed too. */
function blockOf(values: readonly Value[]): number | undefined {
  const maps = values.map(tensorOf).filter((type) => layoutOf(type) === 'NC1HWC0');
  const map = maps.find(({ dtype }) => isFloat(dtype));
  return map && blockElements(map.dtype);
}

/** The stored shape, with reduced axes that were dropped put back as 1 so that ranks agree. */
function alignedShape(value: Value, reductions: readonly Operation[], c0: number | undefined): readonly number[] {
  const shape = physicalShape(tensorOf(value), c0);
  const dropped = reductions.find(
    (op) => op.results[0] === value && shape.length < (staticShape(tensorOf(op.operands[0]))?.length ?? 0),
  );
  return dropped ? [...shape, ...integersOf(dropped.attributes, 'axes').map(() => 1)] : shape;
}

/** The widest tile that fits into UB with one row, then the highest with that width. */
function chooseTile(group: RowwiseGroup, lowering: Lowering): TileSize | null {
  const capacities = onChipCapacities(lowering.chip);
  const fits = (size: TileSize): boolean => {
    if (transferBytes(group, size) > capacities.ub) return false;
    const trial = new KernelBuilder('trial', 'vector', null);
    writeRowwise(trial, group, size);
    return Array.isArray(planKernelMemory(trial.finish(), capacities));
  };
  const choices = tileChoices(group, lowering.chip.vectorCores);
  const columns = firstThat(choices.columns, (width) => fits({ rows: 1, columns: width }));
  if (columns === null) return null;
  return { columns, rows: firstThat(choices.rows, (height) => fits({ rows: height, columns })) ?? 1 };
}

/** The first item that passes, when all items after one that passes do too. */
function firstThat(items: readonly number[], passes: (item: number) => boolean): number | null {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(items[middle])) high = middle;
    else low = middle + 1;
  }
  return items[low] ?? null;
}

/** Everything that decides the instructions of a group. */
function groupKey(group: RowwiseGroup): string {
  const numbers = new Map<Value, number>();
  const number = (value: Value): number => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value) ?? -1;
  };
  for (const port of group.inputs) number(port.value);
  const ops = group.body.operations.map((op) => {
    const operands = op.operands.map(number).join(',');
    const attributes = [...op.attributes].map(([name, value]) => `${name}=${attributeKey(value)}`).join(';');
    return `${op.results.map((result) => `${number(result)}:${tensorOf(result).dtype}`).join(',')}=${op.name}(${operands}){${attributes}}`;
  });
  const ports = [...group.inputs, ...group.outputs].map(({ dtype, pattern }) => `${dtype}@${JSON.stringify(pattern)}`);
  const { outer, rows, columns } = group.domain;
  return `${JSON.stringify([outer, rows, columns])} ${ports.join(' ')} ${ops.join(' ')}`;
}

function attributeKey(attribute: unknown): string {
  return JSON.stringify(attribute, (_, value: unknown) =>
    typeof value === 'bigint' || ArrayBuffer.isView(value) ? String(value) : value,
  );
}

function kernelStem(group: RowwiseGroup): string {
  const names = group.body.operations
    .map((op) => op.name.slice('ms.'.length))
    .filter((name) => name !== 'yield' && name !== 'constant');
  return [...new Set(names)].slice(0, 4).join('_');
}
