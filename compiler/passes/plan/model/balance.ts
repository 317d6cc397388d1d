/** Stages of a pipeline as equal in time as whole blocks allow: the smallest possible slowest stage, by bisection and greedy filling. */
import type { Run, Stage } from './stages.ts';
import type { Network } from './work.ts';

/** Contiguous stages, each with at least one block; `seconds` per block. Null when there are fewer blocks than stages. */
export function balancedStages(network: Network, seconds: readonly number[], stages: number): readonly Stage[] | null {
  const order = network.blocks.flatMap(({ count }, block) => Array.from({ length: count }, () => block));
  if (order.length < stages) return null;
  const cost = (block: number): number => seconds[block] ?? 0;
  const total = order.reduce((sum, block) => sum + cost(block), 0);
  let [low, high] = [Math.max(total / stages, ...seconds), total];
  for (let step = 0; step < 40 && high - low > 1e-6 * total; step += 1) {
    const middle = (low + high) / 2;
    if (fill(order, cost, stages, middle).length <= stages) high = middle;
    else low = middle;
  }
  return spread(fill(order, cost, stages, high), stages).map(runsOf);
}

/** Stages that each take blocks while they stay below the limit. */
function fill(
  order: readonly number[],
  cost: (block: number) => number,
  stages: number,
  limit: number,
): readonly (readonly number[])[] {
  const filled: number[][] = [];
  let [current, used]: [number[], number] = [[], 0];
  for (const [index, block] of order.entries()) {
    const left = order.length - index;
    const open = stages - filled.length;
    // Late stages must not stay empty.
    if (current.length > 0 && (used + cost(block) > limit * (1 + 1e-9) || left < open)) {
      filled.push(current);
      [current, used] = [[], 0];
    }
    current.push(block);
    used += cost(block);
  }
  filled.push(current);
  return filled;
}

/** Too few stages were needed: the longest give a block to a stage of their own. */
function spread(filled: readonly (readonly number[])[], stages: number): readonly (readonly number[])[] {
  const result = filled.map((blocks) => [...blocks]);
  while (result.length < stages) {
    const longest = result.reduce((best, blocks, index) => (blocks.length > result[best].length ? index : best), 0);
    const half = result[longest].length >> 1;
    result.splice(longest, 1, result[longest].slice(0, half), result[longest].slice(half));
  }
  return result;
}

function runsOf(blocks: readonly number[]): Stage {
  const runs: Run[] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last?.block === block) runs[runs.length - 1] = { block, count: last.count + 1 };
    else runs.push({ block, count: 1 });
  }
  return runs;
}
