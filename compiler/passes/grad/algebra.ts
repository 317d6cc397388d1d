/** Arithmetic on values, as gradients are written down: `algebra.mul(dy, algebra.sub(1, algebra.square(y)))`. */
import type { Dimension, TensorType, Value } from '../../ir/index.ts';
import { boolAttribute, integersAttribute, tensorType } from '../../ir/index.ts';
import type { Emitter } from '../../ir/ops/index.ts';
import { tensor } from '../../ir/ops/index.ts';

/** A value, or a number that takes the dtype of the other operand. */
export type Term = Value | number;

const typeOf = (value: Value): TensorType => tensor(value.type);

export class Algebra {
  readonly emit: Emitter;

  constructor(emit: Emitter) {
    this.emit = emit;
  }

  add(left: Term, right: Term): Value {
    return this.binary('ms.add', left, right);
  }

  sub(left: Term, right: Term): Value {
    return this.binary('ms.sub', left, right);
  }

  mul(left: Term, right: Term): Value {
    return this.binary('ms.mul', left, right);
  }

  div(left: Term, right: Term): Value {
    return this.binary('ms.div', left, right);
  }

  /** A binary op by name, comparisons included. */
  binary(name: string, left: Term, right: Term): Value {
    const like = typeof left === 'number' ? right : left;
    if (typeof like === 'number') throw new Error(`'${name}' of two numbers`);
    const valueOf = (term: Term): Value =>
      typeof term === 'number' ? this.emit.scalar(term, typeOf(like).dtype) : term;
    return this.emit.op(name, [valueOf(left), valueOf(right)]);
  }

  /** A unary op by name. */
  unary(name: string, x: Value): Value {
    return this.emit.op(name, [x]);
  }

  neg(x: Value): Value {
    return this.unary('ms.neg', x);
  }

  square(x: Value): Value {
    return this.unary('ms.square', x);
  }

  select(condition: Value, onTrue: Term, onFalse: Term): Value {
    const like = typeof onTrue === 'number' ? onFalse : onTrue;
    if (typeof like === 'number') throw new Error('select of two numbers');
    const [left, right] = [onTrue, onFalse].map((term) =>
      typeof term === 'number' ? this.emit.scalar(term, typeOf(like).dtype) : term,
    );
    return this.emit.op('ms.select', [condition, left, right]);
  }

  both(left: Value, right: Value): Value {
    return this.emit.op('ms.logical_and', [left, right]);
  }

  sum(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.reduce('ms.reduce_sum', x, axes, keepDims);
  }

  mean(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.reduce('ms.reduce_mean', x, axes, keepDims);
  }

  private reduce(name: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
    if (axes.length === 0) return x;
    return this.emit.op(name, [x], { axes: integersAttribute(axes), keep_dims: boolAttribute(keepDims) });
  }

  reshape(x: Value, shape: readonly Dimension[]): Value {
    const { dtype, shape: from } = typeOf(x);
    return sameShape(from, shape) ? x : this.emit.stated('ms.reshape', [x], tensorType(shape, dtype));
  }

  broadcast(x: Value, shape: readonly Dimension[]): Value {
    const { dtype, shape: from } = typeOf(x);
    return sameShape(from, shape) ? x : this.emit.stated('ms.broadcast_to', [x], tensorType(shape, dtype));
  }

  transpose(x: Value, permutation: readonly number[]): Value {
    return this.emit.op('ms.transpose', [x], { permutation: integersAttribute(permutation) });
  }

  cast(x: Value, like: Value): Value {
    return this.emit.stated('ms.cast', [x], tensorType(typeOf(x).shape, typeOf(like).dtype));
  }

  zeros(like: Value): Value {
    return this.emit.zeros(typeOf(like));
  }

  /** Sums over what broadcasting to the shape of x repeated: the gradient of a broadcast. */
  unbroadcast(x: Value, shape: readonly Dimension[]): Value {
    const from = typeOf(x).shape;
    if (sameShape(from, shape)) return x;
    const leading = from.length - shape.length;
    const axes = from.flatMap((extent, axis) =>
      axis < leading || (shape[axis - leading] === 1 && extent !== 1) ? [axis] : [],
    );
    if (leading === 0) return this.sum(x, axes, true);
    return this.reshape(this.sum(x, axes), shape);
  }
}

const sameShape = (left: readonly Dimension[], right: readonly Dimension[]): boolean =>
  left.length === right.length && left.every((extent, axis) => extent === right[axis]);

/** `begin, begin + 1, …` below end. */
export const range = (begin: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - begin) }, (_, index) => begin + index);
