/**
 * Memory rows: the times at which the limit can bind. A time is dropped when the largest strategies together fit, or when
 * whatever is alive then is also alive at a kept time with as much memory that no choice changes.
 */
import type { MemoryTerm } from './graph.ts';
import type { ChoiceProblem } from './problem.ts';
import { maximum, minimum } from './tighten.ts';

export interface MemoryRows {
  /** What choices may hold beyond the least, by row. */
  readonly limits: Float64Array;
  readonly termsOf: (node: number) => readonly MemoryTerm[];
}

interface Segment {
  readonly time: number;
  /** Memory held whatever is chosen. */
  base: number;
  /** A varying life starts at the head, one ends at the tail (also in a dropped neighbour). */
  starts: boolean;
  ends: boolean;
}

const NO_TERMS: readonly MemoryTerm[] = [];

export function memoryRowsOf(problem: ChoiceProblem): MemoryRows {
  const { memoryLimit, nodes } = problem;
  if (memoryLimit === null) return { limits: new Float64Array(0), termsOf: () => NO_TERMS };
  const least = nodes.map(({ memory }) => minimum(memory));
  const most = nodes.map(({ memory }) => maximum(memory));
  const base = overTime(problem, least);
  const binding = overTime(problem, most).map((value) => (value > memoryLimit ? 1 : 0));
  const boundBefore = new Int32Array(binding.length + 1);
  for (let time = 0; time < binding.length; time++) boundBefore[time + 1] = boundBefore[time] + binding[time];
  const varies = nodes.map(
    ({ from, to }, index) => from < to && most[index] > least[index] && boundBefore[to] > boundBefore[from],
  );
  const rows = undominated(segmentsOf(problem, base, varies));
  const rowAt = (time: number): number => lowerBound(rows, time);
  return {
    limits: Float64Array.from(rows, (row) => memoryLimit - row.base),
    termsOf: (index) => {
      const { from, to, memory } = nodes[index];
      const [first, end] = [rowAt(from), rowAt(to)];
      if (!varies[index] || first >= end) return NO_TERMS;
      return [{ from: first, to: end, bytes: Float64Array.from(memory, (value) => value - least[index]) }];
    },
  };
}

function overTime(problem: ChoiceProblem, memory: readonly number[]): Float64Array {
  const end = problem.nodes.reduce((latest, node) => Math.max(latest, node.to), 0);
  const sums = new Float64Array(end + 1);
  problem.nodes.forEach(({ from, to }, index) => {
    if (from >= to) return;
    sums[from] += memory[index];
    sums[to] -= memory[index];
  });
  for (let time = 1; time <= end; time++) sums[time] += sums[time - 1];
  return sums;
}

/** Stretches of time between starts and ends of varying lives. */
function segmentsOf(problem: ChoiceProblem, base: Float64Array, varies: readonly boolean[]): readonly Segment[] {
  const starts = new Uint8Array(base.length);
  const ends = new Uint8Array(base.length);
  problem.nodes.forEach(({ from, to }, index) => {
    if (!varies[index]) return;
    starts[from] = 1;
    ends[to] = 1;
  });
  const segments: Segment[] = [];
  for (let time = 0; time < base.length; time++) {
    const last = segments.at(-1);
    if (last !== undefined && ends[time] === 1) last.ends = true;
    if (last !== undefined && starts[time] === 0 && ends[time] === 0) last.base = Math.max(last.base, base[time]);
    else segments.push({ time, base: base[time], starts: starts[time] === 1, ends: false });
  }
  return segments;
}

/** The segments that no neighbour covers; a stack, since a dropped one makes new neighbours. */
function undominated(segments: readonly Segment[]): readonly Segment[] {
  const kept: Segment[] = [];
  for (const segment of segments) {
    const current = { ...segment };
    let last = kept.at(-1);
    while (last !== undefined && !last.ends && last.base <= current.base) {
      current.starts ||= last.starts;
      kept.pop();
      last = kept.at(-1);
    }
    if (last !== undefined && !current.starts && current.base <= last.base) last.ends ||= current.ends;
    else kept.push(current);
  }
  return kept;
}

function lowerBound(rows: readonly Segment[], time: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].time < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
