/** A cluster's time as Chrome trace events: one process for each rank, one lane for each stream. */
import type { TraceEvent } from '../../machine/index.ts';
import type { Program } from '../../program/index.ts';
import type { ClusterTime } from './ranks.ts';

export function clusterTrace(time: ClusterTime, programs: readonly Program[]): readonly TraceEvent[] {
  return time.ranks.flatMap(({ slices }, rank) =>
    slices.map(({ step, stream, start, end, name }): TraceEvent => {
      const place = step.location === undefined ? undefined : programs[rank]?.locations[step.location];
      return {
        ph: 'X',
        name: step.kind === 'collective' ? step.operation : step.kind === 'launch' ? name : step.kind,
        pid: `rank ${rank}`,
        tid: stream,
        ts: start * 1e6,
        dur: (end - start) * 1e6,
        args: { detail: name, ...(place === undefined ? {} : { place }) },
      };
    }),
  );
}
