/**
 * The gradient of a counted loop: a loop over the same trips from the last to the first. Each trip needs what the loop
 * carried into it. With a constant number of trips the forward loop keeps it in stacks; otherwise the trips before it run
 * again, which costs the square of their number.
 */
import type { Builder, Operation, Value } from '../../../ir/index.ts';
import { definingOperation, integerAttribute, Operation as Op } from '../../../ir/index.ts';
import { cloneBlock } from '../../rewrite/index.ts';
import type { RegionRequest, RegionRule } from '../mode.ts';
import { emitterOf } from '../mode.ts';
import {
  blockOf,
  carriesGradient,
  endWith,
  filled,
  place,
  pulled,
  pushed,
  stackType,
  typesOf,
  variedCaptures,
  zerosLike,
} from './body.ts';

const BOUNDS = 3;

/** What one trip starts from, for the reverse loop. */
interface Trip {
  readonly variable: Value;
  /** For each carried value. */
  readonly state: readonly Value[];
}

/** How the reverse loop finds the state of its trip, from loop values of its own. */
interface Strategy {
  readonly initial: readonly Value[];
  readonly begin: (builder: Builder, reverse: Value, carried: readonly Value[]) => Trip;
  readonly next: (builder: Builder, carried: readonly Value[]) => readonly Value[];
}

/** Whose gradients the reverse loop gives. */
interface Wanted {
  /** Positions of carried values. */
  readonly carried: readonly number[];
  readonly captures: readonly Value[];
}

export const forRule: RegionRule = (request) => {
  const { op, accumulate } = request;
  const captures = variedCaptures(request);
  const carried = variedState(request, captures);
  if (carried.length + captures.length === 0) return;
  const trips = constantTrips(op);
  if (trips === 0) return carried.forEach((at) => accumulate(op.operands[BOUNDS + at], request.cotangents[at] ?? null));
  const gradients = reverseLoop(request, trips, { carried, captures });
  carried.forEach((at, index) => accumulate(op.operands[BOUNDS + at], gradients[index]));
  captures.forEach((value, index) => accumulate(value, gradients[carried.length + index]));
};

/** The loop from the last trip to the first; returns what reaches the initial values, and the sums for the captures. */
function reverseLoop(request: RegionRequest, trips: number | null, wanted: Wanted): readonly Value[] {
  const { op, builder, mode } = request;
  const { carried, captures } = wanted;
  const strategy = trips === null ? runTripsAgain(request) : keepInStacks(request, trips);
  const ends = carried.map((at) => op.results[at]);
  const zeros = captures.map((value) => zerosLike(emitterOf(mode, builder), value));
  const initial = [...strategy.initial, ...filled(request, ends), ...zeros];
  const [zero, one] = [0, 1].map((value) => indexLike(builder, op, value));
  const loop = blockOf(request, [op.operands[0].type, ...typesOf(initial)]);
  loop.create('scf.yield', reverseTrip(request, strategy, wanted, loop), []);
  const operands = [zero, tripCount(request, trips), one, ...initial];
  return builder
    .create('scf.for', operands, typesOf(initial), undefined, [loop.block])
    .results.slice(strategy.initial.length);
}

/** One trip backwards, at the end of the loop's body; returns what it yields. */
function reverseTrip(
  { op, mode }: RegionRequest,
  strategy: Strategy,
  { carried, captures }: Wanted,
  loop: Builder,
): readonly Value[] {
  const [reverse, ...values] = loop.block.arguments;
  const own = values.slice(0, strategy.initial.length);
  const flows = values.slice(own.length, own.length + carried.length);
  const sums = values.slice(own.length + carried.length);
  const trip = strategy.begin(loop, reverse, own);
  const gradients = mode.pullBack({
    body: op.regions[0],
    inputs: [trip.variable, ...trip.state],
    seeds: op.results.map((_, at) => (carried.includes(at) ? flows[carried.indexOf(at)] : null)),
    wanted: [...carried.map((at) => trip.state[at]), ...captures],
    builder: loop,
  });
  const emit = emitterOf(mode, loop);
  const added = gradients.slice(carried.length).map((gradient, at) => emit.op('ms.add', [sums[at], gradient]));
  return [...strategy.next(loop, own), ...gradients.slice(0, carried.length), ...added];
}

/** Carried values through which gradients flow: those that start varied or become so in some trip. */
function variedState(request: RegionRequest, captures: readonly Value[]): readonly number[] {
  const { op, isVaried } = request;
  const isCarried = carriesGradient(request);
  const candidates = op.results.flatMap((result, at) => (isCarried(result) ? [at] : []));
  const starts = candidates.some((at) => isVaried(op.operands[BOUNDS + at]));
  return starts || captures.length > 0 ? candidates : [];
}

function constantOf(value: Value): number | null {
  const attribute = definingOperation(value)?.attributes.get('value');
  return attribute?.kind === 'integer' ? Number(attribute.value) : null;
}

