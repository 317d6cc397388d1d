/** Writes tensor ops one after another; what decompositions and rewrite rules use to say their replacement. */
import type { Attribute, AttributeMap } from '../core/attribute.ts';
import { denseAttribute, elementArray, NO_ATTRIBUTES } from '../core/attribute.ts';
import type { RuleTable } from '../core/definition.ts';
import { isAbsent } from '../core/definition.ts';
import type { Operation, Value } from '../core/operation.ts';
import type { DType, TensorType, Type } from '../core/type.ts';
import { staticShape, tensorType } from '../core/type.ts';
import { storeNumber } from './element.ts';

/** Where ops go: a builder or a rewriter. */
export interface OpSink {
  create(name: string, operands: readonly Value[], resultTypes: readonly Type[], attributes?: AttributeMap): Operation;
}

const NONE: Readonly<Record<string, Attribute>> = {};

const mapOf = (attributes: Readonly<Record<string, Attribute>>): AttributeMap =>
  attributes === NONE ? NO_ATTRIBUTES : new Map(Object.entries(attributes));

export class Emitter {
  readonly sink: OpSink;
  readonly definitions: RuleTable;

  constructor(sink: OpSink, definitions: RuleTable) {
    this.sink = sink;
    this.definitions = definitions;
  }

  /** Emits an op whose types follow from its operands. A failing rule is a bug in whoever emits. */
  all(
    name: string,
    operands: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = NONE,
  ): readonly Value[] {
    const definition = this.definitions.get(name);
    if (!definition || isAbsent(definition.infer)) throw new Error(`cannot infer the types of '${name}'`);
    const map = mapOf(attributes);
    const types = definition.infer(
      operands.map((operand) => operand.type),
      map,
    );
    if (!types.ok) throw new Error(`emitting '${name}': ${types.error}`);
    return this.sink.create(name, operands, types.value, map).results;
  }

  /** Emits an op with one inferred result. */
  op(name: string, operands: readonly Value[], attributes: Readonly<Record<string, Attribute>> = NONE): Value {
    return this.all(name, operands, attributes)[0];
  }

  /** Emits an op that states its result type. */
  stated(
    name: string,
    operands: readonly Value[],
    type: Type,
    attributes: Readonly<Record<string, Attribute>> = NONE,
  ): Value {
    return this.sink.create(name, operands, [type], mapOf(attributes)).results[0];
  }

  /** A rank-0 constant; it broadcasts against anything of its dtype. */
  scalar(value: number, dtype: DType): Value {
    return this.splat(value, tensorType([], dtype));
  }

  /** A constant that holds one value everywhere. */
  splat(value: number, type: TensorType): Value {
    const data = elementArray(type.dtype, 1);
    storeNumber(type.dtype, data, 0, value);
    return this.op('ms.constant', [], { value: denseAttribute(type, data) });
  }

  /** Zeros of a type, whose extents may be symbolic. */
  zeros(type: TensorType): Value {
    return staticShape(type) === null
      ? this.stated('ms.broadcast_to', [this.scalar(0, type.dtype)], tensorType(type.shape, type.dtype))
      : this.splat(0, tensorType(type.shape, type.dtype));
  }
}
