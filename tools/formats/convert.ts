/** Conversion of element types as loading weights needs it: floats among floats, integers among integers. */
import { bf16FromNumber, bf16ToNumber, f16FromNumber, f16ToNumber } from '../../runtime/numerics/index.ts';
import { tensorDtypeBytes, type TensorDtype } from '../../runtime/program/index.ts';
import { tensorFromBytes, type FileTensor, type TensorData } from './tensor.ts';

const floats: readonly TensorDtype[] = ['f16', 'bf16', 'f32', 'f64'];
const integers: readonly TensorDtype[] = ['i8', 'i16', 'i32', 'i64', 'ui8', 'ui16', 'ui32', 'ui64'];

/** Whether loading converts between two types, as MindSpore's does. */
export function canConvert(from: TensorDtype, to: TensorDtype): boolean {
  return from === to || [floats, integers].some((kind) => kind.includes(from) && kind.includes(to));
}

/** The tensor in another type: floats round to nearest even, integers wrap. The types must be convertible. */
export function convertTensor(tensor: FileTensor, dtype: TensorDtype): FileTensor {
  if (tensor.dtype === dtype) return tensor;
  const { shape } = tensor;
  const { data } = tensorFromBytes(dtype, shape, new Uint8Array(tensor.data.length * tensorDtypeBytes[dtype]));
  const read = readers[tensor.dtype] ?? Number;
  const write = writers[dtype];
  for (let index = 0; index < data.length; index++) store(data, index, tensor.data[index], read, write);
  return { dtype, shape, data };
}

type Read = (element: number | bigint) => number;

const readers: Partial<Record<TensorDtype, Read>> = {
  f16: (bits) => f16ToNumber(Number(bits)),
  bf16: (bits) => bf16ToNumber(Number(bits)),
};

const writers: Partial<Record<TensorDtype, (value: number) => number>> = { f16: f16FromNumber, bf16: bf16FromNumber };

/** 64-bit integers stay bigint on their way. */
function store(
  data: TensorData,
  index: number,
  element: number | bigint,
  read: Read,
  write?: (value: number) => number,
): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[index] = BigInt(element);
  else if (typeof element === 'bigint') data[index] = Number(BigInt.asIntN(32, element));
  else data[index] = write ? write(read(element)) : read(element);
}
