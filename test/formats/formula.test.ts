/** The formula weights equal those of test/network/record/formula.py: CRC-32 of the f32 bytes, computed there. */
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  fnv1a32,
  formulaInput,
  formulaIntegers,
  formulaKind,
  formulaWeights,
  tensorBytes,
} from '../../tools/formats/index.ts';

const recorded: readonly (readonly [name: string, shape: readonly number[], kind: string, crc: number])[] = [
  ['conv1.weight', [6, 1, 5, 5], 'weight', 4205010692],
  ['layer1.0.bn1.gamma', [64], 'gain', 4270873715],
  ['layer1.0.bn1.moving_variance', [1001], 'variance', 1334410009],
  ['fc.bias', [10], 'offset', 1897709481],
  ['bert.embeddings.embedding_table', [199, 64], 'weight', 619451796],
  ['pos_embed', [1, 197, 8], 'weight', 503698473],
  ['norm.weight', [12], 'gain', 1980662329],
  ['a', [3], 'offset', 2019060562],
  ['lstm.bias_hh_l0_reverse', [20], 'offset', 2449286180],
  ['größe.weight', [111, 1000], 'weight', 3976361322],
];

describe('formula weights', () => {
  it.each(recorded)('%s', (name, shape, kind, crc) => {
    expect(formulaKind(name, shape.length)).toBe(kind);
    expect(crc32(tensorBytes(formulaWeights(name, shape)))).toBe(crc);
  });

  it('inputs', () => {
    expect(crc32(tensorBytes(formulaInput('x', [1, 3, 224, 224])))).toBe(3855817250);
    expect(crc32(tensorBytes(formulaIntegers('ids', [48], 211)))).toBe(3437259108);
  });

  it('hashes are the published FNV-1a ones', () => {
    expect(fnv1a32('')).toBe(0x811c9dc5);
    expect(fnv1a32('a')).toBe(0xe40c292c);
    expect(fnv1a32('foobar')).toBe(0xbf9cf968);
  });

  it('the element at any index follows the definition', () => {
    const { data } = formulaWeights('fc.bias', [123456]);
    for (const index of [0, 9, 10, 99, 100, 12345, 123455]) {
      expect(data[index]).toBe(Math.fround((fnv1a32(`fc.bias:${index}`) / 2 ** 31 - 1) * 0.1));
    }
  });
});
