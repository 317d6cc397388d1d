/** The ranks section of a report: the simulated time of all ranks of a cluster. Times are nanoseconds, rounded to hundredths. */
import type { TensorRow } from './plan.ts';

/** Lanes of a rank. */
export const rankStreams = ['compute', 'collective', 'send', 'receive'] as const;
export type RankStream = (typeof rankStreams)[number];

/** What a rank does, as columns with one entry for each slice in the order of the program. Ranks that do the same share it. */
export interface RankTrack {
  /** Index into rankStreams. */
  readonly stream: readonly number[];
  readonly start: readonly number[];
  readonly duration: readonly number[];
  /** How long its rank waited for others before it, while it was ready. */
  readonly waited: readonly number[];
  /** Index into `labels`. */
  readonly label: readonly number[];
  readonly place: readonly number[];
  /** Moved bytes: of the whole buffer of a rank; 0 for launches. */
  readonly bytes: readonly number[];
}

export interface RankRow {
  /** Index into tracks. */
  readonly track: number;
  /** Meetings of its communication, in the order of its track; a send and its receive have one. */
  readonly meetings: readonly number[];
  /** Seconds: of launches, of communication, of communication beside which no launch ran, of neither. */
  readonly compute: number;
  readonly communication: number;
  readonly exposed: number;
  readonly bubble: number;
  /** Bytes of its program; 0 when not known. */
  readonly memory: number;
}

/** Collectives of one kind at one place of the source, over all ranks. */
export interface MeetingKind {
  readonly operation: string;
  readonly algorithm: string;
  readonly bytes: number;
  /** Ranks of a group. */
  readonly devices: number;
  readonly place: number;
  /** Why the partitioner put it in. */
  readonly reason: string;
  /** How often it takes place, and the seconds of each time. */
  readonly count: number;
  readonly seconds: number;
  /** Seconds that all members together waited, and the most that one did. */
  readonly waited: number;
  readonly longestWait: number;
  /** The rank that was last to arrive most often, and how often. */
  readonly lastRank: number;
  readonly lastCount: number;
}

/** A slice on the chain that decides how long the cluster takes. */
export interface CriticalSlice {
  readonly rank: number;
  /** Index into its track. */
  readonly slice: number;
}

export interface RankSection {
  readonly kind: 'ranks';
  readonly cluster: string;
  /** Seconds until the last rank is at its end. */
  readonly seconds: number;
  /** Names of slices with what they did. */
  readonly labels: readonly { readonly name: string; readonly detail: string }[];
  readonly tracks: readonly RankTrack[];
  readonly ranks: readonly RankRow[];
  readonly meetings: readonly MeetingKind[];
  /** Kind of each meeting by its number. */
  readonly kindOfMeeting: readonly number[];
  /** The rank that each meeting waited for: the last to arrive, of a message its sender; -1 when nobody waited. */
  readonly lastOfMeeting: readonly number[];
  readonly critical: readonly CriticalSlice[];
  /** How the arguments of the network lie on the ranks. */
  readonly tensors: readonly TensorRow[];
}
