/** The ranks section: the time of all ranks as columns, what they say to each other, and what decides how long it takes. */
import type { Partition } from '../../../../compiler/passes/shard/index.ts';
import { criticalPath, type ClusterTime } from '../../../../runtime/host/index.ts';
import type { Program } from '../../../../runtime/program/index.ts';
import type { Cluster } from '../../../../runtime/target/index.ts';
import type { RankRow, RankSection } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { argumentRows } from '../plan/carried.ts';
import { meetingColumns } from './meetings.ts';
import { Tracks } from './tracks.ts';

/** A network on many devices, and how long it takes. */
export interface TimedRanks {
  readonly partition: Partition;
  /** Names of the arguments of the whole `@main`, in order. */
  readonly names: readonly string[];
  /** Whether an argument of that name is a parameter. */
  readonly isParameter: (name: string) => boolean;
  readonly programs: readonly Program[];
  readonly cluster: Cluster;
  readonly time: ClusterTime;
  /** Bytes of each rank. */
  readonly memoryBytes: readonly number[];
  readonly places: PlaceTable;
}

export function rankSection(timed: TimedRanks): RankSection {
  const { partition, names, isParameter, programs, cluster, time, memoryBytes, places } = timed;
  const tracks = new Tracks(places);
  const ranks = time.ranks.map((rank, number): RankRow => {
    const { slices, compute, communication, exposed, bubble } = rank;
    return {
      track: tracks.of(slices, programs[number].locations),
      meetings: slices.flatMap(({ meeting }) => (meeting < 0 ? [] : [meeting])),
      ...{ compute, communication, exposed, bubble },
      memory: memoryBytes[number] ?? 0,
    };
  });
  return {
    kind: 'ranks',
    cluster: cluster.name,
    seconds: time.seconds,
    labels: tracks.labels,
    tracks: tracks.tracks,
    ranks,
    ...meetingColumns(time, programs, places),
    critical: criticalPath(time),
    tensors: argumentRows({ partition, names }, isParameter),
  };
}
