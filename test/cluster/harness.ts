/** Programs of all ranks from one text, on a simulated cluster. */
import { fromNumbers, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { ClusterInstance, createCluster } from '../../runtime/host/index.ts';
import type { ClusterOutcome } from '../../runtime/host/index.ts';
import { isCommunicationProblem, problemText } from '../../runtime/program/index.ts';
import type { Program, TensorDtype } from '../../runtime/program/index.ts';
import { compiled, valueOf } from '../program/harness.ts';

/** The module of one rank: its arguments, its results and its operations, one a line. */
export function rankModule(signature: string, lines: readonly string[]): string {
  const body = lines.map((line) => `    ${line}`).join('\n');
  return `module attributes {ms.stage = "sharded"} {\n  func.func @main${signature} {\n${body}\n  }\n}`;
}

export const groupText = (group: readonly number[]): string => `group = array<i64: ${group.join(', ')}>`;

/** The line `%name = "dist.operation"(%operand) {…} : (type) -> type`. */
export function collective(
  name: string,
  operation: string,
  operand: string,
  attributes: string,
  types: readonly [string, string],
): string {
  return `%${name} = "dist.${operation}"(%${operand}) {${attributes}} : (tensor<${types[0]}>) -> tensor<${types[1]}>`;
}

export const programs = (texts: readonly string[]): readonly Program[] => texts.map(compiled);

/** Numbers of every output of every rank, after a run with the given inputs for each rank. */
export async function runRanks(
  ranks: readonly Program[],
  inputs: readonly Readonly<Record<string, readonly number[]>>[],
  threads = 1,
): Promise<{ readonly outcome: ClusterOutcome; readonly outputs: readonly (readonly (readonly number[])[])[] }> {
  const cluster = await createCluster({ devices: ranks.length, threads });
  const instance = cluster.load(ranks);
  if (!(instance instanceof ClusterInstance)) throw new Error(instance.kind);
  ranks.forEach((program, rank) => {
    for (const { name, shape, dtype } of program.inputs)
      instance.ranks[rank].set(name, fromNumbers(shape, dtype, inputs[rank][name]).data);
  });
  const prepared = instance.prepare();
  const outcome = prepared.ok ? instance.run() : prepared;
  const outputs = instance.ranks.map((loaded) =>
    loaded.program.outputs.map((slot) => Array.from(numbersOf(valueOf(slot, loaded.read(slot))))),
  );
  await cluster.close();
  return { outcome, outputs };
}

/** What went wrong, as text; null when nothing did. */
export function problemOf(outcome: ClusterOutcome): string | null {
  if (outcome.ok) return null;
  return isCommunicationProblem(outcome.problem) ? problemText(outcome.problem) : outcome.problem.failure.kind;
}

export const range = (count: number, from = 0): readonly number[] =>
  Array.from({ length: count }, (_, at) => from + at);

export type { TensorDtype };
