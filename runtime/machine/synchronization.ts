/** Flags between pipes and between cores, as counters. */
import { pipes } from '../isa/index.ts';
import type { CoreKind, Pipe } from '../isa/index.ts';

/** Pairs of pipes that have flags (source, then the pipe that waits), by core kind. */
export const legalFlagPairs: Readonly<Record<CoreKind, ReadonlySet<string>>> = {
  vector: new Set('MTE2_V V_MTE2 MTE3_V V_MTE3 V_V MTE3_MTE2 MTE2_MTE3 S_V V_S S_MTE2 MTE2_S S_MTE3 MTE3_S'.split(' ')),
  cube: new Set(
    (
      'MTE2_MTE1 MTE1_MTE2 MTE1_M M_MTE1 MTE3_MTE1 MTE1_MTE3 MTE2_M M_MTE2 M_FIX FIX_M MTE3_MTE2 MTE2_MTE3 S_MTE2 MTE2_S S_MTE3 MTE3_S ' +
      'MTE2_FIX FIX_MTE2 FIX_S M_S FIX_MTE3 MTE1_FIX FIX_MTE1 FIX_FIX'
    ).split(' '),
  ),
};

/** Name of the pipe with a number, or undefined. */
export const pipeOf = (number: number): Pipe | undefined => pipes[number];

/** Says what is wrong with a flag operand triple, or null. */
export function flagProblem(kind: CoreKind, from: number, to: number): string | null {
  const pair = `${pipeOf(from) ?? from}_${pipeOf(to) ?? to}`;
  return legalFlagPairs[kind].has(pair) ? null : `a ${kind} core has no flag from ${pair.replace('_', ' to ')}`;
}

/** Index of a flag in a core's flag column. */
export const flagIndex = (from: number, to: number, id: number): number => (from * pipes.length + to) * 8 + id;
/** Length of a core's flag column. */
export const flagColumnLength = pipes.length * pipes.length * 8;

/** The parts of an ffts_cross_core_sync message. */
export const crossCoreMessage = (message: number): { readonly mode: number; readonly flag: number } => ({
  mode: (message >> 4) & 3,
  flag: (message >> 8) & 15,
});

/** A core as the cross-core hub sees it: its kind, and the block it works on. */
export interface Participant {
  readonly kind: CoreKind;
  readonly block: number;
}

/** A group of cores that have all set a flag, and the cores whose flag counts up. */
export interface Release {
  readonly senders: readonly number[];
  readonly receivers: readonly number[];
}

/**
 * Cross-core flags. A core's set is counted per group (mode 0: all cores of its kind, 1: the vector cores of its block,
 * 2: the other side of its block); when every member of the group has set once more, the waiting side counts one up.
 */
export class CrossCoreHub {
  readonly #participants: readonly Participant[];
  readonly #sent = new Map<string, number[]>();
  readonly #received: Uint32Array[];

  constructor(participants: readonly Participant[]) {
    this.#participants = participants;
    this.#received = participants.map(() => new Uint32Array(16));
  }

  /** Records a set by participant `from`; says whom it releases, or null while others of the group are missing. */
  set(from: number, mode: number, flag: number): Release | null {
    const self = this.#participants[from] as Participant; // from is a participant's number
    const sameBlock = mode !== 0;
    const senders = this.#numbers((other) => other.kind === self.kind && (!sameBlock || other.block === self.block));
    const receivers =
      mode === 2 ? this.#numbers((other) => other.kind !== self.kind && other.block === self.block) : senders;
    const key = `${mode}:${flag}:${self.kind}:${sameBlock ? self.block : 'all'}`;
    const counts = this.#sent.get(key) ?? [];
    const before = completed(senders, counts);
    counts[from] = (counts[from] ?? 0) + 1;
    this.#sent.set(key, counts);
    if (completed(senders, counts) === before) return null;
    for (const receiver of receivers) this.#countUp(receiver, flag);
    return { senders, receivers };
  }

  /** Takes one count of a flag if there is one. */
  tryWait(participant: number, flag: number): boolean {
    const column = this.#received[participant] as Uint32Array; // one per participant
    if ((column[flag] ?? 0) === 0) return false;
    column[flag] = (column[flag] ?? 0) - 1;
    return true;
  }

  #countUp(participant: number, flag: number): void {
    const column = this.#received[participant] as Uint32Array; // one per participant
    column[flag] = (column[flag] ?? 0) + 1;
  }

  #numbers(wanted: (participant: Participant) => boolean): readonly number[] {
    return this.#participants.flatMap((participant, number) => (wanted(participant) ? [number] : []));
  }
}

function completed(members: readonly number[], counts: readonly (number | undefined)[]): number {
  return Math.min(...members.map((member) => counts[member] ?? 0));
}
