/** What families of lane-wise instructions share: lane types, lanes per repeat, the row itself, the scalar operand. */
import { float, signedInteger } from '../definition.ts';
import type { InstructionRow, OperandDefinition } from '../definition.ts';
import { bytesOf, local, operand, unary, valueTypeOf } from '../meaning/expression.ts';
import type { ElementType, Expression } from '../meaning/expression.ts';
import type { Lanes, LaneInput } from '../meaning/statement.ts';
import { vectorCore } from './vector-operands.ts';

/** An element type with lane-wise arithmetic. */
export type LaneType = 'f32' | 'f16' | 's32' | 's16' | 'u32' | 'u16' | 'bf16';
type Elements = Lanes['elements'];

/** Lanes per repeat of the widest of the elements. */
export const lanesOf = (...elements: readonly ElementType[]): Elements =>
  (256 / Math.max(...elements.map(bytesOf))) as Elements; // 1, 2, 4 or 8 bytes
/** The value of an input lane. */
export const lane = (name: string, element: ElementType): Expression => local(name, valueTypeOf(element));

/** A lane-wise instruction. */
export function row(
  mnemonic: string,
  timing: string,
  operands: readonly OperandDefinition[],
  inputs: readonly LaneInput[],
  output: Lanes['output'],
  elements: Elements,
  value: Expression,
  summary: string,
): InstructionRow {
  return {
    mnemonic,
    cores: vectorCore,
    pipe: 'V',
    timing: `vector.${timing}`,
    operands,
    meaning: { kind: 'lanes', elements, inputs, output, value },
    summary,
  };
}

/** The scalar operand as a lane value. */
export function scalar(type: LaneType): Expression {
  if (type === 'f32') return operand('scalar', 'f32');
  if (type === 'f16') return unary('round_f16', 'f32', operand('scalar', 'f32'));
  return operand('scalar', 'i32');
}
/** The scalar operand of a lane type. */
export const scalarOperand = (type: LaneType): OperandDefinition =>
  type === 'f32' || type === 'f16' ? float('scalar') : signedInteger('scalar', 'value');
