/**
 * The `npu` dialect of the @tile and @scheduled stages: kernels over buffers.
 *
 * A kernel is a `func.func` with `npu.core`; its arguments are GM buffers (`!npu.buffer<gm>`) and `index` scalars.
 *   `npu.alloc {space, bytes, buffers}`   a buffer in an on-chip memory or (in @main) in GM; `buffers` = 2 asks for
 *                                         double buffering over the enclosing loop
 *   `npu.view(%buffer, %bytes)`           the same memory, `bytes` further on
 *   `npu.constant {value}`                only in @main: a GM buffer that holds the bytes of `value` before anything runs
 *   `npu.parity`                          0, 1, 0, 1, … over the iterations of the enclosing loop (@scheduled)
 *   `npu.<mnemonic>(operands…)`           one instruction of `runtime/isa`, operands in the table's order; a constant
 *                                         operand becomes an immediate
 *   `npu.launch(%args…) {kernel, blocks}` only in @main: starts a kernel. `in_place` = pairs of arguments that may be one
 *                                         buffer; `move` marks a copy that falls away when both buffers are one
 * Further steps of @main, which are no instructions:
 *   `npu.branch(%i1) ({then}, {else})`    the byte of the buffer decides
 *   `npu.loop(%i1) ({test}, {body})`      the byte decides after each test
 *   `npu.repeat {count} ({body})`
 *   `npu.collective(%in, %out) {…}`, `npu.send(%in) {…}`, `npu.receive(%out) {…}`  communication between devices
 *   `npu.print(%values…) {format, types}`, `npu.assert(%i1) {message}`  words to the host
 * Loops are `scf.for`, conditions `scf.if`, scalar arithmetic is `arith.*` on `index`.
 */
import type { Operation, Type, Value } from '../../ir/index.ts';
import { definingOperation, integerOf, opaqueType, scalarType, stringOf } from '../../ir/index.ts';

export const SPACES = ['gm', 'ub', 'l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb'] as const;
export type Space = (typeof SPACES)[number];

export const ALLOC = 'npu.alloc';
export const VIEW = 'npu.view';
export const CONSTANT = 'npu.constant';
export const LAUNCH = 'npu.launch';
export const BRANCH = 'npu.branch';
export const LOOP = 'npu.loop';
export const REPEAT = 'npu.repeat';
export const COLLECTIVE = 'npu.collective';
export const SEND = 'npu.send';
export const RECEIVE = 'npu.receive';
export const PRINT = 'npu.print';
export const ASSERT = 'npu.assert';
/** 0, 1, 0, 1, … over the iterations of the innermost enclosing loop. */
export const PARITY = 'npu.parity';
export const INSTRUCTION_PREFIX = 'npu.';

const BUFFER_TYPES = Object.fromEntries(
  SPACES.map((space) => [space, opaqueType(`!npu.buffer<${space}>`)]),
) as Readonly<Record<Space, Type>>;

export const indexType = scalarType('index');

export function bufferType(space: Space): Type {
  return BUFFER_TYPES[space];
}

/** The memory a buffer value lies in, or null for scalars. */
export function spaceOf(type: Type): Space | null {
  if (type.kind !== 'opaque') return null;
  return SPACES.find((space) => BUFFER_TYPES[space].key === type.key) ?? null;
}

/** The allocation or kernel argument at the root of a chain of views. */
export function rootBuffer(value: Value): Value {
  const op = definingOperation(value);
  return op?.name === VIEW ? rootBuffer(op.operands[0]) : value;
}

const STEPS = [LAUNCH, BRANCH, LOOP, REPEAT, COLLECTIVE, SEND, RECEIVE, PRINT, ASSERT];
const NON_INSTRUCTIONS = new Set([ALLOC, CONSTANT, VIEW, PARITY, ...STEPS]);

/** The mnemonic of an instruction op, or null for allocations, views and everything outside the dialect. */
export function mnemonicOf(op: Operation): string | null {
  if (!op.name.startsWith(INSTRUCTION_PREFIX) || NON_INSTRUCTIONS.has(op.name)) return null;
  return op.name.slice(INSTRUCTION_PREFIX.length);
}

/** The number a scalar value certainly has, or null. */
export function constantOf(value: Value): number | null {
  const op = definingOperation(value);
  if (op?.name !== 'arith.constant') return null;
  const attribute = op.attributes.get('value');
  return attribute?.kind === 'integer' || attribute?.kind === 'float' ? Number(attribute.value) : null;
}

/** What an allocation asks for. */
export function allocation(op: Operation): { readonly space: Space; readonly bytes: number; readonly buffers: number } {
  return {
    space: stringOf(op.attributes, 'space') as Space,
    bytes: integerOf(op.attributes, 'bytes'),
    buffers: op.attributes.has('buffers') ? integerOf(op.attributes, 'buffers') : 1,
  };
}

/** The bytes of an `npu.constant`. */
export function constantBytes(op: Operation): Uint8Array {
  const value = op.attributes.get('value');
  if (value?.kind !== 'dense') throw new Error('npu.constant without a value');
  return new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength);
}
