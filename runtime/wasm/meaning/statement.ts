/** Statements of an instruction's meaning as WebAssembly: loop nests, guarded parts, stores and moves. */

import { bytesOf, valueTypeOf, type ElementType, type Expression, type Statement } from '../../isa/index.ts';
import {
  branch,
  branchIf,
  block,
  call,
  i32,
  load,
  loop,
  memoryCopy,
  op,
  seq,
  store,
  when,
  type Code,
  type MemoryOp,
} from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import { stateAt } from '../layout.ts';
import { loadElement, translateExpression } from './expression.ts';
import {
  checkAligned,
  checkElement,
  checkRange,
  declareLocal,
  findLocal,
  inMemory,
  internal,
  raise,
  stateAddress,
  wasmType,
  type Scope,
} from './scope.ts';

/** Translates a list of statements. */
export const translateStatements = (scope: Scope, statements: readonly Statement[]): Code =>
  seq(...statements.map((statement) => translateStatement(scope, statement)));

function translateStatement(scope: Scope, statement: Statement): Code {
  switch (statement.kind) {
    case 'for':
      return countedLoop(scope, statement.index, statement.count, statement.body);
    case 'if':
      return when(
        translateExpression(scope, statement.condition),
        translateStatements(scope, statement.then),
        translateStatements(scope, statement.else),
      );
    case 'let': {
      const value = translateExpression(scope, statement.value);
      return set(declareLocal(scope, statement.name, statement.value.type), value);
    }
    case 'assign':
      return set(findLocal(scope, statement.name), translateExpression(scope, statement.value));
    case 'store': {
      const address = scope.builder.local('i32');
      const bytes = bytesOf(statement.element);
      return seq(
        set(address, translateExpression(scope, statement.address)),
        checkElement(scope, statement.space, address, bytes),
        set(address, inMemory(scope, statement.space, get(address))),
        statement.atomic
          ? seq(
              checkAtomicType(scope, statement.element, address),
              combineElement(
                scope,
                statement.element,
                address,
                translateExpression(scope, statement.value),
                statement.value.type,
              ),
            )
          : storeElement(statement.element, get(address), translateExpression(scope, statement.value)),
      );
    }
    case 'move':
      return move(scope, statement);
    case 'set':
      return scope.writeRegister(statement.register, translateExpression(scope, statement.value));
    case 'state': {
      const at = statement.at === undefined ? undefined : translateExpression(scope, statement.at);
      const place = stateAddress(scope, statement.slot, at);
      return store('i32.store', place.address, translateExpression(scope, statement.value), place.offset);
    }
  }
}

function countedLoop(scope: Scope, index: string, count: Expression, body: readonly Statement[]): Code {
  const end = scope.builder.local('i32');
  const first = translateExpression(scope, count);
  const counter = declareLocal(scope, index, 'index');
  return seq(
    set(end, first),
    set(counter, i32(0)),
    when(
      op('i32.gt_s', get(end), i32(0)),
      loop(
        translateStatements(scope, body),
        set(counter, op('i32.add', get(counter), i32(1))),
        branchIf(0, op('i32.lt_s', get(counter), get(end))),
      ),
    ),
  );
}

const storeOps = {
  f32: 'f32.store',
  f16: 'i32.store16',
  bf16: 'i32.store16',
  s64: 'i64.store',
  s32: 'i32.store',
  u32: 'i32.store',
  s16: 'i32.store16',
  u16: 'i32.store16',
  s8: 'i32.store8',
  u8: 'i32.store8',
} as const satisfies Record<ElementType, MemoryOp>;

/** Stores a value at an address in linear memory, rounding f16 and bf16. */
export function storeElement(element: ElementType, address: Code, value: Code): Code {
  if (element === 'f16') return store(storeOps[element], address, call(internal.narrowF16, value));
  if (element === 'bf16') return store(storeOps[element], address, call(internal.narrowBf16, value));
  return store(storeOps[element], address, value);
}

