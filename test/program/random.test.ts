/**
 * Random programs with branches, loops and state: several runs compute what the oracle does, on the engine and, launch by
 * launch, under the race check. Values stay small integers, so every order of operations gives the same bits.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromNumbers, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { createEngine, globalMemory, kernelLaunch } from '../../runtime/host/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { sanitize } from '../../runtime/machine/index.ts';
import type { Memory } from '../../runtime/machine/index.ts';
import { allSteps, workOf } from '../../runtime/program/index.ts';
import type { Program, TensorSlot } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { budget } from '../fuzz.ts';
import { compiled, loaded, oracle, succeed, valueOf } from './harness.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ relaxedSimd: false });
});
afterAll(() => engine.close());

const V = 'tensor<5x24xf32>';
const SHAPE = [5, 24];
const PARAMETERS = ['a', 'b', 'c'];

/** Writes text from numbers. */
class Writer {
  readonly lines: string[] = [];
  private readonly genes: readonly number[];
  private at = 0;
  private names = 0;

  constructor(genes: readonly number[]) {
    this.genes = genes;
  }

  next(below: number): number {
    const gene = this.at < this.genes.length ? this.genes[this.at] : 0;
    this.at += 1;
    return gene % below;
  }

  pick(items: readonly string[]): string {
    return items[items.length - 1 - this.next(items.length)];
  }

  private name(): string {
    return `v${this.names++}`;
  }

  /** A few operations; what they compute is added to `pool`. */
  block(pool: string[], depth: number): void {
    const count = 1 + this.next(4);
    for (let index = 0; index < count && this.at < this.genes.length; index++) {
      const kind = this.next(depth > 0 ? 9 : 5);
      if (kind < 5) pool.push(this.arithmetic(pool, kind));
      else if (kind < 7) pool.push(...this.branch(pool, depth));
      else if (kind === 7) pool.push(...this.repeat(pool, depth));
      else pool.push(...this.whileLoop(pool, depth));
    }
  }

  private arithmetic(pool: readonly string[], kind: number): string {
    const [name, left, right] = [this.name(), this.pick(pool), this.pick(pool)];
    if (kind === 4) {
      // A value that another kernel makes, and not in place.
      this.lines.push(
        `%${name}t = ms.transpose %${left} {permutation = array<i64: 1, 0>} : (${V}) -> tensor<24x5xf32>`,
        `%${name}r = ms.reshape %${name}t : (tensor<24x5xf32>) -> ${V}`,
      );
      return `${name}r`;
    }
    const operation = ['add', 'sub', 'maximum', 'minimum'][kind];
    this.lines.push(
      `%${name}s = ms.${operation} %${left}, %${right} : ${V}`,
      `%${name} = ms.clamp %${name}s {low = -50.0 : f32, high = 50.0 : f32} : ${V}`,
    );
    return name;
  }

  /** `%name` = whether the largest element is less than a constant. */
  private condition(value: string): string {
    const name = this.name();
    this.lines.push(
      `%${name}l = "ms.constant"() {value = dense<${this.next(60) - 20}.0> : tensor<f32>} : () -> tensor<f32>`,
      `%${name}m = "ms.reduce_max"(%${value}) {axes = array<i64: 0, 1>, keep_dims = false} : (${V}) -> tensor<f32>`,
      `%${name}c = "ms.less"(%${name}m, %${name}l) : (tensor<f32>, tensor<f32>) -> tensor<i1>`,
      `%${name} = "tensor.extract"(%${name}c) : (tensor<i1>) -> i1`,
    );
    return name;
  }

  private types(count: number): string {
    return Array<string>(count).fill(V).join(', ');
  }

  private several(pool: readonly string[], count: number): string {
    return Array.from({ length: count }, () => `%${this.pick(pool)}`).join(', ');
  }

  private results(name: string, count: number): readonly string[] {
    return Array.from({ length: count }, (_, index) => `${name}#${index}`);
  }

