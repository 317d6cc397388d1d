/**
 * Who meets whom: the meaning of communication between ranks, used by the run, the static check and the timing alike.
 *
 * A collective takes place when every rank of its group is at it; all must state the same group (as a list), operation,
 * reduction, root, dtype and element count. Messages between two ranks with one tag arrive in the order in which they were
 * sent; dtype and count must agree. A send does not wait. When no rank can go on, the ranks wait for each other: a deadlock.
 */
import type { Communication, GroupCollective, Transfer } from '../step.ts';
import { communicationText, type CommunicationProblem, type RankPlace } from './problem.ts';

/** Ranks that have come together; `members` in the order of the group, a message as [sender, receiver]. */
export type Meeting<Payload> =
  | { readonly kind: 'collective'; readonly members: readonly Member[] }
  | {
      readonly kind: 'message';
      readonly from: number;
      readonly to: number;
      readonly sent: Transfer;
      readonly received: Transfer;
      readonly payload: Payload;
    };

export interface Member {
  readonly rank: number;
  readonly step: GroupCollective;
}

interface Message<Payload> {
  readonly from: number;
  readonly step: Transfer;
  readonly payload: Payload;
}

type Waiting = GroupCollective | Transfer | 'running' | 'ended';

/** The source line of a step of a rank. */
export type PlaceOf = (rank: number, step: Communication) => string | null;

export class Rendezvous<Payload> {
  readonly #waiting: Waiting[];
  readonly #placeOf: PlaceOf;
  readonly #mail = new Map<string, Message<Payload>[]>();
  /** Set as soon as two ranks contradict each other. */
  #problem: CommunicationProblem | null = null;

  constructor(ranks: number, placeOf: PlaceOf) {
    this.#waiting = Array.from({ length: ranks }, () => 'running');
    this.#placeOf = placeOf;
  }

  /** A rank sends; it goes on. */
  send(rank: number, step: Transfer, payload: Payload): void {
    if (!this.#exists(rank, step, [step.peer])) return;
    const key = mailKey(rank, step.peer, step.tag);
    const queue = this.#mail.get(key) ?? [];
    this.#mail.set(key, [...queue, { from: rank, step, payload }]);
  }

  /** A rank comes to a collective or a receive, and waits. */
  arrive(rank: number, step: GroupCollective | Transfer): void {
    this.#waiting[rank] = step;
    if (step.kind !== 'collective') {
      this.#exists(rank, step, [step.peer]);
      return;
    }
    if (!this.#exists(rank, step, step.group)) return;
    if (!step.group.includes(rank))
      this.#report('rank', `rank ${rank} takes part in a collective of a group that it is not in`, [rank]);
    for (const other of step.group) this.#compare(rank, step, other);
  }

  end(rank: number): void {
    this.#waiting[rank] = 'ended';
  }

  /** The meetings that can take place now; their ranks go on. */
  take(): readonly Meeting<Payload>[] {
    const meetings: Meeting<Payload>[] = [];
    this.#waiting.forEach((step, rank) => {
      if (typeof step === 'string') return;
      const meeting = step.kind === 'collective' ? this.#gathered(rank, step) : this.#delivered(rank, step);
      if (meeting !== null) meetings.push(meeting);
    });
    for (const meeting of meetings)
      for (const rank of meeting.kind === 'message' ? [meeting.to] : meeting.members.map((member) => member.rank))
        this.#waiting[rank] = 'running';
    return meetings;
  }

  /** What is wrong: a contradiction, or, when `take` gave nothing and nobody runs, why nobody can go on. */
  problem(): CommunicationProblem | null {
    return this.#problem;
  }

  /** Called when nobody runs and nothing can meet. */
  stuck(): CommunicationProblem | null {
    const first = this.#waiting.findIndex((step) => typeof step !== 'string');
    if (first >= 0) this.#deadlock(first);
    else this.#unreceived();
    return this.#problem;
  }

