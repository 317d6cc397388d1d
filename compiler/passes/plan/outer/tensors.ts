/**
 * How a plan lays out every tensor of a network: parameters as strategy files have them (`layouts.ts`), activations by what cuts them:
 * samples over dp, tokens over cp, and what the walk or the exact plan of a layer cuts over mp. Equal layers are listed once.
 */
import type { Location, Operation, RuleTable, Value } from '../../../ir/index.ts';
import { isAbsent, viewOf } from '../../../ir/index.ts';
import type { Cuts } from './cuts.ts';
import type { DescribedNetwork } from './describe.ts';
import { bytesOf, elementsOf, isActivation, shapeOf, type GraphView } from './graph-view.ts';
import { planLayouts } from './layouts.ts';
import type { Candidate, PlanRequest } from './request.ts';

/** A tensor, or the same tensor of so many equal layers. */
export interface TensorLayout {
  readonly kind: 'parameter' | 'activation';
  /** Of the parameter, or of the operation that makes the value. */
  readonly name: string;
  /** The type of the whole tensor: of an activation in the traced batch. */
  readonly type: string;
  readonly shape: readonly number[];
  /** For each dimension the axes that cut it, the outermost first. */
  readonly axes: readonly (readonly string[])[];
  /** On one device: of an activation for one micro-batch. */
  readonly bytes: number;
  readonly block: number;
  readonly count: number;
  readonly location: Location;
}

/** What a dimension runs over, the major part first. */
type Extent = 'samples' | 'tokens';
type Extents = ReadonlyMap<Value, readonly (readonly Extent[])[]>;

/** All tensors of a plan, block by block: the parameters of a block, then what it computes. */
export function tensorLayouts({ described, weightBytes }: PlanRequest, candidate: Candidate): readonly TensorLayout[] {
  const { view, blocks, ops } = described;
  const extents = extentsOf(view, ops, described.sequence);
  const cutOf = new Map(planLayouts(described, candidate).parameters.map(({ name, cut }) => [name, cut]));
  return blocks.flatMap(({ section, block: { count }, cuts: walked }, block) => {
    const cuts = candidate.layers[block]?.cuts ?? walked;
    const operations = view.operations.slice(section.begin, section.begin + section.length);
    const parameters = parametersOf(view, operations).map(({ name, value, location }): TensorLayout => {
      const axes = shapeOf(value).map((_, dimension) => (cutOf.get(name) === dimension ? ['mp'] : []));
      const bytes = parameterBytes(elementsOf(value) * weightBytes, cutOf.get(name) != null, candidate);
      const type = { type: value.type.key, shape: shapeOf(value) };
      return { kind: 'parameter', name, ...type, axes, bytes, block, count, location };
    });
    const activations = operations.flatMap((op) =>
      op.results.flatMap((result) =>
        isActivation(view, result)
          ? [activationLayout(described, candidate, { op, result, cuts, extents, block, count })]
          : [],
      ),
    );
    return [...parameters, ...activations];
  });
}

/** The parameters that operations read, each once, at its first reader. */
function parametersOf(
  view: GraphView,
  operations: readonly Operation[],
): readonly { readonly name: string; readonly value: Value; readonly location: Location }[] {
  const found = new Map<string, { readonly name: string; readonly value: Value; readonly location: Location }>();
  for (const op of operations)
    for (const value of op.operands) {
      const name = view.parameters.get(value)?.name;
      if (name !== undefined && !found.has(name)) found.set(name, { name, value, location: op.location });
    }
  return [...found.values()];
}

const parameterBytes = (whole: number, isCut: boolean, { configuration: plan }: Candidate): number =>
  whole / (isCut && plan.tensor > 1 ? plan.tensor : 1) / (plan.zero === 3 ? plan.zeroShards : 1);

interface MadeValue {
  readonly op: Operation;
  readonly result: Value;
  readonly cuts: Cuts;
  readonly extents: Extents;
  readonly block: number;
  readonly count: number;
}

