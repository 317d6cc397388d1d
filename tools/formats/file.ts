/** The one view of every weights or data file: named tensors, listed at once and read one by one. */
import { failure, type Result } from '../../compiler/ir/support/index.ts';
import type { TensorDtype } from '../../runtime/program/index.ts';
import { attempt, within, type FormatError } from './fault.ts';
import type { FileTensor } from './tensor.ts';

export type TensorFormat = 'npz' | 'npy' | 'ckpt' | 'safetensors';

/** What a file says about one tensor before its data is read. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
}

/** An entry that msc cannot use as a tensor, and why. */
export interface SkippedEntry {
  readonly name: string;
  readonly reason: string;
}

export interface TensorFile {
  readonly format: TensorFormat;
  /** In the order of the file. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly skipped: readonly SkippedEntry[];
  /** Reads one tensor; nothing is kept. */
  read(name: string): Result<FileTensor, FormatError>;
  close(): void;
}

/** An entry together with the decoder of its data. */
export interface LoadableEntry extends TensorEntry {
  readonly load: () => FileTensor;
}

/** Makes a TensorFile of decoded headers. */
export function tensorFile(
  format: TensorFormat,
  loadable: readonly LoadableEntry[],
  skipped: readonly SkippedEntry[],
  close: () => void,
): TensorFile {
  const entries = new Map(loadable.map((entry) => [entry.name, entry]));
  return {
    format,
    entries,
    skipped,
    close,
    read(name) {
      const entry = entries.get(name);
      if (!entry)
        return failure({ problem: 'missing', message: `there is no tensor '${name}' in this file`, offset: null });
      return attempt(() => within(name, entry.load));
    },
  };
}

/** Reads every tensor of a file, in its order. */
export function readAll(file: TensorFile): Result<ReadonlyMap<string, FileTensor>, FormatError> {
  const tensors = new Map<string, FileTensor>();
  for (const name of file.entries.keys()) {
    const tensor = file.read(name);
    if (!tensor.ok) return tensor;
    tensors.set(name, tensor.value);
  }
  return { ok: true, value: tensors };
}
