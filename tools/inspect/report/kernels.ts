/**
 * The kernels section of a report: every launch of the program on the timing model, every kernel with its tiles, its instruction
 * streams and what each instruction cost, and the pipes of a representative launch of each kernel over time.
 *
 * Time on a pipe. From 0 to the end of a launch each pipe of a core is in exactly one state of `pipeStates` at any time, so
 * the cycles of a pipe by state add up to the cycles of the launch.
 */

/** Pipes in the order of all per-pipe columns. */
export const pipeNames = ['S', 'V', 'M', 'MTE1', 'MTE2', 'MTE3', 'FIX'] as const;

/** States of a pipe in the order of all per-state columns; all but the first and the last are stalls. */
export const pipeStates = [
  { name: 'work', what: 'executes at full speed' },
  { name: 'start-up', what: 'fills: the fixed cycles of an instruction before its first result' },
  { name: 'bank conflict', what: 'UB banks serve several rows of one access one after the other' },
  { name: 'HBM share', what: 'a transfer is slower than its path because other cores use HBM too' },
  { name: 'L2 share', what: 'a transfer is slower than its path because other cores use L2 too' },
  { name: 'flag', what: 'waits for a flag of another pipe' },
  { name: 'barrier', what: 'waits until earlier instructions are complete' },
  { name: 'issue', what: 'the queue is empty: the scalar unit has not issued the next instruction yet' },
  { name: 'full queue', what: 'the scalar unit waits for a place in the queue of a pipe' },
  { name: 'cross-core', what: 'the scalar unit waits for a flag of another core' },
  { name: 'idle', what: 'before the first and after the last instruction of the pipe' },
] as const;

/** Why a launch takes as long as it takes. */
export type Bound =
  /** The pipe (or kind of pipes) that works most of the time. */
  | 'cube'
  | 'vector'
  | 'memory'
  | 'on-chip'
  | 'scalar'
  /** No pipe works half of the time: they wait for each other. */
  | 'latency'
  /** So short that starting the kernel costs several times as much. */
  | 'launch';

/** Seconds of a launch that are due to a place. */
export interface PlaceSeconds {
  readonly place: number;
  readonly seconds: number;
}

/** Operations by the unit and type that did them. A multiply-add counts as two. */
export interface ExecutedOperations {
  readonly unit: 'cube' | 'vector';
  /** f16, bf16, f32, s8 … */
  readonly dtype: string;
  readonly operations: number;
}

/** One start of a kernel. */
export interface LaunchFacts {
  /** Index into `kernels`. */
  readonly kernel: number;
  readonly place: number;
  readonly blocks: number;
  /** Microseconds from the start of the program; launches run one after the other. */
  readonly start: number;
  readonly microseconds: number;
  readonly cycles: number;
  readonly hbmBytes: number;
  readonly l2Bytes: number;
  readonly executed: readonly ExecutedOperations[];
  /** Cycles by pipe and state, averaged over the cores that have the pipe, each rounded: [pipe * pipeStates.length + state]. */
  readonly states: readonly number[];
  readonly bound: Bound;
  /** The stall that costs the busiest pipe most: index into pipeStates, and which pipe; null when nothing stalls. */
  readonly mainStall: { readonly state: number; readonly pipe: number } | null;
  /**
   * The launch's seconds by place; they add up to its time. A launch belongs to the op it computes; where kernels are fused of
   * several ops, the time is divided by the busy cycles (work and slow-downs on V, M and transfer pipes) of the instructions of each place,
   * and what the group does as a whole (transfers in and out) counts in equal parts for its ops.
   */
  readonly seconds: readonly PlaceSeconds[];
}

