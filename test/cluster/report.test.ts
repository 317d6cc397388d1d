/** `--report` of plan, and of run and compile with `--cluster`: what the page holds, end to end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../tools/inspect/report/index.ts';
import { readReport } from '../../tools/inspect/write/read.ts';
import { Folder } from '../cli/harness.ts';
import { llamaSource } from '../plan/networks.ts';

const folder = new Folder();
beforeAll(() => {
  folder.write('llama.py', llamaSource());
});

const network = ['llama.py', '--entry', "Llama('tiny', 16)", '--input', 'ids=4x16:i32'];

async function reportOf(...words: readonly string[]): Promise<Report> {
  const { code, err } = await folder.run(...words, '--report', 'out.html');
  expect([code, err.includes('error')]).toEqual([0, false]);
  const report = readReport(readFileSync(join(folder.path, 'out.html'), 'utf8'));
  if (!report.ok) throw new Error(report.error);
  return report.value;
}

describe('--report', () => {
  it('of plan holds the plan, carried out where the network has the batch of a step', async () => {
    const words = ['plan', ...network, '--cluster', '910b1:4', '--global-batch', '4', '--fix', 'tensor=2,pipeline=2'];
    const { sections, head } = await reportOf(...words, '--why', 'tensor=1');
    const { plan } = sections;
    expect(plan?.question.fixed).toEqual([
      { name: 'tensor', value: 2 },
      { name: 'pipeline', value: 2 },
    ]);
    expect(plan?.mesh.map(({ name, size }) => `${name} ${size}`)).toEqual(['pp 2', 'dp 1', 'cp 1', 'mp 2']);
    // What --why asks about stands first.
    expect(plan?.lost[0]).toMatchObject({ verdict: 'contradicts' });
    expect(plan?.notCarried).toBe('');
    expect(plan?.carried?.memory.length).toBe(4);
    expect(plan?.carried?.collectives.map(({ operation }) => operation)).toContain('send');
    // Matrices lie as planned; what the plan leaves whole the partitioner may cut.
    const carried = new Map(plan?.carried?.tensors.map(({ name, layout }) => [name, layout]));
    const cut = plan?.tensors.filter(({ kind, layout }) => kind === 'parameter' && layout.includes('mp')) ?? [];
    expect(cut.length).toBeGreaterThan(8);
    for (const { name, layout } of cut) expect(carried.get(name)).toEqual(layout);
    const places = plan?.carried?.collectives.map(({ place }) => head.places[place]?.positions[0]) ?? [];
    expect(places.every((position) => head.sources[position?.file ?? -1]?.name.endsWith('llama.py'))).toBe(true);
  });

  it('of plan says why a large plan is not carried out', async () => {
    const { sections } = await reportOf('plan', ...network, '--cluster', '910b1:4x8', '--global-batch', '64');
    expect(sections.plan?.carried).toBeNull();
    expect(sections.plan?.notCarried).toContain('up to 16 devices');
  });

  it.each(['run', 'compile'])('of %s holds the time of all ranks', async (command) => {
    const cluster = ['--cluster', '910b1:4', '--plan', 'auto', '--fix', 'tensor=2,pipeline=2,micro-batch=2'];
    const data = command === 'run' ? ['--inputs', 'formula', '--weights', 'formula'] : [];
    const { sections, head } = await reportOf(command, ...network, ...cluster, ...data);
    const { ranks } = sections;
    // Both stages of the pipeline differ; the ranks of a stage are alike.
    expect(sections.graph?.graphs.map(({ stage }) => stage)).toEqual(['graph', 'sharded, rank 0', 'sharded, rank 2']);
    expect(ranks?.ranks.length).toBe(4);
    expect(ranks?.tracks.length).toBe(2);
    expect(ranks?.meetings.map(({ operation }) => operation)).toEqual(expect.arrayContaining(['message']));
    expect(ranks?.critical.length).toBeGreaterThan(10);
    for (const { memory } of ranks?.ranks ?? []) expect(memory).toBeGreaterThan(0);
    const lines = ranks?.meetings.map(({ place }) => head.places[place]?.positions.length ?? 0) ?? [];
    expect(Math.min(...lines)).toBeGreaterThan(0);
  });
});
