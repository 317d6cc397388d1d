/** Instruction selection of one kernel: virtual code, registers, encoded stream. */
import type { Location, Operation } from '../../ir/index.ts';
import { REGISTER_COUNT, StreamBuilder, X } from '../../../runtime/isa/index.ts';
import type { InstructionStream, Label, Operand } from '../../../runtime/isa/index.ts';
import type { InstructionTable } from '../schedule/access.ts';
import { assignRegisters } from './registers.ts';
import { toVirtualCode } from './virtual-code.ts';
import type { VirtualOperand } from './virtual-code.ts';

/** Numbers source locations of a program. */
export type LocationNumbers = (location: Location) => number;

/** Encodes a scheduled kernel. Throws when it needs more scalar registers than there are: lowering must keep kernels small. */
export function selectKernel(
  kernel: Operation,
  table: InstructionTable,
  locationNumber: LocationNumbers,
): InstructionStream {
  const code = toVirtualCode(kernel, table);
  const assignment = assignRegisters(code, kernel.regions[0].arguments.length, REGISTER_COUNT);
  if (!assignment.ok)
    throw new Error(`a kernel needs ${assignment.needed} or more scalar registers, there are ${REGISTER_COUNT}`);
  const stream = new StreamBuilder();
  const labels = code.labels.map(() => stream.label());
  const placed = labelsByPosition(code.labels);
  const operandOf = (operand: VirtualOperand): Operand => encodedOperand(operand, assignment.physical, labels);
  code.instructions.forEach(({ definition, operands, location }, position) => {
    for (const label of placed.get(position) ?? []) stream.bind(labels[label]);
    stream.location(locationNumber(location));
    stream.append(definition, operands.map(operandOf));
  });
  return stream.finish();
}

function labelsByPosition(labels: readonly number[]): ReadonlyMap<number, readonly number[]> {
  const byPosition = new Map<number, number[]>();
  labels.forEach((position, label) => byPosition.set(position, [...(byPosition.get(position) ?? []), label]));
  return byPosition;
}

function encodedOperand(operand: VirtualOperand, physical: Int32Array, labels: readonly Label[]): Operand {
  switch (operand.kind) {
    case 'immediate':
      return operand.value;
    case 'register':
      return X(physical[operand.register]);
    case 'label':
      return labels[operand.label];
  }
}
