/** numpy's .npz: a zip archive with one .npy for each key. */
import type { Result } from '../../compiler/ir/support/index.ts';
import { attempt, fault, within, type FormatError } from './fault.ts';
import { readAll, tensorFile, type LoadableEntry, type SkippedEntry, type TensorFile } from './file.ts';
import { decodeNpy, decodeNpyHeader, encodeNpy, npyHeaderReach } from './npy.ts';
import { memorySource, type ByteSource } from './source.ts';
import type { FileTensor } from './tensor.ts';
import { readZipDirectory, readZipEntry, readZipPrefix } from './unzip.ts';
import { writeZip } from './zip.ts';

/** Lists the arrays of an .npz; each is unpacked when it is read. */
export function openNpz(source: ByteSource): Result<TensorFile, FormatError> {
  return attempt(() => {
    const entries = new Map<string, LoadableEntry>();
    const skipped: SkippedEntry[] = [];
    for (const zipEntry of readZipDirectory(source)) {
      if (!zipEntry.name.endsWith('.npy')) {
        skipped.push({ name: zipEntry.name, reason: 'is no .npy file' });
        continue;
      }
      const name = zipEntry.name.slice(0, -'.npy'.length);
      if (entries.has(name)) fault('corrupt', `two arrays are named '${name}'`, zipEntry.offset);
      const header = within(name, () => decodeNpyHeader(readZipPrefix(source, zipEntry, npyHeaderReach)));
      const load = () => decodeNpy(readZipEntry(source, zipEntry));
      entries.set(name, { name, dtype: header.dtype, shape: header.shape, load });
    }
    return tensorFile('npz', [...entries.values()], skipped, () => source.close());
  });
}

/** Reads a lone .npy as a file with one tensor named `arr_0`, numpy's own name for an unnamed array. */
export function openNpy(source: ByteSource): Result<TensorFile, FormatError> {
  return attempt(() => {
    const { dtype, shape } = decodeNpyHeader(source.read(0, Math.min(source.size, npyHeaderReach), 'the npy header'));
    const load = () => decodeNpy(source.read(0, source.size, 'the npy file'));
    return tensorFile('npy', [{ name: 'arr_0', dtype, shape, load }], [], () => source.close());
  });
}

/** Reads every array of an .npz in memory, in the order of the file. */
export function readNpz(bytes: Uint8Array): Result<ReadonlyMap<string, FileTensor>, FormatError> {
  const file = openNpz(memorySource(bytes));
  return file.ok ? readAll(file.value) : file;
}

/** The bytes of an .npz; equal tensors give equal bytes. An error value when they exceed 4 GiB. */
export function writeNpz(
  tensors: ReadonlyMap<string, FileTensor>,
  method: 'store' | 'deflate' = 'store',
): Result<Uint8Array, FormatError> {
  const inputs = [...tensors].map(([name, tensor]) => ({ name: `${name}.npy`, bytes: encodeNpy(tensor) }));
  return attempt(() => writeZip(inputs, method));
}
