/** Steps of a program that are no kernels: control flow on tensors, words to the host, communication between devices. */
import type { Attribute, Block, Operation, Value } from '../../ir/index.ts';
import {
  arrayAttribute,
  integerAttribute,
  integerOf,
  integersOf,
  stringAttribute,
  stringOf,
  typeAttribute,
} from '../../ir/index.ts';
import { CONTROL, carriedCount } from '../../passes/control/index.ts';
import { ASSERT, BRANCH, COLLECTIVE, LOOP, PRINT, RECEIVE, REPEAT, SEND } from '../tile/dialect.ts';
import { physicalBytes } from './layout.ts';
import type { Move, StepLowering, StepRule } from './lowering.ts';
import { tensorOf } from './tensor.ts';

const NONE: ReadonlyMap<string, Attribute> = new Map();

/** What the operations of a region yield. */
const yielded = (block: Block): readonly Value[] => block.operations.at(-1)?.operands ?? [];

const bytesOf = (value: Value): number => physicalBytes(tensorOf(value));

function movesTo(lowering: StepLowering, values: readonly Value[], targets: readonly Value[]): readonly Move[] {
  return values.map((value, index) => ({
    source: lowering.buffer(value),
    target: targets[index],
    bytes: bytesOf(value),
  }));
}

/** Region arguments that stand for outer values; what is known of those is known inside. */
function captured(lowering: StepLowering, inner: readonly Value[], outer: readonly Value[]) {
  return inner.map((argument, index): readonly [Value, Value] => {
    if (lowering.isPrepared(outer[index])) lowering.prepare(argument);
    return [argument, lowering.buffer(outer[index])];
  });
}

const branchRule: StepRule = (op, lowering) => {
  const [condition, ...captures] = op.operands;
  const results = op.results.map((result) => lowering.buffer(result));
  const regions = op.regions.map((region) =>
    lowering.region(region, captured(lowering, region.arguments, captures), () =>
      lowering.move(movesTo(lowering, yielded(region), results)),
    ),
  );
  lowering.step(BRANCH, [lowering.buffer(condition)], NONE, regions);
  return null;
};

/** Carried values live in buffers of their own, which hold the initial values first. */
function carriedBuffers(op: Operation, lowering: StepLowering): readonly Value[] {
  const initial = op.operands.slice(0, carriedCount(op));
  const buffers = initial.map((value) => lowering.fresh(value));
  lowering.move(movesTo(lowering, initial, buffers));
  return buffers;
}

const repeatRule: StepRule = (op, lowering) => {
  const carried = carriedBuffers(op, lowering);
  const captures = op.operands.slice(carried.length);
  const [body] = op.regions;
  const values = body.arguments.slice(0, carried.length).map((argument, index) => [argument, carried[index]] as const);
  const inner = lowering.region(
    body,
    [...values, ...captured(lowering, body.arguments.slice(carried.length), captures)],
    () => lowering.move(movesTo(lowering, yielded(body), carried)),
  );
  op.results.forEach((result, index) => lowering.bind(result, carried[index]));
  lowering.step(REPEAT, [], new Map([['count', integerAttribute(integerOf(op.attributes, 'count'))]]), [inner]);
  return null;
};

const whileRule: StepRule = (op, lowering) => {
  const carried = carriedBuffers(op, lowering);
  const captures = op.operands.slice(carried.length);
  const [test, body] = op.regions;
  const [holds, ...passed] = yielded(test);
  const condition = lowering.fresh(holds);
  // What the test passes on unchanged needs no buffer of its own.
  const passedBuffers = passed.map((value) => {
    const argument = test.arguments.indexOf(value);
    if (argument < 0) return lowering.fresh(value);
    return argument < carried.length ? carried[argument] : lowering.buffer(captures[argument - carried.length]);
  });
  const first = test.arguments.map((argument, index) =>
    index < carried.length
      ? ([argument, carried[index]] as const)
      : captured(lowering, [argument], [captures[index - carried.length]])[0],
  );
  const testing = lowering.region(test, first, () =>
    lowering.move([...movesTo(lowering, [holds], [condition]), ...movesTo(lowering, passed, passedBuffers)]),
  );
  const given = body.arguments.map((argument, index) =>
    index < passed.length
      ? ([argument, passedBuffers[index]] as const)
      : captured(lowering, [argument], [captures[index - passed.length]])[0],
  );
  const inner = lowering.region(body, given, () => lowering.move(movesTo(lowering, yielded(body), carried)));
  op.results.forEach((result, index) => lowering.bind(result, passedBuffers[index]));
  lowering.step(LOOP, [condition], NONE, [testing, inner]);
  return null;
};

function elementsOf(value: Value): readonly (readonly [string, Attribute])[] {
  const type = tensorOf(value);
  const elements = type.shape.reduce<number>((product, extent) => product * Number(extent), 1);
  return [
    ['dtype', stringAttribute(type.dtype)],
    ['elements', integerAttribute(elements)],
  ];
}

/** The axes that must be the first: then the parts of the ranks follow one another in memory. */
const AXES = ['axis', 'split_axis', 'concat_axis'];

const collectiveRule: StepRule = (op, lowering) => {
  const [x] = op.operands;
  for (const axis of AXES)
    if (
      op.attributes.has(axis) &&
      integerOf(op.attributes, axis) !== 0 &&
      integersOf(op.attributes, 'group').length > 1
    )
      throw new Error(`${op.name} along axis ${integerOf(op.attributes, axis)}: the parts are not contiguous`);
  const attributes = new Map<string, Attribute>([
    ['operation', stringAttribute(op.name.slice('dist.'.length))],
    ...[...op.attributes].filter(([name]) => ['group', 'reduction', 'root'].includes(name)),
    ...elementsOf(x),
  ]);
  lowering.step(COLLECTIVE, [lowering.buffer(x), lowering.buffer(op.results[0])], attributes);
  return null;
};

const transferRule =
  (name: string): StepRule =>
  (op, lowering) => {
    const [value] = [...op.operands, ...op.results];
    const ends = [...op.attributes].filter(([key]) => key === 'peer' || key === 'tag');
    lowering.step(name, [lowering.buffer(value)], new Map([...ends, ...elementsOf(value)]));
    return null;
  };

const printRule: StepRule = (op, lowering) => {
  const types = op.operands.map((value) => typeAttribute(value.type));
  const attributes = new Map<string, Attribute>([
    ['format', stringAttribute(stringOf(op.attributes, 'format'))],
    ['types', arrayAttribute(types)],
  ]);
  lowering.step(
    PRINT,
    op.operands.map((value) => lowering.buffer(value)),
    attributes,
  );
  return null;
};

const assertRule: StepRule = (op, lowering) => {
  const message = stringAttribute(stringOf(op.attributes, 'message'));
  lowering.step(ASSERT, [lowering.buffer(op.operands[0])], new Map([['message', message]]));
  return null;
};

/** Rules of ops that are steps; all others are rows of the lower column. */
export const STEP_RULES: Readonly<Record<string, StepRule | undefined>> = {
  [CONTROL.if]: branchRule,
  [CONTROL.while]: whileRule,
  [CONTROL.for]: repeatRule,
  'ms.print': printRule,
  'ms.assert': assertRule,
  'dist.all_reduce': collectiveRule,
  'dist.all_gather': collectiveRule,
  'dist.reduce_scatter': collectiveRule,
  'dist.all_to_all': collectiveRule,
  'dist.broadcast': collectiveRule,
  'dist.send': transferRule(SEND),
  'dist.receive': transferRule(RECEIVE),
};
