/** Element types as Python sees them: `mindspore.float32` and its relatives. */
import type { DType } from '../../../ir/index.ts';
import {
  getter,
  method,
  nativeClass,
  nativeModule,
  native,
  PyClass,
  PyObject,
  typeError,
  type Interpreter,
  type Member,
  type ModuleDefinition,
  type PyValue,
} from '../../eval/index.ts';
import { boolType, floatType, intType, stringType } from '../../eval/index.ts';
import { dtypeOfNumpy, numpyScalarClass } from '../numpy/index.ts';

/** A MindSpore dtype; `dtype` is null for kinds that no tensor of msc can have (`number`, `string`, complex). */
export class DTypeObject extends PyObject {
  readonly name: string;
  readonly dtype: DType | null;

  constructor(name: string, dtype: DType | null) {
    super(dtypeClass);
    this.name = name;
    this.dtype = dtype;
  }
}

const title = (name: string): string =>
  name
    .replace(/_$/, '')
    .replace(/^(u?)([a-z])/, (_, u: string, first: string) => (u ? `U${first}` : first.toUpperCase()));

/** `str` of a dtype, e.g. `Float32`. */
export const dtypeTitle = ({ name }: DTypeObject): string => title(name);

const BYTES: Readonly<Partial<Record<DType, number>>> = {
  f64: 8,
  i64: 8,
  ui64: 8,
  f32: 4,
  i32: 4,
  ui32: 4,
  f16: 2,
  bf16: 2,
  i16: 2,
  ui16: 2,
};

export const dtypeClass: PyClass = nativeClass({
  name: 'Type',
  module: 'mindspore.common.dtype',
  members: [
    method('__repr__(self)', (_, [self]) => `mindspore.${expectDType(self).name}`),
    method('__str__(self)', (_, [self]) => dtypeTitle(expectDType(self))),
    getter('itemsize', (_, self) => BYTES[expectDType(self).dtype ?? 'i8'] ?? 1),
    getter('is_floating_point', (_, self) => ['f16', 'bf16', 'f32', 'f64'].includes(expectDType(self).dtype ?? '')),
  ],
});

function expectDType(value: PyValue): DTypeObject {
  if (value instanceof DTypeObject) return value;
  throw typeError('expected a mindspore dtype');
}

/** The dtypes that tensors have, by MindSpore's names. */
const TENSOR_DTYPES: Readonly<Record<string, DType>> = {
  bool_: 'i1',
  int8: 'i8',
  int16: 'i16',
  int32: 'i32',
  int64: 'i64',
  uint8: 'ui8',
  uint16: 'ui16',
  uint32: 'ui32',
  uint64: 'ui64',
  float16: 'f16',
  float32: 'f32',
  float64: 'f64',
  bfloat16: 'bf16',
};

/** Names without a tensor dtype of msc: they exist, so that code may mention them. */
const OTHER_KINDS: readonly string[] = [
  'complex64',
  'complex128',
  'string',
  'tensor_type',
  'number',
  'int_',
  'uint',
  'float_',
  'int_type',
  'uint_type',
  'float_type',
  'number_type',
  'type_none',
];

const ALIASES: Readonly<Record<string, string>> = {
  byte: 'int8',
  short: 'int16',
  intc: 'int32',
  intp: 'int32',
  long: 'int64',
  ubyte: 'uint8',
  ushort: 'uint16',
  uintc: 'uint32',
  uintp: 'uint32',
  half: 'float16',
  single: 'float32',
  double: 'float64',
};

const objects: ReadonlyMap<string, DTypeObject> = new Map([
  ...Object.entries(TENSOR_DTYPES).map(([name, dtype]) => [name, new DTypeObject(name, dtype)] as const),
  ...OTHER_KINDS.map((name) => [name, new DTypeObject(name, null)] as const),
]);

const byDType: ReadonlyMap<DType, DTypeObject> = new Map(
  Object.entries(TENSOR_DTYPES).map(([name, dtype]) => [dtype, named(name)]),
);

function named(name: string): DTypeObject {
  const found = objects.get(name);
  if (!found) throw new Error(`no dtype object ${name}`);
  return found;
}

/** The Python object of an element type. */
export function dtypeObject(dtype: DType): DTypeObject {
  const found = byDType.get(dtype);
  if (!found) throw new Error(`no dtype object for ${dtype}`);
  return found;
}

/** Every dtype object by its public name, aliases included; names for defaults in signatures. */
export const dtypeNames: Readonly<Record<string, PyValue>> = Object.fromEntries([
  ...objects,
  ...Object.entries(ALIASES).map(([alias, name]) => [alias, named(name)] as const),
]);

/** The element type that a Python value means: a dtype object, a Python type, a NumPy type or a name; null when it means none. */
export function dtypeOf(value: PyValue): DType | null {
  if (value instanceof DTypeObject) return value.dtype;
  if (value === intType) return 'i64';
  if (value === floatType) return 'f32';
  if (value === boolType) return 'i1';
  if (typeof value === 'string') return TENSOR_DTYPES[value] ?? (value === 'bool' ? 'i1' : null);
  return dtypeOfNumpy(value);
}

function pythonType(dtype: DType): PyClass {
  if (dtype === 'i1') return boolType;
  return dtype.includes('f') ? floatType : intType;
}

function requireDType(value: PyValue): DType {
  const dtype = dtypeOf(value);
  if (dtype === null) throw typeError('expected the dtype of a tensor');
  return dtype;
}

const typeOfValue = (value: PyValue): PyValue => {
  if (typeof value === 'boolean') return named('bool_');
  if (typeof value === 'number' || typeof value === 'bigint') return named('int64');
  if (typeof value === 'string') return named('string');
  return value instanceof PyObject && value.cls === floatType ? named('float64') : named('type_none');
};

/** `_msc.dtype`. */
export function dtypeModule(tensorClass: PyClass): ModuleDefinition {
  return nativeModule('_msc.dtype', (_: Interpreter): Member[] => [
    ...Object.entries(dtypeNames).map(([name, value]): Member => [name, value]),
    ['Type', dtypeClass],
    ['TensorType', tensorClass],
    native('dtype_to_nptype(type_)', (__, [value]) => numpyScalarClass(requireDType(value))),
    native('dtype_to_pytype(type_)', (__, [value]) => pythonType(requireDType(value))),
    native('pytype_to_dtype(obj)', (__, [value]) =>
      value === stringType ? named('string') : dtypeObject(requireDType(value)),
    ),
    native('get_py_obj_dtype(obj)', (__, [value]) => typeOfValue(value)),
  ]);
}
