/**
 * The gradient of a while loop, whose number of trips is known at run time only. The forward loop also counts its trips
 * and hands out what its last test saw. The reverse loop counts down; for each trip the trips before it run again from the
 * first values on, which costs the square of their number and keeps nothing.
 */
import type { Block, Builder, Type, Value } from '../../../ir/index.ts';
import { Operation } from '../../../ir/index.ts';
import { cloneBlock } from '../../rewrite/index.ts';
import type { RegionRequest, RegionRule } from '../mode.ts';
import { discard, emitterOf } from '../mode.ts';
import {
  blockOf,
  carriesGradient,
  compareCounters,
  COUNTER,
  counter,
  endWith,
  typesOf,
  variedCaptures,
} from './body.ts';

export const whileRule: RegionRule = (request) => {
  const { op, builder, mode, accumulate, cotangents, isVaried } = request;
  const captures = variedCaptures(request);
  const isCarried = carriesGradient(request);
  const state = op.operands.flatMap((value, at) => (isCarried(value) ? [at] : []));
  if (captures.length === 0 && !state.some((at) => isVaried(op.operands[at]))) return;
  const { count, last } = extendWithCount(request);
  // Behind the last test nothing ran: what it passed on is the result.
  const [before] = op.regions;
  const wanted = (values: readonly Value[]) => [...state.map((at) => values[at]), ...captures];
  const atEnd = mode.pullBack({
    body: before,
    inputs: last,
    seeds: [null, ...cotangents],
    wanted: wanted(last),
    builder,
  });
  const initial = [count, ...atEnd];
  const test = blockOf(request, typesOf(initial));
  const emit = emitterOf(mode, test);
  const goesOn = compareCounters(emit, test, 'ms.greater', test.block.arguments[0], counter(emit, 0));
  test.create('scf.condition', [goesOn, ...test.block.arguments], []);
  const trip = reverseTrip(request, state, captures, typesOf(initial));
  const { results } = builder.create('scf.while', initial, typesOf(initial), undefined, [test.block, trip]);
  state.forEach((at, index) => accumulate(op.operands[at], results[1 + index]));
  captures.forEach((value, index) => accumulate(value, results[1 + state.length + index]));
};

/** One trip backwards: arguments and yields are the count, the flows into the state, the sums for captures. */
function reverseTrip(
  request: RegionRequest,
  state: readonly number[],
  captures: readonly Value[],
  types: readonly Type[],
): Block {
  const { op, mode } = request;
  const builder = blockOf(request, types);
  const emit = emitterOf(mode, builder);
  const [behind, ...flows] = builder.block.arguments;
  const count = emit.op('ms.sub', [behind, counter(emit, 1)]);
  const body = tripOf(request);
  const inputs = stateAfter(request, body, builder, count);
  const gradients = mode.pullBack({
    body,
    inputs,
    seeds: op.operands.map((_, at) => (state.includes(at) ? flows[state.indexOf(at)] : null)),
    wanted: [...state.map((at) => inputs[at]), ...captures],
    builder,
  });
  discard(body);
  const sums = gradients
    .slice(state.length)
    .map((gradient, at) => emit.op('ms.add', [flows[state.length + at], gradient]));
  builder.create('scf.yield', [count, ...gradients.slice(0, state.length), ...sums], []);
  return builder.block;
}

/** One trip as one body: the test, whose verdict does not matter, and what follows it. */
function tripOf(request: RegionRequest): Block {
  const { mode, op } = request;
  const [before, after] = op.regions;
  const trip = blockOf(request, typesOf(before.arguments));
  const [, ...passed] = mode.runAgain(before, trip.block.arguments, trip);
  trip.create('scf.yield', mode.runAgain(after, passed, trip), []);
  return trip.block;
}

/** The state after some trips from the first values on. */
function stateAfter(request: RegionRequest, body: Block, builder: Builder, count: Value): readonly Value[] {
  const { op, mode } = request;
  const types = [COUNTER, ...typesOf(op.operands)];
  const emit = emitterOf(mode, builder);
  const test = blockOf(request, types);
  const goesOn = compareCounters(emitterOf(mode, test), test, 'ms.less', test.block.arguments[0], count);
  test.create('scf.condition', [goesOn, ...test.block.arguments], []);
  const trip = blockOf(request, types);
  const [done, ...state] = trip.block.arguments;
  const inner = emitterOf(mode, trip);
  const following = inner.op('ms.add', [done, counter(inner, 1)]);
  trip.create('scf.yield', [following, ...mode.runAgain(body, state, trip)], []);
  const initial = [counter(emit, 0), ...op.operands];
  return builder.create('scf.while', initial, types, undefined, [test.block, trip.block]).results.slice(1);
}

/** The forward loop also carries a counter, and its last test hands out what it saw. */
function extendWithCount(request: RegionRequest): { readonly count: Value; readonly last: readonly Value[] } {
  const { op, mode, extend } = request;
  const front = blockOf(request, []);
  const start = counter(emitterOf(mode, front), 0);
  const [before, after] = op.regions.map((region) => cloneBlock(region));
  const passes = [COUNTER, ...typesOf(op.operands)];
  const seen = before.addArgument(COUNTER);
  endWith(before, [], [seen, ...before.arguments.slice(0, op.operands.length)]);
  const [done] = passes.map((type) => after.addArgument(type));
  const tail = blockOf(request, []);
  const emit = emitterOf(mode, tail);
  const following = emit.op('ms.add', [done, counter(emit, 1)]);
  endWith(after, tail.block.operations, [following]);
  const types = [...typesOf(op.results), ...passes];
  const extended = new Operation(
    'scf.while',
    [...op.operands, start],
    types,
    op.attributes,
    [before, after],
    op.location,
  );
  extend(front.block.operations, extended);
  const [count, ...state] = extended.results.slice(op.results.length);
  return { count, last: state };
}
