/**
 * Random triples of network, mesh and plan (data, tensor, ZeRO, pipeline with micro-batches): is the partitioned training
 * step that of one device? `--steps N` triples run on the oracle, the first `--simulate N` of those with at most 8 ranks
 * also on the simulated devices.
 */
import { parseArgs } from 'node:util';
import { defaultChip } from '../../runtime/target/index.ts';
import type { RuntimeValue } from '../../compiler/ir/evaluate/index.ts';
import { compileRanks, loadRanks } from '../../tools/msc/ranks/index.ts';
import { walk } from '../../compiler/ir/index.ts';
import { randomTriple } from '../../test/shard/random-steps.ts';
import type { Triple } from '../../test/shard/random-steps.ts';
import { runWhole } from '../../test/shard/run.ts';
import { compareStep, stepInputs, toleranceOf, worstDifference } from '../../test/shard/step.ts';
import { trainingStep } from '../../test/shard/training.ts';

const { values } = parseArgs({
  options: { steps: { type: 'string', default: '200' }, simulate: { type: 'string', default: '24' } },
});

const collectives = new Map<string, number>();
const ranksOf = new Map<number, number>();
const wrong: string[] = [];
let [exact, worstOfAll] = [0, 0];

/** What the plan of a triple is, in a line. */
function textOf({ description, plan }: Triple): string {
  const mesh = plan.mesh.axes.map((axis, at) => `${axis}=${plan.mesh.sizes[at]}`).join(' ');
  return `${description.name}; ${mesh}, ZeRO ${plan.zero}, ${plan.stages} stages, ${plan.microBatches} micro-batches`;
}

function onOracle(seed: number): void {
  const triple = randomTriple(seed);
  const { partition, worst } = compareStep(triple.description, triple.plan);
  for (const rank of partition.ranks)
    walk(rank.body, ({ name }) => {
      if (name.startsWith('dist.')) collectives.set(name, (collectives.get(name) ?? 0) + 1);
    });
  ranksOf.set(partition.ranks.length, (ranksOf.get(partition.ranks.length) ?? 0) + 1);
  if (triple.description.exact) exact++;
  else worstOfAll = Math.max(worstOfAll, worst);
  if (worst > toleranceOf(triple.description)) wrong.push(`${seed}: ${textOf(triple)}: ${worst}`);
}

/** The step of a triple on simulated devices, against the oracle on one; null where it has more than 8 ranks. */
async function onDevices(seed: number): Promise<number | null> {
  const { description, plan } = randomTriple(seed);
  const module = trainingStep(description, plan);
  const inputs = stepInputs(module, description);
  const compiled = compileRanks(module, { chip: defaultChip });
  if (!compiled.ok) throw new Error(compiled.error.map(({ message }) => message).join('\n'));
  if (compiled.value.programs.length > 8) return null;
  const loaded = await loadRanks(compiled.value, { threads: 1, relaxedSimd: !description.exact });
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  const ranks = loaded.value;
  ranks.set(inputs);
  const problems = [...ranks.prepare(), ...ranks.run()];
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const results = ranks.results();
  if (!results.ok) throw new Error(results.error.map(({ message }) => message).join('\n'));
  const actual: readonly RuntimeValue[] = results.value;
  const worst = worstDifference(runWhole(module, inputs), actual);
  await ranks.close();
  if (worst > toleranceOf(description)) wrong.push(`${seed} on devices: ${textOf({ description, plan })}: ${worst}`);
  return worst;
}

const attempt = async (seed: number, run: () => unknown): Promise<void> => {
  try {
    await run();
  } catch (error) {
    wrong.push(`${seed}: ${textOf(randomTriple(seed))}: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const counts = (map: ReadonlyMap<string | number, number>): string =>
  [...map].map(([name, count]) => `${name}: ${count}`).join(', ');

for (let seed = 0; seed < Number(values.steps); seed++) await attempt(seed, () => onOracle(seed));
console.log(
  `${values.steps} triples on the oracle, ${exact} of them on integers bit by bit; worst of the others ${worstOfAll.toExponential(1)}`,
);
console.log(`ranks (triples): ${counts(ranksOf)}`);
console.log(`collectives: ${counts(collectives)}`);

let [simulated, worstSimulated] = [0, 0];
for (let seed = 0; seed < Number(values.steps) && simulated < Number(values.simulate); seed++) {
  await attempt(seed, async () => {
    const worst = await onDevices(seed);
    if (worst === null) return;
    simulated++;
    worstSimulated = Math.max(worstSimulated, worst);
  });
}
console.log(`${simulated} triples on simulated devices; worst ${worstSimulated.toExponential(1)}`);
for (const line of wrong) console.log(`WRONG ${line}`);
process.exitCode = wrong.length === 0 ? 0 : 1;
