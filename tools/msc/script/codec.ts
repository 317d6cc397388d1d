/** Files of arrays as scripts read and write them: .npz, .npy, .ckpt, .safetensors. */
import { failure, ok } from '../../../compiler/ir/support/index.ts';
import type { Result } from '../../../compiler/ir/support/index.ts';
import type { ArrayCodec, ArrayFormat, FileArray } from '../../../compiler/frontend/index.ts';
import {
  encodeNpy,
  openTensorBytes,
  readAll,
  writeCheckpoint,
  writeNpz,
  writeSafetensors,
} from '../../formats/index.ts';
import type { FormatError } from '../../formats/index.ts';

const texts = <Value>(result: Result<Value, FormatError>): Result<Value, string> =>
  result.ok ? result : failure(result.error.message);

/** What encodes each format. */
const ENCODERS: Readonly<Record<ArrayFormat, (arrays: ReadonlyMap<string, FileArray>) => Result<Uint8Array, string>>> =
  {
    npz: (arrays) => texts(writeNpz(arrays)),
    npy: (arrays) => {
      const [array] = arrays.values();
      return array === undefined ? failure('there is no array to write') : ok(encodeNpy(array));
    },
    ckpt: (arrays) => ok(writeCheckpoint(arrays)),
    safetensors: (arrays) => ok(writeSafetensors(arrays)),
  };

export const arrayCodec: ArrayCodec = {
  decode: (bytes) => {
    const file = openTensorBytes(bytes);
    if (!file.ok) return failure(file.error.message);
    const arrays = texts(readAll(file.value));
    return arrays.ok ? ok({ format: file.value.format, arrays: arrays.value }) : arrays;
  },
  encode: (format, arrays) => ENCODERS[format](arrays),
};
