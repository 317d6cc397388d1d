/** Writes modules of the @graph stage, op by op, with result shapes where they follow from the operands. */

export type Shape = readonly number[];

/** A value of the text. */
export interface Term {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: string;
}

/** How a window moves; pads are top, bottom, left, right. */
export interface Window {
  readonly strides?: readonly [number, number];
  readonly pads?: readonly [number, number, number, number];
  readonly dilations?: readonly [number, number];
  readonly group?: number;
}

export const typeText = (shape: Shape, dtype: string): string => `tensor<${[...shape, dtype].join('x')}>`;

/** `name = array<i64: …>` */
export const list = (name: string, values: readonly number[]): string =>
  `${name} = array<i64${values.length > 0 ? ': ' : ''}${values.join(', ')}>`;

export function windowText({ strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1] }: Window): string {
  return [list('strides', strides), list('pads', pads), list('dilations', dilations)].join(', ');
}

/** The shape that two broadcast to. */
function joined(left: Shape, right: Shape): Shape {
  const rank = Math.max(left.length, right.length);
  const padded = [left, right].map((shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
  return padded[0].map((extent, axis) => Math.max(extent, padded[1][axis]));
}

export class GraphText {
  private readonly inputs: Term[] = [];
  private readonly lines: string[] = [];

  input(shape: Shape, dtype = 'f32'): Term {
    const term = { name: `%x${this.inputs.length}`, shape, dtype };
    this.inputs.push(term);
    return term;
  }

  op(name: string, operands: readonly Term[], shape: Shape, attributes = '', dtype = operands[0]?.dtype): Term {
    const term = { name: `%v${this.lines.length}`, shape, dtype };
    const names = operands.map((operand) => operand.name).join(', ');
    const types = operands.map((operand) => typeText(operand.shape, operand.dtype)).join(', ');
    this.lines.push(`${term.name} = "ms.${name}"(${names}) {${attributes}} : (${types}) -> ${typeText(shape, dtype)}`);
    return term;
  }

  /** A constant with one value. */
  splat(value: number, shape: Shape = [], dtype = 'f32'): Term {
    const text = dtype.startsWith('f') ? value.toExponential().replace(/^(-?\d)e/, '$1.0e') : String(value);
    return this.op('constant', [], shape, `value = dense<${text}> : ${typeText(shape, dtype)}`, dtype);
  }

  unary(name: string, x: Term, attributes = '', dtype = x.dtype): Term {
    return this.op(name, [x], x.shape, attributes, dtype);
  }

  binary(name: string, left: Term, right: Term): Term {
    const compares = /^(equal|not_equal|less|greater)/.test(name);
    return this.op(name, [left, right], joined(left.shape, right.shape), '', compares ? 'i1' : left.dtype);
  }

  select(condition: Term, onTrue: Term, onFalse: Term): Term {
    return this.op('select', [condition, onTrue, onFalse], joined(onTrue.shape, onFalse.shape), '', onTrue.dtype);
  }

  reduce(name: string, x: Term, axes: readonly number[], keep = false): Term {
    const kept = x.shape.flatMap((extent, axis) => (!axes.includes(axis) ? [extent] : keep ? [1] : []));
    return this.op(`reduce_${name}`, [x], kept, `${list('axes', axes)}, keep_dims = ${keep}`);
  }

  reshape(x: Term, shape: Shape): Term {
    return this.op('reshape', [x], shape);
  }

  transpose(x: Term, permutation: readonly number[]): Term {
    const shape = permutation.map((axis) => x.shape[axis]);
    return this.op('transpose', [x], shape, list('permutation', permutation));
  }

  product(a: Term, b: Term, transposeA = false, transposeB = false): Term {
    const rank = a.shape.length;
    const rows = a.shape[transposeA ? rank - 1 : rank - 2];
    const columns = b.shape[transposeB ? rank - 2 : rank - 1];
    const attributes = `transpose_a = ${transposeA}, transpose_b = ${transposeB}`;
    return this.op(rank > 2 ? 'batch_matmul' : 'matmul', [a, b], [...a.shape.slice(0, -2), rows, columns], attributes);
  }

  convolution(x: Term, weight: Term, window: Window = {}): Term {
    const { strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1], group = 1 } = window;
    const extent = (axis: 0 | 1): number => {
      const reach = dilations[axis] * (weight.shape[2 + axis] - 1) + 1;
      return Math.floor((x.shape[2 + axis] + pads[2 * axis] + pads[2 * axis + 1] - reach) / strides[axis]) + 1;
    };
    const shape = [x.shape[0], weight.shape[0], extent(0), extent(1)];
    return this.op('conv2d', [x, weight], shape, `${windowText(window)}, group = ${group}`);
  }

  /** The input gradient of a convolution, as a transposed convolution with the shape of the input. */
  inputGradient(gradient: Term, weight: Term, shape: Shape, window: Window = {}): Term {
    const { strides = [1, 1], pads = [0, 0, 0, 0], dilations = [1, 1], group = 1 } = window;
    const missing = ([0, 1] as const).map((axis) => {
      const reach = dilations[axis] * (weight.shape[2 + axis] - 1) + 1;
      const full = (gradient.shape[2 + axis] - 1) * strides[axis] + reach;
      return shape[2 + axis] - (full - pads[2 * axis] - pads[2 * axis + 1]);
    });
    const attributes = `${windowText(window)}, group = ${group}, ${list('output_pads', missing)}`;
    return this.op('conv2d_transpose', [gradient, weight], shape, attributes);
  }

  module(results: readonly Term[]): string {
    const types = results.map(({ shape, dtype }) => typeText(shape, dtype)).join(', ');
    const inputs = this.inputs.map(({ name, shape, dtype }) => `${name}: ${typeText(shape, dtype)}`).join(', ');
    const names = results.map(({ name }) => name).join(', ');
    return `func.func @main(${inputs}) -> (${types}) {\n${this.lines.join('\n')}\nfunc.return ${names} : ${types}\n}\n`;
  }
}
