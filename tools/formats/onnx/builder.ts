/** Builds an ONNX graph node by node: unused names are made up, constants are shared. */
import { elementArray } from '../../../compiler/ir/index.ts';
import { storeNumber } from '../../../compiler/ir/ops/index.ts';
import type { TensorDtype } from '../../../runtime/program/index.ts';
import type { FileTensor } from '../tensor.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxValue } from './model.ts';

/** Attribute values as one writes them; `float(1)` where a whole number means a float. */
export type OnnxArgument = OnnxAttribute | number | string | readonly number[];

/** Marks a number as float attribute. */
export function float(value: number): OnnxAttribute {
  return { kind: 'float', value };
}

/** A graph under construction; `finish` gives it as plain data. */
export class OnnxGraphBuilder {
  readonly #nodes: OnnxNode[] = [];
  readonly #inputs: OnnxValue[] = [];
  readonly #outputs: OnnxValue[] = [];
  readonly #initializers = new Map<string, FileTensor>();
  readonly #literals = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #name: string;
  #scope = '';

  constructor(name: string) {
    this.#name = name;
  }

  /** Declares an input of the graph; returns its name. */
  input(value: OnnxValue): string {
    this.#taken.add(value.name);
    this.#inputs.push(value);
    return value.name;
  }

  /** Declares an output: the value `name` must be made by a node, an input or a constant. */
  output(value: OnnxValue): void {
    this.#outputs.push(value);
  }

  /** Adds a named constant, such as a weight; returns its name, changed when it is taken. */
  constant(name: string, tensor: FileTensor): string {
    const free = this.#free(name);
    this.#initializers.set(free, tensor);
    return free;
  }

  /** A small constant given by its numbers; equal ones are shared. */
  literal(dtype: TensorDtype, shape: readonly number[], values: readonly number[]): string {
    const key = `${dtype}:${shape.join('x')}:${values.join()}`;
    const known = this.#literals.get(key);
    if (known !== undefined) return known;
    const data = elementArray(dtype, values.length);
    for (const [index, value] of values.entries()) storeNumber(dtype, data, index, value);
    const name = this.constant(`${dtype}_${values.slice(0, 4).join('_')}`, { dtype, shape, data });
    this.#literals.set(key, name);
    return name;
  }

  /** A constant i64 vector (shapes, axes, pads). */
  integers(values: readonly number[]): string {
    return this.literal('i64', [values.length], values);
  }

  /** Names of the nodes that `write` adds, and of their results, begin with this path; viewers nest nodes by it. */
  within<Written>(path: string, write: () => Written): Written {
    const outer = this.#scope;
    this.#scope = path === '' ? '' : `${path}/`;
    try {
      return write();
    } finally {
      this.#scope = outer;
    }
  }

  /** Adds a node with one result; returns the result's name. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxArgument>> = {},
    result = opType,
  ): string {
    return this.nodes(opType, inputs, [result], attributes)[0];
  }

  /** Adds a node with named results (names are changed when taken); returns their names. */
  nodes(
    opType: string,
    inputs: readonly string[],
    results: readonly string[],
    attributes: Readonly<Record<string, OnnxArgument>> = {},
  ): readonly string[] {
    const outputs = results.map((result) => this.#free(this.#scope + result));
    const typed = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)]));
    this.#nodes.push({ opType, inputs, outputs, attributes: typed, name: outputs[0] });
    return outputs;
  }

  finish(): OnnxGraph {
    return {
      name: this.#name,
      inputs: this.#inputs,
      outputs: this.#outputs,
      initializers: this.#initializers,
      nodes: this.#nodes,
    };
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let suffix = 1; this.#taken.has(name); suffix++) name = `${wanted}_${suffix}`;
    this.#taken.add(name);
    return name;
  }
}

function attributeOf(value: OnnxArgument): OnnxAttribute {
  if (typeof value === 'string') return { kind: 'string', value };
  if (typeof value === 'number') return Number.isInteger(value) ? { kind: 'int', value } : float(value);
  if (isList(value)) return { kind: 'ints', value };
  return value;
}

/** Array.isArray does not narrow a readonly array. */
function isList(value: OnnxAttribute | readonly number[]): value is readonly number[] {
  return Array.isArray(value);
}
