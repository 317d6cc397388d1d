/** Weights find their parameters by MindSpore's rules, in the type that the network wants. */
import { describe, expect, it } from 'vitest';
import {
  matchWeights,
  openTensorBytes,
  readWeight,
  tensorFromBytes,
  writeSafetensors,
  type FileTensor,
  type TensorFile,
  type WantedParameter,
} from '../../tools/formats/index.ts';

const f32 = (...values: readonly number[]): FileTensor => ({
  dtype: 'f32',
  shape: [values.length],
  data: Float32Array.from(values),
});

function fileOf(tensors: Readonly<Record<string, FileTensor>>): TensorFile {
  const file = openTensorBytes(writeSafetensors(new Map(Object.entries(tensors))));
  if (!file.ok) throw new Error(file.error.message);
  return file.value;
}

const wanted = (
  name: string,
  shape: readonly number[] = [2],
  dtype: WantedParameter['dtype'] = 'f32',
): WantedParameter => ({ name, dtype, shape });

describe('matching', () => {
  it('takes equal names, and lists what is missing, misshapen and extra', () => {
    const file = fileOf({
      'fc.weight': f32(1, 2),
      'fc.bias': f32(1, 2, 3),
      'moments.fc.weight': f32(0, 0),
      learning_rate: f32(1),
    });
    const match = matchWeights([wanted('fc.weight'), wanted('fc.bias'), wanted('head.weight')], file);
    expect([...match.entries]).toEqual([
      ['fc.weight', 'fc.weight'],
      ['fc.bias', 'fc.bias'],
    ]);
    expect(match.missing).toEqual(['head.weight']);
    expect(match.mismatched).toEqual([{ name: 'fc.bias', expected: 'f32 [2]', found: 'f32 [3]' }]);
    expect(match.extra.toSorted()).toEqual(['learning_rate', 'moments.fc.weight']);
  });

  it('finds the prefix that a wrapped network leaves in its names', () => {
    const file = fileOf({ 'backbone.fc.weight': f32(1, 2), 'backbone.fc.bias': f32(3, 4), 'head.bias': f32(5, 6) });
    const match = matchWeights([wanted('fc.weight'), wanted('fc.bias'), wanted('head.bias')], file);
    expect(match.prefixes).toEqual(['backbone.']);
    expect(Object.fromEntries(match.entries)).toEqual({
      'fc.weight': 'backbone.fc.weight',
      'fc.bias': 'backbone.fc.bias',
      'head.bias': 'head.bias',
    });
    expect(match.missing).toEqual([]);
  });

  it('does not take a name that only ends alike', () => {
    expect(matchWeights([wanted('v1.weight')], fileOf({ 'conv1.weight': f32(1, 2) })).missing).toEqual(['v1.weight']);
  });

  it('tells a scalar from a vector of one', () => {
    const file = fileOf({ scale: f32(1) });
    expect(matchWeights([wanted('scale', [])], file).mismatched).toEqual([
      { name: 'scale', expected: 'f32 []', found: 'f32 [1]' },
    ]);
  });
});

describe('types', () => {
  const bits = (...values: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
  const file = fileOf({
    single: f32(1, 65504),
    half: tensorFromBytes('f16', [2], bits(0x3c00, 0xc000)),
    brain: tensorFromBytes('bf16', [2], bits(0x3f80, 0xc000)),
    long: { dtype: 'i64', shape: [2], data: BigInt64Array.of(-1n, 2n ** 33n + 5n) },
    int: { dtype: 'i32', shape: [2], data: Int32Array.of(-1, 7) },
  });
  const read = (name: string, dtype: WantedParameter['dtype']): unknown => {
    const tensor = readWeight(file, name, dtype);
    return tensor.ok ? [...tensor.value.data] : tensor.error.message;
  };

  it('convert among floats', () => {
    expect(read('half', 'f32')).toEqual([1, -2]);
    expect(read('brain', 'f32')).toEqual([1, -2]);
    expect(read('single', 'f16')).toEqual([0x3c00, 0x7bff]);
    expect(read('half', 'bf16')).toEqual([0x3f80, 0xc000]);
    expect(read('single', 'f64')).toEqual([1, 65504]);
  });

  it('convert among integers, wrapping', () => {
    expect(read('int', 'i64')).toEqual([-1n, 7n]);
    expect(read('long', 'i32')).toEqual([-1, 5]);
    expect(read('int', 'ui8')).toEqual([255, 7]);
  });

  it('do not convert between floats and integers', () => {
    expect(read('int', 'f32')).toBe('int: i32 does not convert to f32');
    expect(matchWeights([wanted('int')], file).mismatched).toEqual([
      { name: 'int', expected: 'f32 [2]', found: 'i32 [2]' },
    ]);
  });
});
