/**
 * An instruction stream as one WebAssembly function.
 *
 * Basic blocks stand one after the other inside nested `block`s; a forward branch leaves as many of them as it skips, a
 * backward branch goes through the dispatch table at the top of one loop. Scalar registers are i64 locals, scalar
 * arithmetic and the setters of special registers are inline, every other instruction is a call of its library
 * function with the operand values; immediates are constants of the call.
 *
 * `kernel(context, entry) → i32` starts at block `entry` and returns -1 at the end of the stream, or the block to resume
 * at when a wait for another core cannot be passed yet (the registers are then in the context).
 */

import type { Expression, InstructionDefinition, OperandDefinition, Statement, ValueType } from '../../isa/index.ts';
import {
  branch,
  branchTable,
  block,
  call,
  i32,
  i64,
  load,
  loop,
  op,
  seq,
  store,
  when,
  type Code,
} from '../encode/code.ts';
import { FunctionBuilder, get, set, type FunctionBody, type FunctionImport, type Local } from '../encode/module.ts';
import { context } from '../layout.ts';
import {
  asValue,
  hasMaximum,
  isDataInstruction,
  librarySignature,
  parameterType,
  type DataInstruction,
} from '../library/function.ts';
import { translateExpression } from '../meaning/expression.ts';
import type { Scope } from '../meaning/scope.ts';
import { translateStatements } from '../meaning/statement.ts';
import {
  branchTarget,
  controlGraph,
  mayWait,
  type ControlGraph,
  type StreamInstruction,
  type StreamOperand,
} from './stream.ts';

/** Result of a kernel function that reached the end of its stream. */
export const finished = -1;

/** Backward branches after which a stream counts as endless. */
export const branchBudget = 1 << 30;

/** Functions that every kernel module imports besides the library's. */
export const hostImports = {
  /** `cross_core_set(context, message)`: signals other cores. */
  crossCoreSet: { name: 'cross_core_set', parameters: ['i32', 'i32'], results: [] },
  /** `cross_core_wait(context, flag) → 1 if the flag was there and is taken`. */
  crossCoreWait: { name: 'cross_core_wait', parameters: ['i32', 'i32'], results: ['i32'] },
  /** `endless(context, pc)`: reports a stream that ran out of its branch budget; does not return. */
  endless: { name: 'endless', parameters: ['i32', 'i32'], results: [] },
  /** `no_end(context)`: reports a stream that ran past its last word; does not return. */
  noEnd: { name: 'no_end', parameters: ['i32'], results: [] },
} as const satisfies Record<string, FunctionImport>;

/** Gives the function index of an import, adding it when it is new. */
export type ImportIndex = (item: FunctionImport) => number;

interface KernelScope extends Scope {
  readonly registers: Map<number, Local>;
  readonly importIndex: ImportIndex;
}

/** Translates a decoded stream. */
export function kernelFunction(
  name: string,
  stream: readonly StreamInstruction[],
  importIndex: ImportIndex,
): FunctionBody {
  const builder = new FunctionBuilder({ parameters: ['i32', 'i32'], results: ['i32'] });
  const [core, entry] = builder.parameters as readonly [Local, Local];
  const unbound = (what: string) => (): never => {
    throw new Error(`${what} outside an instruction`);
  };
  const scope: KernelScope = {
    builder,
    context: core,
    pc: core,
    operand: unbound('operand'),
    writeRegister: unbound('register'),
    spaces: new Map(),
    locals: new Map(),
    registers: new Map(),
    importIndex,
  };
  // All registers are known before the first wait saves them.
  for (const item of stream)
    for (const operand of item.operands) if (operand.isRegister) registerLocal(scope, operand.word & 63);
  const budget = builder.local('i32');
  const graph = controlGraph(stream);
  const bodies = graph.blocks.map((_, index) => blockCode(scope, graph, index, entry, budget));
  const count = graph.blocks.length;
  const table = branchTable(
    get(entry),
    Array.from({ length: count }, (_, index) => index),
    count - 1,
  );
  let nested: Code = table;
  for (const body of bodies) nested = seq(block(nested), body);
  const end = seq(call(importIndex(hostImports.noEnd), get(core)), op('unreachable'));
  const code = seq(loadRegisters(scope), set(budget, i32(branchBudget)), loop(nested, end), op('unreachable'));
  return builder.finish(name, code);
}

const registerLocal = (scope: KernelScope, number: number): Local => {
  const known = scope.registers.get(number);
  if (known !== undefined) return known;
  const fresh = scope.builder.local('i64');
  scope.registers.set(number, fresh);
  return fresh;
};

const loadRegisters = (scope: KernelScope): Code =>
  seq(
    ...[...scope.registers].map(([number, local]) =>
      set(local, load('i64.load', get(scope.context), context.registers + number * 8)),
    ),
  );

const saveRegisters = (scope: KernelScope): Code =>
  seq(
    ...[...scope.registers].map(([number, local]) =>
      store('i64.store', get(scope.context), get(local), context.registers + number * 8),
    ),
  );

