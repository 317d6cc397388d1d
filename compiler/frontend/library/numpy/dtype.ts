/** NumPy's element types: scalar classes (`np.float32`), dtype objects, promotion. */
import type { DType } from '../../../ir/index.ts';
import { dtypeBytes, elementArray } from '../../../ir/index.ts';
import { loadNumber, storeNumber } from '../../../ir/ops/index.ts';
import {
  boolType,
  floatType,
  getter,
  intType,
  method,
  nativeClass,
  notImplemented,
  PyBoxed,
  PyClass,
  PyFloat,
  PyObject,
  PyTuple,
  typeError,
  type PyValue,
} from '../../eval/index.ts';
import { formatFloatRepr } from '../../eval/protocol/float-text.ts';
import { realValue } from '../../eval/protocol/numbers.ts';

const SCALARS: Readonly<Record<string, DType>> = {
  float64: 'f64',
  float32: 'f32',
  float16: 'f16',
  int64: 'i64',
  int32: 'i32',
  int16: 'i16',
  int8: 'i8',
  uint64: 'ui64',
  uint32: 'ui32',
  uint16: 'ui16',
  uint8: 'ui8',
  bool_: 'i1',
};

const ALIASES: Readonly<Record<string, string>> = {
  float: 'float64',
  double: 'float64',
  single: 'float32',
  half: 'float16',
  int: 'int64',
  intp: 'int64',
  int_: 'int64',
  long: 'int64',
  longlong: 'int64',
  intc: 'int32',
  short: 'int16',
  byte: 'int8',
  uint: 'uint64',
  ubyte: 'uint8',
  bool: 'bool_',
  bool8: 'bool_',
  float_: 'float64',
};

const CODES: Readonly<Record<string, DType>> = {
  f8: 'f64',
  f4: 'f32',
  f2: 'f16',
  i8: 'i64',
  i4: 'i32',
  i2: 'i16',
  i1: 'i8',
  u8: 'ui64',
  u4: 'ui32',
  u2: 'ui16',
  u1: 'ui8',
  b1: 'i1',
  d: 'f64',
  f: 'f32',
  i: 'i32',
  '?': 'i1',
};

export const isFloatDType = (dtype: DType): boolean =>
  dtype === 'f64' || dtype === 'f32' || dtype === 'f16' || dtype === 'bf16';

/** A dtype object: `np.dtype('float32')`, `array.dtype`. */
export class DTypeValue extends PyObject {
  readonly dtype: DType;

  constructor(dtype: DType) {
    super(dtypeClass);
    this.dtype = dtype;
  }
}

export function dtypeName(dtype: DType): string {
  if (dtype === 'i1') return 'bool';
  return Object.keys(SCALARS).find((name) => SCALARS[name] === dtype) ?? dtype;
}

const expectDType = (value: PyValue): DType => {
  if (value instanceof DTypeValue) return value.dtype;
  throw typeError('expected a dtype');
};

export const dtypeClass: PyClass = nativeClass({
  name: 'dtype',
  module: 'numpy',
  allocate: () => new DTypeValue('f64'),
  members: [
    method('__repr__(self)', (_, [self]) => `dtype('${dtypeName(expectDType(self))}')`),
    method('__str__(self)', (_, [self]) => dtypeName(expectDType(self))),
    method('__eq__(self, other, /)', (_, [self, other]) => {
      const dtype = dtypeOfNumpy(other);
      return dtype === null ? notImplemented : dtype === expectDType(self);
    }),
    method('__hash__(self)', (_, [self]) => dtypeName(expectDType(self)).length + dtypeBytes(expectDType(self))),
    getter('name', (_, self) => dtypeName(expectDType(self))),
    getter('itemsize', (_, self) => dtypeBytes(expectDType(self))),
    getter('kind', (_, self) => kindOf(expectDType(self))),
    getter('type', (_, self) => numpyScalarClass(expectDType(self))),
  ],
});

function kindOf(dtype: DType): string {
  if (dtype === 'i1') return 'b';
  return isFloatDType(dtype) ? 'f' : dtype.startsWith('u') ? 'u' : 'i';
}

const dtypeObjects = new Map<DType, DTypeValue>(Object.values(SCALARS).map((dtype) => [dtype, new DTypeValue(dtype)]));

export function numpyDType(dtype: DType): DTypeValue {
  return dtypeObjects.get(dtype) ?? new DTypeValue(dtype);
}

const numberOf = (value: PyValue): number => realValue(value) ?? Number.NaN;

/** The fewest significant digits that read back as the same element, in scientific notation. */
export function shortestScientific(value: number, dtype: DType): string {
  const cell = elementArray(dtype, 1);
  for (let digits = 0; digits < 16; digits++) {
    const text = value.toExponential(digits);
    storeNumber(dtype, cell, 0, Number(text));
    if (loadNumber(dtype, cell, 0) === value) return text;
  }
  return value.toExponential(16);
}

/** The shortest text that reads back as the same number of this type. */
function scalarText(dtype: DType, value: number): string {
  return Number.isFinite(value) ? formatFloatRepr(Number(shortestScientific(value, dtype))) : formatFloatRepr(value);
}

