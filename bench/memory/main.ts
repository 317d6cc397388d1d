/**
 * Memory of a rank predicted from its partitioned module, before kernels are written, against what the simulator measures: the size
 * of the device memory that its program takes (`gmBytes`), and the memory that its steps touch while they run
 * (`memoryBytes`, in the 512-byte units in which buffers lie). Networks on 2, 4 and 8 devices (`--networks` names the
 * folder of their Python files), and `--triples N` random ones.
 */
import { parseArgs } from 'node:util';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import { partition } from '../../compiler/passes/shard/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { compileRanks, loadRanks, rankMemory } from '../../tools/msc/ranks/index.ts';
import { randomTriple } from '../../test/shard/random-steps.ts';
import { stepInputs } from '../../test/shard/step.ts';
import { trainingStep } from '../../test/shard/training.ts';
import { networkCases } from './networks.ts';

const { values } = parseArgs({
  options: {
    triples: { type: 'string', default: '200' },
    networks: { type: 'string', default: 'test/network/training' },
  },
});

/** What a buffer takes at least. */
const UNIT = 512;

/** Least and largest ratios of predicted bytes to those of the program and to those touched. */
class Ratios {
  ranks = 0;
  readonly program: [number, number] = [Infinity, 0];
  readonly touched: [number, number] = [Infinity, 0];
  predictSeconds = 0;
  compileSeconds = 0;

  add(predicted: number, program: number, touched: number): void {
    this.ranks++;
    for (const [range, measured] of [
      [this.program, program],
      [this.touched, touched],
    ] as const) {
      const ratio = measured === 0 ? 1 + predicted : predicted / measured;
      range[0] = Math.min(range[0], ratio);
      range[1] = Math.max(range[1], ratio);
    }
  }

  join(other: Ratios): void {
    this.ranks += other.ranks;
    this.predictSeconds += other.predictSeconds;
    this.compileSeconds += other.compileSeconds;
    for (const [mine, theirs] of [
      [this.program, other.program],
      [this.touched, other.touched],
    ] as const) {
      mine[0] = Math.min(mine[0], theirs[0]);
      mine[1] = Math.max(mine[1], theirs[1]);
    }
  }

  toString(): string {
    const range = ([least, most]: readonly [number, number]): string => `${least.toFixed(4)}–${most.toFixed(4)}`;
    return `${this.ranks} ranks, of the program ${range(this.program)}, of memory touched ${range(this.touched)}; ${this.predictSeconds.toFixed(1)} s against ${this.compileSeconds.toFixed(1)} s to compile`;
  }
}

/** Compares on all ranks of a module; a text says why it cannot be. */
async function compare(module: Module, inputs: readonly TensorValue[]): Promise<Ratios | string> {
  const ratios = new Ratios();
  const started = performance.now();
  const { partition: found, diagnostics } = partition(module);
  if (found === null) return diagnostics.map(({ message }) => message).join('; ');
  const divided = performance.now();
  const predicted = rankMemory(found, defaultChip);
  if (!predicted.ok) return predicted.error.map(({ message }) => message).join('; ');
  const known = performance.now();
  const compiled = compileRanks(module, { chip: defaultChip });
  if (!compiled.ok) return compiled.error.map(({ message }) => message).join('; ');
  ratios.predictSeconds = (known - divided) / 1000;
  ratios.compileSeconds = (performance.now() - known - (divided - started)) / 1000;
  const loaded = await loadRanks(compiled.value, { threads: 1 });
  if (!loaded.ok) return loaded.error.map(({ message }) => message).join('; ');
  const run = loaded.value;
  run.set(inputs);
  const problems = [...run.prepare(), ...run.run()];
  if (problems.length > 0) return problems.map(({ message }) => message).join('; ');
  const touched = run.instance.memoryBytes(UNIT);
  compiled.value.programs.forEach(({ gmBytes }, rank) =>
    ratios.add(predicted.value[rank].bytes, gmBytes, touched[rank]),
  );
  await run.close();
  return ratios;
}

const all = new Ratios();
for await (const { name, module, inputs } of networkCases(values.networks)) {
  const ratios = await compare(module, inputs);
  console.log(`${name}: ${String(ratios)}`);
  if (typeof ratios !== 'string') all.join(ratios);
}
console.log(`networks: ${String(all)}`);

const random = new Ratios();
const failed: string[] = [];
let triples = 0;
for (let seed = 0; triples < Number(values.triples); seed++) {
  const { description, plan } = randomTriple(seed);
  if (plan.mesh.sizes.reduce((product, size) => product * size, plan.stages ?? 1) > 8) continue;
  triples++;
  const module = trainingStep(description, plan);
  const ratios = await compare(module, stepInputs(module, description));
  if (typeof ratios === 'string') failed.push(`${seed} (${description.name}): ${ratios}`);
  else random.join(ratios);
}
console.log(`${triples} random triples: ${String(random)}`);
for (const line of failed) console.log(`FAILED ${line}`);