/** An on-chip buffer of a kernel. */
export interface TileBuffer {
  /** Memory and number, e.g. l1.0. */
  readonly name: string;
  readonly space: string;
  /** Bytes of one copy, and how many copies there are (2: double-buffered). */
  readonly bytes: number;
  readonly copies: number;
  /** Address of the first copy in its memory. */
  readonly address: number;
  /** Index of the loop in which it lives, -1 for the whole kernel. */
  readonly loop: number;
  /** Mnemonics that write and read it, each once. */
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

/** A loop of a kernel; an enclosing loop stands before those in it. */
export interface TileLoop {
  /** Index of the enclosing loop, -1 for the outermost. */
  readonly parent: number;
  /** Whether the iterations are divided among the cores. */
  readonly isDivided: boolean;
  /** The loop as text: variable and bounds. */
  readonly variable: string;
  readonly from: string;
  readonly to: string;
  readonly step: string;
  /** Turns, those of all cores together when it is divided; null when the bounds are computed. */
  readonly trips: number | null;
  /** Instructions of the loop's own body that move or compute, in order. */
  readonly body: readonly string[];
}

/** What lowering chose: how the work is cut and where the parts lie. */
export interface TileFacts {
  /** Names of the kernel's arguments. */
  readonly arguments: readonly string[];
  readonly loops: readonly TileLoop[];
  readonly buffers: readonly TileBuffer[];
  /** Instructions outside of all loops. */
  readonly body: readonly string[];
}

/** An instruction stream and what its instructions cost in all launches of the kernel (columns have one entry for each instruction). */
export interface StreamFacts {
  readonly core: 'cube' | 'vector';
  readonly words: readonly number[];
  /** Word index of each instruction; the index counts in `pc` of events. */
  readonly at: readonly number[];
  readonly text: readonly string[];
  /** Index into pipeNames: the pipe that executes it. */
  readonly pipe: readonly number[];
  readonly place: readonly number[];
  /** Executions, cycles in state `work`, and cycles of the pipe's stalls that this instruction ended; sums over cores and launches. */
  readonly executed: readonly number[];
  readonly work: readonly number[];
  readonly stalled: readonly number[];
  /** The state that costs it most stall cycles; -1 for none. */
  readonly mainStall: readonly number[];
}

/** Times in a report are whole numbers of 1 / TICKS cycle. */
export const TICKS = 4;

/** A pipe over time: segments in order, none overlapping; where there is no segment, the pipe is idle. */
export interface LaneEvents {
  /** Index into pipeNames. */
  readonly pipe: number;
  /** Ticks from the end of the segment before (mostly 0). */
  readonly gaps: readonly number[];
  /** Ticks. */
  readonly lengths: readonly number[];
  /** Index into pipeStates. */
  readonly states: readonly number[];
  /** Instruction number in the stream: the one that works, or the one that waits. */
  readonly instructions: readonly number[];
}

/** Flags from one pipe to another, in order of the wait. */
export interface FlagArrows {
  /** Index into pipeNames. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly id: readonly number[];
  /** Ticks when it was set; difference to the arrow before. */
  readonly set: readonly number[];
  /** Ticks from the set until the waiting pipe went on. */
  readonly taken: readonly number[];
  /** Instruction numbers of set_flag and wait_flag. */
  readonly setter: readonly number[];
  readonly waiter: readonly number[];
}

export interface CoreEvents {
  /** As in traces, e.g. core0.cubecore0. */
  readonly name: string;
  /** Index of its stream in the kernel's streams. */
  readonly stream: number;
  readonly cycles: number;
  readonly lanes: readonly LaneEvents[];
  readonly arrows: FlagArrows;
}

/** The pipes of a launch over time. */
export interface KernelTrace {
  /** Index into `launches`. */
  readonly launch: number;
  /** The cores that are shown: the slowest first, then the fastest, then others as far as the limit of segments allows. */
  readonly cores: readonly CoreEvents[];
  /** Every core of the launch. */
  readonly allCores: readonly { readonly name: string; readonly cycles: number }[];
  /** Segments that are left out because of the limit. */
  readonly omitted: number;
}

export interface KernelFacts {
  readonly name: string;
  readonly core: 'cube' | 'vector' | 'mix';
  readonly place: number;
  /** Null for a program file, which has instructions only. */
  readonly tiles: TileFacts | null;
  readonly streams: readonly StreamFacts[];
  /** Null for a kernel that the timed part of the program never launches. */
  readonly trace: KernelTrace | null;
}

/** What the chip can do at best. */
export interface ChipRoofs {
  readonly name: string;
  readonly megahertz: number;
  readonly cubeCores: number;
  readonly vectorCores: number;
  /** Operations per second of all cores together. */
  readonly cube: readonly { readonly dtype: string; readonly perSecond: number }[];
  readonly vector: readonly { readonly dtype: string; readonly perSecond: number }[];
  readonly hbmBytesPerSecond: number;
  readonly l2BytesPerSecond: number;
  /** Bytes of the on-chip memories of one core, by space. */
  readonly memories: Readonly<Record<string, number>>;
  /** What starting a kernel costs on hardware; not part of the simulated times. */
  readonly launchMicroseconds: number;
}

/** The kernels section of a report. */
export interface KernelSection {
  readonly kind: 'kernels';
  readonly chip: ChipRoofs;
  /** `decided`: control flow as a run decided; `assumed`: branches taken, loops turned once; `none`: there is none. */
  readonly controlFlow: 'none' | 'assumed' | 'decided';
  readonly kernels: readonly KernelFacts[];
  /** In the order in which they run. */
  readonly launches: readonly LaunchFacts[];
  readonly microseconds: number;
  /** Why timing ended early; then launches are those before it. */
  readonly fault: { readonly message: string; readonly place: number } | null;
  /** Segments of each kernel's longest launch at most (`--trace-events`); how many the report has, and how many it leaves out. */
  readonly events: { readonly limit: number; readonly kept: number; readonly omitted: number };
}
