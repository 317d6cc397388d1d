/** `mindspore.Tensor`: construction, attributes and what the API tables do not say. */
import type { DType } from '../../../ir/index.ts';
import { dtypeBytes, tensorType } from '../../../ir/index.ts';
import { loadNumber } from '../../../ir/ops/index.ts';
import {
  getter,
  method,
  nativeClass,
  notImplemented,
  PyFloat,
  PyIterator,
  PyList,
  staticMethod,
  native,
  typeError,
  type Member,
  type PyClass,
  type PyValue,
} from '../../eval/index.ts';
import { intValue } from '../../eval/protocol/numbers.ts';
import { traceDiagnostics } from '../../trace/diagnostics.ts';
import type { TensorSession } from '../../trace/session.ts';
import { allElements, elementsOf, extentsOf, settled, Tensor } from '../../trace/tensor.ts';
import { NdArray } from '../numpy/index.ts';
import { arrayTensor, asShape, asTensor, isNumber, sequenceOf, sequenceTensor } from './arguments.ts';
import { makeMethod } from './bind.ts';
import { dtypeNames, dtypeObject, dtypeOf } from './dtype.ts';
import { getItem, withItem } from './indexing.ts';
import { assign, shapeTuple } from './meta.ts';
import { cast, unify } from './promote.ts';
import { permuted } from './shape.ts';
import type { Spelling } from './table.ts';
import { tensorRepresentation, tensorString } from './tensor-text.ts';

export function expectTensorObject(value: PyValue): Tensor {
  if (value instanceof Tensor) return value;
  throw typeError('expected a Tensor');
}

/** `Tensor(input_data, dtype, shape, init)`. */
function construct(
  session: TensorSession,
  self: Tensor,
  data: PyValue,
  dtype: PyValue,
  shape: PyValue,
  init: PyValue,
): null {
  const target = dtype === null ? null : dtypeOf(dtype);
  if (dtype !== null && target === null) throw typeError(`the dtype of a Tensor cannot be ${session.py.str(dtype)}`);
  self.payload = settled(payloadOf(session, data, target, shape, init).payload);
  return null;
}

function payloadOf(session: TensorSession, data: PyValue, dtype: DType | null, shape: PyValue, init: PyValue): Tensor {
  if (init !== null) {
    const initializer = session.py.getAttribute(session.py.importModule('mindspore.common.initializer'), 'initializer');
    return expectTensorObject(session.py.call(initializer, [init, shape, dtypeObject(dtype ?? 'f32')]));
  }
  if (data === null) return session.splat(0, tensorType(shape === null ? [] : asShape(session, shape), dtype ?? 'f32'));
  if (data instanceof Tensor) return dtype ? cast(session, data, dtype) : data;
  if (data instanceof NdArray) return arrayTensor(session, data, dtype);
  const items = sequenceOf(data);
  if (items) return sequenceTensor(session, items, dtype);
  if (isNumber(data)) return asTensor(session, data, 'input_data', dtype ?? (data instanceof PyFloat ? 'f32' : null));
  const converted = session.py.findAttribute(data, '__array__');
  if (converted !== undefined) return payloadOf(session, session.py.call(converted), dtype, null, null);
  throw typeError(`For 'Tensor', the 'input_data' cannot be ${session.py.repr(data)}`);
}

/** Elements as Python numbers, nested by dimension. */
function nested(session: TensorSession, x: Tensor, purpose: string): PyValue {
  const payload = session.known(x, purpose);
  const [data, shape] = [allElements(payload), extentsOf(payload.type)];
  const at = (axis: number, offset: number): PyValue => {
    if (axis === shape.length) return number(payload.type.dtype, loadNumber(payload.type.dtype, data, offset));
    const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    return new PyList(Array.from({ length: shape[axis] }, (_, index) => at(axis + 1, offset + index * inner)));
  };
  return at(0, 0);
}

function number(dtype: DType, value: number): PyValue {
  if (dtype === 'i1') return value !== 0;
  return ['f16', 'bf16', 'f32', 'f64'].includes(dtype) ? new PyFloat(value) : value;
}

/** The only element of a tensor. */
function single(session: TensorSession, self: PyValue, purpose: string): PyValue {
  const tensor = expectTensorObject(self);
  if (elementsOf(tensor.type) !== 1)
    throw typeError(
      `only a tensor of one element can be converted to a number, got shape (${extentsOf(tensor.type).join(', ')})`,
    );
  const payload = session.known(tensor, purpose);
  return number(payload.type.dtype, loadNumber(payload.type.dtype, payload.data, 0));
}

