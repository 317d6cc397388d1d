/** Builds an ONNX graph node by node: unused names are made up, constants are shared. */
import { tensorFromBytes, type FileTensor } from './tensor.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxValue } from './onnx.ts';

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
  readonly #integers = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #name: string;

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

  /** A constant i64 vector (shapes, axes, pads), or a scalar for a lone number; equal ones are shared. */
  integers(values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = typeof values === 'number' ? [] : [list.length];
    const key = JSON.stringify(values);
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const bytes = new Uint8Array(BigInt64Array.from(list, BigInt).buffer);
    const name = this.constant(`i64_${list.join('_')}`, tensorFromBytes('i64', shape, bytes));
    this.#integers.set(key, name);
    return name;
  }

  /** A constant f32 scalar. */
  scalar(value: number): string {
    return this.constant('f32_scalar', tensorFromBytes('f32', [], new Uint8Array(Float32Array.of(value).buffer)));
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
    const outputs = results.map((result) => this.#free(result));
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
