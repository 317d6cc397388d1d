/** Which blocks each pipeline stage holds, run-length encoded, so that the cost of a plan does not grow with the layers. */
import type { Network } from './work.ts';

/** Equal blocks of a stage: index into `network.blocks` and how many. */
export interface Run {
  readonly block: number;
  readonly count: number;
}

export type Stage = readonly Run[];

/** Repeated blocks (count > 1) are split evenly, offsets added; single blocks go where they stand: first or last stage. */
export function evenStages(network: Network, stages: number, offsets: readonly number[] | null): readonly Stage[] {
  const layers = network.blocks.reduce((sum, { count }) => sum + (count > 1 ? count : 0), 0);
  const ends: number[] = [];
  for (let stage = 0, end = 0; stage < stages; stage += 1) {
    const even = Math.floor(((stage + 1) * layers) / stages) - Math.floor((stage * layers) / stages);
    end += even + (offsets?.[stage] ?? 0);
    ends.push(end);
  }
  const result: Run[][] = Array.from({ length: stages }, () => []);
  let position = 0;
  for (const [block, { count }] of network.blocks.entries()) {
    if (count === 1) {
      const stage = position === 0 ? 0 : position >= layers ? stages - 1 : ends.findIndex((end) => position < end);
      result[stage]?.push({ block, count });
      continue;
    }
    for (let stage = 0, begin = 0; stage < stages; stage += 1) {
      const end = ends[stage] ?? layers;
      const here = Math.min(end, position + count) - Math.max(begin, position);
      if (here > 0) result[stage]?.push({ block, count: here });
      begin = end;
    }
    position += count;
  }
  return result;
}
