/**
 * Runs whole functions: tensor ops by the evaluate column, calls, structured control flow and scalars.
 *
 * Values are kept from their definition to their last use in the block that defines them. Symbolic dimensions are bound
 * by the inputs of each call.
 */
import type { Attribute } from '../core/attribute.ts';
import { isAbsent } from '../core/definition.ts';
import type { Location } from '../core/location.ts';
import type { Block, Module, Operation, Value } from '../core/operation.ts';
import type { Result } from '../support/diagnostic.ts';
import { failure, ok } from '../support/diagnostic.ts';
import { formatPieces, isTensorOp, tensorOps } from '../ops/index.ts';
import type { TensorValue } from './array.ts';
import { CONTROL_OPS } from './control.ts';
import { Frame } from './frame.ts';
import type { RuntimeValue } from './frame.ts';
import { isScalar } from './frame.ts';
import { evaluateScalar, evaluatesScalar } from './scalar.ts';
import { evaluateScalarTensor } from './scalar-tensor.ts';
import { evaluateOps } from './table.ts';

/** Why an evaluation stopped: a failed assertion, a budget, or an op that the oracle does not compute. */
export interface EvaluationFailure {
  readonly message: string;
  readonly location: Location;
}

export interface EvaluateOptions {
  /** Receives the text of ms.print. */
  readonly print?: (text: string) => void;
  /** Sees every operation with its results, for finding where two runs part. */
  readonly observe?: (op: Operation, results: readonly RuntimeValue[]) => void;
  /** Operations to run at most, over all loops and calls. */
  readonly maxOperations?: number;
}

/** The results of a function of a module for given inputs. */
export function evaluateFunction(
  module: Module,
  name: string,
  inputs: readonly RuntimeValue[],
  options: EvaluateOptions = {},
): Result<readonly RuntimeValue[], EvaluationFailure> {
  try {
    return ok(new Evaluation(module, options).call(name, inputs));
  } catch (error) {
    if (error instanceof Stop) return failure({ message: error.message, location: error.location });
    throw error;
  }
}

/** Leaves the evaluation; never seen outside. */
export class Stop extends Error {
  readonly location: Location;

  constructor(message: string, location: Location) {
    super(message);
    this.location = location;
  }
}

/** One run: the functions of the module and what is left of the budget. */
export class Evaluation {
  private readonly functions: ReadonlyMap<string, Operation>;
  private readonly options: EvaluateOptions;
  private operationsLeft: number;

  constructor(module: Module, options: EvaluateOptions) {
    this.options = options;
    this.operationsLeft = options.maxOperations ?? Infinity;
    this.functions = new Map(
      module.body.operations.filter((op) => op.name === 'func.func').map((op) => [symbolOf(op), op]),
    );
  }

  call(name: string, inputs: readonly RuntimeValue[], location: Location = null): readonly RuntimeValue[] {
    const body = this.functions.get(name.replace(/^@/, ''))?.regions[0];
    if (!body) throw new Stop(`there is no function '${name}'`, location);
    if (body.arguments.length !== inputs.length)
      throw new Stop(`'${name}' takes ${body.arguments.length} inputs, ${inputs.length} are given`, location);
    const frame = new Frame();
    for (const [index, argument] of body.arguments.entries()) {
      const problem = frame.bindDimensions(argument.type, inputs[index]);
      if (problem !== null) throw new Stop(`input ${index} of '${name}': ${problem}`, location);
    }
    return this.run(body, inputs, frame);
  }

  /** Runs a block; the results are the operands of its terminator. */
  run(block: Block, inputs: readonly RuntimeValue[], frame: Frame): readonly RuntimeValue[] {
    block.arguments.forEach((argument, index) => frame.set(argument, inputs[index]));
    const dying = frame.lastUses(block);
    for (const [index, op] of block.operations.entries()) {
      if (isTerminator(op)) return op.operands.map((operand) => frame.get(operand));
      if (--this.operationsLeft < 0) throw new Stop(`more than ${this.options.maxOperations} operations`, op.location);
      const results = this.execute(op, frame);
      this.options.observe?.(op, results);
      op.results.forEach((result, at) => frame.set(result, results[at]));
      for (const value of dying[index]) frame.delete(value);
    }
    return [];
  }

