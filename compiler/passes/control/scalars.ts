/** Scalars of @main as tensors of rank 0, and the ops that compute with them as tensor ops. */
import type { Attribute, DType, Operation, Value } from '../../ir/index.ts';
import { definingOperation, integerAttribute, staticShape, tensorType } from '../../ir/index.ts';
import type { Emitter } from '../../ir/ops/index.ts';

/** The element type of a scalar as a tensor: `index` counts in i32. */
export const tensorDtypeOf = (dtype: DType | 'index'): DType => (dtype === 'index' ? 'i32' : dtype);

/** The number that an integer scalar certainly is, or null. */
export function integerConstant(value: Value): number | null {
  const op = definingOperation(value);
  const attribute = op?.name === 'arith.constant' ? op.attributes.get('value') : undefined;
  return attribute?.kind === 'integer' ? Number(attribute.value) : null;
}

const NAMES: Readonly<Record<string, string | undefined>> = {
  'arith.addi': 'ms.add',
  'arith.subi': 'ms.sub',
  'arith.muli': 'ms.mul',
  'arith.floordivsi': 'ms.floor_div',
  'arith.maxsi': 'ms.maximum',
  'arith.minsi': 'ms.minimum',
  'arith.addf': 'ms.add',
  'arith.subf': 'ms.sub',
  'arith.mulf': 'ms.mul',
  'arith.divf': 'ms.div',
  'arith.maximumf': 'ms.maximum',
  'arith.minimumf': 'ms.minimum',
  'arith.negf': 'ms.neg',
  'arith.select': 'ms.select',
};

const BITWISE: Readonly<Record<string, readonly [logical: string, bitwise: string] | undefined>> = {
  'arith.andi': ['ms.logical_and', 'ms.bitwise_and'],
  'arith.ori': ['ms.logical_or', 'ms.bitwise_or'],
  'arith.xori': ['ms.logical_xor', 'ms.bitwise_xor'],
};

/** Comparisons by MLIR's numbers; those of unsigned integers and unordered floats are not among them. */
const INTEGER_PREDICATES = ['ms.equal', 'ms.not_equal', 'ms.less', 'ms.less_equal', 'ms.greater', 'ms.greater_equal'];
const FLOAT_PREDICATES = ['', 'ms.equal', 'ms.greater', 'ms.greater_equal', 'ms.less', 'ms.less_equal'];

const CASTS: ReadonlySet<string> = new Set(
  ['extf', 'truncf', 'extsi', 'extui', 'trunci', 'sitofp', 'fptosi', 'index_cast'].map((name) => `arith.${name}`),
);

function predicateOf(op: Operation): string | undefined {
  const predicate = op.attributes.get('predicate');
  const number = predicate?.kind === 'integer' ? Number(predicate.value) : -1;
  if (op.name === 'arith.cmpi') return INTEGER_PREDICATES[number];
  return op.name === 'arith.cmpf' ? FLOAT_PREDICATES[number] || undefined : undefined;
}

const dtypeOf = (value: Value): DType => {
  if (value.type.kind !== 'tensor') throw new Error(`${value.type.key} is no tensor here`);
  return value.type.dtype;
};

/** What a scalar op computes, as a tensor; an op that has no tensor form stays under its name, for lowering to refuse. */
export function scalarAsTensors(emit: Emitter, op: Operation, operands: readonly Value[]): readonly Value[] {
  if (op.name === 'tensor.from_elements') return [fromElements(emit, op, operands)];
  if (op.name === 'tensor.extract') return [extract(emit, operands)];
  const [{ type }] = op.results;
  const result = tensorType([], type.kind === 'scalar' || type.kind === 'tensor' ? tensorDtypeOf(type.dtype) : 'i32');
  if (op.name === 'arith.constant') return [emit.scalar(numberOf(op.attributes.get('value')), result.dtype)];
  const bitwise = BITWISE[op.name]?.[result.dtype === 'i1' ? 0 : 1];
  const name = NAMES[op.name] ?? bitwise ?? predicateOf(op);
  if (name !== undefined) return [emit.op(name, operands)];
  if (CASTS.has(op.name))
    return [operands[0].type.key === result.key ? operands[0] : emit.stated('ms.cast', operands, result)];
  return [emit.stated(op.name, operands, result)];
}

function numberOf(attribute: Attribute | undefined): number {
  if (attribute?.kind === 'bool') return Number(attribute.value);
  return attribute?.kind === 'integer' || attribute?.kind === 'float' ? Number(attribute.value) : NaN;
}

/** One element: the indices as one index into the elements in order. */
function extract(emit: Emitter, [source, ...indices]: readonly Value[]): Value {
  if (indices.length === 0) return source;
  const shape = source.type.kind === 'tensor' ? staticShape(source.type) : null;
  if (shape === null) throw new Error(`${source.type.key} has symbolic dimensions`);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const flat = emit.stated('ms.reshape', [source], tensorType([count], dtypeOf(source)));
  const offset = indices
    .map((index, axis) => {
      const stride = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
      return stride === 1 ? index : emit.op('ms.mul', [index, emit.scalar(stride, dtypeOf(index))]);
    })
    .reduce((sum, part) => emit.op('ms.add', [sum, part]));
  return emit.op('ms.gather', [flat, offset], { axis: integerAttribute(0) });
}

function fromElements(emit: Emitter, op: Operation, operands: readonly Value[]): Value {
  const { type } = op.results[0];
  if (type.kind !== 'tensor') throw new Error(`${type.key} is no tensor`);
  const { dtype } = type;
  const stated = tensorType(type.shape, dtype);
  if (type.shape.length === 0) return operands[0];
  const parts = operands.map((operand) => emit.stated('ms.reshape', [operand], tensorType([1], dtype)));
  const joined = parts.length === 1 ? parts[0] : emit.op('ms.concat', parts, { axis: integerAttribute(0) });
  return joined.type.key === stated.key ? joined : emit.stated('ms.reshape', [joined], stated);
}
