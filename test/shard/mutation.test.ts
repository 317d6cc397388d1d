/**
 * Broken programs are found: each collective of a partitioned step is dropped, duplicated, given a wrong group or a wrong
 * reduction, on one rank and on all. Either the ranks no longer meet, which is said without running them, or the numbers
 * differ, or nothing changes (the values are symmetric in what was changed).
 */
import { describe, expect, it } from 'vitest';
import type { Attribute, Operation } from '../../compiler/ir/index.ts';
import {
  Block,
  integersAttribute,
  integersOf,
  Module,
  Operation as Op,
  stringAttribute,
  walk,
} from '../../compiler/ir/index.ts';
import type { RuntimeValue } from '../../compiler/ir/evaluate/index.ts';
import { isScalar } from '../../compiler/ir/evaluate/index.ts';
import { layoutOf, meshOf, verifyRanks } from '../../compiler/passes/shard/index.ts';
import type { Partition } from '../../compiler/passes/shard/index.ts';
import { cloneBlock } from '../../compiler/passes/rewrite/index.ts';
import { partitioned, runPartition, runWhole } from './run.ts';
import { mixture, mlp } from './networks.ts';
import { stepInputs } from './step.ts';
import { trainingStep } from './training.ts';
import type { Description, StepPlan } from './training.ts';

type Mutation = (op: Operation) => readonly Operation[];

const withAttributes = (op: Operation, changes: Readonly<Record<string, Attribute>>): Operation =>
  new Op(
    op.name,
    op.operands,
    op.results.map((result) => result.type),
    new Map([...op.attributes, ...Object.entries(changes)]),
    [],
    op.location,
  );

/** What may be done to one operation: new operations, the last of which stands for it. */
const MUTATIONS: Readonly<Record<string, Mutation>> = {
  dropped: () => [],
  duplicated: (op) => [
    op,
    new Op(
      op.name,
      op.results.length > 0 && op.results[0].type.key === op.operands[0]?.type.key ? op.results : op.operands,
      op.results.map((result) => result.type),
      op.attributes,
      [],
      op.location,
    ),
  ],
  misgrouped: (op) => {
    const group = op.attributes.has('group') ? integersOf(op.attributes, 'group') : [];
    return group.length < 2
      ? [op]
      : [withAttributes(op, { group: integersAttribute(group.map((rank) => rank ^ 1).toReversed()) })];
  },
  'joined by max': (op) =>
    op.attributes.has('reduction') ? [withAttributes(op, { reduction: stringAttribute('max') })] : [op],
};

/** A rank's module in which collective number `at` is changed; null when the change leaves no well-typed program. */
function mutated(module: Module, at: number, mutation: Mutation): Module | null {
  const copy = new Module(cloneBlock(module.body), module.attributes);
  const [block] = copy.body.operations[0].regions;
  const place = positionsOf(block)[at];
  const op = block.operations[place];
  const parts = mutation(op);
  const last = parts.at(-1);
  const stands = last === undefined ? op.operands : last.results;
  if (op.results.some((result, index) => stands[index]?.type.key !== result.type.key)) return null;
  block.operations.splice(place, 1, ...parts);
  for (const user of block.operations.slice(place + parts.length)) {
    user.operands.forEach((operand, index) => {
      const which = op.results.indexOf(operand);
      if (which >= 0 && last !== op) user.setOperand(index, stands[which]);
    });
  }
  return copy;
}

const positionsOf = (block: Block): readonly number[] =>
  block.operations.flatMap(({ name }, at) => (name.startsWith('dist.') ? [at] : []));

interface Outcome {
  readonly tried: number;
  readonly unmet: number;
  readonly different: number;
  /** Changes that change nothing. */
  readonly same: readonly string[];
}

function tryAll(description: Description, plan: StepPlan): Outcome {
  const module = trainingStep(description, plan);
  const whole = partitioned(module, { anyAxis: true });
  const inputs = stepInputs(module, description);
  const expected = runWhole(module, inputs);
  const counts = { tried: 0, unmet: 0, different: 0, same: [] as string[] };
  const [block] = whole.ranks[0].body.operations[0].regions;
  positionsOf(block).forEach((place, at) => {
    for (const [name, mutation] of Object.entries(MUTATIONS)) {
      for (const everywhere of [false, true]) {
        const ranks = whole.ranks.map((rank, index) =>
          everywhere || index === 0 ? mutated(rank, at, mutation) : rank,
        );
        const changed = ranks.flatMap((rank) => (rank === null ? [] : [rank]));
        if (changed.length < ranks.length || sameText(whole.ranks[0], changed[0])) continue;
        counts.tried++;
        if (verifyRanks(changed).length > 0) counts.unmet++;
        else if (differs({ ...whole, ranks: changed }, inputs, expected)) counts.different++;
        else {
          const text = `${block.operations[place].name} ${at} ${name}${everywhere ? ' everywhere' : ''}`;
          if (REPEATED.test(text)) counts.tried--;
          else counts.same.push(text);
        }
      }
    }
  });
  return counts;
}

function sameText(left: Module, right: Module): boolean {
  const text = (module: Module) => {
    const found: string[] = [];
    walk(module.body, (op) =>
      found.push(`${op.name} ${JSON.stringify([...op.attributes].filter(([name]) => name !== 'value'))}`),
    );
    return found.join();
  };
  return text(left) === text(right);
}

function differs(partition: Partition, inputs: readonly RuntimeValue[], expected: readonly RuntimeValue[]): boolean {
  try {
    return runPartition(partition, inputs).some((value, at) => {
      const other = expected[at];
      return isScalar(value) || isScalar(other) || value.data.some((one, place) => one !== other.data[place]);
    });
  } catch {
    return true;
  }
}

/** Communicating once more on every rank, without using it, changes nothing. */
const REPEATED = /(send|receive|reduce_scatter|all_gather|all_to_all) \d+ duplicated everywhere$/;

const parts = layoutOf([['ep'], [], []]);

describe('every broken collective is found', () => {
  it('a perceptron with data and tensor parallelism and ZeRO 2', () => {
    const plan: StepPlan = {
      mesh: meshOf({ dp: 2, mp: 2 }),
      layouts: { x: layoutOf([['dp'], []]), w0: layoutOf([[], ['mp']]), w1: layoutOf([['mp'], []]) },
      zero: 2,
    };
    const { tried, unmet, different, same } = tryAll(mlp(8, [4, 8, 4]), plan);
    expect(same).toEqual([]);
    expect(unmet + different).toBe(tried);
    expect(tried).toBeGreaterThanOrEqual(30);
  });
  it('a pipeline of two stages', () => {
    const plan: StepPlan = {
      mesh: meshOf({ dp: 2 }),
      layouts: { x: layoutOf([['dp'], []]) },
      stages: 2,
      microBatches: 2,
    };
    const { tried, same } = tryAll(mlp(8, [4, 8, 4]), plan);
    expect(same).toEqual([]);
    expect(tried).toBeGreaterThan(10);
  });
  it('a mixture of experts', () => {
    const plan: StepPlan = { mesh: meshOf({ ep: 2 }), layouts: { x: parts, target: parts, up: parts, down: parts } };
    const { tried, same } = tryAll(mixture(4, 8, 4, 4, 3), plan);
    expect(same).toEqual([]);
    expect(tried).toBeGreaterThan(10);
  });
});
