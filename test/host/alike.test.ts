/** Launches that look alike are not simulated again: their reports equal those of a simulation, L2 included. */
import { describe, expect, it } from 'vitest';
import { chipOf, globalMemory, isTimingFault, kernelLaunch, LaunchTimer } from '../../runtime/host/index.ts';
import { CachedData, simulate } from '../../runtime/machine/index.ts';
import { launchesOf, type Program } from '../../runtime/program/index.ts';
import { compile } from '../../tools/api/index.ts';
import { Folder } from '../cli/harness.ts';

const folder = new Folder();

async function programOf(layers: number, size: number): Promise<Program> {
  folder.write(
    'net.py',
    `from mindspore import nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell([nn.SequentialCell([nn.Dense(${size}, ${size}), nn.LayerNorm((${size},))]) for _ in range(${layers})])

    def construct(self, x):
        return self.layers(x)
`,
  );
  const inputs = [{ name: 'x', shape: [64, size], dtype: 'f32' }] as const;
  const { program, diagnostics } = await compile({ file: 'net.py', folder: folder.path, entry: 'Net()', inputs });
  if (program === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return program;
}

const record = { segmentsPerCore: 50 };

describe.each([
  ['layers that fit into L2', 4, 128],
  ['layers that drive each other out of L2', 6, 2048],
])('%s', (_, layers, size) => {
  it('take the times of a simulation of each launch', async () => {
    const program = await programOf(layers, size);
    const timer = new LaunchTimer(program);
    const [chip, gm] = [chipOf(program), globalMemory(program)];
    const cache = new CachedData(chip.l2Bytes ?? 0);
    const reports = new Set<object>();
    const launches = launchesOf(program.main);
    for (const launch of launches) {
      const simulated = simulate(kernelLaunch(program, launch), chip, gm, { moveData: false, cache, record });
      const report = timer.time(launch, record);
      if (!simulated.ok || isTimingFault(report)) throw new Error('a fault');
      expect(report).toEqual(simulated.report);
      reports.add(report);
    }
    // Some were not simulated again: without that the test would say nothing.
    expect(reports.size).toBeLessThan(launches.length);
  });
});