  /** The results of one operation whose operands the frame knows. */
  execute(op: Operation, frame: Frame): readonly RuntimeValue[] {
    const control = CONTROL_OPS[op.name];
    if (control) return control(this, op, frame);
    if (op.name === 'ms.vjp')
      throw new Stop("the oracle runs derivatives after the pass 'differentiate' has made them", op.location);
    const operands = op.operands.map((operand) => frame.get(operand));
    if (isTensorOp(op.name)) return this.tensorOp(op, operands, frame);
    const scalar = this.scalarOp(op, operands);
    if (scalar === null) throw new Stop(`'${op.name}' has no defined result here`, op.location);
    return [scalar];
  }

  private tensorOp(op: Operation, operands: readonly RuntimeValue[], frame: Frame): readonly RuntimeValue[] {
    if (op.name === 'ms.print') this.options.print?.(printedText(op, operands));
    else if (op.name === 'ms.assert') assertHolds(op, operands[0]);
    else
      return evaluateTensorOp(
        op,
        operands.map((operand) => tensorOperand(op, operand)),
        frame,
      );
    return [];
  }

  private scalarOp(op: Operation, operands: readonly RuntimeValue[]): RuntimeValue | null {
    if (op.name === 'arith.constant') return frameConstant(op);
    if (op.name.startsWith('tensor.')) return evaluateScalarTensor(op, operands);
    if (!evaluatesScalar(op.name) || !operands.every(isScalar)) return null;
    return evaluateScalar(op.name, operands, op.attributes, op.results[0].type);
  }
}

const TERMINATORS: ReadonlySet<string> = new Set(['func.return', 'scf.yield', 'scf.condition']);
const isTerminator = (op: Operation): boolean => TERMINATORS.has(op.name);

function symbolOf(op: Operation): string {
  const name = op.attribute('sym_name');
  return name?.kind === 'string' ? name.value : '';
}

function frameConstant(op: Operation): RuntimeValue | null {
  const value = op.attribute('value');
  if (value?.kind !== 'dense') return value ?? null;
  const cell = evaluateOps['ms.constant'];
  return isAbsent(cell) ? null : cell([], { operandTypes: [], attributes: op.attributes, resultTypes: [] })[0];
}

function tensorOperand(op: Operation, value: RuntimeValue): TensorValue {
  if (isScalar(value)) throw new Stop(`'${op.name}' got a scalar`, op.location);
  return value;
}

/** One tensor op on arrays; stated types have their symbolic dimensions filled in. */
function evaluateTensorOp(op: Operation, operands: readonly TensorValue[], frame: Frame): readonly TensorValue[] {
  if (!isTensorOp(op.name)) throw new Error(`'${op.name}' is no tensor op`);
  const cell = evaluateOps[op.name];
  if (isAbsent(cell)) throw new Stop(`the oracle does not compute '${op.name}': ${cell.absent}`, op.location);
  const states = isAbsent(tensorOps[op.name].infer);
  const resultTypes = states
    ? op.results.map((result) => frame.bound(result.type))
    : op.results.map((result) => result.type);
  return cell(operands, {
    operandTypes: op.operands.map((operand: Value) => operand.type),
    attributes: op.attributes,
    resultTypes,
  });
}

function assertHolds(op: Operation, condition: RuntimeValue): void {
  const message = op.attribute('message');
  if (!isScalar(condition) && condition.data[0]) return;
  throw new Stop(`assertion failed: ${message?.kind === 'string' ? message.value : ''}`, op.location);
}

function printedText(op: Operation, operands: readonly RuntimeValue[]): string {
  const format = op.attribute('format');
  const pieces = formatPieces(format?.kind === 'string' ? format.value : '');
  return pieces.map((piece, index) => (index === 0 ? piece : valueText(operands[index - 1]) + piece)).join('');
}

const valueText = (value: RuntimeValue): string =>
  isScalar(value) ? scalarText(value) : Array.from(value.data, String).join(' ');
const scalarText = (value: Attribute): string => ('value' in value ? String(value.value) : value.kind);
