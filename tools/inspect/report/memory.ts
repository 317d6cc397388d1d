/** The memory section of a report: where every buffer lies and when, in GM and on chip, as the compiler planned it. */

/** What a buffer of GM is for; state is a parameter that the program changes. */
export const bufferKinds = [
  'parameter',
  'state',
  'prepared',
  'constant',
  'input',
  'output',
  'activation',
  'workspace',
] as const;
export type BufferKind = (typeof bufferKinds)[number];

/** A step of the program, or at the end the return. */
export interface MemoryStep {
  readonly phase: 'prepare' | 'main';
  readonly kind: string;
  /** Kernel of a launch or operation of a collective; empty for the others. */
  readonly name: string;
  /** Number of the launch: those of `prepare` first, then those of `main` in the order of the text; null for other steps. */
  readonly launch: number | null;
  readonly place: number;
}

/** A tensor or scratch in GM. */
export interface MemoryTenant {
  readonly kind: BufferKind;
  /** Of an input or parameter, or of the value in the IR; may be empty. */
  readonly name: string;
  /** Tensor type as the IR writes it; empty for scratch. */
  readonly type: string;
  /** As stored. */
  readonly bytes: number;
  /** Of its elements alone, without what the layout adds. */
  readonly elementBytes: number;
  readonly place: number;
  /** Steps that touch it, by number. */
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

/** A place in GM and what lives there. */
export interface MemoryBuffer extends MemoryTenant {
  readonly address: number;
  /** What no other buffer may use meanwhile. */
  readonly reservedBytes: number;
  /** First and last step at which the place is taken; null when it is kept for good. */
  readonly live: readonly [first: number, last: number] | null;
  /** Buffers that were made one with this one: work in place. */
  readonly tenants: readonly MemoryTenant[];
}

/** GM of a device, or of several whose programs are alike. */
export interface DeviceMemory {
  /** Ranks as ranges, first and last; rank 0 for one device. */
  readonly ranks: readonly (readonly [first: number, last: number])[];
  readonly gmBytes: number;
  /** The part of GM that buffers share by lifetime: the arena. It lies at the end. */
  readonly arenaBytes: number;
  readonly steps: readonly MemoryStep[];
  readonly buffers: readonly MemoryBuffer[];
  /** On-chip memory of each kernel. */
  readonly kernels: readonly KernelMemory[];
}

export const onChipSpaces = ['ub', 'l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb'] as const;
export type OnChipSpace = (typeof onChipSpaces)[number];

/** A buffer of a kernel. */
export interface OnChipBuffer {
  readonly space: OnChipSpace;
  readonly address: number;
  /** Of one copy. */
  readonly bytes: number;
  /** More than one when the iterations of a loop alternate between copies. */
  readonly copies: number;
  /** First and last instruction at which it is live. */
  readonly live: readonly [first: number, last: number];
  /** Instructions that fill and use it. */
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  readonly place: number;
}

export interface KernelMemory {
  readonly name: string;
  readonly core: string;
  /** How many launches start it. */
  readonly launches: number;
  readonly instructions: number;
  readonly buffers: readonly OnChipBuffer[];
  readonly place: number;
}

export interface MemorySection {
  readonly kind: 'memory';
  /** Of the chip, in bytes, or null where nobody published it. */
  readonly deviceBytes: number | null;
  /** Bytes of each on-chip memory of a core that programs may use. */
  readonly capacities: Readonly<Record<OnChipSpace, number>>;
  readonly devices: readonly DeviceMemory[];
}
