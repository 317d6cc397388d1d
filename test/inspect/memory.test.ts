/** The memory section says what the compiler planned: for networks, a training step, control flow, ranks and random programs. */
import fc from 'fast-check';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { InputSpecification, CompiledNetwork } from '../../compiler/frontend/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { memorySection } from '../../tools/inspect/collect/memory/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import { memoryTables } from '../../tools/inspect/export/memory-tables.ts';
import type { DeviceMemory, MemorySection, ReportHead } from '../../tools/inspect/report/index.ts';
import { deviceFigures, memoryCurve, neighbours } from '../../tools/inspect/report/index.ts';
import { memoryText } from '../../tools/inspect/text/memory.ts';
import { programOf } from '../../tools/msc/compile.ts';
import { runStages } from '../../tools/msc/pipeline.ts';
import { compileFile, compileText, moduleOf } from '../frontend/harness.ts';
import { budget } from '../fuzz.ts';
import { assembled, lowered, programOf as randomModule, scheduled } from '../props/backend-programs.ts';
import { memoryProblem } from './memory-plan.ts';

interface Planned {
  readonly program: Program;
  readonly section: MemorySection;
  readonly device: DeviceMemory;
  readonly head: ReportHead;
}

function planned(module: Module, program: Program): Planned {
  const places = new PlaceTable((name) => (name === '/net.py' ? 'text' : null));
  const section = memorySection([{ program, module }], places);
  const head: ReportHead = {
    ...{ schema: 1, version: '0', facts: [], diagnostics: [], sources: places.sources, places: places.places },
    subject: { command: 'inspect', file: 'net.py', entry: null, inputs: [], target: '', cluster: null },
  };
  return { program, section, device: section.devices[0], head };
}

function plannedNetwork(network: CompiledNetwork): Planned {
  const { module, diagnostics } = runStages(moduleOf(network), { chip: defaultChip, to: 'scheduled', now: () => 0 });
  expect(diagnostics).toEqual([]);
  return planned(module, programOf(module, 'main'));
}

const input = (name: string, shape: readonly number[], dtype: InputSpecification['dtype'] = 'f32') => ({
  name,
  shape,
  dtype,
});

const lenet = (): Planned =>
  plannedNetwork(
    compileFile(fileURLToPath(new URL('../../examples/lenet5/lenet5.py', import.meta.url)), 'LeNet5()', [
      input('x', [1, 1, 32, 32]),
    ]),
  );

const HEADER = 'import mindspore as ms\nfrom mindspore import nn, ops\n';

const TRAINING = `${HEADER}
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first = nn.Dense(12, 40)
        self.norm = nn.LayerNorm((40,))
        self.second = nn.Dense(40, 5)
    def construct(self, x):
        return self.second(ops.relu(self.norm(self.first(x))))

def step():
    net = Net()
    loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction='mean'))
    return nn.TrainOneStepCell(loss, nn.Adam(net.trainable_params(), 1e-3))
`;

const training = (): Planned =>
  plannedNetwork(compileText(TRAINING, 'step()', [input('x', [8, 12]), input('y', [8], 'i32')]));

const LOOP = `${HEADER}
class Loop(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(16, 16)
    def construct(self, x):
        count = ops.reduce_sum(x)
        y = x
        while count > 1.0:
            y = ops.relu(self.dense(y)) + x
            z = ops.softmax(y)
            if ops.reduce_sum(z) > 0.5:
                y = ops.tanh(z)
            count = count * 0.5
        return y + ops.exp(x)
`;

const loop = (): Planned => plannedNetwork(compileText(LOOP, 'Loop()', [input('x', [16, 16])]));

describe('what the compiler planned', () => {
  test.each([
    ['lenet5', lenet],
    ['a training step', training],
    ['a loop with a branch', loop],
  ])('%s', (_, make) => {
    const { program, section, device } = make();
    expect(memoryProblem(program, section, device)).toBe(null);
  });

  test('random programs', () => {
    let shared = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 8, maxLength: 60 }), (values) => {
        const tile = lowered(randomModule(values, () => true));
        if (!('body' in tile)) return;
        const module = scheduled(tile);
        const { program, section, device } = planned(module, assembled(module));
        if (device.buffers.some((buffer) => neighbours(device.buffers, buffer).length > 0)) shared++;
        const problem = memoryProblem(program, section, device);
        if (problem !== null) throw new Error(problem);
      }),
      budget(20261122, 60),
    );
    expect(shared).toBeGreaterThan(5);
  });
});

