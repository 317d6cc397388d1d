/**
 * Inside a layer: the exact plan of `../intra` on the tensor-parallel group, against the walk of `cuts.ts`. Both become blocks of the model;
 * the faster is used. The exact search charges every reader of a value for its own resharding, the walk shares gathers as real
 * programs do, so neither contains the other; the answer says which was used and how the search ended.
 */
import type { Operation, Value } from '../../../ir/index.ts';
import { deviceCount, type Cluster } from '../../../../runtime/target/index.ts';
import type { Layout, Mesh } from '../../shard/index.ts';
import { meshOf } from '../../shard/index.ts';
import { costsOn, planBlock, type BlockCosts, type BlockOptions, type LayerPlan } from '../intra/index.ts';
import { blockTime, sweepSeconds, type Block, type Configuration, type Network, type Setting } from '../model/index.ts';
import type { Cuts, Exchange, ProductCut } from './cuts.ts';
import { blockWithCuts, type DescribedBlock, type DescribedNetwork } from './describe.ts';
import { isActivation, type GraphView } from './graph-view.ts';
import type { Section } from './layers.ts';
import { productOf, weightOperand } from '../../analysis/index.ts';

const AXIS = 'mp';

/** How the layers of one block are divided over a group. */
export interface LayerChoice {
  readonly name: string;
  readonly block: Block;
  readonly cuts: Cuts;
  /** Which of the two is used. */
  readonly used: 'walk' | 'exact';
  /** Of the exact search; null when it found nothing. */
  readonly exact: Pick<LayerPlan, 'status' | 'bound'> & { readonly seconds: number };
  /** Seconds of both sweeps in the model: of the walk, and of the exact plan. */
  readonly walkSeconds: number;
  readonly exactSeconds: number;
}

/** The problem of a block for the exact search: also what `--certify` gives to HiGHS. */
export interface LayerProblem {
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly mesh: Mesh;
  readonly costs: BlockCosts;
  readonly options: BlockOptions;
}

/** The problems of all blocks with parameters on a group of `tensor` devices. */
export function layerProblems(
  { view, blocks, network }: DescribedNetwork,
  tensor: number,
  cluster: Cluster,
): readonly (LayerProblem | null)[] {
  const mesh = meshOf({ [AXIS]: Math.min(tensor, deviceCount(cluster)) });
  const precision = network.elementBytes === 4 ? 'f32' : 'f16';
  const inTypes = costsOn(cluster, mesh, { training: true, stateFactor: 1, memoryLimit: null, precision });
  // The graph is in f32, its training in the compute type.
  const share = network.elementBytes / 4;
  const costs: BlockCosts = {
    ...inTypes,
    memoryBytesPerSecond: inTypes.memoryBytesPerSecond / share,
    stepSeconds: (step) => inTypes.stepSeconds({ ...step, bytes: step.bytes * share }),
  };
  return blocks.map(({ block, section }) => {
    if (block.dividedParameters + block.expertParameters === 0) return null;
    const operations = view.operations.slice(section.begin, section.begin + section.length);
    const ties = section.count > 1 ? tiesOf(view, section.begin, section.length) : [];
    const options = { isParameter: (value: Value) => view.parameters.has(value), ties };
    return { name: block.name, operations, mesh, costs, options };
  });
}

/** What a repeated layer takes and what it returns lie alike. */
function tiesOf(view: GraphView, begin: number, length: number): readonly (readonly [Value, Value])[] {
  const inside = view.operations.slice(begin, begin + length);
  const made = new Set(inside.flatMap((op) => op.results));
  const taken = new Set(
    inside.flatMap((op) => op.operands).filter((value) => isActivation(view, value) && !made.has(value)),
  );
  const given = [...made].filter((value) => (view.usedBy.get(value)?.at(-1) ?? -1) >= begin + length);
  const [input] = taken;
  const [output] = given;
  const alone = taken.size === 1 && given.length === 1 && input !== undefined && output !== undefined;
  return alone && input.type.key === output.type.key ? [[input, output]] : [];
}

/** The better of walk and exact plan for every block. */
export function chooseLayers(
  described: DescribedNetwork,
  plan: Configuration,
  setting: Setting,
): readonly (LayerChoice | null)[] {
  return layerProblems(described, plan.tensor, setting.cluster).map((problem, index) =>
    problem === null ? null : chooseLayer(described, described.blocks[index], problem, plan, setting),
  );
}