  private branch(pool: readonly string[], depth: number): readonly string[] {
    const [condition, name, count] = [this.condition(this.pick(pool)), this.name(), 1 + this.next(3)];
    this.lines.push(`%${name}:${count} = "scf.if"(%${condition}) ({`);
    for (const between of ['}, {', `}) : (i1) -> (${this.types(count)})`]) {
      const inner = [...pool];
      this.block(inner, depth - 1);
      this.lines.push(`"scf.yield"(${this.several(inner, count)}) : (${this.types(count)}) -> ()`, between);
    }
    return this.results(name, count);
  }

  private repeat(pool: readonly string[], depth: number): readonly string[] {
    const [name, count, turns] = [this.name(), 1 + this.next(3), this.next(4)];
    const carried = Array.from({ length: count }, (_, index) => `${name}p${index}`);
    this.lines.push(
      `%${name}z = arith.constant 0 : index`,
      `%${name}n = arith.constant ${turns} : index`,
      `%${name}o = arith.constant 1 : index`,
      `%${name}:${count} = "scf.for"(%${name}z, %${name}n, %${name}o, ${this.several(pool, count)}) ({`,
      `^bb0(%${name}i: index, ${carried.map((argument) => `%${argument}: ${V}`).join(', ')}):`,
    );
    const inner = [...pool, ...carried];
    this.block(inner, depth - 1);
    this.lines.push(
      `"scf.yield"(${this.several(inner, count)}) : (${this.types(count)}) -> ()`,
      `}) : (index, index, index, ${this.types(count)}) -> (${this.types(count)})`,
    );
    return this.results(name, count);
  }

  /** Ends after a few turns, whatever the values: a count is carried too. */
  private whileLoop(pool: readonly string[], depth: number): readonly string[] {
    const [name, count] = [this.name(), 1 + this.next(3)];
    const [first, second] = ['p', 'q'].map((stem) =>
      Array.from({ length: count }, (_, index) => `${name}${stem}${index}`),
    );
    const [types, all] = [this.types(count), `${this.types(count)}, tensor<i32>`];
    const list = (names: readonly string[]): string => names.map((argument) => `%${argument}: ${V}`).join(', ');
    this.lines.push(
      `%${name}z = "ms.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>`,
      `%${name}o = "ms.constant"() {value = dense<1> : tensor<i32>} : () -> tensor<i32>`,
      `%${name}n = "ms.constant"() {value = dense<${this.next(4)}> : tensor<i32>} : () -> tensor<i32>`,
      `%${name}:${count + 1} = "scf.while"(${this.several(pool, count)}, %${name}z) ({`,
      `^bb0(${list(first)}, %${name}i: tensor<i32>):`,
    );
    const testing = [...pool, ...first];
    this.block(testing, 0);
    const condition = this.condition(this.pick(testing));
    this.lines.push(
      `%${name}m = "ms.less"(%${name}i, %${name}n) : (tensor<i32>, tensor<i32>) -> tensor<i1>`,
      `%${name}b = "ms.logical_and"(%${condition}c, %${name}m) : (tensor<i1>, tensor<i1>) -> tensor<i1>`,
      `%${name}c = "tensor.extract"(%${name}b) : (tensor<i1>) -> i1`,
      `"scf.condition"(%${name}c, ${this.several(testing, count)}, %${name}i) : (i1, ${all}) -> ()`,
      '}, {',
      `^bb0(${list(second)}, %${name}j: tensor<i32>):`,
    );
    const inner = [...pool, ...second];
    this.block(inner, depth - 1);
    this.lines.push(
      `%${name}k = "ms.add"(%${name}j, %${name}o) : (tensor<i32>, tensor<i32>) -> tensor<i32>`,
      `"scf.yield"(${this.several(inner, count)}, %${name}k) : (${types}, tensor<i32>) -> ()`,
      `}) : (${all}) -> (${all})`,
    );
    return this.results(name, count);
  }
}

interface RandomProgram {
  readonly text: string;
  /** The parameter whose new value each result is, or null. */
  readonly results: readonly (string | null)[];
}