function activationLayout(
  { view, network }: DescribedNetwork,
  { configuration: plan }: Candidate,
  { op, result, cuts, extents, block, count }: MadeValue,
): TensorLayout {
  const cut = plan.tensor > 1 ? cuts.dimensions.get(result) : undefined;
  const shape = shapeOf(result);
  const known = extents.get(result) ?? [];
  const tokens = known.findIndex((each) => each.includes('tokens'));
  // With sequence parallelism the group divides the tokens of what is whole otherwise.
  const shared = cut ?? (plan.sequenceParallel && tokens >= 0 ? tokens : undefined);
  const axes = shape.map((_, dimension) => [
    ...((known[dimension]?.includes('samples') ?? false) && plan.data > 1 ? ['dp'] : []),
    ...((known[dimension]?.includes('tokens') ?? false) && plan.context > 1 ? ['cp'] : []),
    ...(shared === dimension ? ['mp'] : []),
  ]);
  const parts = (tokens >= 0 ? plan.context : 1) * (shared === undefined ? 1 : plan.tensor);
  const bytes = ((bytesOf(result, network.elementBytes) / view.batch) * plan.microBatch) / parts;
  const name = op.name.replace(/^ms\./, '');
  const type = { type: result.type.key, shape };
  return { kind: 'activation', name, ...type, axes, bytes, block, count, location: op.location };
}

/** Which dimensions of each value run over samples and tokens: those of the inputs, followed through index notation. */
function extentsOf(view: GraphView, ops: RuleTable, sequence: number | null): Extents {
  const extents = new Map<Value, readonly (readonly Extent[])[]>();
  for (const op of view.operations) {
    for (const operand of op.operands)
      if (!extents.has(operand) && !view.madeBy.has(operand) && isActivation(view, operand))
        extents.set(operand, inputExtents(operand, sequence));
    const made = resultExtents(op, ops, extents);
    const hasSamples = op.operands.some((operand) => extents.get(operand)?.some((parts) => parts.includes('samples')));
    op.results.forEach((result, at) => {
      const found = made[at] ?? [];
      extents.set(result, hasSamples && view.batch === 1 ? withSamples(shapeOf(result), found) : found);
    });
  }
  return extents;
}

const inputExtents = (input: Value, sequence: number | null): readonly (readonly Extent[])[] =>
  shapeOf(input).map((extent, dimension) =>
    dimension === 0 ? ['samples'] : dimension === 1 && extent === sequence ? ['tokens'] : [],
  );

/**
 * Of a traced batch of one the notation loses the index of the samples when dimensions are joined or split: they are in a first
 * dimension of one, or before the tokens.
 */
function withSamples(
  shape: readonly number[],
  extents: readonly (readonly Extent[])[],
): readonly (readonly Extent[])[] {
  const at = shape[0] === 1 ? 0 : extents.findIndex((parts) => parts.includes('tokens'));
  return shape.map((_, dimension) => [
    ...(dimension === at ? (['samples'] as const) : []),
    ...(extents[dimension] ?? []).filter((part) => part !== 'samples'),
  ]);
}

/** Indices of the notation carry what the dimensions of the operands run over; a joined dimension has the parts of its indices. */
function resultExtents(op: Operation, ops: RuleTable, extents: Extents): readonly (readonly (readonly Extent[])[])[] {
  const definition = ops.get(op.name);
  if (definition === undefined || isAbsent(definition.axes)) return [];
  const axes = definition.axes(viewOf(op));
  const ofIndex = new Map<string, readonly Extent[]>();
  op.operands.forEach((operand, at) => {
    extents.get(operand)?.forEach((parts, dimension) => {
      const names = (axes.operands[at]?.[dimension] ?? '_').split('*');
      if (parts.length === 0) return;
      if (names.length < 2) ofIndex.set(names[0], parts);
      else names.forEach((name, index) => parts[index] && ofIndex.set(name, [parts[index]]));
    });
  });
  ofIndex.delete('_');
  return axes.results.map((dimensions) =>
    dimensions.map((text) => [...new Set(text.split('*').flatMap((name) => ofIndex.get(name) ?? []))]),
  );
}