/** What NumPy's scalars have beyond Python's numbers. */
const scalarMembers = (dtype: DType) => [
  getter('dtype', () => numpyDType(dtype)),
  getter('shape', () => new PyTuple([])),
  getter('ndim', () => 0),
  getter('size', () => 1),
  ...(dtype === 'f32' || dtype === 'f16'
    ? [
        method('__repr__(self)', (_, [self]) => scalarText(dtype, numberOf(self))),
        method('__str__(self)', (_, [self]) => scalarText(dtype, numberOf(self))),
      ]
    : []),
  method('item(self)', (_, [self]) => pythonNumber(dtype, numberOf(self))),
  method('tolist(self)', (_, [self]) => pythonNumber(dtype, numberOf(self))),
  method('astype(self, dtype, copy=True)', (_, [self, target]) => scalarValue(requireDType(target), numberOf(self))),
];

/** The generic classes that `isinstance(x, np.floating)` asks for. */
const numberClass = nativeClass({ name: 'number', module: 'numpy', members: [] });
export const genericClasses: Readonly<Record<string, PyClass>> = {
  generic: numberClass,
  number: numberClass,
  floating: floatType,
  integer: intType,
  signedinteger: intType,
  unsignedinteger: intType,
};

const classes = new Map<DType, PyClass>(
  Object.entries(SCALARS).map(([name, dtype]): [DType, PyClass] => [
    dtype,
    dtype === 'i1'
      ? boolType
      : nativeClass({
          name,
          module: 'numpy',
          base: isFloatDType(dtype) ? floatType : intType,
          members: [
            method('__new__(cls, value=0, /)', (_, [, value]) =>
              scalarValue(dtype, rounded(dtype, realValue(value) ?? realOf(value))),
            ),
            ...scalarMembers(dtype),
          ],
        }),
  ]),
);

/** `np.float32('1e-3')` and one-element arrays. */
function realOf(value: PyValue): number {
  if (typeof value === 'string') return Number(value);
  if (value instanceof PyObject && 'numberAt' in value && typeof value.numberAt === 'function')
    return Number(value.numberAt(0));
  throw typeError('a NumPy scalar is made of a number');
}

function rounded(dtype: DType, value: number): number {
  if (dtype === 'f32') return Math.fround(value);
  return isFloatDType(dtype) ? value : Math.trunc(value);
}

export function numpyScalarClass(dtype: DType): PyClass {
  return classes.get(dtype) ?? floatType;
}

/** A number as a NumPy scalar of a type. */
export function scalarValue(dtype: DType, value: number): PyValue {
  if (dtype === 'i1') return value !== 0;
  const cls = numpyScalarClass(dtype);
  return isFloatDType(dtype) ? new PyFloat(value, cls) : new PyBoxed(cls, value);
}

export function pythonNumber(dtype: DType, value: number): PyValue {
  if (dtype === 'i1') return value !== 0;
  return isFloatDType(dtype) ? new PyFloat(value) : value;
}

/** The element type that a value means to NumPy, or null. */
export function dtypeOfNumpy(value: PyValue): DType | null {
  if (value instanceof DTypeValue) return value.dtype;
  if (typeof value === 'string')
    return SCALARS[value] ?? SCALARS[ALIASES[value] ?? ''] ?? CODES[value.replace(/^[<>=|]/, '')] ?? null;
  if (value === floatType) return 'f64';
  if (value === intType) return 'i64';
  if (value === boolType) return 'i1';
  if (value instanceof PyClass) for (const [dtype, cls] of classes) if (cls === value) return dtype;
  const named = value instanceof PyObject && 'dtype' in value ? value.dtype : null;
  return typeof named === 'string' ? (named as DType) : null; // a mindspore dtype object carries its element type
}

export function requireDType(value: PyValue): DType {
  const dtype = dtypeOfNumpy(value);
  if (dtype === null) throw typeError('data type not understood');
  return dtype;
}

const WIDTH: Readonly<Record<DType, number>> = {
  i1: 1,
  i8: 8,
  ui8: 8,
  i16: 16,
  ui16: 16,
  i32: 32,
  ui32: 32,
  i64: 64,
  ui64: 64,
  f16: 16,
  bf16: 16,
  f32: 32,
  f64: 64,
};

/** NumPy's common type of two arrays. */
export function promote(first: DType, second: DType): DType {
  if (first === second) return first;
  if (first === 'i1') return second;
  if (second === 'i1') return first;
  const [a, b] = [isFloatDType(first), isFloatDType(second)];
  if (a && b) return WIDTH[first] >= WIDTH[second] ? first : second;
  if (a || b) {
    const [float, integer] = a ? [first, second] : [second, first];
    if (WIDTH[integer] >= 32) return 'f64';
    return WIDTH[integer] === 16 && float === 'f16' ? 'f32' : float;
  }
  const [u, v] = [first.startsWith('u'), second.startsWith('u')];
  if (u === v) return WIDTH[first] >= WIDTH[second] ? first : second;
  const [unsigned, signed] = u ? [first, second] : [second, first];
  if (WIDTH[signed] > WIDTH[unsigned]) return signed;
  return WIDTH[unsigned] === 8 ? 'i16' : WIDTH[unsigned] === 16 ? 'i32' : WIDTH[unsigned] === 32 ? 'i64' : 'f64';
}

/** Names of the scalar classes, aliases included. */
export const scalarClassNames: readonly (readonly [string, PyClass])[] = [
  ...Object.entries(SCALARS).map(([name, dtype]) => [name, numpyScalarClass(dtype)] as const),
  ...Object.entries(ALIASES).map(([alias, name]) => [alias, numpyScalarClass(SCALARS[name])] as const),
];
