/** Tensors as text: `str` is NumPy's, `repr` is MindSpore's own form. */
import { loadNumber } from '../../../ir/ops/index.ts';
import type { DType, TensorType } from '../../../ir/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { allElements, extentsOf, type KnownPayload, type Tensor } from '../../trace/tensor.ts';
import { arrayString, NdArray } from '../numpy/index.ts';
import { dtypeObject, dtypeTitle } from './dtype.ts';

const NUMBERS_IN_LINE = 12;
const THRESHOLD = 1000;
const EDGE_ITEMS = 3;

const isFloat = (dtype: DType): boolean => dtype.startsWith('f') || dtype === 'bf16';

/** Digits behind the point: as many as the type has. */
const digitsOf = (dtype: DType): number => (dtype === 'f16' || dtype === 'bf16' ? 4 : 8);

/** C's `%e`: the exponent has two digits at least. */
function scientific(value: number, digits = 8): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [mantissa, exponent] = value.toExponential(digits).split('e');
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/** C's `%g` of a scalar. */
function general(value: number): string {
  if (!Number.isFinite(value)) return scientific(value);
  const [mantissa, exponent] = value.toExponential(5).split('e');
  const power = Number(exponent);
  if (value !== 0 && (power < -4 || power >= 6))
    return `${mantissa.replace(/\.?0+$/, '')}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  return String(Number(value.toPrecision(6)));
}

function words({ type, data }: KnownPayload): readonly string[] {
  const values = Array.from({ length: data.length }, (_, index) => loadNumber(type.dtype, data, index));
  const digits = digitsOf(type.dtype);
  if (isFloat(type.dtype))
    return values
      .map((value) => (Number.isFinite(value) && value >= 0 ? ' ' : '') + scientific(value, digits))
      .map((text) => text.padStart(digits + 7));
  const texts = type.dtype === 'i1' ? values.map((value) => (value === 0 ? 'False' : 'True')) : values.map(String);
  const width = Math.max(...texts.map(({ length }) => length));
  return texts.map((text) => text.padStart(width));
}

function nested(
  texts: readonly string[],
  shape: readonly number[],
  axis: number,
  offset: number,
  isSummary: boolean,
): string {
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const all = Array.from({ length: shape[axis] }, (_, index) => index);
  const isCut = isSummary && all.length > 2 * EDGE_ITEMS;
  const part = (index: number): string =>
    axis === shape.length - 1
      ? texts[offset + index]
      : nested(texts, shape, axis + 1, offset + index * inner, isSummary);
  const shown = isCut
    ? [...all.slice(0, EDGE_ITEMS).map(part), '...', ...all.slice(-EDGE_ITEMS).map(part)]
    : all.map(part);
  const indent = ' '.repeat(axis + 1);
  if (axis < shape.length - 1) return `[${shown.join(`,\n${indent}`)}]`;
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += NUMBERS_IN_LINE)
    lines.push(shown.slice(at, at + NUMBERS_IN_LINE).join(', '));
  return `[${lines.join(`, \n${indent}`)}]`;
}

function valueText(payload: KnownPayload): string {
  const shape = extentsOf(payload.type);
  const full = { ...payload, data: allElements(payload) };
  if (shape.length === 0) {
    const value = loadNumber(payload.type.dtype, full.data, 0);
    if (payload.type.dtype === 'i1') return ` ${value === 0 ? 'False' : 'True'}`;
    return ` ${isFloat(payload.type.dtype) ? general(value) : value}`;
  }
  if (full.data.length === 0) return ' []';
  const text = nested(words(full), shape, 0, 0, full.data.length > THRESHOLD);
  return shape.length === 1 ? ` ${text}` : `\n${text}`;
}

/** Whether only a type can be printed. A call of a script that is traced needs the elements, and runs op by op then. */
function isUnknown(session: TensorSession, { payload, isParameter }: Tensor): boolean {
  if (session.trace?.data) return false;
  return payload.kind === 'symbolic' || payload.kind === 'lazy' || (isParameter && session.trace !== null);
}

const typeText = ({ shape, dtype }: TensorType): string =>
  `shape=[${shape.join(', ')}], dtype=${dtypeTitle(dtypeObject(dtype))}`;

/** `repr(tensor)`: type and elements; while its elements are not known, the type alone. */
export function tensorRepresentation(session: TensorSession, tensor: Tensor): string {
  const type = typeText(tensor.type);
  if (isUnknown(session, tensor)) return `Tensor(${type})`;
  return `Tensor(${type}, value=${valueText(session.known(tensor, 'printing'))})`;
}

/** `str(tensor)`: the elements as NumPy prints them. */
export function tensorString(session: TensorSession, tensor: Tensor): string {
  if (isUnknown(session, tensor)) return tensorRepresentation(session, tensor);
  const payload = session.known(tensor, 'printing');
  return arrayString(NdArray.of(allElements(payload), extentsOf(payload.type), payload.type.dtype));
}

/** A tensor as a compiled graph prints it: a number alone, else type and elements without commas. */
export function graphText(payload: KnownPayload): string {
  const { type, data } = payload;
  if (type.shape.length === 0) {
    const value = loadNumber(type.dtype, data, 0);
    return isFloat(type.dtype) ? general(value) : String(value);
  }
  const value = valueText(payload)
    .replace(/^ /, '')
    .replaceAll(/,( ?\n)/g, '$1')
    .replaceAll(',', '');
  return `Tensor(${typeText(type)}, value=${value})`;
}