function randomProgram(genes: readonly number[]): RandomProgram {
  const writer = new Writer(genes);
  const pool = ['x', ...PARAMETERS];
  const state = PARAMETERS.filter(() => writer.next(3) > 0);
  const results = [...state, ...Array<null>(1 + writer.next(2)).fill(null)];
  writer.block(pool, 2);
  const returned = results.map(() => `%${writer.pick(pool)}`);
  const parameters = PARAMETERS.map((name) => `%${name}: ${V} {ms.param = "${name}"}`);
  const types = results.map((name) => (name === null ? V : `${V} {ms.param = "${name}"}`));
  const text = `module attributes {ms.stage = "graph"} {
  func.func @main(%x: ${V}, ${parameters.join(', ')}) -> (${types.join(', ')}) {
    ${writer.lines.join('\n    ')}
    return ${returned.join(', ')} : ${results.map(() => V).join(', ')}
  }
}`;
  return { text, results };
}

const sample = (seed: number): TensorValue =>
  fromNumbers(
    SHAPE,
    'f32',
    Array.from({ length: 120 }, (_, at) => ((at * 7 + seed * 13) % 41) - 20),
  );

/** Runs all work on the reference interpreter under the race check. */
function runChecked(program: Program, memory: Memory): void {
  const holds = (address: number): boolean => memory.bytes[address] !== 0;
  const launch = (step: Parameters<typeof kernelLaunch>[1]): void => {
    const found = sanitize(kernelLaunch(program, step), defaultChip, memory).findings;
    const error = found.find(({ severity }) => severity === 'error');
    if (error) throw new Error(`${program.kernels[step.kernel].name}: ${error.message}`);
  };
  for (const step of program.prepare) launch(step);
  for (const step of workOf(program.main, holds)) if (step.kind === 'launch') launch(step);
}

const RUNS = 3;

function differenceOf({ text, results }: RandomProgram): string | null {
  const program = compiled(text);
  const instance = loaded(engine, program);
  const memory = globalMemory(program);
  const constants = memory.bytes.slice();
  memory.bytes.fill(0x7f);
  for (const { address, bytes } of program.constants)
    memory.bytes.set(constants.subarray(address, address + bytes), address);
  const now = new Map(['x', ...PARAMETERS].map((name, index) => [name, sample(index)]));
  for (const { name, address } of [...program.inputs, ...program.parameters]) {
    const value = now.get(name);
    if (!value) continue;
    instance.set(name, value.data);
    memory.bytes.set(new Uint8Array(value.data.buffer), address);
  }
  succeed(instance.prepare());
  try {
    for (let run = 0; run < RUNS; run++) {
      const expected = oracle(text, [...now.values()]);
      succeed(instance.run());
      if (run === 0) runChecked(program, memory);
      let output = 0;
      for (const [index, name] of results.entries()) {
        const slot =
          name === null ? program.outputs[output++] : program.parameters.find((parameter) => parameter.name === name);
        if (slot === undefined) return `result ${index} has no slot`;
        const wanted = Array.from(numbersOf(expected[index]));
        const views: readonly [string, Uint8Array][] = [
          ['engine', instance.read(slot)],
          ...(run === 0 ? [['interpreter', bytesOf(memory, slot)] as [string, Uint8Array]] : []),
        ];
        for (const [machine, bytes] of views) {
          const actual = Array.from(numbersOf(valueOf(slot, bytes)));
          const at = wanted.findIndex((value, place) => value !== actual[place]);
          if (at >= 0)
            return `run ${run}, ${machine}, result ${index} (${name ?? 'output'}), element ${at}: ${actual[at]}, expected ${wanted[at]}`;
        }
      }
      for (const [index, name] of results.entries()) if (name !== null) now.set(name, expected[index]);
    }
    return null;
  } finally {
    instance.dispose();
  }
}

const bytesOf = (memory: Memory, { address, bytes }: TensorSlot): Uint8Array =>
  memory.bytes.subarray(address, address + bytes);

describe('random control flow with state', () => {
  test('equals the oracle over several runs, without a race', () => {
    const seen = { branch: 0, while: 0, repeat: 0, launch: 0, collective: 0, send: 0, receive: 0, print: 0, assert: 0 };
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 10, maxLength: 90 }), (genes) => {
        const program = randomProgram(genes);
        for (const { kind } of allSteps(compiled(program.text).main)) seen[kind] += 1;
        const difference = differenceOf(program);
        if (difference !== null) throw new Error(`${difference}\n${program.text}`);
      }),
      budget(20261122, 40),
    );
    expect(Math.min(seen.branch, seen.while, seen.repeat)).toBeGreaterThan(4);
  });
});
