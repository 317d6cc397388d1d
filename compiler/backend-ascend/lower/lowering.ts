/**
 * What a rule of the lower column gets and gives.
 *
 * A family's rule looks at one op and writes its kernel through `KernelBuilder`. Kernels are shared: a rule names its
 * kernel by everything that decides the instructions (`key`), and a kernel with a known key is not written again.
 */
import type { Attribute, Block, Diagnostic, Module, Operation, Value } from '../../ir/index.ts';
import type { PassObserver } from '../../passes/rewrite/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import type { KernelBuilder } from '../tile/kernel-builder.ts';

/** What a lowering rule gets besides the op. */
export interface Lowering {
  readonly chip: Chip;
  /** Whom to tell which rule was taken and why not another; null when nobody listens. */
  readonly observer: PassObserver | null;
  /** The GM buffer of an operand, or of a result of the op being lowered (allocated on first use). */
  buffer(value: Value): Value;
  /** Says that a result is the same bytes as another value: no kernel is needed. */
  alias(result: Value, source: Value): void;
  /** Scratch GM memory for this op. */
  workspace(bytes: number): Value;
  /** A GM buffer that holds these bytes before anything runs: a table that the compiler made, or data of the network. */
  constant(bytes: Uint8Array): Value;
  /** Says that a result is constant data. */
  store(result: Value, bytes: Uint8Array): void;
  /** What `make` gives for a key, made once for the module: choices that cost a search. */
  remember<Result>(key: string, make: () => Result): Result;
  /** Starts the kernel with this key, writing it first if it is new. Arguments are buffers, then integers. */
  launch(kernel: KernelRequest, args: readonly (Value | number)[]): void;
}

/** What the rules of control flow and communication get besides. */
export interface StepLowering extends Lowering {
  /** A new GM buffer for values of this type. */
  fresh(like: Value): Value;
  /** Copies as if all at once. */
  move(moves: readonly Move[]): void;
  /** Lowers a region whose arguments stand for buffers; `end` is called after its operations. */
  region(block: Block, values: readonly (readonly [argument: Value, buffer: Value])[], end: () => void): Block;
  /** Adds a step that is no launch. */
  step(
    name: string,
    operands: readonly Value[],
    attributes: ReadonlyMap<string, Attribute>,
    regions?: readonly Block[],
  ): void;
  /** Says that a result lies in this buffer. */
  bind(result: Value, buffer: Value): void;
  /** Whether a value is known before the inputs arrive. */
  isPrepared(value: Value): boolean;
  /** Says that a region's argument is. */
  prepare(argument: Value): void;
}

/** Copies the bytes of one buffer to another, as far as they are not one in the end. */
export interface Move {
  readonly source: Value;
  readonly target: Value;
  readonly bytes: number;
}

export interface KernelRequest {
  /** Everything that decides the kernel's instructions. */
  readonly key: string;
  /** A readable stem for the kernel's name, e.g. `matmul_f32`. */
  readonly name: string;
  readonly core: 'cube' | 'vector';
  /** How many cores take part. */
  readonly blocks: number;
  readonly write: (kernel: KernelBuilder) => void;
  /** Arguments (read, written) that may be the same buffer, because each byte is read before it is written by its core. */
  readonly inPlace?: readonly (readonly [read: number, written: number])[];
}

/** Lowers one op, or says why it cannot be lowered. */
export type LowerRule = (op: Operation, lowering: Lowering) => Diagnostic | null;

/** Lowers an op that is a step of the program itself. */
export type StepRule = (op: Operation, lowering: StepLowering) => Diagnostic | null;

/** The module at @tile, and what kept it from being whole. */
export interface LoweredModule {
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}
