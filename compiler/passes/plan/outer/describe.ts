/** From a forward graph to the blocks of the model: works, exchanges, parameters and what backward keeps, per sample. */
import type { Module, Operation, RuleTable, Value } from '../../../ir/index.ts';
import type { Block, MatrixWork, Network, Work } from '../model/index.ts';
import { attentionCores, type Core } from './attention.ts';
import { cutsOf, exchangeShare, type Cuts } from './cuts.ts';
import { usersThroughReshapes, vectorGroups, type VectorGroup } from './fusion.ts';
import { bytesOf, graphViewOf, isActivation, isFloat, shapeOf, type GraphView } from './graph-view.ts';
import { sectionsOf, type Section } from './layers.ts';
import { productOf } from '../../analysis/index.ts';

/** A block with what explanations and emitted files need of the graph. */
export interface DescribedBlock {
  readonly block: Block;
  readonly section: Section;
  readonly cuts: Cuts;
  /** Extents that tensor parallelism must divide, smallest first. */
  readonly extents: readonly number[];
  readonly experts: number;
}

export interface DescribedNetwork {
  readonly network: Network;
  readonly view: GraphView;
  readonly blocks: readonly DescribedBlock[];
  readonly cores: readonly Core[];
  /** The definitions by which the graph was read. */
  readonly ops: RuleTable;
  /** Extent of the sequence of the input where attention cores run over it, else null: what context parallelism divides. */
  readonly sequence: number | null;
}

/** Describes `@main` of a @graph module; null when there is none. */
export function describeNetwork(
  module: Module,
  ops: RuleTable,
  name: string,
  elementBytes: number,
): DescribedNetwork | null {
  const view = graphViewOf(module);
  if (view === null) return null;
  const cores = attentionCores(view);
  const blocks = sectionsOf(view).map((section) => describeSection(view, ops, cores, section, elementBytes));
  // Attention over something else than the tokens of the input (patches, windows) is not divided by context parallelism.
  const isSequence = cores.some(({ last }) => shapeOf(view.operations[last].results[0]).at(-2) === view.length);
  const sequence = isSequence ? view.length : null;
  return {
    network: { name, blocks: blocks.map(({ block }) => block), elementBytes },
    view,
    blocks,
    cores,
    ops,
    sequence,
  };
}

function describeSection(
  view: GraphView,
  ops: RuleTable,
  cores: readonly Core[],
  section: Section,
  elementBytes: number,
): DescribedBlock {
  const [begin, end] = [section.begin, section.begin + section.length];
  const cuts = cutsOf(view, ops, begin, end);
  const { block, experts } = blockWithCuts(view, ops, cores, section, cuts, elementBytes);
  return { block, section, cuts, extents: [...new Set(cuts.extents.map(({ extent }) => extent))], experts };
}

/** The block of a section under given cuts. */
export function blockWithCuts(
  view: GraphView,
  ops: RuleTable,
  cores: readonly Core[],
  section: Section,
  cuts: Cuts,
  elementBytes: number,
  tensor = 1,
): { readonly block: Block; readonly experts: number } {
  const [begin, end] = [section.begin, section.begin + section.length];
  const inside = cores.filter(({ first }) => first >= begin && first < end);
  const skipped = new Set(inside.flatMap((core) => [...core.members, ...repeatsOf(view, core)]));
  const groups = vectorGroups(view, ops, { begin, end }, skipped, elementBytes);
  const parts: Parts = { view, cuts, begin, end, groups, cores: inside, skipped, elementBytes, tensor };
  return blockOf(parts, section.count);
}

interface Parts {
  readonly view: GraphView;
  readonly cuts: Cuts;
  readonly begin: number;
  readonly end: number;
  readonly groups: readonly VectorGroup[];
  readonly cores: readonly Core[];
  readonly skipped: ReadonlySet<number>;
  readonly elementBytes: number;
  /** Size of the group that exchanges. */
  readonly tensor: number;
}

/** Repeats of key heads that a fused core does without. */
const repeatsOf = (view: GraphView, core: Core): readonly number[] =>
  [core.first, core.last]
    .map((index) => view.madeBy.get(view.operations[index].operands[1]) ?? -1)
    .filter((made) => made >= 0 && view.operations[made].name === 'ms.repeat');

