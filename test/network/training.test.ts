/** Training steps from source to the simulator: losses and weights after several runs of one program equal MindSpore's. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createEngine, type Engine, type Instance } from '../../runtime/host/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { tensorFromBytes } from '../../tools/formats/index.ts';
import { compileSource } from '../../tools/msc/compile.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { compileFile, specifications } from '../frontend/harness.ts';
import { recordedSteps } from '../frontend/recorded.ts';
import { startingParameters } from '../frontend/steps.ts';

interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TensorValue['dtype'];
}

function valueOf({ name, shape, dtype }: Slot, bytes: Uint8Array<ArrayBuffer>): TensorValue {
  const tensor = tensorFromBytes(dtype, shape, bytes);
  if (!tensor) throw new Error(`${name} cannot be read`);
  return tensor;
}

async function compiled(
  file: string,
  inputs: ReturnType<typeof specifications>,
  roots: readonly string[],
): Promise<Program> {
  const { program, diagnostics } = await compileSource({
    source: {
      kind: 'network',
      file,
      folder: '/',
      entry: 'step()',
      inputs,
      roots,
      readable: [],
      limits: {},
      scriptArguments: [],
      print: () => undefined,
    },
    chip: defaultChip,
    to: 'program',
    now: () => 0,
  });
  if (program === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return program;
}

function succeed(outcome: ReturnType<Instance['run']>): void {
  if (!outcome.ok) throw new Error(`the program failed: ${JSON.stringify(outcome)}`);
}

async function expectOnSimulator(engine: Engine, name: string, roots: readonly string[] = []): Promise<void> {
  const recorded = recordedSteps(name);
  const inputs = specifications(recorded.feeds[0]);
  const start = startingParameters(compileFile(recorded.file, 'step()', inputs, roots), recorded.isFormula);
  const program = await compiled(recorded.file, inputs, roots);
  const instance = engine.load(program);
  if (!('run' in instance)) throw new Error(`cannot load: ${JSON.stringify(instance)}`);
  const used = new Set(program.parameters.map((parameter) => parameter.name));
  for (const [key, { data }] of start) if (used.has(key)) instance.set(key, data);
  succeed(instance.prepare());
  const outputs = recorded.feeds.map((feed) => {
    for (const [key, { data }] of feed) instance.set(key, data);
    succeed(instance.run());
    return program.outputs.map((slot) => valueOf(slot, instance.output(slot.name)));
  });
  const after = program.parameters.map((slot) => [slot.name, valueOf(slot, instance.parameter(slot.name))] as const);
  recorded.expect({ outputs, parameters: new Map([...start, ...after]) }, start);
  instance.dispose();
}

describe('training steps on the simulator equal MindSpore', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ threads: 1 });
  });
  afterAll(() => engine.close());
  it.each(['bert', 'llama', 'burgers', 'gan', 'convolution', 'embedding', 'overflow'])('%s', (name) =>
    expectOnSimulator(engine, name),
  );

  const mindcv = process.env.MSC_MINDCV ?? '';
  it.skipIf(!existsSync(mindcv)).each(['mindcv_train_step', 'mindcv_resnet18'])(
    '%s',
    (name) => expectOnSimulator(engine, name, [mindcv]),
    600_000,
  );
});