describe('lenet5', () => {
  const { device, head, section } = lenet();
  const figures = deviceFigures(device);

  test('parameters have their names, bytes and the line that uses them', () => {
    const weight = device.buffers.find(({ name }) => name === 'fc1.weight');
    expect(weight).toMatchObject({ kind: 'parameter', type: 'tensor<120x400xf32>', bytes: 192000, live: null });
    expect(head.places[weight?.place ?? 0]?.cell).toBe('fc1');
  });

  test('padding of a layout is told apart from elements', () => {
    const padded = device.buffers.find(({ type }) => type.startsWith('tensor<1x6x28x28xf32, #ms.enc'));
    // 6 channels take a block of 8.
    expect(padded).toMatchObject({ bytes: 8 * 28 * 28 * 4, elementBytes: 6 * 28 * 28 * 4 });
  });

  test('the result lives to the return', () => {
    const [result] = device.buffers.filter(({ kind }) => kind === 'output');
    expect(result.live?.[1]).toBe(device.steps.length - 1);
    expect(device.steps.at(-1)).toMatchObject({ kind: 'return', launch: null });
  });

  test('launches are numbered as they are started', () => {
    const launches = device.steps.flatMap(({ launch }) => (launch === null ? [] : [launch]));
    expect(launches).toEqual(launches.map((_, number) => number));
    expect(device.kernels.reduce((sum, kernel) => sum + kernel.launches, 0)).toBe(launches.length);
  });

  test('text and tables say the same', () => {
    const text = memoryText(section, head);
    expect(text).toContain('fc1.weight');
    const tables = new Map(memoryTables(section, head).map((table) => [table.name, table]));
    expect(tables.get('memory-buffers')?.rows.length).toBe(device.buffers.length);
    for (const { columns, rows } of tables.values()) for (const row of rows) expect(row.length).toBe(columns.length);
    const devices = tables.get('memory-devices');
    expect(devices?.rows[0][devices.columns.indexOf('peak bytes')]).toBe(figures.peakBytes);
    expect(Math.max(...memoryCurve(device).live)).toBe(figures.peakBytes);
  });
});

test('parameters that a step changes are state, and their new values are made in place', () => {
  const { device } = training();
  const weight = device.buffers.find(({ name }) => name === 'first.weight');
  expect(weight).toMatchObject({ kind: 'state', live: null });
  const [update] = weight?.tenants ?? [];
  expect(update.type).toBe('tensor<40x12xf32>');
  expect(update.writes.length).toBeGreaterThan(0);
});

const NORMALIZED = `${HEADER}
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 16, 3)
        self.norm = nn.BatchNorm2d(16)
    def construct(self, x):
        return ops.relu(self.norm(self.conv(x)))
`;

test('what prepare makes for itself alone lies where activations lie later', () => {
  const { program, section, device } = plannedNetwork(compileText(NORMALIZED, 'Net()', [input('x', [1, 8, 20, 20])]));
  expect(memoryProblem(program, section, device)).toBe(null);
  const isPrepared = (step: number): boolean => device.steps[step].phase === 'prepare';
  const prepared = device.buffers.filter(({ kind }) => kind === 'prepared');
  const [temporary, kept] = [true, false].map((isShared) =>
    prepared.filter(({ live }) => (live !== null) === isShared),
  );
  // The filter times the scale of the norm; then it gets the layout of the cube, which main reads.
  const folded = temporary.find(({ type }) => type === 'tensor<16x8x3x3xf32>');
  expect(folded?.reads.every(isPrepared)).toBe(true);
  expect(kept.map(({ type }) => type)).toContain('tensor<16x8x3x3xf32, #ms.enc<layout = "FRACTAL_Z">>');
  expect(kept.every(({ reads }) => reads.some((step) => !isPrepared(step)))).toBe(true);
  expect(folded && neighbours(device.buffers, folded).some(({ kind }) => kind === 'activation')).toBe(true);
});

test('what a loop needs in its next turn lives as long as the loop', () => {
  const { device } = loop();
  const at = device.steps.findIndex(({ kind }) => kind === 'loop');
  const inside = device.steps.findIndex(({ kind }) => kind === 'branch');
  // The carried y: read by the dense layer of the first turn, written at the end of each.
  const carried = device.buffers.filter(({ live }) => live !== null && live[0] < at && live[1] > inside);
  expect(carried.length).toBeGreaterThanOrEqual(2);
});

test('ranks that are alike are described once', () => {
  const [one, other] = [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [2, 7, 9, 4, 5, 6, 1, 8],
  ].map((genes) => {
    const tile = lowered(randomModule(genes, ({ name }) => name === 'ms.add' || name === 'ms.relu'));
    if (!('body' in tile)) throw new Error('each op has a kernel');
    const module = scheduled(tile);
    return { program: assembled(module), module };
  });
  const { devices } = memorySection([one, one, other, one], new PlaceTable(() => null));
  expect(devices.map(({ ranks }) => ranks)).toEqual([
    [
      [0, 1],
      [3, 3],
    ],
    [[2, 2]],
  ]);
  expect(devices.map(({ gmBytes }) => gmBytes)).toEqual([one.program.gmBytes, other.program.gmBytes]);
});
