/** Opens any weights or data file; its first bytes, not its name, decide what it is. */
import { failure, ok, type Result } from '../../compiler/ir/support/index.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { FormatError } from './fault.ts';
import type { TensorFile, TensorFormat } from './file.ts';
import { openNpy, openNpz } from './npz.ts';
import { openSafetensors } from './safetensors.ts';
import { fileSource, memorySource, type ByteSource } from './source.ts';

/** Opens the tensors of a file on disk; close it after reading. */
export function openTensorFile(path: string): Result<TensorFile, FormatError> {
  const source = fileSource(path);
  if (!source.ok) return source;
  const file = openSource(source.value);
  if (!file.ok) source.value.close();
  return file;
}

/** Opens the tensors of a file in memory. */
export function openTensorBytes(bytes: Uint8Array): Result<TensorFile, FormatError> {
  return openSource(memorySource(bytes));
}

const openers: Readonly<Record<TensorFormat, (source: ByteSource) => Result<TensorFile, FormatError>>> = {
  npz: openNpz,
  npy: openNpy,
  ckpt: openCheckpoint,
  safetensors: openSafetensors,
};

function openSource(source: ByteSource): Result<TensorFile, FormatError> {
  if (source.size === 0) return failure({ problem: 'truncated', message: 'the file is empty', offset: 0 });
  const format = sniff(source.read(0, Math.min(source.size, 9), 'the start of the file'));
  return format.ok ? openers[format.value](source) : format;
}

function sniff(start: Uint8Array): Result<TensorFormat, FormatError> {
  const [first, second] = start;
  if (first === 0x50 && second === 0x4b) return ok('npz');
  if (first === 0x93 && second === 0x4e) return ok('npy');
  if (start.length === 9 && start[8] === 0x7b && start[7] === 0) return ok('safetensors');
  // A checkpoint begins with field 1 of wire type 2.
  if (first === 0x0a) return ok('ckpt');
  const found = [...start].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return failure({
    problem: 'corrupt',
    message: `expected npz, npy, ckpt or safetensors, found bytes ${found}`,
    offset: 0,
  });
}
