/**
 * The chain of slices that decides how long a cluster takes: from the last slice to end, back to what made it begin when it did.
 * A collective begins with its last member, so the path goes on at that rank; a message that arrives after its receiver was
 * ready leads to its sender.
 */
import type { Slice } from './rank-clock.ts';
import type { ClusterTime } from './ranks.ts';

/** A slice of a rank by its number. */
export interface RankSlice {
  readonly rank: number;
  readonly slice: number;
}

/** Slices that take part in each meeting: of a message the sender first. */
export function meetingsOf({ ranks }: Pick<ClusterTime, 'ranks'>): ReadonlyMap<number, readonly RankSlice[]> {
  const meetings = new Map<number, RankSlice[]>();
  for (const [rank, { slices }] of ranks.entries())
    for (const [slice, { meeting, stream }] of slices.entries()) {
      if (meeting < 0) continue;
      const members = meetings.get(meeting) ?? [];
      if (stream === 'send') members.unshift({ rank, slice });
      else members.push({ rank, slice });
      meetings.set(meeting, members);
    }
  return meetings;
}

/** The path in the order of time. */
export function criticalPath(time: ClusterTime): readonly RankSlice[] {
  const { ranks } = time;
  const meetings = meetingsOf(time);
  const sliceOf = ({ rank, slice }: RankSlice): Slice | undefined => ranks[rank]?.slices[slice];
  const path: RankSlice[] = [];
  for (let at = lastOf(time); at !== null;) {
    const slice = sliceOf(at);
    if (slice === undefined) break;
    path.push(at);
    at = before(at, slice, meetings.get(slice.meeting) ?? [], sliceOf);
  }
  return path.toReversed();
}

function lastOf({ ranks }: Pick<ClusterTime, 'ranks'>): RankSlice | null {
  let [found, end]: [RankSlice | null, number] = [null, -1];
  for (const [rank, { slices }] of ranks.entries())
    for (const [slice, each] of slices.entries()) if (each.end > end) [found, end] = [{ rank, slice }, each.end];
  return found;
}

function before(
  at: RankSlice,
  slice: Slice,
  members: readonly RankSlice[],
  sliceOf: (at: RankSlice) => Slice | undefined,
): RankSlice | null {
  if (slice.stream === 'receive' && slice.end > slice.ready) return members[0] ?? null;
  let [rank, after, latest] = [at.rank, slice.after, slice.ready];
  if (slice.stream === 'collective')
    for (const member of members) {
      const other = sliceOf(member);
      if (other !== undefined && other.ready > latest) [rank, after, latest] = [member.rank, other.after, other.ready];
    }
  return after < 0 ? null : { rank, slice: after };
}
