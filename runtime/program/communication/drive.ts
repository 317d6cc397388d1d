/** Runs all ranks, each until it waits, and brings together those that meet; in the order of ranks, so always the same way. */
import type { GroupCollective, Transfer } from '../step.ts';
import type { CommunicationProblem } from './problem.ts';
import { Rendezvous, type Meeting, type PlaceOf } from './rendezvous.ts';

/** Where a rank stopped. */
export type RankProgress<Failure> =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'communicates'; readonly step: GroupCollective | Transfer };

/** What the ranks do; `Payload` travels with a message. */
export interface RankDriver<Payload, Failure> {
  readonly ranks: number;
  readonly placeOf: PlaceOf;
  /** Goes on with a rank; the communication that it stopped at before counts as done. */
  advance(rank: number): RankProgress<Failure>;
  send(rank: number, step: Transfer): Payload;
  meet(meeting: Meeting<Payload>): void;
}

/** A rank that failed by itself. */
export interface RankFailure<Failure> {
  readonly kind: 'rank failure';
  readonly rank: number;
  readonly failure: Failure;
}

/** Runs all ranks to their ends; why they did not get there, or null. */
export function driveRanks<Payload, Failure>(
  driver: RankDriver<Payload, Failure>,
): CommunicationProblem | RankFailure<Failure> | null {
  const rendezvous = new Rendezvous<Payload>(driver.ranks, driver.placeOf);
  let running = Array.from({ length: driver.ranks }, (_, rank) => rank);
  for (;;) {
    for (const rank of running) {
      const failure = runUntilWaiting(driver, rendezvous, rank);
      if (failure !== null) return failure;
    }
    const meetings = rendezvous.take();
    const problem = rendezvous.problem() ?? (meetings.length === 0 ? rendezvous.stuck() : null);
    if (problem !== null) return problem;
    if (meetings.length === 0) return null;
    for (const meeting of meetings) driver.meet(meeting);
    running = meetings.flatMap((meeting) =>
      meeting.kind === 'message' ? [meeting.to] : meeting.members.map(({ rank }) => rank),
    );
    running.sort((one, other) => one - other);
  }
}

function runUntilWaiting<Payload, Failure>(
  driver: RankDriver<Payload, Failure>,
  rendezvous: Rendezvous<Payload>,
  rank: number,
): CommunicationProblem | RankFailure<Failure> | null {
  for (;;) {
    const progress = driver.advance(rank);
    if (progress.kind === 'failed') return { kind: 'rank failure', rank, failure: progress.failure };
    if (progress.kind === 'done') {
      rendezvous.end(rank);
      return null;
    }
    const { step } = progress;
    if (step.kind === 'send') rendezvous.send(rank, step, driver.send(rank, step));
    else rendezvous.arrive(rank, step);
    const problem = rendezvous.problem();
    if (problem !== null) return problem;
    if (step.kind !== 'send') return null;
  }
}
