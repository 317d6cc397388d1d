/** What one call of a function knows: its values and the extents of its symbolic dimensions. */
import type { Attribute } from '../core/attribute.ts';
import type { Block, Value } from '../core/operation.ts';
import type { Operation } from '../core/operation.ts';
import { walk } from '../core/operation.ts';
import type { Dimension, Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import type { TensorValue } from './array.ts';

/** A tensor, or a scalar as its attribute. */
export type RuntimeValue = TensorValue | Attribute;

export const isScalar = (value: RuntimeValue): value is Attribute => 'kind' in value;

export class Frame {
  private readonly values = new Map<Value, RuntimeValue>();
  private readonly extents = new Map<string, number>();
  private readonly plans = new Map<Block, readonly (readonly Value[])[]>();

  get(value: Value): RuntimeValue {
    const known = this.values.get(value);
    if (known === undefined)
      throw new Error(`value '${value.name}' of type ${value.type.key} is used before it is made`);
    return known;
  }

  set(value: Value, known: RuntimeValue): void {
    this.values.set(value, known);
  }

  delete(value: Value): void {
    this.values.delete(value);
  }

  /** Learns the extents that an input gives to the names in its type; says what does not fit. */
  bindDimensions(type: Type, input: RuntimeValue): string | null {
    if (type.kind !== 'tensor' || isScalar(input)) return null;
    if (type.dtype !== input.dtype || type.shape.length !== input.shape.length) return misfit(type, input);
    for (const [axis, extent] of type.shape.entries()) {
      const expected = typeof extent === 'number' ? extent : (this.extents.get(extent) ?? input.shape[axis]);
      if (expected !== input.shape[axis]) return misfit(type, input);
      if (typeof extent === 'string') this.extents.set(extent, expected);
    }
    return null;
  }

  /** A type with its names replaced by extents. */
  bound(type: Type): Type {
    if (type.kind !== 'tensor') return type;
    return tensorType(
      type.shape.map((extent) => this.extentOf(extent)),
      type.dtype,
    );
  }

  private extentOf(extent: Dimension): Dimension {
    return typeof extent === 'number' ? extent : (this.extents.get(extent) ?? extent);
  }

  /** For each operation of a block, the values of this block that nobody reads behind it. */
  lastUses(block: Block): readonly (readonly Value[])[] {
    const known = this.plans.get(block);
    if (known) return known;
    const plan = lastUses(block);
    this.plans.set(block, plan);
    return plan;
  }
}

const misfit = (type: Type, input: TensorValue): string =>
  `expected ${type.key}, got ${tensorType(input.shape, input.dtype).key}`;

function lastUses(block: Block): readonly (readonly Value[])[] {
  const own = new Set<Value>([...block.arguments, ...block.operations.flatMap((op) => op.results)]);
  const dying: Value[][] = block.operations.map(() => []);
  for (let index = block.operations.length - 1; index >= 0; index--) {
    for (const value of readBy(block.operations[index])) if (own.delete(value)) dying[index].push(value);
  }
  return dying;
}

/** Operands of an operation and of everything inside it. */
function readBy(op: Operation): readonly Value[] {
  const read = [...op.operands];
  for (const region of op.regions) walk(region, (inner) => read.push(...inner.operands));
  return read;
}
