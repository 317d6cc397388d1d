/**
 * The in-memory form of a compiled network: plain data, made by the backend, run by `runtime/host`.
 *
 * Everything lives in one global memory (GM) of `gmBytes` bytes per device. Addresses are byte offsets
 * into it; instruction streams reach GM only through the integers that a launch passes in X0, X1, ….
 */

import type { CoreKind, InstructionStream } from '../isa/index.ts';
import type { Launch, Step } from './step.ts';
import type { TensorSlot } from './tensor.ts';

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
  /** True for a parameter that `main` gives a new value, which the next run of `main` sees. */
  readonly isState?: boolean;
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
  /**
   * Run once after parameters are in place: weight layouts are made on the NPU. It may use the memory of what `main` computes,
   * so results are read before it runs again.
   */
  readonly prepare: readonly Launch[];
  /** Run for every call. */
  readonly main: readonly Step[];
  /** Source locations in the text of the IR's `loc`, e.g. `"net.py":12:9`. */
  readonly locations: readonly string[];
}