export function toArray(session: TensorSession, self: PyValue, purpose: string): NdArray {
  const payload = session.known(expectTensorObject(self), purpose);
  return NdArray.of(allElements(payload).slice(), extentsOf(payload.type), payload.type.dtype);
}

/** `==` and `!=`: elementwise against numbers and tensors, by identity against everything else. */
function comparison(session: TensorSession, name: string, self: PyValue, other: PyValue): PyValue {
  if (!(other instanceof Tensor) && !(other instanceof NdArray) && !isNumber(other) && !sequenceOf(other))
    return name === 'ms.not_equal';
  return session.op(name, unify(session, [self, other], ['input', 'other']));
}

function rows(session: TensorSession, self: PyValue): () => PyValue | undefined {
  const tensor = expectTensorObject(self);
  const [count] = extentsOf(tensor.type);
  if (count === undefined) throw typeError('iteration over a 0-d tensor');
  let at = 0;
  return () => (at < count ? getItem(session, tensor, at++) : undefined);
}

const attributeMembers = (session: TensorSession): readonly Member[] => [
  getter('shape', (_, self) => shapeTuple(expectTensorObject(self))),
  getter('dtype', (_, self) => dtypeObject(expectTensorObject(self).type.dtype)),
  getter('ndim', (_, self) => expectTensorObject(self).type.shape.length),
  getter('size', (_, self) => elementsOf(expectTensorObject(self).type)),
  getter('itemsize', (_, self) => dtypeBytes(expectTensorObject(self).type.dtype)),
  getter(
    'nbytes',
    (_, self) => dtypeBytes(expectTensorObject(self).type.dtype) * elementsOf(expectTensorObject(self).type),
  ),
  getter('T', (_, self) => {
    const tensor = expectTensorObject(self);
    return permuted(
      session,
      tensor,
      tensor.type.shape.map((__, axis) => tensor.type.shape.length - 1 - axis),
    );
  }),
  getter('init', (_, self) => {
    const { payload } = expectTensorObject(self);
    return payload.kind === 'lazy' ? payload.initializer.kind : null;
  }),
  getter('has_init', (_, self) => expectTensorObject(self).payload.kind === 'lazy'),
  getter('virtual_flag', () => false),
  getter('const_arg', () => null),
];

const conversionMembers = (session: TensorSession): readonly Member[] => [
  method('asnumpy(self)', (_, [self]) => toArray(session, self, "'asnumpy'")),
  method('numpy(self)', (_, [self]) => toArray(session, self, "'numpy'")),
  method('__array__(self, dtype=None)', (_, [self]) => toArray(session, self, 'conversion to an array')),
  method('tolist(self)', (_, [self]) => nested(session, expectTensorObject(self), "'tolist'")),
  method('item(self, index=None)', (_, [self, index]) =>
    single(session, index === null ? self : getItem(session, expectTensorObject(self), index), "'item'"),
  ),
  method('__int__(self)', (_, [self]) => Math.trunc(realOf(single(session, self, "'int'")))),
  method('__index__(self)', (_, [self]) => Math.trunc(realOf(single(session, self, 'an index')))),
  method('__float__(self)', (_, [self]) => new PyFloat(realOf(single(session, self, "'float'")))),
  method('__bool__(self)', (_, [self]) => realOf(single(session, self, 'a truth value')) !== 0),
  staticMethod(native('from_numpy(array)', (_, [array]) => asTensor(session, array, 'array'))),
  method('init_data(self, slice_index=None, shape=None, opt_shard_group=None)', (_, [self]) => self),
  method('register_hook(self, hook)', () =>
    session.stop(traceDiagnostics.unsupportedUse, ["'register_hook' of a tensor (ops.HookBackward does the same)"]),
  ),
  method('set_dtype(self, dtype)', (_, [self, dtype]) => {
    const tensor = expectTensorObject(self);
    session.replace(tensor, cast(session, tensor, dtypeOf(dtype) ?? tensor.type.dtype).payload);
    return self;
  }),
  method('set_data(self, data)', (_, [self, data]) => assign(session, self, data)),
  method('assign_value(self, value)', (_, [self, value]) => assign(session, self, value)),
  method('flush_from_cache(self)', () => null),
  method('copy_(self, src, non_blocking=False)', (_, [self, src]) => assign(session, self, src)),
];

