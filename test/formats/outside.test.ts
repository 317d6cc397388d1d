/** Files written by numpy 1.26.4 and MindSpore 2.7.0 themselves are read right. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  openTensorFile,
  readCheckpoint,
  readNpz,
  readSafetensors,
  writeCheckpoint,
  type FileTensor,
  type FormatError,
} from '../../tools/formats/index.ts';
import type { Result } from '../../compiler/ir/support/index.ts';

const root = new URL('../../', import.meta.url);

function plain(read: Result<ReadonlyMap<string, FileTensor>, FormatError>): unknown {
  if (!read.ok) return read.error;
  return Object.fromEntries(
    [...read.value].map(([name, { dtype, shape, data }]) => [name, { dtype, shape, data: [...data] }]),
  );
}

// np.savez_compressed(f, f=np.asfortranarray(a), b=…, h=a.astype(float16)[0], i=np.array(7), e=np.zeros((0, 3), uint8))
const numpyArchive =
  'UEsDBC0AAAAIAAAAIQCjb1Mj//////////8FABQAZi5ucHkBABAA4AAAAAAAAACHAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEg8pKk0FChdnJBakArkaRjoKxjoKJpo6CrUKZAIuBjBwcGRgaHAAYiDNAMQLQHx7BoYAEBso3gGkBYB4BUgeyE8A0geA9AQgrQDEG4DYAcgvANIPgPQMIG0AxDscAVBLAwQtAAAACAAAACEAFpOMu///////////BQAUAGIubnB5AQAQAIMAAAAAAAAARwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBek2SorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOpo6CrUKFAAuRgZGAFBLAwQtAAAACAAAACEAfCWek///////////BQAUAGgubnB5AQAQAJgAAAAAAAAAXgAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2akrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RrGOgommjoKtQpkAy4GBgYbBgcGJwYXBlcGNwZ3Bo8GDwbPBk8AUEsDBC0AAAAIAAAAIQAjuPBs//////////8FABQAaS5ucHkBABAAiAAAAAAAAABGAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5Gpo6CrUKFAEudgYIAABQSwMELQAAAAgAAAAhAG7xzhX//////////wUAFABlLm5weQEAEACAAAAAAAAAAEYAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaBjoKxpo6CrUKZAMuAFBLAQItAy0AAAAIAAAAIQCjb1MjhwAAAOAAAAAFAAAAAAAAAAAAAACAAQAAAABmLm5weVBLAQItAy0AAAAIAAAAIQAWk4y7RwAAAIMAAAAFAAAAAAAAAAAAAACAAb4AAABiLm5weVBLAQItAy0AAAAIAAAAIQB8JZ6TXgAAAJgAAAAFAAAAAAAAAAAAAACAATwBAABoLm5weVBLAQItAy0AAAAIAAAAIQAjuPBsRgAAAIgAAAAFAAAAAAAAAAAAAACAAdEBAABpLm5weVBLAQItAy0AAAAIAAAAIQBu8c4VRgAAAIAAAAAFAAAAAAAAAAAAAACAAU4CAABlLm5weVBLBQYAAAAABQAFAP8AAADLAgAAAAA=';

// save_checkpoint of a scalar, bfloat16, bool and int64 tensor with crc_check=True
const mindsporeCheckpoint =
  'ChkKBnNjYWxhchIPEgdGbG9hdDMyGgQAAGBAChkKAWISFAgDEghCRmxvYXQxNhoGgD8AQEBAChYKBGZsYWcSDggBCAISBEJvb2waAgEACiAKAW4SGwgCEgVJbnQ2NBoQ//////////8AAAAAAAEAAGNyY19udW0AAAAAAAB4G6xL';

// save_checkpoint(format='safetensors')
const mindsporeSafetensors =
  'qAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJtcyIsImNyY19udW0iOiIyNzk0MDk1MTc0In0sInciOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzEsMl0sImRhdGFfb2Zmc2V0cyI6WzAsOF19LCJiIjp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbOCwxNF19fSAgICAAAIA/AAAAQAA8AEAAQg==';

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

describe('files of outside programs', () => {
  it("numpy's npz: zip64 headers, column-major order, a scalar, an empty array", () => {
    expect(plain(readNpz(bytesOf(numpyArchive)))).toEqual({
      f: { dtype: 'f32', shape: [2, 3, 4], data: Array.from({ length: 24 }, (_, index) => index) },
      b: { dtype: 'i1', shape: [3], data: [1, 0, 1] },
      h: {
        dtype: 'f16',
        shape: [3, 4],
        data: [0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800, 0x4880, 0x4900, 0x4980],
      },
      i: { dtype: 'i64', shape: [], data: [7n] },
      e: { dtype: 'ui8', shape: [0, 3], data: [] },
    });
  });

  it("MindSpore's checkpoint: types, a scalar, the checksum; written back to the same bytes", () => {
    const bytes = bytesOf(mindsporeCheckpoint);
    const read = readCheckpoint(bytes);
    expect(plain(read)).toEqual({
      scalar: { dtype: 'f32', shape: [], data: [3.5] },
      b: { dtype: 'bf16', shape: [3], data: [0x3f80, 0x4000, 0x4040] },
      flag: { dtype: 'i1', shape: [1, 2], data: [1, 0] },
      n: { dtype: 'i64', shape: [2], data: [-1n, 2n ** 40n] },
    });
    expect(read.ok && writeCheckpoint(read.value, { checksum: true })).toEqual(bytes);
  });

  it("MindSpore's safetensors", () => {
    expect(plain(readSafetensors(bytesOf(mindsporeSafetensors)))).toEqual({
      w: { dtype: 'f32', shape: [1, 2], data: [1, 2] },
      b: { dtype: 'f16', shape: [3], data: [0x3c00, 0x4000, 0x4200] },
    });
  });

  it('the trained LeNet-5: names, shapes, 61,706 parameters; written back to the same bytes', () => {
    const path = new URL('examples/lenet5/lenet5.ckpt', root).pathname;
    const file = openTensorFile(path);
    if (!file.ok) throw new Error(file.error.message);
    expect(
      [...file.value.entries.values()].map(({ name, dtype, shape }) => `${name} ${dtype} ${shape.join('x')}`),
    ).toEqual([
      'conv1.weight f32 6x1x5x5',
      'conv1.bias f32 6',
      'conv2.weight f32 16x6x5x5',
      'conv2.bias f32 16',
      'fc1.weight f32 120x400',
      'fc1.bias f32 120',
      'fc2.weight f32 84x120',
      'fc2.bias f32 84',
      'fc3.weight f32 10x84',
      'fc3.bias f32 10',
    ]);
    file.value.close();
    const bytes = new Uint8Array(readFileSync(path));
    const read = readCheckpoint(bytes);
    if (!read.ok) throw new Error(read.error.message);
    expect([...read.value.values()].reduce((sum, { data }) => sum + data.length, 0)).toBe(61706);
    expect(Buffer.compare(writeCheckpoint(read.value), bytes)).toBe(0);
  });

  it('the digits and recorded answers', () => {
    const read = readNpz(new Uint8Array(readFileSync(new URL('examples/lenet5/digits.npz', root))));
    if (!read.ok) throw new Error(read.error.message);
    const rows = [...read.value].map(([name, { dtype, shape }]) => `${name} ${dtype} ${shape.join('x')}`);
    expect(rows).toEqual(['x f32 200x1x32x32', 'label i32 200', 'expected.out0 f32 200x10']);
  });
});
