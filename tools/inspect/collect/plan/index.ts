/** The plan section: what the planner was asked and found out, as the page shows it. */
import type { Result } from '../../../../compiler/ir/index.ts';
import {
  bindingText,
  certificateText,
  choiceText,
  losingPlan,
  losingPlans,
  memoryTerms,
  proofText,
  statusText,
  stepTerms,
  type Candidate,
  type Divided,
  type LayerCertificate,
  type PlanAnswer,
  type PlanRequest,
} from '../../../../compiler/passes/plan/index.ts';
import { deviceCount } from '../../../../runtime/target/index.ts';
import type { PlanSection } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { carriedPlan } from './carried.ts';
import { collectiveRows } from './collectives.ts';
import { figuresOf, lostPlan } from './figures.ts';
import { meshOfPlan } from './mesh.ts';
import { pipelineOf, stageRows } from './stages.ts';
import { tensorRows } from './tensors.ts';

/** What `msc plan` found out. */
export interface PlannedNetwork {
  readonly request: PlanRequest;
  readonly answer: PlanAnswer;
  readonly certificates: readonly LayerCertificate[] | null;
  /** Further plans to compare with the best. */
  readonly asked?: readonly Candidate[];
  /** The best plan carried out, or why it was not. */
  readonly divided: Result<Divided, string>;
  readonly places: PlaceTable;
}

/** The section; null when no plan fits. */
export function planSection(planned: PlannedNetwork): PlanSection | null {
  const { request, answer, certificates, asked = [], divided, places } = planned;
  const { best } = answer;
  if (best === null) return null;
  const others = asked
    .map((candidate) => losingPlan(request, best, candidate))
    .filter(({ differences }) => differences.length > 0);
  const blocks = best.network.blocks.map(({ name, count }) => ({ name, count }));
  const proof = [proofText(answer), bindingText(request, answer, best)];
  if (certificates !== null) proof.push(certificateText(certificates, best.configuration.tensor).trimEnd());
  return {
    kind: 'plan',
    question: questionOf(request),
    terms: [...stepTerms],
    memoryTerms: [...memoryTerms],
    blocks,
    best: figuresOf(best, choiceText(best.configuration)),
    mesh: meshOfPlan(request, best.configuration),
    tensors: tensorRows(request, best, places),
    collectives: collectiveRows(request, best, places),
    stages: stageRows(request, best),
    pipeline: pipelineOf(request, best),
    layers: best.layers.flatMap((layer) => {
      if (layer === null) return [];
      const { name, used, walkSeconds, exactSeconds, exact } = layer;
      const seconds = { walkSeconds, exactSeconds: Number.isFinite(exactSeconds) ? exactSeconds : null };
      return [{ name, used, ...seconds, status: statusText(exact.status), boundSeconds: exact.bound }];
    }),
    lost: [...others, ...losingPlans(request, answer)].map(lostPlan),
    evaluated: answer.evaluated,
    proof,
    carried: divided.ok ? carriedPlan(divided.value, request.cluster, isParameterOf(request), places) : null,
    notCarried: divided.ok ? '' : divided.error,
  };
}

const isParameterOf = ({ described }: PlanRequest): ((name: string) => boolean) => {
  const names = new Set([...described.view.parameters.values()].map(({ name }) => name));
  return (name) => names.has(name);
};

function questionOf({ described, cluster, memoryBytes, globalBatch, fixed }: PlanRequest): PlanSection['question'] {
  const { network, sequence } = described;
  const parameters = network.blocks.reduce(
    (sum, block) => sum + block.count * (block.dividedParameters + block.copiedParameters + block.expertParameters),
    0,
  );
  return {
    network: network.name,
    parameters,
    cluster: cluster.name,
    device: cluster.device.name,
    devices: deviceCount(cluster),
    networks: cluster.levels.map(({ name, topology, size, bytesPerSecond, latencySeconds }) => ({
      ...{ name, topology, size, bytesPerSecond, latencySeconds },
    })),
    globalBatch,
    sequence,
    memoryLimit: memoryBytes,
    deviceMemory: cluster.device.memoryBytes,
    fixed: Object.entries(fixed).map(([name, value]) => ({ name, value })),
  };
}
