/** What the timeline draws: rows of ranks, and who meets whom. */
import { rankStreams, type RankSection, type RankTrack } from '../../../report/index.ts';

/** Ranks that share a track and a row; without sharing, one rank each. */
export interface TimelineRow {
  readonly ranks: readonly number[];
  readonly track: RankTrack;
}

/** A slice of a rank. */
export interface SliceId {
  readonly rank: number;
  readonly slice: number;
}

export interface TimelineModel {
  readonly rows: readonly TimelineRow[];
  /** The row of each rank. */
  readonly rowOf: readonly number[];
  /** Streams that any rank uses, as numbers in rankStreams: the lanes of a row. */
  readonly lanes: readonly number[];
  /** Meeting of a slice of a rank, or -1. */
  readonly meetingOf: (id: SliceId) => number;
  readonly membersOf: (meeting: number) => readonly SliceId[];
  /** `rank slice` of the critical path, and with ranks shared of all that are like them. */
  readonly isCritical: (row: number, slice: number) => boolean;
}

export function timelineModel(section: RankSection, areAlikeShared: boolean): TimelineModel {
  const { ranks, tracks } = section;
  const groups = new Map<number, number[]>();
  for (const [rank, { track }] of ranks.entries()) {
    const key = areAlikeShared ? track : rank;
    groups.set(key, [...(groups.get(key) ?? []), rank]);
  }
  const rows = [...groups.values()].flatMap((members): readonly TimelineRow[] => {
    const track = tracks[ranks[members[0] ?? 0]?.track ?? 0];
    return track === undefined ? [] : [{ ranks: members, track }];
  });
  const rowOf: number[] = [];
  for (const [row, { ranks: members }] of rows.entries()) for (const rank of members) rowOf[rank] = row;
  const used = new Set(tracks.flatMap(({ stream }) => stream));
  const ordinals = tracks.map(communicationOrdinals);
  const meetingOf = ({ rank, slice }: SliceId): number => {
    const row = ranks[rank];
    const ordinal = row === undefined ? -1 : (ordinals[row.track]?.[slice] ?? -1);
    return row === undefined || ordinal < 0 ? -1 : (row.meetings[ordinal] ?? -1);
  };
  const members = membersByMeeting(section, ordinals);
  const critical = new Set(section.critical.map(({ rank, slice }) => `${rowOf[rank] ?? 0} ${slice}`));
  return {
    rows,
    rowOf,
    lanes: rankStreams.flatMap((_, stream) => (used.has(stream) ? [stream] : [])),
    meetingOf,
    membersOf: (meeting) => members.get(meeting) ?? [],
    isCritical: (row, slice) => critical.has(`${row} ${slice}`),
  };
}

/** For each slice its number among those that communicate, or -1. */
function communicationOrdinals({ stream }: RankTrack): readonly number[] {
  let next = 0;
  return stream.map((each) => (each === 0 ? -1 : next++));
}

function membersByMeeting(
  { ranks }: RankSection,
  ordinals: readonly (readonly number[])[],
): ReadonlyMap<number, readonly SliceId[]> {
  const members = new Map<number, SliceId[]>();
  for (const [rank, { track, meetings }] of ranks.entries()) {
    for (const [slice, ordinal] of (ordinals[track] ?? []).entries()) {
      const meeting = ordinal < 0 ? undefined : meetings[ordinal];
      if (meeting === undefined) continue;
      const known = members.get(meeting);
      if (known === undefined) members.set(meeting, [{ rank, slice }]);
      else known.push({ rank, slice });
    }
  }
  return members;
}

/** `3`, `0–3`, `0, 2, 4 …`. */
export function ranksText(ranks: readonly number[]): string {
  const [first = 0] = ranks;
  if (ranks.length === 1) return String(first);
  const last = ranks.at(-1) ?? first;
  if (last - first + 1 === ranks.length) return `${first}–${last}`;
  return ranks.length <= 4 ? ranks.join(', ') : `${ranks.slice(0, 3).join(', ')} … ${last}`;
}