function chooseLayer(
  described: DescribedNetwork,
  walk: DescribedBlock,
  problem: LayerProblem,
  plan: Configuration,
  setting: Setting,
): LayerChoice | null {
  const found = planBlock(problem.operations, problem.mesh, problem.costs, problem.options);
  if (found === null) return null;
  const { view, cores, ops, network } = described;
  const cuts = cutsOfPlan(view, walk.section, found);
  const { block } = blockWithCuts(view, ops, cores, walk.section, cuts, network.elementBytes, plan.tensor);
  const seconds = (each: Block): number => {
    const { forward, backward } = blockTime(each, plan, setting);
    return sweepSeconds(forward) + sweepSeconds(backward);
  };
  const [walkSeconds, exactSeconds] = [
    seconds(walk.block),
    coresAreCut(described, walk, cuts) ? seconds(block) : Infinity,
  ];
  const exact = { status: found.status, bound: found.bound, seconds: found.forwardSeconds + found.backwardSeconds };
  const used = exactSeconds < walkSeconds * (1 - 1e-9) ? 'exact' : 'walk';
  const chosen = used === 'exact' ? { block, cuts } : { block: walk.block, cuts: walk.cuts };
  return { name: problem.name, ...chosen, used, exact, walkSeconds, exactSeconds };
}

/** The network with the chosen blocks. */
export const networkWith = (network: Network, chosen: readonly (LayerChoice | null)[]): Network => ({
  ...network,
  blocks: network.blocks.map((block, index) => chosen[index]?.block ?? block),
});

/** A core that every device computes whole is not what the model charges. */
function coresAreCut({ view, cores }: DescribedNetwork, { section }: DescribedBlock, cuts: Cuts): boolean {
  const inside = cores.filter(({ first }) => first >= section.begin && first < section.begin + section.length);
  return inside.every(({ last }) => view.operations[last].results.every((result) => cuts.dimensions.has(result)));
}

/** A layer plan in the words of the walk. */
function cutsOfPlan(view: GraphView, { begin, length, count }: Section, plan: LayerPlan): Cuts {
  const dimensions = new Map<Value, number>();
  const products = new Map<number, ProductCut>();
  const dividedParameters = new Map<Value, number>();
  const exchanges: Exchange[] = [];
  for (const [value, home] of plan.homes) {
    const cut = cutOf(home);
    if (cut >= 0) (view.parameters.has(value) ? dividedParameters : dimensions).set(value, cut);
  }
  for (const [offset, choice] of plan.choices.entries()) {
    const { operation, operands, results } = choice;
    if (productOf(operation) !== null) products.set(begin + offset, productCut(view, choice));
    for (const [at, value] of operation.operands.entries()) {
      const home = plan.homes.get(value);
      if (home === undefined || !isActivation(view, value)) continue;
      exchanges.push(...exchangeOf(value, home, operands[at], begin + offset));
    }
    for (const [at, value] of operation.results.entries()) {
      const home = plan.homes.get(value);
      if (home !== undefined) exchanges.push(...exchangeOf(value, results[at], home, begin + offset));
    }
  }
  // A layer that repeats returns what it takes; others give their results whole to the next block.
  for (const value of count > 1 ? [] : dimensions.keys()) {
    if ((view.usedBy.get(value)?.at(-1) ?? -1) >= begin + length)
      exchanges.push({ value, operation: begin + length - 1, kind: 'gather' });
  }
  return { dimensions, products, dividedParameters, exchanges, extents: [] };
}

const cutOf = (layout: Layout): number => layout.dimensions.findIndex((axes) => axes.includes(AXIS));

/** The communication between two layouts; slicing is free. */
function exchangeOf(value: Value, from: Layout, to: Layout, operation: number): readonly Exchange[] {
  const [before, after] = [cutOf(from), cutOf(to)];
  if (from.partial.includes(AXIS))
    return to.partial.includes(AXIS) ? [] : [{ value, operation, kind: after < 0 ? 'sum' : 'scatter' }];
  if (before < 0 || before === after) return [];
  return [{ value, operation, kind: after < 0 ? 'gather' : 'exchange' }];
}

function productCut(view: GraphView, { operation, operands, results }: LayerPlan['choices'][number]): ProductCut {
  if (results.some(({ partial }) => partial.includes(AXIS))) return 'inner';
  const weight = weightOperand(operation, (value) => view.parameters.has(value));
  const isCut = results.some((layout) => cutOf(layout) >= 0);
  if (!isCut) return 'none';
  if (weight < 0) return 'copies';
  return cutOf(operands[weight]) >= 0 ? 'columns' : 'rows';
}
