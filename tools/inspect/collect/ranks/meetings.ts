/** What ranks say to each other: meetings by kind, with who waited for whom. */
import { meetingsOf, type ClusterTime, type RankSlice, type Slice } from '../../../../runtime/host/index.ts';
import type { Program } from '../../../../runtime/program/index.ts';
import type { MeetingKind, RankSection } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { communicationReasons } from '../plan/carried.ts';
import { placeOf, waitOf } from './tracks.ts';

interface Tally {
  readonly kind: Pick<MeetingKind, 'operation' | 'algorithm' | 'bytes' | 'devices' | 'place' | 'reason' | 'seconds'>;
  count: number;
  waited: number;
  longestWait: number;
  readonly last: Map<number, number>;
}

type Columns = Pick<RankSection, 'meetings' | 'kindOfMeeting' | 'lastOfMeeting'>;

export function meetingColumns(time: ClusterTime, programs: readonly Program[], places: PlaceTable): Columns {
  const tallies = new Map<string, Tally>();
  const [kindOfMeeting, lastOfMeeting]: [number[], number[]] = [[], []];
  const order: Tally[] = [];
  for (const [number, members] of meetingsOf(time)) {
    const slices = members.map(({ rank, slice }) => time.ranks[rank].slices[slice]);
    const { last, waits } = waitsOf(members, slices);
    const kind = kindOf(slices[0], members, programs, places);
    const key = JSON.stringify({ ...kind, seconds: 0 });
    const tally = tallies.get(key) ?? { kind, count: 0, waited: 0, longestWait: 0, last: new Map<number, number>() };
    if (tally.count === 0) order.push(tally);
    tallies.set(key, tally);
    tally.count += 1;
    tally.waited += waits.reduce((sum, wait) => sum + wait, 0);
    tally.longestWait = Math.max(tally.longestWait, ...waits);
    if (last >= 0) tally.last.set(last, (tally.last.get(last) ?? 0) + 1);
    kindOfMeeting[number] = order.indexOf(tally);
    lastOfMeeting[number] = last;
  }
  return { meetings: order.map(meetingKind), kindOfMeeting, lastOfMeeting };
}

function meetingKind({ kind, count, waited, longestWait, last }: Tally): MeetingKind {
  const [lastRank, lastCount] = [...last].reduce((most, each) => (each[1] > most[1] ? each : most), [-1, 0]);
  return { ...kind, count, waited, longestWait, lastRank, lastCount };
}

/** Who came last, and how long each of the others waited; a sender waits for nobody. */
function waitsOf(
  members: readonly RankSlice[],
  slices: readonly Slice[],
): { readonly last: number; readonly waits: readonly number[] } {
  const waits = slices.map((slice) => (slice.stream === 'send' ? 0 : waitOf(slice)));
  const [first] = slices;
  if (first.stream === 'send') return { last: (waits[1] ?? 0) > 0 ? members[0].rank : -1, waits };
  const latest = slices.reduce((most, { ready }, at) => (ready > slices[most].ready ? at : most), 0);
  return { last: waits.some((wait) => wait > 0) ? members[latest].rank : -1, waits };
}

function kindOf(
  slice: Slice,
  members: readonly RankSlice[],
  programs: readonly Program[],
  places: PlaceTable,
): Tally['kind'] {
  const { step, name, bytes, start, end } = slice;
  return {
    operation: step.kind === 'collective' ? step.operation : 'message',
    algorithm: name,
    bytes,
    devices: members.length,
    place: placeOf(slice, programs[members[0].rank].locations, places),
    reason: communicationReasons[step.kind === 'collective' ? step.operation : 'send'],
    seconds: end - start,
  };
}
