/** Time of several ranks: launches, overlap with communication, waiting, and the trace. */
import { describe, expect, test } from 'vitest';
import { clusterTrace, isClusterTimingProblem, timeRanks } from '../../runtime/host/index.ts';
import type { ClusterTime } from '../../runtime/host/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { clusterByName, collectiveSeconds } from '../../runtime/target/index.ts';
import type { Cluster } from '../../runtime/target/index.ts';
import { collective, groupText, programs, range, rankModule } from './harness.ts';

function clusterOf(name: string): Cluster {
  const found = clusterByName(name);
  if (!found.ok) throw new Error(found.error.kind);
  return found.value;
}

function timed(ranks: readonly Program[], cluster = clusterOf(`910b1:${ranks.length}`)): ClusterTime {
  const time = timeRanks(ranks, cluster);
  if (isClusterTimingProblem(time)) throw new Error(JSON.stringify(time));
  return time;
}

const M = '512x512xf32';
const product = (result: string, left: string): string =>
  `%${result} = "ms.matmul"(%${left}, %w) {transpose_a = false, transpose_b = false} : (tensor<${M}>, tensor<${M}>) -> tensor<${M}>`;
const signature = `(%x: tensor<${M}>, %w: tensor<${M}> {ms.param = "w"}) -> tensor<${M}>`;
const reduce = (result: string, operand: string, group: readonly number[]): string =>
  collective(result, 'all_reduce', operand, `${groupText(group)}, reduction = "sum"`, [M, M]);
const add = (result: string, left: string, right: string): string =>
  `%${result} = ms.add %${left}, %${right} : tensor<${M}>`;
const rank = (...lines: readonly string[]): string => rankModule(signature, [...lines, `return %y : tensor<${M}>`]);

const bytes = 512 * 512 * 4;
const pair = [0, 1];
const exchange = collectiveSeconds('all_reduce', bytes, pair, clusterOf('910b1:2')).seconds;

describe('time of ranks', () => {
  test('a collective that all that follows needs is exposed', () => {
    const time = timed(programs(pair.map(() => rank(product('a', 'x'), reduce('b', 'a', pair), product('y', 'b')))));
    for (const { compute, communication, exposed, bubble } of time.ranks) {
      expect(communication).toBeCloseTo(exchange, 12);
      expect(exposed).toBeCloseTo(exchange, 12);
      expect(bubble).toBeCloseTo(0, 12);
      expect(compute + exposed).toBeCloseTo(time.seconds, 12);
    }
  });

  test('a collective beside products that do not need it is hidden', () => {
    const work = range(12).map((at) => product(`p${at}`, at === 0 ? 'a' : `p${at - 1}`));
    const time = timed(
      programs(pair.map(() => rank(product('a', 'x'), reduce('b', 'a', pair), ...work, add('y', 'b', 'p11')))),
    );
    const [first] = time.ranks;
    expect(first.communication).toBeCloseTo(exchange, 12);
    expect(first.exposed).toBeLessThan(exchange / 4);
    expect(time.seconds).toBeLessThan(first.compute + first.communication);
  });

  test('who comes early waits', () => {
    const late = rank(product('a', 'x'), product('b', 'a'), product('c', 'b'), reduce('y', 'c', pair));
    const early = rank(product('a', 'x'), reduce('y', 'a', pair));
    const time = timed(programs([late, early]));
    expect(time.ranks[0].bubble).toBeCloseTo(0, 12);
    expect(time.ranks[1].bubble).toBeCloseTo(time.ranks[0].compute - time.ranks[1].compute, 12);
  });

  test('a pipeline of m parts on s equal stages idles (s-1)/(m+s-1) of the time, beside its messages', () => {
    const [stages, parts] = [4, 6];
    const texts = range(stages).map((stage) => {
      const lines = range(parts).flatMap((part) => [
        ...(stage === 0
          ? []
          : [`%r${part} = "dist.receive"() {peer = ${stage - 1}, tag = ${part}} : () -> tensor<${M}>`]),
        product(`a${part}`, stage === 0 ? 'x' : `r${part}`),
        product(`b${part}`, `a${part}`),
        ...(stage === stages - 1
          ? []
          : [`"dist.send"(%b${part}) {peer = ${stage + 1}, tag = ${part}} : (tensor<${M}>) -> ()`]),
      ]);
      const sums = range(parts).map((part) =>
        add(part === parts - 1 ? 'y' : `s${part}`, part === 0 ? 'x' : `s${part - 1}`, `b${part}`),
      );
      return rank(...lines, ...sums);
    });
    // Messages without cost: what is left is the pipeline.
    const cluster = clusterOf('910b1:4');
    const free: Cluster = {
      ...cluster,
      levels: cluster.levels.map((level) => ({ ...level, latencySeconds: 0, bytesPerSecond: 1e18 })),
    };
    const time = timed(programs(texts), free);
    const idle = time.ranks.reduce((sum, { compute }) => sum + time.seconds - compute, 0) / stages / time.seconds;
    expect(idle).toBeCloseTo((stages - 1) / (parts + stages - 1), 1);
  });

  test('the trace has a process for each rank', () => {
    const ranks = programs(pair.map(() => rank(product('a', 'x'), reduce('y', 'a', pair))));
    const events = clusterTrace(timed(ranks), ranks);
    expect([...new Set(events.map(({ pid }) => pid))]).toEqual(['rank 0', 'rank 1']);
    expect([...new Set(events.map(({ tid }) => tid))]).toEqual(['compute', 'collective']);
    expect(events.every(({ dur = 0 }) => dur > 0)).toBe(true);
  });
});
