/** Every format round-trips, and no damaged file does more than give an error value. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openTensorBytes,
  readAll,
  readCheckpoint,
  readNpz,
  readSafetensors,
  tensorBytes,
  tensorFromBytes,
  writeCheckpoint,
  writeNpz,
  writeSafetensors,
  type FileTensor,
  type FormatError,
} from '../../tools/formats/index.ts';
import type { Result } from '../../compiler/ir/support/index.ts';
import { tensorDtypeBytes, tensorDtypes } from '../../runtime/program/index.ts';
import { budget } from '../fuzz.ts';

type Tensors = ReadonlyMap<string, FileTensor>;

interface Format {
  readonly name: string;
  readonly write: (tensors: Tensors) => Uint8Array;
  readonly read: (bytes: Uint8Array) => Result<Tensors, FormatError>;
}

const written = (bytes: Result<Uint8Array, FormatError>): Uint8Array => {
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
};

const formats: readonly Format[] = [
  { name: 'npz, stored', write: (tensors) => written(writeNpz(tensors)), read: readNpz },
  { name: 'npz, deflated', write: (tensors) => written(writeNpz(tensors, 'deflate')), read: readNpz },
  { name: 'ckpt', write: (tensors) => writeCheckpoint(tensors), read: readCheckpoint },
  {
    name: 'ckpt in chunks with checksum',
    write: (tensors) => writeCheckpoint(tensors, { chunkBytes: 7, checksum: true }),
    read: readCheckpoint,
  },
  { name: 'safetensors', write: (tensors) => writeSafetensors(tensors, { format: 'ms' }), read: readSafetensors },
];

const runs = budget(20250728, 150);

const tensor: fc.Arbitrary<FileTensor> = fc
  .tuple(fc.constantFrom(...tensorDtypes), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }))
  .chain(([dtype, shape]) => {
    const length = shape.reduce((count, extent) => count * extent, tensorDtypeBytes[dtype]);
    const byte = dtype === 'i1' ? fc.integer({ min: 0, max: 1 }) : fc.integer({ min: 0, max: 255 });
    return fc
      .array(byte, { minLength: length, maxLength: length })
      .map((bytes) => tensorFromBytes(dtype, shape, Uint8Array.from(bytes)));
  });

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text !== '__metadata__');

const tensors: fc.Arbitrary<Tensors> = fc
  .array(fc.tuple(name, tensor), { minLength: 1, maxLength: 5 })
  .map((rows) => new Map(rows));

/** What two equal files agree in: bytes rather than numbers, since NaN has many patterns. */
function essence(file: Tensors): unknown {
  return Object.fromEntries(
    [...file].map(([key, value]) => [key, [value.dtype, value.shape, [...tensorBytes(value)]]]),
  );
}

describe.each(formats)('$name', ({ write, read }) => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(tensors, (original) => {
        const back = read(write(original));
        expect(back.ok ? essence(back.value) : back.error).toEqual(essence(original));
      }),
      runs,
    );
  });

  it('writes equal bytes for equal tensors', () => {
    fc.assert(
      fc.property(tensors, (original) => {
        expect(write(original)).toEqual(write(new Map(original)));
      }),
      budget(runs.seed, 20),
    );
  });

  it('any cut gives an error value that says so', () => {
    fc.assert(
      fc.property(tensors, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (original, part) => {
        const bytes = write(original);
        const back = read(bytes.subarray(0, Math.floor(bytes.length * part)));
        // A checkpoint is a plain sequence of parameters: cut between two, it is a shorter checkpoint.
        if (back.ok) expect(back.value.size).toBeLessThanOrEqual(original.size);
        else expect(back.error.message).not.toBe('');
      }),
      runs,
    );
  });

  it('any damage gives tensors or an error value, never an exception', () => {
    const damage = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('set', 'insert', 'delete'), fc.integer({ min: 0, max: 255 })),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(tensors, damage, (original, edits) => {
        const bytes = [...write(original)];
        for (const [at, kind, byte] of edits)
          bytes.splice(at % bytes.length, kind === 'insert' ? 0 : 1, ...(kind === 'delete' ? [] : [byte]));
        const back = read(Uint8Array.from(bytes));
        expect(back.ok || back.error.message !== '').toBe(true);
      }),
      budget(runs.seed, 600),
    );
  });
});

describe('any bytes at all', () => {
  it('give tensors or an error value', () => {
    const start = fc.constantFrom(
      [],
      [0x50, 0x4b, 5, 6],
      [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0],
      [0x0a],
      [9, 0, 0, 0, 0, 0, 0, 0, 0x7b],
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (head, rest) => {
        const file = openTensorBytes(Uint8Array.from([...head, ...rest]));
        const read = file.ok ? readAll(file.value) : file;
        expect(read.ok || read.error.message !== '').toBe(true);
      }),
      budget(runs.seed, 1000),
    );
  });
});
