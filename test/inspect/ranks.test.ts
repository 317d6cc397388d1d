/** The ranks section: who waits for whom, what decides the time of all, and shared timelines. */
import { describe, expect, it } from 'vitest';
import { partition } from '../../compiler/passes/shard/index.ts';
import { layoutOf, meshOf } from '../../compiler/passes/shard/index.ts';
import { criticalPath, isClusterTimingProblem, meetingsOf, timeRanks } from '../../runtime/host/index.ts';
import type { ClusterTime } from '../../runtime/host/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { clusterByName, collectiveSeconds, defaultChip, type Cluster } from '../../runtime/target/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import { rankSection } from '../../tools/inspect/collect/ranks/index.ts';
import { csvFiles } from '../../tools/inspect/export/csv.ts';
import { rankStreams, type RankSection } from '../../tools/inspect/report/index.ts';
import { rankText } from '../../tools/inspect/text/ranks.ts';
import { compileRanks } from '../../tools/msc/ranks/index.ts';
import { collective, groupText, programs, range, rankModule } from '../cluster/harness.ts';
import { sampleReport } from '../page/report-file.ts';
import { mlp } from '../shard/networks.ts';
import { trainingStep } from '../shard/training.ts';

function clusterOf(ranks: number): Cluster {
  const found = clusterByName(`910b1:${ranks}`);
  if (!found.ok) throw new Error(found.error.kind);
  return found.value;
}

interface Timed {
  readonly time: ClusterTime;
  readonly section: RankSection;
}

function timed(ranks: readonly Program[]): Timed {
  const cluster = clusterOf(ranks.length);
  const time = timeRanks(ranks, cluster);
  if (isClusterTimingProblem(time)) throw new Error(JSON.stringify(time));
  const section = rankSection({
    partition: { mesh: meshOf({ dp: ranks.length }), stages: 1, ranks: [], arguments: [], results: [] },
    names: [],
    isParameter: () => false,
    programs: ranks,
    cluster,
    time,
    memoryBytes: ranks.map(({ gmBytes }) => gmBytes),
    places: new PlaceTable(() => null),
  });
  return { time, section };
}

const M = '256x256xf32';
const product = (result: string, left: string): string =>
  `%${result} = "ms.matmul"(%${left}, %w) {transpose_a = false, transpose_b = false} : (tensor<${M}>, tensor<${M}>) -> tensor<${M}>`;
const signature = `(%x: tensor<${M}>, %w: tensor<${M}> {ms.param = "w"}) -> tensor<${M}>`;
const reduce = (result: string, operand: string, group: readonly number[]): string =>
  collective(result, 'all_reduce', operand, `${groupText(group)}, reduction = "sum"`, [M, M]);
const rank = (...lines: readonly string[]): string => rankModule(signature, [...lines, `return %y : tensor<${M}>`]);

const pair = [0, 1];
const alike = (): Timed => timed(programs(pair.map(() => rank(product('a', 'x'), reduce('y', 'a', pair)))));
const late = rank(product('a', 'x'), product('b', 'a'), product('c', 'b'), reduce('y', 'c', pair));
const early = rank(product('a', 'x'), reduce('y', 'a', pair));
const send = `"dist.send"(%a) {peer = 1, tag = 0} : (tensor<${M}>) -> ()`;
const receive = `%r = "dist.receive"() {peer = 0, tag = 0} : () -> tensor<${M}>`;

const bytes = 256 * 256 * 4;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('timelines', () => {
  it('are shared by ranks that do the same at the same time', () => {
    const { section } = alike();
    expect(section.tracks.length).toBe(1);
    expect(section.ranks.map(({ track }) => track)).toEqual([0, 0]);
    expect(timed(programs([late, early])).section.tracks.length).toBe(2);
  });

  it('hold the seconds of launches and of communication', () => {
    const { section } = timed(programs([late, early]));
    for (const { track, compute, communication } of section.ranks) {
      const { stream, duration } = section.tracks[track];
      const of = (isLaunch: boolean): number => sum(duration.filter((_, slice) => (stream[slice] === 0) === isLaunch));
      expect(of(true) * 1e-9).toBeCloseTo(compute, 10);
      expect(of(false) * 1e-9).toBeCloseTo(communication, 10);
    }
  });

  it('end when the cluster ends', () => {
    const { section } = timed(programs([late, early]));
    const ends = section.tracks.map(({ start, duration }) =>
      Math.max(...start.map((begin, at) => begin + duration[at])),
    );
    expect(Math.max(...ends) * 1e-9).toBeCloseTo(section.seconds, 10);
  });
});