const realOf = (value: PyValue): number =>
  value instanceof PyFloat ? value.value : Number(intValue(value) ?? Number.NaN);

const containerMembers = (session: TensorSession): readonly Member[] => [
  method('__getitem__(self, index, /)', (_, [self, index]) => getItem(session, expectTensorObject(self), index)),
  method('__setitem__(self, index, value, /)', (_, [self, index, value]) => {
    const tensor = expectTensorObject(self);
    session.replace(tensor, withItem(session, tensorView(session, tensor), index, value).payload);
    return null;
  }),
  method('__len__(self)', (_, [self]) => {
    const [count] = extentsOf(expectTensorObject(self).type);
    if (count === undefined) throw typeError('len() of a 0-d tensor');
    return count;
  }),
  method('__iter__(self)', (_, [self]) => new PyIterator(rows(session, self))),
  method('__contains__(self, item)', (py, [self, item]) =>
    py.truth(session.py.callMethod(session.op('ms.equal', unify(session, [self, item], ['input', 'item'])), 'any')),
  ),
  method('__eq__(self, other, /)', (_, [self, other]) => comparison(session, 'ms.equal', self, other)),
  method('__ne__(self, other, /)', (_, [self, other]) => comparison(session, 'ms.not_equal', self, other)),
  method('__hash__(self)', (_, [self]) => session.identity(expectTensorObject(self))),
  method('__repr__(self)', (_, [self]) => tensorRepresentation(session, expectTensorObject(self))),
  method('__str__(self)', (_, [self]) => tensorString(session, expectTensorObject(self))),
  method('__format__(self, specification, /)', (py, [self, specification]) =>
    specification === ''
      ? tensorString(session, expectTensorObject(self))
      : py.format(single(session, self, 'formatting'), String(specification)),
  ),
  method('__deepcopy__(self, memo)', (py, [self, memo]) =>
    deepCopy(session, py.getAttribute(py.importModule('copy'), 'deepcopy'), expectTensorObject(self), memo),
  ),
];

/** A parameter that is stored into has its value before the store as operand. */
function tensorView(session: TensorSession, tensor: Tensor): Tensor {
  return tensor.isParameter && session.trace ? session.symbolic(session.valueOf(tensor)) : tensor;
}

/** A fresh object with the same payload; a lazy one gets numbers of its own. */
function deepCopy(session: TensorSession, deepcopy: PyValue, tensor: Tensor, memo: PyValue): Tensor {
  const copied = new Tensor(tensor.cls, settled(tensor.payload));
  copied.isParameter = tensor.isParameter;
  for (const [name, value] of tensor.attributes?.map ?? []) {
    if (typeof name === 'string') session.py.setAttribute(copied, name, session.py.call(deepcopy, [value, memo]));
  }
  return copied;
}

/** Makes the class for one session. `spellings` are the methods of the tables. */
export function makeTensorClass(session: TensorSession, spellings: readonly Spelling[]): PyClass {
  const zero = { kind: 'concrete', type: tensorType([], 'f32'), data: new Float32Array(1) } as const;
  const cls = nativeClass({
    name: 'Tensor',
    module: 'mindspore.common.tensor',
    symbolic: true,
    openInstances: true,
    allocate: (made) => new Tensor(made, zero),
    members: [
      method(
        '__init__(self, input_data=None, dtype=None, shape=None, init=None, const_arg=False, device=None)',
        (_, [self, data, dtype, shape, init]) => construct(session, expectTensorObject(self), data, dtype, shape, init),
        dtypeNames,
      ),
      ...spellings
        .filter((spelling) => spelling.module === 'Tensor')
        .map((spelling) => declining(makeMethod(session, spelling))),
      ...attributeMembers(session),
      ...conversionMembers(session),
      ...containerMembers(session),
    ],
  });
  session.tensorClass = cls;
  return cls;
}

/** Binary operators decline operands that are no numbers, so that Python asks the other side. */
function declining(member: ReturnType<typeof makeMethod>): Member {
  if (!/^__\w+__$/.test(member.name) || member.signature.parameters.length !== 2) return member;
  return method(`${member.name}(self, other, /)`, (py, bound) => {
    const [, other] = bound;
    if (!(other instanceof Tensor) && !(other instanceof NdArray) && !isNumber(other) && !sequenceOf(other))
      return notImplemented;
    return member.implementation(py, bound);
  });
}
