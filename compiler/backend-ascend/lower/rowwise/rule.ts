/** The lowering rule of elementwise ops, row reductions, and groups of them (`ms.fused`). */
import type { Operation, Value } from '../../../ir/index.ts';
import { Block, Operation as Op, integersOf, staticShape } from '../../../ir/index.ts';
import { FUSED, YIELD } from '../../../passes/fuse/index.ts';
import { KernelBuilder } from '../../tile/kernel-builder.ts';
import { planKernelMemory } from '../../schedule/memory.ts';
import { onChipCapacities } from '../capacities.ts';
import { physicalShape } from '../layout.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { tensorOf } from '../tensor.ts';
import { unsupported } from '../diagnostics.ts';
import { ELEMENTWISE, laneOf } from './arithmetic.ts';
import { iterationDomain } from './domain.ts';
import { pieceCount, tileCandidates, writeRowwise } from './kernel.ts';
import type { RowwiseGroup, TileSize } from './kernel.ts';
import { isRowReduction } from './reduce.ts';

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

function reducesLastAxes(op: Operation): boolean {
  const rank = tensorOf(op.operands[0]).shape.length;
  const axes = integersOf(op.attributes, 'axes');
  return axes.every((axis, position) => axis === rank - axes.length + position);
}

export const rowwiseRule: LowerRule = (op, lowering) => {
  const body = op.name === FUSED ? op.regions[0] : singleBody(op);
  const inputs = op.operands.map((operand, index) => ({ inner: body.arguments[index], outer: operand }));
  const yielded = body.operations.at(-1)?.operands ?? [];
  const outputs = yielded.map((inner, index) => ({ inner, outer: op.results[index] }));
  const refused = body.operations.find((inner) => !hasLanes(inner));
  if (refused) return unsupported(refused, `${refused.name} on ${refused.operands.map((operand) => tensorOf(operand).dtype).join(', ')}`, 'the vector unit computes on f32, f16, bf16 and 32-bit integers');
  const group = rowwiseGroup(body, inputs.map(({ inner }) => inner), outputs.map(({ inner }) => inner));
  const size = chooseTile(group, lowering);
  if (size === null) return unsupported(op, `${op.name} over ${group.domain.columns} columns`, 'the row does not fit into the unified buffer');
  lowering.launch(
    {
      key: `rowwise ${groupKey(group)} ${size.rows}x${size.columns}`,
      name: `vector_${kernelStem(group)}`,
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, pieceCount(group, size)),
      write: (k) => writeRowwise(k, group, size),
    },
    [...inputs, ...outputs].map(({ outer }) => lowering.buffer(outer)),
  );
  return null;
};

/** True when the vector unit has lanes for all values of the op; lanes of integers have no reduction across them. */
function hasLanes(op: Operation): boolean {
  const lanes = [...op.operands, ...op.results].map((value) => laneOf(tensorOf(value).dtype));
  return lanes.every((lane) => lane !== null && !(isRowReduction(op) && lane === 's32'));
}

/** The op alone, over block arguments. */
function singleBody(op: Operation): Block {
  const block = new Block(op.operands.map((operand) => operand.type));
  const copy = new Op(op.name, block.arguments, op.results.map((result) => result.type), op.attributes, [], op.location);
  block.operations.push(copy, new Op(YIELD, copy.results, [], new Map(), [], op.location));
  return block;
}

function rowwiseGroup(body: Block, inputs: readonly Value[], outputs: readonly Value[]): RowwiseGroup {
  const inner = body.operations.flatMap((op) => op.results);
  const values = [...new Set([...inputs, ...inner])];
  const reductions = body.operations.filter(isRowReduction);
  const kept = Math.max(0, ...reductions.map((op) => integersOf(op.attributes, 'axes').length));
  const shapes = values.map((value) => alignedShape(value, reductions));
  const domain = iterationDomain(shapes, kept);
  const port = (value: Value) => ({ value, dtype: tensorOf(value).dtype, pattern: domain.patterns[values.indexOf(value)] });
  return { body, inputs: inputs.map(port), outputs: outputs.map(port), domain, hasReduction: kept > 0 };
}

/** The stored shape, with reduced axes that were dropped put back as 1 so that ranks agree. */
function alignedShape(value: Value, reductions: readonly Operation[]): readonly number[] {
  const shape = physicalShape(tensorOf(value));
  const dropped = reductions.find((op) => op.results[0] === value && shape.length < (staticShape(tensorOf(op.operands[0]))?.length ?? 0));
  return dropped ? [...shape, ...integersOf(dropped.attributes, 'axes').map(() => 1)] : shape;
}

function chooseTile(group: RowwiseGroup, lowering: Lowering): TileSize | null {
  for (const size of tileCandidates(group, lowering.chip.vectorCores)) {
    const trial = new KernelBuilder('trial', 'vector', null);
    writeRowwise(trial, group, size);
    if (Array.isArray(planKernelMemory(trial.finish(), onChipCapacities(lowering.chip)))) return size;
  }
  return null;
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
  return JSON.stringify(attribute, (_, value: unknown) => (typeof value === 'bigint' || ArrayBuffer.isView(value) ? String(value) : value));
}

function kernelStem(group: RowwiseGroup): string {
  const names = group.body.operations.map((op) => op.name.slice('ms.'.length)).filter((name) => name !== 'yield' && name !== 'constant');
  return [...new Set(names)].slice(0, 4).join('_');
}