function blockCode(scope: KernelScope, graph: ControlGraph, index: number, entry: Local, budget: Local): Code {
  const items = graph.blocks[index]?.instructions ?? [];
  const jumpTo = (target: number, extraDepth: number): Code => {
    if (target > index) return branch(target - index - 1 + extraDepth);
    const last = items.at(-1)?.pc ?? 0;
    const spent = set(budget, op('i32.sub', get(budget), i32(1)));
    const check = when(
      op('i32.eqz', get(budget)),
      call(scope.importIndex(hostImports.endless), get(scope.context), i32(last)),
    );
    return seq(spent, check, set(entry, i32(target)), branch(graph.blocks.length - 1 - index + extraDepth));
  };
  return seq(...items.map((item) => instructionCode(scope, graph, item, jumpTo, index)));
}

type Jump = (target: number, extraDepth: number) => Code;

function instructionCode(
  scope: KernelScope,
  graph: ControlGraph,
  item: StreamInstruction,
  jumpTo: Jump,
  blockIndex: number,
): Code {
  const { definition } = item;
  const { meaning } = definition;
  if (meaning.kind === 'control') {
    if (meaning.what === 'end') return seq(i32(finished), op('return'));
    const target = graph.blockAt.get(branchTarget(item) ?? -1);
    if (target === undefined) throw new Error(`the branch at word ${item.pc} has no target`);
    if (meaning.condition === undefined) return jumpTo(target, 0);
    return when(translateExpression(operandScope(scope, item), meaning.condition), jumpTo(target, 1));
  }
  if (meaning.kind === 'synchronization') return synchronization(scope, item, blockIndex);
  if (isInline(definition) && meaning.kind === 'body')
    return translateStatements(operandScope(scope, item), meaning.statements);
  if (!isDataInstruction(definition)) throw new Error(`${definition.mnemonic} has no library function`);
  return libraryCall(scope, item, definition);
}

function synchronization(scope: KernelScope, item: StreamInstruction, blockIndex: number): Code {
  const { meaning } = item.definition;
  if (meaning.kind !== 'synchronization') return [];
  const argument = (name: string): Code => operandScope(scope, item).operand(name, 'i32');
  if (meaning.what === 'cross_core_set')
    return call(scope.importIndex(hostImports.crossCoreSet), get(scope.context), argument('message'));
  if (!mayWait(item.definition)) return [];
  const passed = call(scope.importIndex(hostImports.crossCoreWait), get(scope.context), argument('flag_id'));
  return when(op('i32.eqz', passed), seq(saveRegisters(scope), i32(blockIndex), op('return')));
}

/** Operands of one instruction: registers are locals, immediates constants. */
function operandScope(scope: KernelScope, item: StreamInstruction): Scope {
  const find = (name: string): { definition: OperandDefinition; operand: StreamOperand } => {
    const index = item.definition.operands.findIndex((operand) => operand.name === name);
    const definition = item.definition.operands[index];
    const operand = item.operands[index];
    if (definition === undefined || operand === undefined)
      throw new Error(`${item.definition.mnemonic} has no operand '${name}'`);
    return { definition, operand };
  };
  return {
    ...scope,
    operand: (name: string, type: ValueType) => {
      const { definition, operand } = find(name);
      return asValue(
        operandBits(scope, definition, operand),
        operand.isRegister ? 'i64' : parameterType(definition) === 'i64' ? 'i64' : 'i32',
        type,
      );
    },
    writeRegister: (name, value) => set(registerLocal(scope, find(name).operand.word & 63), value),
  };
}

/** A register as i64, or an immediate as i64 (sources) or i32. */
function operandBits(scope: KernelScope, definition: OperandDefinition, operand: StreamOperand): Code {
  if (operand.isRegister) return get(registerLocal(scope, operand.word & 63));
  return parameterType(definition) === 'i64' ? i64(BigInt(operand.word | 0)) : i32(operand.word);
}

function libraryCall(scope: KernelScope, item: StreamInstruction, definition: DataInstruction): Code {
  const index = scope.importIndex({ name: definition.mnemonic, ...librarySignature(definition) });
  const operands: Code[] = [];
  const results: Code[] = [];
  for (const [position, operandDefinition] of definition.operands.entries()) {
    const operand = item.operands[position];
    if (operand === undefined) continue;
    if (operandDefinition.kind === 'destination') {
      // Results come off the stack last first.
      results.unshift(set(registerLocal(scope, operand.word & 63), []));
      continue;
    }
    const bits = operandBits(scope, operandDefinition, operand);
    const narrow = operand.isRegister && parameterType(operandDefinition) === 'i32';
    operands.push(narrow ? op('i32.wrap_i64', bits) : bits);
  }
  return seq(call(index, get(scope.context), i32(item.pc), ...operands), ...results);
}

/** Scalar arithmetic and setters: no memory access, no loop and no operand that can fault, so that they are worth no call. */
function isInline(definition: InstructionDefinition): boolean {
  if (definition.pipe !== 'S' || definition.meaning.kind !== 'body') return false;
  return definition.meaning.statements.every(isSimple) && !definition.operands.some(hasMaximum);
}

const isSimple = (statement: Statement): boolean =>
  (statement.kind === 'set' || statement.kind === 'state') && !readsMemory(statement.value);

function readsMemory(expression: Expression): boolean {
  switch (expression.kind) {
    case 'load':
      return true;
    case 'unary':
      return readsMemory(expression.value);
    case 'binary':
      return readsMemory(expression.left) || readsMemory(expression.right);
    case 'select':
      return readsMemory(expression.condition) || readsMemory(expression.then) || readsMemory(expression.else);
    default:
      return false;
  }
}
