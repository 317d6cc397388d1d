/** The ranks section as tables for spreadsheets. */
import { rankStreams, type RankSection, type ReportHead, type Table } from '../report/index.ts';
import { cellOf, lineOf } from './places.ts';
import { tensorTable } from './plan-tables.ts';

export const rankTables = (section: RankSection, head: ReportHead): readonly Table[] => [
  {
    name: 'ranks',
    columns: ['rank', 'compute s', 'communication s', 'exposed s', 'waiting s', 'bytes', 'timeline'],
    rows: section.ranks.map(({ compute, communication, exposed, bubble, memory, track }, rank) => [
      ...[rank, compute, communication, exposed, bubble, memory, track],
    ]),
  },
  {
    name: 'rank-meetings',
    columns: [
      ...['operation', 'ranks', 'bytes', 'seconds', 'times', 'waited s', 'longest wait s', 'last rank', 'times last'],
      ...['algorithm', 'why', 'cell', 'line'],
    ],
    rows: section.meetings.map((row) => [
      ...[row.operation, row.devices, row.bytes, row.seconds, row.count, row.waited, row.longestWait],
      ...[row.lastRank, row.lastCount, row.algorithm, row.reason],
      ...[cellOf(head, row.place), lineOf(head, row.place)],
    ]),
  },
  {
    name: 'rank-timelines',
    columns: ['timeline', 'stream', 'what', 'how', 'start ns', 'duration ns', 'waited ns', 'bytes', 'cell', 'line'],
    rows: section.tracks.flatMap((track, number) =>
      track.stream.map((stream, slice) => {
        const label = section.labels[track.label[slice] ?? 0];
        const place = track.place[slice] ?? 0;
        return [
          ...[number, rankStreams[stream] ?? '', label?.name ?? '', label?.detail ?? ''],
          ...[track.start[slice] ?? 0, track.duration[slice] ?? 0, track.waited[slice] ?? 0, track.bytes[slice] ?? 0],
          ...[cellOf(head, place), lineOf(head, place)],
        ];
      }),
    ),
  },
  tensorTable('rank-layouts', section.tensors, head),
];
