/** `run` on a cluster: the command's own way, with options instead of words. */
import type { InputSpecification } from '../../compiler/frontend/index.ts';
import { FORMULA, noInputs } from '../msc/data.ts';
import type { Arguments } from '../msc/options.ts';
import { reportOnCluster } from '../msc/ranks/command.ts';
import { quietIo, refusalDiagnostics, type NetworkOptions, type RunOptions, type RunResult } from './options.ts';

/** A network and the devices on which it runs. */
export interface ClusterNetwork extends NetworkOptions {
  /** `FAMILY:SERVERSxDEVICES` such as `910b1:1x4`, or the path of a cluster file. */
  readonly cluster: string;
  /** `auto`, or the path of a strategy file: how a network is divided that does not say so itself. */
  readonly plan?: string;
  /** Batch normalization of data parallelism by each rank's own slice. */
  readonly localBatchStatistics?: boolean;
}

export async function runOnCluster(network: ClusterNetwork, options: RunOptions): Promise<RunResult> {
  const isFormula = options.inputs === FORMULA;
  const arrays = options.inputs === FORMULA ? noInputs.arrays : options.inputs;
  const data = { ...noInputs, arrays };
  const result = await reportOnCluster(argumentsOf(network, options), quietIo(network), network.file, data, isFormula);
  if (!result.ok) return { outputs: null, diagnostics: refusalDiagnostics(result.error) };
  const { outputs, diagnostics, time } = result.value;
  return { outputs, diagnostics, ...(time === null ? {} : { time }) };
}

function argumentsOf(network: ClusterNetwork, { weights, threads = 1, timing = false }: RunOptions): Arguments {
  const values = {
    ...{ cluster: network.cluster, plan: network.plan, entry: network.entry },
    input: (network.inputs ?? []).map(inputText),
    path: network.paths,
    'allow-read': network.readable,
    'local-batch-statistics': network.localBatchStatistics,
    ...{ weights, threads, timing },
  };
  return { words: [], rest: [], values };
}

const inputText = ({ name, shape, dtype }: InputSpecification): string => `${name}=${shape.join('x')}:${dtype}`;
