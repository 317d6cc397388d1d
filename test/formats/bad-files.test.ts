/** What damaged and hostile files are answered, word for word. */
import { describe, expect, it } from 'vitest';
import {
  encodeNpy,
  openTensorBytes,
  openTensorFile,
  readAll,
  readCheckpoint,
  readNpz,
  readSafetensors,
  tensorFromBytes,
  writeCheckpoint,
  writeNpz,
  writeSafetensors,
  type FormatError,
} from '../../tools/formats/index.ts';
import type { Result } from '../../compiler/ir/support/index.ts';

const weight = tensorFromBytes('f32', [2, 3], new Uint8Array(new Float32Array([1, 2, 3, 4, 5, 6]).buffer));
const one = new Map([['w', weight]]);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function archive(): Uint8Array {
  const bytes = writeNpz(one);
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
}

/** Replaces the first occurrence of a text by one of the same length. */
function patched(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const copy = Buffer.from(bytes);
  copy.write(to, copy.indexOf(from), 'latin1');
  return new Uint8Array(copy);
}

function changed(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at < 0 ? copy.length + at : at] = value;
  return copy;
}

function complaint(read: Result<unknown, FormatError>): string {
  return read.ok ? 'no error' : `${read.error.problem}: ${read.error.message}`;
}

function complaintOf(bytes: Uint8Array): string {
  const file = openTensorBytes(bytes);
  return complaint(file.ok ? readAll(file.value) : file);
}

describe('npy and npz', () => {
  const npy = encodeNpy(weight);

  it('a cut array', () => {
    expect(complaintOf(npy.subarray(0, -5))).toBe('truncated: arr_0: f32 of shape [2, 3] takes 24 bytes, found 19');
  });

  it('bytes after the array', () => {
    expect(complaintOf(new Uint8Array([...npy, 0]))).toBe(
      'corrupt: arr_0: f32 of shape [2, 3] takes 24 bytes, found 25',
    );
  });

  it('big-endian elements', () => {
    expect(complaintOf(patched(npy, '<f4', '>f4'))).toBe(
      "unsupported: elements are big-endian ('>f4'); save them with .astype('<f4')",
    );
  });

  it('complex elements', () => {
    expect(complaintOf(patched(npy, '<f4', '<c8'))).toMatch(/^unsupported: element type '<c8' is not one of f2, f4/);
  });

  it('a shape that asks for more than there can be', () => {
    expect(complaintOf(patched(npy, '(2, 3), }      ', '(2, 300000000),'))).toMatch(
      /^truncated: arr_0: f32 of shape \[2, 300000000\] takes 2400000000 bytes, found 24/,
    );
    expect(complaintOf(patched(npy, '(2, 3), }        ', '(200, 300000000),'))).toMatch(
      /^too-large: arr_0: .* needs 240000000000 bytes/,
    );
  });

  it('a header that is no dictionary', () => {
    expect(complaintOf(patched(npy, 'shape', 'shaqe'))).toMatch(
      /^corrupt: expected 'descr', 'fortran_order' and 'shape' in the npy header/,
    );
  });

  it('an archive without its end', () => {
    expect(complaint(readNpz(archive().subarray(0, -30)))).toBe(
      'truncated: expected the end record of a zip archive, found none; is the file complete?',
    );
  });

  it('a wrong checksum', () => {
    expect(complaint(readNpz(patched(archive(), "'<f4'", "'<i4'")))).toMatch(
      /^corrupt: w: zip entry 'w.npy' has checksum [0-9a-f]{8}, expected [0-9a-f]{8}$/,
    );
  });

  it('an entry that claims to be huge (a zip bomb)', () => {
    const bytes = archive();
    const directory = Buffer.from(bytes).indexOf('PK\u0001\u0002');
    const bomb = changed(changed(bytes, directory + 10, 8), directory + 27, 0x7f);
    expect(complaint(readNpz(bomb))).toMatch(
      /^corrupt: zip entry 'w.npy' announces 2130706584 bytes out of 152: more than deflate can do$/,
    );
  });
});