/** Stores, or combines with the old element as set_atomic_* says. */
function combineElement(
  scope: Scope,
  element: ElementType,
  address: Local,
  value: Code,
  type: Expression['type'],
): Code {
  const fresh = scope.builder.local(wasmType[type]);
  const old = scope.builder.local(wasmType[type]);
  const mode = scope.builder.local('i32');
  const isMode = (code: number): Code => op('i32.eq', get(mode), i32(code));
  const numeric = wasmType[type];
  const greater = numeric === 'f32' ? op('f32.gt', get(old), get(fresh)) : op(`${numeric}.gt_s`, get(old), get(fresh));
  const less = numeric === 'f32' ? op('f32.lt', get(old), get(fresh)) : op(`${numeric}.lt_s`, get(old), get(fresh));
  return seq(
    set(fresh, value),
    set(mode, load('i32.load', get(scope.context), stateAt('atomic_op'))),
    when(
      get(mode),
      seq(
        set(old, loadElement(element, get(address))),
        when(isMode(1), set(fresh, op(`${numeric}.add`, get(old), get(fresh)))),
        when(isMode(2), set(fresh, op('select', get(old), get(fresh), greater))),
        when(isMode(3), set(fresh, op('select', get(old), get(fresh), less))),
      ),
    ),
    storeElement(element, get(address), get(fresh)),
  );
}

/** Under an atomic mode, faults unless its element type is the one that is stored. */
function checkAtomicType(scope: Scope, element: ElementType, address: Local): Code {
  const code = atomicElements.findIndex((candidate) => candidate === element);
  const differs = op('i32.ne', load('i32.load', get(scope.context), stateAt('atomic_type')), i32(code));
  return when(
    op('i32.and', op('i32.ne', load('i32.load', get(scope.context), stateAt('atomic_op')), i32(0)), differs),
    raise(scope, 'atomicType', 0, get(address)),
  );
}

/** Element types by the code that set_atomic_* leaves in `atomic_type`. */
const atomicElements = [undefined, 'f32', 'f16', 's16', 's32', 's8', 'bf16'] as const satisfies readonly (
  ElementType | undefined
)[];

function move(scope: Scope, statement: Extract<Statement, { kind: 'move' }>): Code {
  const [to, from, bytes] = scope.builder.locals('i32', 3) as [Local, Local, Local];
  const copy = copyCode(
    statement,
    inMemory(scope, statement.to.space, get(to)),
    inMemory(scope, statement.from.space, get(from)),
    get(bytes),
  );
  return seq(
    set(to, translateExpression(scope, statement.to.address)),
    set(from, translateExpression(scope, statement.from.address)),
    set(bytes, translateExpression(scope, statement.bytes)),
    when(
      op('i32.gt_s', get(bytes), i32(0)),
      seq(
        checkRange(scope, statement.to.space, get(to), get(bytes)),
        checkRange(scope, statement.from.space, get(from), get(bytes)),
        statement.atomic ? atomicMove(scope, statement, to, from, bytes, copy) : copy,
      ),
    ),
  );
}

/** A plain copy. Source and destination never overlap unless they lie in one space, where an instruction may copy onto itself. */
function copyCode(statement: Extract<Statement, { kind: 'move' }>, to: Code, from: Code, bytes: Code): Code {
  return statement.to.space === statement.from.space
    ? memoryCopy(to, from, bytes)
    : call(internal.copy, to, from, bytes);
}

/** Moves element by element under an atomic mode; without one, plainly. */
function atomicMove(
  scope: Scope,
  statement: Extract<Statement, { kind: 'move' }>,
  to: Local,
  from: Local,
  bytes: Local,
  copy: Code,
): Code {
  const [kind, target, source, end] = scope.builder.locals('i32', 4) as [Local, Local, Local, Local];
  const cases = atomicElements.flatMap((element, code) => {
    if (element === undefined) return [];
    const bytes = bytesOf(element);
    const size = i32(bytes);
    const step = seq(
      combineElement(scope, element, target, loadElement(element, get(source)), valueTypeOf(element)),
      set(target, op('i32.add', get(target), size)),
      set(source, op('i32.add', get(source), size)),
      branchIf(0, op('i32.lt_u', get(source), get(end))),
    );
    const whole = op('i32.and', get(end), i32(-bytes));
    const elements = seq(
      set(end, op('i32.add', get(source), whole)),
      when(
        op('i32.lt_u', get(source), get(end)),
        seq(checkAligned(scope, statement.to.space, get(to), bytes), loop(step)),
      ),
    );
    return [when(op('i32.eq', get(kind), i32(code)), elements)];
  });
  const active = load('i32.load', get(scope.context), stateAt('atomic_op'));
  return block(
    block(
      branchIf(0, op('i32.eqz', active)),
      set(kind, load('i32.load', get(scope.context), stateAt('atomic_type'))),
      when(op('i32.eqz', get(kind)), raise(scope, 'atomicType', 0, get(to))),
      set(target, inMemory(scope, statement.to.space, get(to))),
      set(source, inMemory(scope, statement.from.space, get(from))),
      set(end, get(bytes)),
      ...cases,
      branch(1),
    ),
    copy,
  );
}
