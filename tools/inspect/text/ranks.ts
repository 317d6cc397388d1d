/** The ranks section for a terminal. */
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  type RankSection,
  type ReportHead,
} from '../report/index.ts';
import { lineOf } from '../export/places.ts';
import { left, listed, listedWithReasons, right, tensorTable } from './plan.ts';
import { colorsOf, type TextOptions } from './style.ts';

export function rankText(section: RankSection, head: ReportHead, options: TextOptions): string {
  const { ranks, seconds, cluster, critical, meetings } = section;
  const { bold } = colorsOf(options);
  const title = (text: string): readonly string[] => ['', bold(text)];
  return [
    `${formatSeconds(seconds)} simulated on ${formatCount(ranks.length)} devices of ${cluster}`,
    ...title('ranks'),
    ...listed(
      [left('ranks'), right('launches'), right('communication'), right('exposed'), right('waiting'), right('memory')],
      alikeRanks(section),
      ({ numbers, row }) => [
        ...[numbers, formatSeconds(row.compute), formatSeconds(row.communication), formatSeconds(row.exposed)],
        ...[`${formatSeconds(row.bubble)} (${formatPercent(row.bubble / seconds)})`, formatBytes(row.memory)],
      ],
      options,
    ),
    ...title('what ranks say to each other'),
    ...listedWithReasons(
      [
        ...[left('operation'), right('among'), right('bytes'), right('each'), right('times'), right('waited')],
        ...[left('for'), left('line'), left('algorithm')],
      ],
      meetings.toSorted((one, other) => other.waited - one.waited),
      (row) => [
        ...[row.operation, row.devices, formatBytes(row.bytes), formatSeconds(row.seconds), formatCount(row.count)],
        ...[row.waited === 0 ? '' : formatSeconds(row.waited), row.lastRank < 0 ? '' : `rank ${row.lastRank}`],
        ...[lineOf(head, row.place), row.algorithm],
      ],
      ({ reason }) => reason,
      options,
    ),
    ...title('critical path'),
    ...pathLines(section, head, options),
    `${critical.length} steps`,
    ...title('layouts of the arguments'),
    ...tensorTable(section.tensors, head, options),
  ].join('\n');
}

/** Ranks with equal figures, as one row. */
function alikeRanks({ ranks }: RankSection): readonly { numbers: string; row: RankSection['ranks'][number] }[] {
  const groups = new Map<string, { members: number[]; row: RankSection['ranks'][number] }>();
  for (const [rank, row] of ranks.entries()) {
    const key = JSON.stringify([row.track, row.memory]);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { members: [rank], row });
    else known.members.push(rank);
  }
  return [...groups.values()].map(({ members, row }) => ({ numbers: numbersText(members), row }));
}

const numbersText = (numbers: readonly number[]): string =>
  numbers.length <= 8 ? numbers.join(' ') : `${numbers.slice(0, 8).join(' ')} ... (${numbers.length})`;

/** What the path consists of, the most expensive first: equal steps of one line together. */
function pathLines(
  { critical, ranks, tracks, labels }: RankSection,
  head: ReportHead,
  options: TextOptions,
): readonly string[] {
  const parts = new Map<string, { name: string; place: number; seconds: number; count: number }>();
  for (const { rank, slice } of critical) {
    const track = tracks[ranks[rank]?.track ?? 0];
    const label = labels[track?.label[slice] ?? 0];
    if (track === undefined || label === undefined) continue;
    const place = track.place[slice] ?? 0;
    const key = `${label.name} ${lineOf(head, place)}`;
    const part = parts.get(key) ?? { name: label.name, place, seconds: 0, count: 0 };
    part.seconds += (track.duration[slice] ?? 0) * 1e-9;
    part.count += 1;
    parts.set(key, part);
  }
  return listed(
    [right('takes'), right('times'), left('what'), left('line')],
    [...parts.values()].toSorted((one, other) => other.seconds - one.seconds),
    ({ seconds, count, name, place }) => [formatSeconds(seconds), count, name, lineOf(head, place)],
    options,
  );
}