describe('ckpt', () => {
  const bytes = writeCheckpoint(one);

  it('a cut file', () => {
    expect(complaint(readCheckpoint(bytes.subarray(0, -1)))).toBe(
      'truncated: field 1 of the checkpoint takes 44 bytes, 43 are left',
    );
  });

  it('another protobuf message', () => {
    expect(complaint(readCheckpoint(changed(bytes, 0, 0x12)))).toMatch(
      /^corrupt: field 2 in the checkpoint, expected only field 1/,
    );
  });

  it('a shape that disagrees with the content', () => {
    const three = Buffer.from(bytes).indexOf(Uint8Array.of(8, 3));
    expect(complaint(readCheckpoint(changed(bytes, three + 1, 2)))).toBe(
      'corrupt: w: Float32 of shape [2, 2] takes 16 bytes, found 24',
    );
    expect(complaint(readCheckpoint(changed(bytes, three + 1, 9)))).toBe(
      'truncated: w: Float32 of shape [2, 9] takes 72 bytes, found 24',
    );
  });

  it('a wrong checksum', () => {
    const checked = writeCheckpoint(one, { checksum: true });
    expect(complaint(readCheckpoint(changed(checked, -18, 1)))).toMatch(
      /^corrupt: the checkpoint has CRC-32 \d+, its trailer says \d+$/,
    );
  });

  it('two parameters of one name', () => {
    const twice = new Uint8Array([...bytes, ...writeCheckpoint(new Map([['v', weight]])), ...bytes]);
    expect(complaint(readCheckpoint(twice))).toBe("corrupt: two parameters are named 'w'");
  });

  it('an entry that is no tensor is listed, not read', () => {
    const file = openTensorBytes(patched(bytes, 'Float32', 'Complex'));
    expect(file.ok && file.value.skipped).toEqual([
      { name: 'w', reason: "has type 'Complex', which msc does not read" },
    ]);
  });
});

describe('safetensors', () => {
  const bytes = writeSafetensors(one);
  const withHeader = (header: string): Uint8Array =>
    new Uint8Array([header.length, 0, 0, 0, 0, 0, 0, 0, ...text(header)]);

  it('a cut file', () => {
    expect(complaint(readSafetensors(bytes.subarray(0, -4)))).toBe('truncated: the tensors take 24 bytes, found 20');
    expect(complaint(readSafetensors(bytes.subarray(0, 20)))).toMatch(
      /^truncated: the safetensors header takes \d+ bytes at offset 8, the file has 12 there$/,
    );
  });

  it('a header length beyond reason', () => {
    expect(complaint(readSafetensors(changed(bytes, 6, 1)))).toMatch(
      /^too-large: the safetensors header takes 281474976710\d+ bytes/,
    );
  });

  it('headers of the wrong form', () => {
    expect(complaint(readSafetensors(withHeader('{"a":')))).toMatch(/^corrupt: the safetensors header is not JSON: /);
    expect(complaint(readSafetensors(withHeader('[1]')))).toBe(
      'corrupt: the safetensors header is [1], expected a JSON object',
    );
    expect(complaint(readSafetensors(withHeader('{"a":7}')))).toMatch(
      /^corrupt: a: expected \{"dtype": text.*found 7$/,
    );
  });

  it('tensors that overlap', () => {
    const header =
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}';
    expect(complaint(readSafetensors(withHeader(header)))).toBe(
      "corrupt: 'b' lies at [1, 3), expected it to begin at 2",
    );
  });
});

describe('any file', () => {
  it('of another kind', () => {
    expect(complaintOf(text('hello'))).toBe(
      'corrupt: expected npz, npy, ckpt or safetensors, found bytes 68 65 6c 6c 6f',
    );
    expect(complaintOf(new Uint8Array(0))).toBe('truncated: the file is empty');
  });

  it('that does not exist', () => {
    expect(complaint(openTensorFile('no/such/file.npz'))).toMatch(/^io: cannot open no\/such\/file.npz: ENOENT/);
  });

  it('a name that is not in the file', () => {
    const file = openTensorBytes(archive());
    expect(file.ok && complaint(file.value.read('v'))).toBe("missing: there is no tensor 'v' in this file");
  });
});