function blockOf(parts: Parts, count: number): { readonly block: Block; readonly experts: number } {
  const { view, cuts, elementBytes } = parts;
  const bytes = (value: Value): number => bytesOf(value, elementBytes) / view.batch;
  const parameters = parametersOf(parts);
  const kept = keptOf(parts);
  return {
    experts: parameters.experts,
    block: {
      name: nameOf(parts),
      count,
      works: [...matrixWorks(parts), ...coreWorks(parts), ...groupWorks(parts)],
      exchanges: cuts.exchanges.map(({ value, kind }) => exchangeShare(kind, parts.tensor) * bytes(value)),
      dispatchBytes: parameters.dispatched.reduce((sum, value) => sum + bytes(value), 0),
      dividedParameters: parameters.divided,
      copiedParameters: parameters.copied,
      expertParameters: parameters.expert,
      ...kept,
      ...widestOf(parts),
      boundaryBytes: boundary(parts).reduce((sum, value) => sum + bytes(value), 0),
    },
  };
}

/** The largest value of the block: cut by tensor parallelism, and not. */
function widestOf({
  view,
  cuts,
  begin,
  end,
  elementBytes,
  skipped,
}: Parts): Pick<Block, 'widestCutBytes' | 'widestBytes'> {
  let [widestCutBytes, widestBytes] = [0, 0];
  for (let index = begin; index < end; index += 1)
    for (const result of skipped.has(index) ? [] : view.operations[index].results) {
      if (!isActivation(view, result)) continue;
      const bytes = bytesOf(result, elementBytes) / view.batch;
      if (cuts.dimensions.has(result)) widestCutBytes = Math.max(widestCutBytes, bytes);
      else widestBytes = Math.max(widestBytes, bytes);
    }
  return { widestCutBytes, widestBytes };
}

/** Values that go from this block to later ones. */
const boundary = ({ view, begin, end }: Parts): readonly Value[] =>
  view.operations
    .slice(begin, end)
    .flatMap((op) =>
      op.results.filter((result) => isActivation(view, result) && (view.usedBy.get(result)?.at(-1) ?? -1) >= end),
    );

function matrixWorks(parts: Parts): readonly MatrixWork[] {
  const { view, cuts, begin, end, skipped } = parts;
  const works: MatrixWork[] = [];
  for (let index = begin; index < end; index += 1) {
    const op = view.operations[index];
    const product = productOf(op);
    if (product === null || skipped.has(index)) continue;
    const perSample = op.operands.some((operand) => view.parameters.has(operand))
      ? { ...product, rows: product.rows / view.batch }
      : { ...product, copies: product.copies / view.batch };
    const read = isReadInside(parts, op.results[0]);
    works.push({
      kind: 'matrix',
      name: parameterName(parts, index),
      ...perSample,
      cut: cuts.products.get(index) ?? 'none',
      read,
    });
  }
  return works;
}

/** Whether backward of the block reads a value, as it is or in a sum; what later blocks read they keep themselves. */
function isReadInside(parts: Parts, value: Value): boolean {
  const { view, begin, end } = parts;
  return usersThroughReshapes(view, value).some((user) => {
    const op = view.operations[user];
    if (user < begin || user >= end) return false;
    return !isLinear(view, op) || op.results.some((result) => isReadInside(parts, result));
  });
}

const parameterName = ({ view }: Parts, index: number): string => {
  const op = view.operations[index];
  const parameter = op.operands.map((operand) => view.parameters.get(operand)).find((each) => each !== undefined);
  return parameter?.name ?? op.name;
};

const coreWorks = ({ view, cores, elementBytes }: Parts): readonly Work[] =>
  cores.map((core) => ({
    kind: 'attention',
    name: 'attention',
    flops: core.flops / view.batch,
    keyBytes: core.keys.reduce((sum, value) => sum + bytesOf(value, elementBytes), 0) / view.batch,
    resultBytes: bytesOf(view.operations[core.last].results[0], elementBytes) / view.batch,
  }));

const groupWorks = ({ view, cuts, groups }: Parts): readonly Work[] =>
  groups.map((group) => ({
    kind: 'vector',
    name: view.operations[group.members[0]].name.replace(/^ms\./, ''),
    bytes: group.bytes / view.batch,
    kernels: 1,
    cut: [...group.inputs, ...group.outputs].some((value) => cuts.dimensions.has(value)) ? 'tensor' : 'sequence',
  }));

interface ParameterCounts {
  readonly divided: number;
  readonly copied: number;
  readonly expert: number;
  readonly experts: number;
  /** Activations that experts take and give. */
  readonly dispatched: readonly Value[];
}