  /** A collective is complete once, at the first of its ranks. */
  #gathered(rank: number, step: GroupCollective): Meeting<Payload> | null {
    if (Math.min(...step.group) !== rank) return null;
    const members = step.group.flatMap((other): readonly Member[] => {
      const theirs = this.#waiting[other];
      return isGroup(theirs) && sameGroup(theirs, step) ? [{ rank: other, step: theirs }] : [];
    });
    return members.length === step.group.length ? { kind: 'collective', members } : null;
  }

  #delivered(rank: number, step: Transfer): Meeting<Payload> | null {
    const key = mailKey(step.peer, rank, step.tag);
    const [message, ...rest] = this.#mail.get(key) ?? [];
    if (message === undefined) return null;
    if (message.step.dtype !== step.dtype || message.step.elements !== step.elements) {
      this.#problem ??= {
        kind: 'mismatch',
        message: `a message of ${message.step.dtype} x ${message.step.elements} is received as ${step.dtype} x ${step.elements}`,
        places: [this.#place(message.from, message.step), this.#place(rank, step)],
      };
      return null;
    }
    this.#mail.set(key, rest);
    return {
      kind: 'message',
      from: message.from,
      to: rank,
      sent: message.step,
      received: step,
      payload: message.payload,
    };
  }

  #compare(rank: number, step: GroupCollective, other: number): void {
    const theirs = this.#waiting[other];
    if (other === rank || !isGroup(theirs)) return;
    if (!sameGroup(theirs, step)) {
      // Each waits for the other, in groups that differ.
      if (theirs.group.includes(rank))
        this.#report('mismatch', `ranks ${other} and ${rank} meet in different groups`, [other, rank]);
      return;
    }
    const difference = differenceOf(theirs, step);
    if (difference !== null)
      this.#report('mismatch', `ranks ${other} and ${rank} meet with different ${difference}`, [other, rank]);
  }

  #exists(rank: number, step: Communication, others: readonly number[]): boolean {
    const missing = others.find((other) => other < 0 || other >= this.#waiting.length);
    if (missing === undefined) return true;
    this.#problem ??= {
      kind: 'rank',
      message: `there is no rank ${missing}: ranks are 0 to ${this.#waiting.length - 1}`,
      places: [this.#place(rank, step)],
    };
    return false;
  }

  /** Follows who waits for whom from one rank until a rank comes twice, or one that has ended. */
  #deadlock(first: number): void {
    const chain: number[] = [];
    for (let rank = first; !chain.includes(rank);) {
      chain.push(rank);
      const step = this.#waiting[rank];
      if (step === undefined || typeof step === 'string') break;
      rank = this.#awaited(rank, step);
    }
    const last = chain.at(-1) ?? first;
    const hasEnded = this.#waiting[last] === 'ended';
    const ranks = hasEnded ? chain.slice(-2) : chain;
    const message = hasEnded
      ? `deadlock: rank ${ranks[0] ?? first} waits for rank ${last}, which has ended`
      : `deadlock: ranks ${ranks.join(', ')} wait for each other`;
    this.#report('deadlock', message, ranks);
  }

  /** A rank that a waiting rank waits for. */
  #awaited(rank: number, step: GroupCollective | Transfer): number {
    if (step.kind !== 'collective') return step.peer;
    const missing = step.group.filter((other) => {
      const theirs = this.#waiting[other];
      return other !== rank && !(isGroup(theirs) && sameGroup(theirs, step));
    });
    return missing.find((other) => this.#waiting[other] === 'ended') ?? missing[0] ?? rank;
  }

  #unreceived(): void {
    for (const [message] of this.#mail.values()) {
      if (message === undefined) continue;
      this.#problem ??= {
        kind: 'unreceived',
        message: `rank ${message.from} sends a message that rank ${message.step.peer} never receives`,
        places: [this.#place(message.from, message.step), endOf(message.step.peer)],
      };
    }
  }

  #report(kind: CommunicationProblem['kind'], message: string, ranks: readonly number[]): void {
    const places = ranks.map((rank) => {
      const step = this.#waiting[rank];
      return step === undefined || typeof step === 'string' ? endOf(rank) : this.#place(rank, step);
    });
    this.#problem ??= { kind, message, places };
  }

  #place(rank: number, step: Communication): RankPlace {
    return { rank, at: communicationText(step), location: this.#placeOf(rank, step) };
  }
}

const mailKey = (from: number, to: number, tag: number): string => `${from} ${to} ${tag}`;
const endOf = (rank: number): RankPlace => ({ rank, at: 'the end', location: null });
const isGroup = (step: Waiting | undefined): step is GroupCollective =>
  step !== undefined && typeof step !== 'string' && step.kind === 'collective';
const sameGroup = (one: GroupCollective, other: GroupCollective): boolean => one.group.join() === other.group.join();

/** In what two collectives of one group differ, or null. */
function differenceOf(one: GroupCollective, other: GroupCollective): string | null {
  if (one.operation !== other.operation) return 'operations';
  if (one.reduction !== other.reduction) return 'reductions';
  if (one.root !== other.root) return 'roots';
  if (one.dtype !== other.dtype) return 'element types';
  return one.elements === other.elements ? null : 'numbers of elements';
}
