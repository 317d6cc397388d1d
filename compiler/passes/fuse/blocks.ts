/** Which elementwise ops may work on maps as blocks of channels (NC1HWC0), and why others may not. */
import type { Operation, TensorType, Type, Value } from '../../ir/index.ts';
import { dtypeBytes } from '../../ir/index.ts';
import { typeOf } from '../simplify/rules/match.ts';
import { FUSED, YIELD } from './decompose.ts';

/** Elementwise ops that may divide by zero or leave the real line: not on lanes that hold nothing. */
const NOT_FINITE: ReadonlySet<string> = new Set([
  'ms.div',
  'ms.reciprocal',
  'ms.rsqrt',
  'ms.sqrt',
  'ms.log',
  'ms.log1p',
  'ms.pow',
  'ms.mod',
  'ms.floor_div',
  'ms.remainder',
  'ms.atan2',
  'ms.exp',
  'ms.expm1',
]);

/** A value of floats with images, channels, rows and columns. */
export const isMap = (type: Type): type is TensorType =>
  type.kind === 'tensor' &&
  type.shape.length === 4 &&
  (type.dtype === 'f32' || type.dtype === 'f16' || type.dtype === 'bf16');

export const isScalar = (type: Type): boolean => type.kind === 'tensor' && type.shape.every((extent) => extent === 1);

/** Whether a type has the channels of a map, so that it has blocks of its own. */
export const hasChannels = (type: Type, channels: number | string): boolean =>
  isMap(type) && type.shape[1] === channels;

/** Why an elementwise op, or a group of them, stays row-major although an operand lies in blocks; null where it need not. */
export function refusesBlocks(op: Operation, isElementwise: (op: Operation) => boolean): (() => string) | null {
  const parts = op.name === FUSED ? op.regions[0].operations.filter(({ name }) => name !== YIELD) : [op];
  const unbounded = parts.find(({ name }) => NOT_FINITE.has(name));
  if (unbounded) return () => `'${unbounded.name}' may leave the finite numbers on lanes past the last channel`;
  const other = parts.find((part) => part.name !== 'ms.constant' && !isElementwise(part));
  if (other) return () => `'${other.name}' in it is not elementwise`;
  const odd = op.results.find((result) => !isMap(result.type));
  if (odd) return () => `its result ${odd.type.key} is no map of floats`;
  return refusesOperands(op, parts);
}

function refusesOperands(op: Operation, parts: readonly Operation[]): (() => string) | null {
  const { dtype, shape } = typeOf(op.results[0]);
  // Blocks of another width hold another number of channels.
  const wide = op.operands.find(({ type }) => isMap(type) && dtypeBytes(type.dtype) !== dtypeBytes(dtype));
  if (wide) return () => `blocks of ${typeOf(wide).dtype} and of ${dtype} hold different numbers of channels`;
  // A value that repeats along the channels has no blocked form, unless it is the same everywhere.
  const repeats = ({ type }: Value): boolean => !hasChannels(type, shape[1]) && !isScalar(type);
  const repeated = op.operands.find(repeats);
  if (repeated) return () => `its operand [${typeOf(repeated).shape.join(', ')}] has not the ${shape[1]} channels`;
  if (op.name !== FUSED) return null;
  const fits = ({ type }: Value): boolean =>
    isScalar(type) || (type.kind === 'tensor' && type.shape.length === 4 && type.shape[1] === shape[1]);
  const inner = parts.find((part) => !part.results.every(fits));
  return inner ? () => `'${inner.name}' in it makes a value without the ${shape[1]} channels` : null;
}
