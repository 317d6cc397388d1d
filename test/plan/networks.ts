/** Networks for the planner's tests, traced to their graphs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { opTable } from '../../compiler/ir/ops/index.ts';
import {
  constantValues,
  describeNetwork,
  type DescribedNetwork,
  type PlanRequest,
} from '../../compiler/passes/plan/index.ts';
import { clusterByName } from '../../runtime/target/index.ts';
import { compileSource } from '../../tools/msc/compile.ts';
import { defaultLimits } from '../../tools/msc/limits.ts';
import { parseInput } from '../../tools/msc/options.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { repository, type Folder } from '../cli/harness.ts';

export const llamaSource = (): string => readFileSync(join(repository, 'examples/llama/llama.py'), 'utf8');

/** Describes `entry` of a file in a folder. */
export async function described(folder: Folder, file: string, entry: string, input: string): Promise<DescribedNetwork> {
  const inputs = parseInput(input);
  if (!inputs.ok) throw new Error(inputs.error);
  const { module, diagnostics } = await compileSource({
    source: {
      kind: 'network',
      file,
      folder: folder.path,
      entry,
      inputs: [inputs.value],
      roots: [],
      readable: [],
      limits: defaultLimits,
      scriptArguments: [],
      print: () => undefined,
    },
    chip: defaultChip,
    to: 'graph',
    now: () => 0,
  });
  const network = module === null ? null : describeNetwork(module, opTable, entry, 2);
  if (network === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return network;
}

/** A request with nothing stated. */
export function requestFor(network: DescribedNetwork, cluster: string, change: Partial<PlanRequest> = {}): PlanRequest {
  const found = clusterByName(cluster);
  if (!found.ok) throw new Error(cluster);
  return {
    described: network,
    cluster: found.value,
    memoryBytes: found.value.device.memoryBytes,
    globalBatch: 32,
    gradientBytes: 4,
    weightBytes: 2,
    fixed: {},
    constants: constantValues,
    machine: 1,
    ...change,
  };
}
