/** What a translator must know about its surroundings: where operands, locals, special registers and spaces are. */

import type { Space, StateName, ValueType } from '../../isa/index.ts';
import { call, i32, load, op, seq, when, type Code } from '../encode/code.ts';
import { get, set, type FunctionBuilder, type Local } from '../encode/module.ts';
import { baseAt, faultCodes, sizeAt, spaces, stateAt } from '../layout.ts';

/** WebAssembly type of a meaning's value type. */
export const wasmType = { index: 'i32', i32: 'i32', i64: 'i64', f32: 'f32' } as const satisfies Record<
  ValueType,
  string
>;

/** Functions inside every library module, by their indices. */
export const internal = { fault: 0, widenF16: 1, narrowF16: 2, narrowBf16: 3, copy: 4 } as const;

/** Begin and size of a space, loaded once per call. */
export interface SpaceLocals {
  readonly base: Local;
  readonly size: Local;
}

/** The surroundings of one piece of code. Locals of the meaning are added as they are declared. */
export interface Scope {
  readonly builder: FunctionBuilder;
  /** Address of the core's context. */
  readonly context: Local;
  /** Program counter to report with a fault. */
  readonly pc: Local;
  readonly operand: (name: string, type: ValueType) => Code;
  readonly writeRegister: (name: string, value: Code) => Code;
  readonly spaces: Map<Space, SpaceLocals>;
  readonly locals: Map<string, Local>;
}

/** Declares (or finds) the local of a meaning. */
export function declareLocal(scope: Scope, name: string, type: ValueType): Local {
  const known = scope.locals.get(name);
  if (known !== undefined && known.type === wasmType[type]) return known;
  const fresh = scope.builder.local(wasmType[type]);
  scope.locals.set(name, fresh);
  return fresh;
}

/** The local of a meaning; an undeclared name is a mistake in the instruction table. */
export function findLocal(scope: Scope, name: string): Local {
  const found = scope.locals.get(name);
  if (found === undefined) throw new Error(`the meaning of an instruction reads the undeclared local '${name}'`);
  return found;
}

/** Begin and size of a space; `loadSpaces` must run before they are read. */
export function spaceLocals(scope: Scope, space: Space): SpaceLocals {
  const known = scope.spaces.get(space);
  if (known !== undefined) return known;
  const fresh = { base: scope.builder.local('i32'), size: scope.builder.local('i32') };
  scope.spaces.set(space, fresh);
  return fresh;
}

/** Code that fills the locals of every space that was asked for. Emit it after translating, place it first. */
export const loadSpaces = (scope: Scope): Code =>
  seq(
    ...[...scope.spaces].map(([space, locals]) =>
      seq(
        set(locals.base, load('i32.load', get(scope.context), baseAt(space))),
        set(locals.size, load('i32.load', get(scope.context), sizeAt(space))),
      ),
    ),
  );

/** Records a fault and traps; `detail` is the index of a space or an operand. */
export const raise = (scope: Scope, code: keyof typeof faultCodes, detail: number, value: Code): Code =>
  call(internal.fault, get(scope.context), get(scope.pc), i32(faultCodes[code]), i32(detail), value);

/** Traps unless [address, address + bytes) lies inside the space; `bytes` is at most the size of a space. */
export function checkRange(scope: Scope, space: Space, address: Code, bytes: Code): Code {
  const { size } = spaceLocals(scope, space);
  const tooLong = op('i32.gt_u', bytes, get(size));
  const outside = op('i32.gt_u', address, op('i32.sub', get(size), bytes));
  return when(op('i32.or', tooLong, outside), raise(scope, 'outside', spaces.indexOf(space), address));
}

/** As `checkRange`, for a byte count in 64 bits that strides may have made too large for 32. */
export function checkExtent(scope: Scope, space: Space, address: Code, bytes: Code): Code {
  const { size } = spaceLocals(scope, space);
  const end = op('i64.add', op('i64.extend_i32_u', address), bytes);
  return when(
    op('i64.gt_u', end, op('i64.extend_i32_u', get(size))),
    raise(scope, 'outside', spaces.indexOf(space), address),
  );
}

/** Traps unless the element at the address lies inside the space and on a multiple of its size. */
export function checkElement(scope: Scope, space: Space, address: Local, bytes: number): Code {
  return seq(checkRange(scope, space, get(address), i32(bytes)), checkAligned(scope, space, get(address), bytes));
}

/** Traps unless the address is a multiple of `unit`, a power of two. */
export const checkAligned = (scope: Scope, space: Space, address: Code, unit: number): Code =>
  unit === 1
    ? []
    : when(op('i32.and', address, i32(unit - 1)), raise(scope, 'misaligned', spaces.indexOf(space), address));

/** Address in linear memory of a byte address in a space. */
export const inMemory = (scope: Scope, space: Space, address: Code): Code =>
  op('i32.add', get(spaceLocals(scope, space).base), address);

/** Address in linear memory (without the static offset) of a special register's slot. */
export const stateAddress = (
  scope: Scope,
  slot: StateName,
  at: Code | undefined,
): { address: Code; offset: number } => ({
  address: at === undefined ? get(scope.context) : op('i32.add', get(scope.context), op('i32.shl', at, i32(2))),
  offset: stateAt(slot),
});
