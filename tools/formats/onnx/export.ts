/**
 * Networks as ONNX models: `@main` of a module in stage @graph, calls written out, one rule for each tensor op.
 * All ops that ONNX cannot say are reported at once, each with its place in the user's file.
 */
import {
  Block,
  Builder,
  cellOf,
  failure,
  isAbsent,
  ok,
  viewOf,
  type Location,
  type Module,
  type Operation,
  type Result,
  type Type,
  type Value,
} from '../../../compiler/ir/index.ts';
import { Emitter, isTensorOp, tensor, tensorOps, tensorOpTable } from '../../../compiler/ir/ops/index.ts';
import { attempt } from '../fault.ts';
import type { FileTensor } from '../tensor.ts';
import { OnnxGraphBuilder } from './builder.ts';
import type { OnnxModel } from './model.ts';
import { onnxRules } from './table.ts';

/** Why an op is not in the model. */
export interface OnnxProblem {
  readonly op: string;
  readonly message: string;
  readonly location: Location;
}

export interface OnnxExport {
  /** The value of a parameter by its name; null makes it an input of the model. */
  readonly parameter: (name: string, type: Type) => FileTensor | null;
  readonly producerVersion: string;
  /** The function to export; `main` when it is not given. */
  readonly entry?: string;
}

/** Gelu came with 20, axes of reductions as inputs with 18. */
const opset = 20;

/** Exports a module's entry function; outputs are `out0`, `out1`, …, inputs have the names of its arguments. */
export function exportOnnx(module: Module, options: OnnxExport): Result<OnnxModel, readonly OnnxProblem[]> {
  const functions = new Map(module.body.operations.map((op) => [symbolOf(op), op]));
  const entry = functions.get(options.entry ?? 'main');
  if (!entry)
    return failure([
      { op: 'builtin.module', message: `there is no function '@${options.entry ?? 'main'}'`, location: null },
    ]);
  const writer = new Writer(new OnnxGraphBuilder(module.name || 'main'), functions);
  const outputs = writer.function(entry, declareArguments(entry, writer.graph, options));
  if (writer.problems.length > 0) return failure(writer.problems);
  outputs.forEach((name, index) => {
    const { dtype, shape } = tensor(returned(entry)[index].type);
    writer.graph.output({ name: writer.graph.node('Identity', [name], {}, `out${index}`), dtype, shape });
  });
  const graph = writer.graph.finish();
  return ok({ graph, opsets: { '': opset }, producer: 'msc', producerVersion: options.producerVersion });
}

/** Parameters become constants under their own names, everything else an input. */
function declareArguments(entry: Operation, graph: OnnxGraphBuilder, options: OnnxExport): readonly string[] {
  const list = entry.attributes.get('arg_attrs');
  return entry.regions[0].arguments.map((argument, index) => {
    const entries = list?.kind === 'array' ? list.elements[index] : undefined;
    const parameter = entries?.kind === 'dictionary' ? entries.entries.get('ms.param') : undefined;
    const value = parameter?.kind === 'string' ? options.parameter(parameter.value, argument.type) : null;
    const name = parameter?.kind === 'string' ? parameter.value : argument.name || `input${index}`;
    if (value) return graph.constant(name, value);
    const { dtype, shape } = tensor(argument.type);
    return graph.input({ name, dtype, shape });
  });
}

/** Names of the values of one function body. */
type Names = Map<Value, string>;

class Writer {
  readonly graph: OnnxGraphBuilder;
  readonly problems: OnnxProblem[] = [];
  readonly #functions: ReadonlyMap<string, Operation>;

  constructor(graph: OnnxGraphBuilder, functions: ReadonlyMap<string, Operation>) {
    this.graph = graph;
    this.#functions = functions;
  }

  /** Writes the body of a function for the given arguments; gives the names of what it returns. */
  function(func: Operation, inputs: readonly string[]): readonly string[] {
    const names: Names = new Map(func.regions[0].arguments.map((argument, index) => [argument, inputs[index]]));
    for (const op of func.regions[0].operations) this.#operation(op, names);
    return returned(func).map((value) => names.get(value) ?? '');
  }

  #operation(op: Operation, names: Names): void {
    if (op.name === 'func.return') return;
    const inputs = op.operands.map((operand) => names.get(operand) ?? '');
    const outputs = op.name === 'func.call' ? this.#call(op, inputs) : this.#tensorOp(op, inputs);
    op.results.forEach((result, index) => names.set(result, outputs[index] ?? ''));
  }

  #call(op: Operation, inputs: readonly string[]): readonly string[] {
    const callee = op.attributes.get('callee');
    const func = callee?.kind === 'symbol' ? this.#functions.get(callee.name) : undefined;
    return func ? this.function(func, inputs) : this.#problem(op, 'its function is not in the module');
  }

  #tensorOp(op: Operation, inputs: readonly string[]): readonly string[] {
    if (!isTensorOp(op.name)) return this.#problem(op, 'has no form in ONNX');
    const rule = onnxRules[op.name];
    if (isAbsent(rule)) return this.#problem(op, rule.absent);
    if (rule === 'decompose') return this.#decomposed(op, inputs);
    const path = cellOf(op.location)?.path ?? '';
    const outputs = attempt(() => this.graph.within(path, () => rule(this.graph, inputs, viewOf(op))));
    return outputs.ok ? outputs.value : this.#problem(op, outputs.error.message);
  }

  /** The op in terms of other rows, written on stand-ins so that the module keeps its use counts. */
  #decomposed(op: Operation, inputs: readonly string[]): readonly string[] {
    const decompose = isTensorOp(op.name) ? tensorOps[op.name].decompose : null;
    if (decompose === null || isAbsent(decompose))
      throw new Error(`the ONNX rule of '${op.name}' leans on a decomposition that is absent`);
    const standIns = new Block(op.operands.map((operand) => operand.type));
    const builder = new Builder(standIns, tensorOpTable);
    builder.location = op.location;
    const results = decompose(new Emitter(builder, tensorOpTable), standIns.arguments, viewOf(op));
    const names: Names = new Map(standIns.arguments.map((argument, index) => [argument, inputs[index]]));
    for (const part of standIns.operations) this.#operation(part, names);
    return results.map((result) => names.get(result) ?? '');
  }

  #problem(op: Operation, message: string): readonly string[] {
    this.problems.push({ op: op.name, message, location: op.location });
    return [];
  }
}

function symbolOf(op: Operation): string {
  const name = op.attributes.get('sym_name');
  return name?.kind === 'string' ? name.value : '';
}

function returned(func: Operation): readonly Value[] {
  return func.regions[0].operations.at(-1)?.operands ?? [];
}
