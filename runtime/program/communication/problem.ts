/** What is wrong between ranks, as a value with the source lines of both sides. */
import type { Communication } from '../step.ts';

/** A rank at a communication, or at its end. */
export interface RankPlace {
  readonly rank: number;
  /** The communication in words, e.g. `all_reduce(sum, f32 x 1024) in [0, 1]`, or `the end`. */
  readonly at: string;
  /** The user's line, e.g. `"net.py":12:9`; null at the end or where nobody said. */
  readonly location: string | null;
}

export interface CommunicationProblem {
  readonly kind:
    /** Ranks meet with different operations. */
    | 'mismatch'
    /** Ranks wait for each other, or for one that has ended. */
    | 'deadlock'
    /** A message was sent and nobody took it. */
    | 'unreceived'
    /** A rank takes part that it must not, or does not exist. */
    | 'rank';
  readonly message: string;
  /** The ranks concerned, the two that contradict each other first. */
  readonly places: readonly RankPlace[];
}

export const isCommunicationProblem = (value: object): value is CommunicationProblem =>
  'kind' in value && 'message' in value && 'places' in value;

/** A communication in words. */
export function communicationText(step: Communication): string {
  const data = `${step.dtype} x ${step.elements}`;
  if (step.kind !== 'collective')
    return `${step.kind}(${data}) ${step.kind === 'send' ? 'to' : 'from'} ${step.peer}, tag ${step.tag}`;
  const { operation, reduction, root, group } = step;
  const how = reduction ?? (root === null ? null : `root ${root}`);
  return `${operation}(${how === null ? '' : `${how}, `}${data}) in [${group.join(', ')}]`;
}

/** The problem in lines: the message, then each rank with its place. */
export function problemText({ message, places }: CommunicationProblem): string {
  const lines = places.map(
    ({ rank, at, location }) => `  rank ${rank}: ${at}${location === null ? '' : ` at ${location}`}`,
  );
  return [message, ...lines].join('\n');
}
