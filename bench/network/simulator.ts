/** A network on the simulated NPU, and the same network as an ONNX model. */
import { createEngine } from '../../runtime/host/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { exportOnnx, formulaInput, formulaWeights, writeOnnx, type FileTensor } from '../../tools/formats/index.ts';
import { compileSource } from '../../tools/msc/compile.ts';
import { networkSource, type BenchmarkNetwork } from './networks.ts';

/** What both sides run. */
export interface CompiledNetwork {
  readonly program: Program;
  /** The bytes of the ONNX model, with the same weights. */
  readonly onnx: Uint8Array;
  readonly input: FileTensor;
}

export async function compileForBoth(network: BenchmarkNetwork): Promise<CompiledNetwork> {
  const models: Uint8Array[] = [];
  const compiled = await compileSource({
    source: networkSource(network),
    chip: defaultChip,
    to: 'program',
    now: () => performance.now(),
    visit: (stage, module) => {
      if (stage !== 'graph') return;
      const model = exportOnnx(module, {
        parameter: (name, type) => (type.kind === 'tensor' ? formulaWeights(name, type.shape.map(Number)) : null),
        producerVersion: 'bench',
      });
      if (!model.ok)
        throw new Error(
          `no ONNX for ${network.name}: ${model.error.map(({ op, message }) => `${op} ${message}`).join('; ')}`,
        );
      const bytes = writeOnnx(model.value);
      if (!bytes.ok) throw new Error(`no ONNX for ${network.name}: ${bytes.error.message}`);
      models.push(bytes.value);
    },
  });
  if (compiled.program === null)
    throw new Error(compiled.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const input = formulaInput(network.input.name, network.input.shape);
  return { program: compiled.program, onnx: models[0], input };
}

/** A loaded program. */
export interface SimulatedNetwork {
  /** Runs once; gives the milliseconds of every launch. */
  readonly run: () => readonly number[];
  readonly output: (name: string) => Float32Array;
  readonly close: () => Promise<void>;
}

export async function simulate({ program, input }: CompiledNetwork, threads: number): Promise<SimulatedNetwork> {
  const engine = await createEngine({ threads });
  const instance = engine.load(program);
  if (!('run' in instance)) throw new Error(`cannot load: ${JSON.stringify(instance)}`);
  for (const { name, shape, source } of program.parameters)
    if (source.kind !== 'embedded') instance.set(name, formulaWeights(name, shape).data);
  instance.set(program.inputs[0].name, input.data);
  succeed(instance.prepare());
  return {
    run: () => {
      const launches: number[] = [];
      succeed(instance.run({ observer: (launch, milliseconds) => (launches[launch] = milliseconds) }));
      return launches;
    },
    output: (name) => new Float32Array(instance.output(name).buffer),
    close: () => engine.close(),
  };
}

function succeed(outcome: { readonly ok: boolean }): void {
  if (!outcome.ok) throw new Error(`the program failed: ${JSON.stringify(outcome)}`);
}