/** Weights with a leading dimension of their own in a product of many matrices are those of experts. */
function parametersOf({ view, cuts, begin, end }: Parts): ParameterCounts {
  const seen = new Set<string>();
  const dividedNames = new Set([...cuts.dividedParameters.keys()].map((value) => view.parameters.get(value)?.name));
  const dispatched = new Set<Value>();
  let [divided, copied, expert, experts] = [0, 0, 0, 0];
  for (const op of view.operations.slice(begin, end))
    for (const operand of op.operands) {
      const parameter = view.parameters.get(operand);
      if (parameter === undefined || seen.has(parameter.name)) continue;
      seen.add(parameter.name);
      if (op.name === 'ms.batch_matmul' && shapeOf(operand).length === 3) {
        experts = Math.max(experts, shapeOf(operand)[0] ?? 1);
        expert += parameter.elements;
        if (dispatched.size === 0) for (const other of op.operands) if (other !== operand) dispatched.add(other);
      } else if (dividedNames.has(parameter.name)) divided += parameter.elements;
      else copied += parameter.elements;
    }
  return { divided, copied, expert, experts, dispatched: [...dispatched] };
}

/**
 * What backward reads: the activations of products and cores, and what kernels take that are not linear. Sums and copies keep
 * nothing. Each value once, in the compute type.
 */
function keptOf(parts: Parts): Pick<Block, 'keptBytes' | 'keptSequenceBytes' | 'keptCoreBytes'> {
  const { view, cuts, begin, end, elementBytes, skipped, groups } = parts;
  const kept = new Set<Value>();
  const keep = (value: Value): void => {
    const through = throughMoves(view, value);
    if (isActivation(view, through) && isFloat(through)) kept.add(through);
  };
  for (let index = begin; index < end; index += 1) {
    const op = view.operations[index];
    if (productOf(op) !== null && !skipped.has(index)) for (const operand of op.operands) keep(operand);
  }
  for (const core of parts.cores) {
    keep(view.operations[core.first].operands[0]);
    for (const value of [...core.keys, view.operations[core.last].results[0]]) keep(value);
  }
  for (const group of groups) for (const value of readBy(view, group)) keep(value);
  const bytesWhere = (isCut: boolean): number =>
    [...kept]
      .filter((value) => cuts.dimensions.has(value) === isCut)
      .reduce((sum, value) => sum + bytesOf(value, elementBytes) / view.batch, 0);
  return { keptBytes: bytesWhere(true), keptSequenceBytes: bytesWhere(false), keptCoreBytes: 0 };
}

/** What backward of a fused kernel reads: operands of its ops that are not linear, as far as they exist in memory. */
function readBy(view: GraphView, group: VectorGroup): ReadonlySet<Value> {
  const inside = new Set(group.members);
  const outputs = new Set(group.outputs);
  const found = new Set<Value>();
  const need = (value: Value): void => {
    const made = view.madeBy.get(value);
    if (made === undefined || !inside.has(made) || outputs.has(value)) {
      found.add(value);
      return;
    }
    // Inside the kernel it is computed again; operands of ops that are not linear are needed anyway.
    if (isLinear(view, view.operations[made])) for (const operand of view.operations[made].operands) need(operand);
  };
  for (const index of group.members)
    if (!isLinear(view, view.operations[index])) for (const operand of view.operations[index].operands) need(operand);
  return found;
}

/** The value as it was before copies in another order. */
function throughMoves(view: GraphView, value: Value): Value {
  const made = view.madeBy.get(value);
  const op = made === undefined ? undefined : view.operations[made];
  return op?.name === 'ms.reshape' || op?.name === 'ms.transpose' ? throughMoves(view, op.operands[0]) : value;
}

/** Sums, moves, and products with constants: their backward reads nothing. */
const isLinear = (view: GraphView, op: Operation): boolean =>
  linear.has(op.name) ||
  ((op.name === 'ms.mul' || op.name === 'ms.div') && op.operands.some((operand) => view.constants.has(operand)));

const linear: ReadonlySet<string> = new Set([
  'ms.add',
  'ms.sub',
  'ms.neg',
  'ms.cast',
  'ms.slice',
  'ms.concat',
  'ms.transpose',
  'ms.broadcast_to',
  'ms.repeat',
  'ms.gather',
  'ms.split',
  'ms.pad',
  'ms.reduce_sum',
  'ms.reduce_mean',
]);

/** The cell that the parameters of a block share. */
function nameOf({ view, begin, end }: Parts): string {
  const names = view.operations
    .slice(begin, end)
    .flatMap(({ operands }) => operands.flatMap((operand) => view.parameters.get(operand)?.name ?? []));
  const [first = ''] = names;
  const parts = first.split('.');
  let length = parts.length - 1;
  while (length > 0 && !names.every((name) => name.startsWith(`${parts.slice(0, length).join('.')}.`))) length -= 1;
  const common = parts.slice(0, length).join('.');
  return common || first || view.operations[begin].name.replace(/^ms\./, '');
}
