/** One library function: the meaning of one instruction, with its operands as parameters. */

import type { Body, InstructionDefinition, Lanes, OperandDefinition, Reduction, ValueType } from '../../isa/index.ts';
import { i32, op, seq, when, type Code, type ValueType as WasmType } from '../encode/code.ts';
import { FunctionBuilder, get, set, type FunctionBody, type Local } from '../encode/module.ts';
import { translateLanes } from '../meaning/lanes.ts';
import { translateReduction } from '../meaning/reduction.ts';
import { checkAligned, loadSpaces, raise, type Scope } from '../meaning/scope.ts';
import { translateStatements } from '../meaning/statement.ts';

/** An instruction that works on data, so that it has a library function. */
export interface DataInstruction extends InstructionDefinition {
  readonly meaning: Lanes | Reduction | Body;
}

/** Whether an instruction works on data; the others are control flow and synchronization. */
export const isDataInstruction = (definition: InstructionDefinition): definition is DataInstruction =>
  definition.meaning.kind === 'lanes' || definition.meaning.kind === 'reduction' || definition.meaning.kind === 'body';

/** How an operand is passed: 64-bit sources as i64, all else as 32 bits. Destinations are results. */
export const parameterType = (operand: OperandDefinition): WasmType => (operand.kind === 'source' ? 'i64' : 'i32');

const isParameter = (operand: OperandDefinition): boolean => operand.kind !== 'destination';

/** Signature of a library function: context, pc, operands; one i64 result for each destination. */
export const librarySignature = (
  definition: InstructionDefinition,
): { parameters: readonly WasmType[]; results: readonly WasmType[] } => ({
  parameters: ['i32', 'i32', ...definition.operands.filter(isParameter).map(parameterType)],
  results: definition.operands.filter((operand) => !isParameter(operand)).map(() => 'i64' as const),
});

/** Reads a value that was passed as 64 or 32 bits as the type that the meaning wants. */
export function asValue(bits: Code, passed: 'i32' | 'i64', wanted: ValueType): Code {
  if (wanted === 'i64') return passed === 'i64' ? bits : op('i64.extend_i32_u', bits);
  const low = passed === 'i64' ? op('i32.wrap_i64', bits) : bits;
  return wanted === 'f32' ? op('f32.reinterpret_i32', low) : low;
}

/** The scope of a library function: operands are its parameters, destinations its results. */
export function libraryScope(definition: InstructionDefinition): { scope: Scope; results: readonly Local[] } {
  const builder = new FunctionBuilder(librarySignature(definition));
  const passed = definition.operands.filter(isParameter);
  const [contextLocal, pc] = builder.parameters as readonly [Local, Local];
  const places = new Map(passed.map((operand, index) => [operand.name, builder.parameters[index + 2] as Local])); // one parameter per operand
  const destinations = new Map(
    definition.operands
      .filter((operand) => !isParameter(operand))
      .map((operand) => [operand.name, builder.local('i64')]),
  );
  const scope: Scope = {
    builder,
    context: contextLocal,
    pc,
    operand: (name, type) => {
      const place = places.get(name);
      if (place === undefined)
        throw new Error(`the meaning of ${definition.mnemonic} reads the unknown operand '${name}'`);
      return asValue(get(place), place.type === 'i64' ? 'i64' : 'i32', type);
    },
    writeRegister: (name, value) => {
      const place = destinations.get(name);
      if (place === undefined)
        throw new Error(`the meaning of ${definition.mnemonic} writes the unknown register '${name}'`);
      return set(place, value);
    },
    spaces: new Map(),
    locals: new Map(),
  };
  return { scope, results: [...destinations.values()] };
}

/** Code that may finish the instruction early (and return), for the forms that it covers. */
export type TunedForm = (scope: Scope, definition: DataInstruction) => Code;

/** The library function of an instruction. A tuned form runs first; what it does not cover falls through to the meaning. */
export function libraryFunction(definition: DataInstruction, tuned?: TunedForm): FunctionBody {
  const { scope, results } = libraryScope(definition);
  const code = seq(
    checkOperands(scope, definition),
    tuned?.(scope, definition) ?? [],
    translateMeaning(scope, definition),
    ...results.map(get),
  );
  return scope.builder.finish(definition.mnemonic, seq(loadSpaces(scope), code));
}

/** Faults on addresses off their alignment and integers over their maximum. */
function checkOperands(scope: Scope, definition: DataInstruction): Code {
  const checks = definition.operands.map((operand, position) => {
    if (operand.kind === 'address' && definition.timing !== 'scalar.memory')
      return checkAligned(scope, operand.space, scope.operand(operand.name, 'index'), operand.alignment);
    if (operand.kind !== 'integer' || !hasMaximum(operand)) return [];
    const value = scope.operand(operand.name, 'index');
    return when(op('i32.gt_u', value, i32(operand.maximum)), raise(scope, 'tooLarge', position, value));
  });
  return seq(...checks);
}

/** Whether an operand has values that fault. */
export const hasMaximum = (operand: OperandDefinition): boolean =>
  operand.kind === 'integer' && !operand.signed && operand.maximum < 0xffff_ffff;

function translateMeaning(scope: Scope, definition: DataInstruction): Code {
  const { meaning } = definition;
  if (meaning.kind === 'lanes') return translateLanes(scope, definition, meaning);
  return meaning.kind === 'reduction'
    ? translateReduction(scope, definition, meaning)
    : translateStatements(scope, meaning.statements);
}