/** How often the body runs, or null when that is known at run time only. */
function constantTrips(op: Operation): number | null {
  const [lower, upper, step] = op.operands.slice(0, BOUNDS).map(constantOf);
  return lower === null || upper === null || step === null || step <= 0
    ? null
    : Math.max(0, Math.ceil((upper - lower) / step));
}

function indexLike(builder: Builder, op: Operation, value: number): Value {
  const { type } = op.operands[0];
  const dtype = type.kind === 'scalar' ? type.dtype : 'index';
  return builder.create('arith.constant', [], [type], new Map([['value', integerAttribute(value, dtype)]])).results[0];
}

const arith = (builder: Builder, name: string, left: Value, right: Value): Value =>
  builder.create(name, [left, right], [left.type]).results[0];

function tripCount({ op, builder }: RegionRequest, trips: number | null): Value {
  if (trips !== null) return indexLike(builder, op, trips);
  const [lower, upper, step] = op.operands;
  return arith(builder, 'arith.ceildivsi', arith(builder, 'arith.subi', upper, lower), step);
}

/** The loop variable of trip count - 1 - reverse. */
function variableOf(op: Operation, builder: Builder, count: Value, reverse: Value): Value {
  const [lower, , step] = op.operands;
  const before = arith(builder, 'arith.subi', arith(builder, 'arith.subi', count, indexLike(builder, op, 1)), reverse);
  return arith(builder, 'arith.addi', lower, arith(builder, 'arith.muli', before, step));
}

/** The forward loop also carries a counter and, for each value that its body reads, a stack. */
function keepInStacks(request: RegionRequest, trips: number): Strategy {
  const { op, mode } = request;
  const kept = op.results.flatMap((_, at) => (op.regions[0].arguments[at + 1].uses > 0 ? [at] : []));
  const { stacks, before } = extendWithStacks(request, kept, trips);
  const emit = emitterOf(mode, request.builder);
  const count = indexLike(request.builder, op, trips);
  // What the body does not read may be anything of its type.
  const state = (builder: Builder, at: Value): readonly Value[] =>
    op.results.map((result, index) =>
      kept.includes(index)
        ? pulled(emitterOf(mode, builder), stacks[kept.indexOf(index)], at, result.type)
        : zeroState(request, builder, before[index]),
    );
  return {
    initial: [place(emit, trips - 1)],
    begin: (builder, reverse, [at]) => ({
      variable: variableOf(op, builder, count, reverse),
      state: state(builder, at),
    }),
    next: (builder, [at]) => {
      const inner = emitterOf(mode, builder);
      return [inner.op('ms.sub', [at, place(inner, 1)])];
    },
  };
}

/** A value of its own like another one, so that gradients of both stay apart. */
function zeroState({ mode }: RegionRequest, builder: Builder, value: Value): Value {
  return value.type.kind === 'tensor' ? emitterOf(mode, builder).op('ms.depend', [value]) : value;
}

function extendWithStacks(request: RegionRequest, kept: readonly number[], trips: number) {
  const { op, mode, extend } = request;
  const before = op.operands.slice(BOUNDS);
  // The stacks start in front of the loop, which stands in front of everything that this sweep writes.
  const body = cloneBlock(op.regions[0]);
  const writer = blockOf(request, []);
  const start = emitterOf(mode, writer);
  const initial = [place(start, 0), ...kept.map((at) => zerosOf(start, before[at], trips))];
  const added = initial.map(({ type }) => body.addArgument(type));
  const inside = blockOf(request, []);
  const emit = emitterOf(mode, inside);
  const [at, ...stacks] = added;
  const grown = kept.map((index, nth) => pushed(emit, stacks[nth], at, body.arguments[index + 1]));
  const following = emit.op('ms.add', [at, place(emit, 1)]);
  endWith(body, inside.block.operations, [following, ...grown]);
  const operands = [...op.operands, ...initial];
  const types = [...typesOf(op.results), ...typesOf(initial)];
  const extended = new Op('scf.for', operands, types, op.attributes, [body], op.location);
  extend(writer.block.operations, extended);
  return { stacks: extended.results.slice(op.results.length + 1), before };
}

function zerosOf(emit: ReturnType<typeof emitterOf>, value: Value, trips: number): Value {
  const type = stackType(value.type, trips);
  if (type.kind !== 'tensor') throw new Error('a stack is a tensor');
  return emit.zeros(type);
}

/** The trips before run again, from the first values on. */
function runTripsAgain(request: RegionRequest): Strategy {
  const { op, mode } = request;
  const count = tripCount(request, null);
  return {
    initial: [],
    begin: (builder, reverse) => {
      const variable = variableOf(op, builder, count, reverse);
      const [lower, , step, ...initial] = op.operands;
      const again = blockOf(request, [lower.type, ...typesOf(initial)]);
      again.create('scf.yield', mode.runAgain(op.regions[0], again.block.arguments, again), []);
      const { results } = builder.create('scf.for', [lower, variable, step, ...initial], typesOf(initial), undefined, [
        again.block,
      ]);
      return { variable, state: results };
    },
    next: () => [],
  };
}
