/**
 * The in-memory form of a compiled network: plain data, made by the backend, run by `runtime/host`.
 *
 * Everything lives in one global memory (GM) of `gmBytes` bytes per device. Addresses are byte offsets
 * into it; instruction streams reach GM only through the integers that a launch passes in X0, X1, ….
 */

import type { CoreKind, InstructionStream } from '../isa/index.ts';

/** Element types that a tensor in GM can have. */
export const tensorDtypes = [
  'f32',
  'f16',
  'bf16',
  'f64',
  'i64',
  'i32',
  'i16',
  'i8',
  'ui8',
  'ui16',
  'ui32',
  'ui64',
  'i1',
] as const;
export type TensorDtype = (typeof tensorDtypes)[number];

/** Bytes of one element in GM; `i1` takes a whole byte. */
export const tensorDtypeBytes: Readonly<Record<TensorDtype, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  f64: 8,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  ui8: 1,
  ui16: 2,
  ui32: 4,
  ui64: 8,
  i1: 1,
};

/** A named tensor and its place in GM. `bytes` may exceed the dense size when the layout pads. */
export interface TensorSlot {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly address: number;
  readonly bytes: number;
}

/** Where the bytes of a parameter or constant come from. */
export type DataSource =
  /** Given by the caller before `prepare`. */
  | { readonly kind: 'supplied' }
  /** Made from a seed by the named initializer; the caller owns the table of initializers. */
  | {
      readonly kind: 'initializer';
      readonly initializer: string;
      readonly arguments: readonly number[];
      readonly seed: number;
    }
  /** Tensor `name` of the weights file at `path`, relative to the program file. */
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string; readonly name: string }
  /** Stored in the program file itself. */
  | { readonly kind: 'embedded'; readonly data: Uint8Array };

/** A tensor that is in GM before `prepare`: a weight, or a table that the compiler made. */
export interface StoredTensor extends TensorSlot {
  readonly source: DataSource;
}

/** The instruction stream of one kind of core; its locations are indices into `Program.locations`. */
export interface KernelStream extends InstructionStream {
  readonly core: CoreKind;
}

/** A kernel: one stream, or for `mix` a cube stream followed by a vector stream that cooperate. */
export interface Kernel {
  readonly name: string;
  readonly core: CoreKind | 'mix';
  readonly streams: readonly KernelStream[];
}

/** One start of a kernel on `blockCount` cores; a `mix` block is one cube core and its two vector cores. */
export interface Launch {
  readonly kernel: number;
  readonly blockCount: number;
  /** Integers that arrive in X0, X1, … of every core: GM addresses and scalars. */
  readonly args: readonly number[];
  /** True when nothing this launch reads or writes is written by the launch before it: no barrier is needed. */
  readonly independent?: boolean;
  /** The op that is computed, as an index into `Program.locations`: kernels are shared, launches are not. */
  readonly location?: number;
}

export interface Program {
  /** Chip name of `runtime/target`, e.g. `ascend910b1`. */
  readonly target: string;
  readonly entry: string;
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  readonly parameters: readonly StoredTensor[];
  readonly constants: readonly StoredTensor[];
  /** Size of GM, all slots and workspaces included. */
  readonly gmBytes: number;
  readonly kernels: readonly Kernel[];
  /** Run once after parameters are in place: weight layouts are made on the NPU. */
  readonly prepare: readonly Launch[];
  /** Run for every call. */
  readonly main: readonly Launch[];
  /** Source locations in the text of the IR's `loc`, e.g. `"net.py":12:9`. */
  readonly locations: readonly string[];
}
