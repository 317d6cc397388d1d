/** An instance of the IOPDDL contest (google/iopddl): gzip, JSON, whole numbers. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ChoiceProblem } from '../../compiler/passes/plan/search/index.ts';

/** The part of the file's JSON that is read here. */
interface InstanceFile {
  readonly problem: {
    readonly name: string;
    readonly nodes: {
      readonly intervals: readonly (readonly [number, number])[];
      readonly costs: readonly (readonly number[])[];
      readonly usages: readonly (readonly number[])[];
    };
    readonly edges: {
      readonly nodes: readonly (readonly [number, number])[];
      readonly costs: readonly (readonly number[])[];
    };
    readonly usage_limit?: number;
  };
}

export function readInstance(path: string): ChoiceProblem {
  // The files are the contest's own; one that is not of this form fails in the next lines.
  const { problem } = JSON.parse(gunzipSync(readFileSync(path)).toString()) as InstanceFile;
  const { nodes, edges } = problem;
  return {
    name: problem.name,
    nodes: nodes.costs.map((costs, index) => ({
      costs,
      memory: nodes.usages[index],
      from: nodes.intervals[index][0],
      to: nodes.intervals[index][1],
    })),
    edges: edges.nodes.map(([first, second], index) => ({ first, second, costs: edges.costs[index] })),
    memoryLimit: problem.usage_limit ?? null,
  };
}