describe('meetings', () => {
  it('take what the formulas of the target say', () => {
    const { section } = alike();
    const [meeting] = section.meetings;
    const { seconds, algorithm } = collectiveSeconds('all_reduce', bytes, pair, clusterOf(2));
    expect(meeting).toMatchObject({ operation: 'all_reduce', bytes, devices: 2, count: 1, algorithm, lastRank: -1 });
    expect(meeting.seconds).toBeCloseTo(seconds, 12);
    expect(meeting.reason).toBe('each rank has a part of a sum');
  });

  it('say who came last and how long the other waited', () => {
    const { section } = timed(programs([late, early]));
    const [meeting] = section.meetings;
    const [first, second] = section.ranks;
    expect(meeting).toMatchObject({ lastRank: 0, lastCount: 1 });
    expect(meeting.waited).toBeCloseTo(first.compute - second.compute, 12);
    expect(section.lastOfMeeting).toEqual([0]);
    const waited = section.ranks.map(({ track }) => sum(section.tracks[track].waited) * 1e-9);
    expect(waited[0]).toBe(0);
    expect(waited[1]).toBeCloseTo(second.bubble, 10);
  });

  it('join a send with its receive, which waits for its sender', () => {
    const sender = rank(product('a', 'x'), send, product('y', 'a'));
    const receiver = rank(receive, product('y', 'r'));
    const { section, time } = timed(programs([sender, receiver]));
    const [message] = section.meetings;
    expect(message).toMatchObject({ operation: 'message', devices: 2, lastRank: 0, count: 1 });
    expect(section.ranks.map(({ meetings }) => meetings)).toEqual([[0], [0]]);
    expect(
      meetingsOf(time)
        .get(0)
        ?.map((member) => member.rank),
    ).toEqual([0, 1]);
  });
});

describe('the critical path', () => {
  const pathOf = ({ time }: Timed) =>
    criticalPath(time).map(({ rank: at, slice }) => ({ rank: at, ...time.ranks[at].slices[slice] }));

  it('goes through the rank for which the others wait, without gaps', () => {
    const path = pathOf(timed(programs([late, early])));
    expect(path.slice(0, -1).every((slice) => slice.rank === 0)).toBe(true);
    expect(path[0].start).toBe(0);
    for (const [at, slice] of path.slice(1).entries()) expect(slice.start).toBeCloseTo(path[at].end, 12);
  });

  it('crosses to the sender of a message that its receiver waited for', () => {
    const sender = rank(product('a', 'x'), send, product('y', 'a'));
    const receiver = rank(receive, product('b', 'r'), product('y', 'b'));
    const result = timed(programs([sender, receiver]));
    const path = pathOf(result);
    expect(path.map(({ stream, rank: at }) => `${at} ${stream}`)).toEqual([
      '0 compute',
      '0 send',
      '1 receive',
      '1 compute',
      '1 compute',
    ]);
    expect(path.at(-1)?.end).toBeCloseTo(result.time.seconds, 12);
  });

  it('stays on a rank whose message was there before it was needed', () => {
    const sender = rank(product('a', 'x'), send, product('y', 'a'));
    const long = range(40).map((at) => product(`p${at}`, at === 0 ? 'x' : `p${at - 1}`));
    const add = `%y = ms.add %p39, %r : tensor<${M}>`;
    const path = pathOf(timed(programs([sender, rank(receive, ...long, add)])));
    expect(path.every((slice) => slice.rank === 1 && slice.stream === 'compute')).toBe(true);
  });
});

describe('a training step on four ranks', () => {
  const batch = layoutOf([['dp'], []]);
  const module = trainingStep(mlp(8, [4, 8, 4]), { mesh: meshOf({ dp: 4 }), layouts: { x: batch, target: batch } });
  const ranks = compileRanks(module, { chip: defaultChip });
  if (!ranks.ok) throw new Error('no programs');
  const { programs: made } = ranks.value;
  const found = partition(module).partition;
  const cluster = clusterOf(4);
  const time = timeRanks(made, cluster);
  if (isClusterTimingProblem(time) || found === null) throw new Error('not timed');
  const names = ['x', 'target', 'w0', 'w1'];
  const section = rankSection({
    partition: found,
    names,
    isParameter: (name) => name.startsWith('w'),
    programs: made,
    cluster,
    time,
    memoryBytes: made.map(({ gmBytes }) => gmBytes),
    places: new PlaceTable(() => null),
  });

  it('shows how its arguments lie', () => {
    expect(
      section.tensors.slice(0, 2).map(({ name, kind, layout, bytes: held }) => [name, kind, layout, held]),
    ).toEqual([
      ['x', 'input', ['dp', ''], (8 * 4 * 4) / 4],
      ['target', 'input', ['dp', ''], (8 * 4 * 4) / 4],
    ]);
  });

  it('counts each meeting once', () => {
    const communications = sum(section.ranks.map(({ meetings }) => meetings.length));
    expect(sum(section.meetings.map(({ count, devices }) => count * devices))).toBe(communications);
    expect(section.kindOfMeeting.length).toBe(sum(section.meetings.map(({ count }) => count)));
  });

  it('says the same as text and as tables', () => {
    const { head } = sampleReport();
    const text = rankText(section, head, { color: false, width: 160 });
    expect(text).toContain('0 1 2 3');
    expect(text).toContain('all_reduce');
    const files = csvFiles({ head, sections: { ranks: section } });
    expect(files.map(({ name }) => name)).toEqual([
      'ranks.csv',
      'rank-meetings.csv',
      'rank-timelines.csv',
      'rank-layouts.csv',
    ]);
    const lines = files[2].text.split('\r\n');
    expect(lines.length).toBe(2 + sum(section.tracks.map(({ stream }) => stream.length)));
    expect(lines[1].split(',')[1]).toBe(rankStreams[section.tracks[0].stream[0]]);
  });
});
