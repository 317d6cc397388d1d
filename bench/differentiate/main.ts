/**
 * How long differentiation takes: programs of 25, 50 and 100 thousand tensor ops in which every op is on the path from the
 * inputs to the loss. Processor time (other work on the machine does not count) of the pass alone, and of what brings its
 * result into order: canonicalize and cse.
 *
 *     node dist/bench/differentiate/main.js [--rounds 5]
 */
import { Block, Builder, integerAttribute, Module, walk } from '../../compiler/ir/index.ts';
import { Operation, boolAttribute, functionType, integersAttribute, stringAttribute } from '../../compiler/ir/index.ts';
import { tensorType, typeAttribute } from '../../compiler/ir/index.ts';
import type { Value } from '../../compiler/ir/index.ts';
import { Emitter, opTable } from '../../compiler/ir/ops/index.ts';
import { differentiateModule } from '../../compiler/passes/grad/index.ts';
import { canonicalize, eliminateCommonSubexpressions } from '../../compiler/passes/simplify/index.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';

const COUNTS = [25_000, 50_000, 100_000];
const MATRIX = tensorType([16, 16], 'f32');
const LOSS = tensorType([], 'f32');

type Step = (emit: Emitter, x: Value, other: Value) => Value;

const plain = { transpose_a: boolAttribute(false), transpose_b: boolAttribute(false) };

/** One op each. */
const STEPS: readonly Step[] = [
  (emit, x) => emit.op('ms.tanh', [x]),
  (emit, x, other) => emit.op('ms.mul', [x, other]),
  (emit, x, other) => emit.op('ms.matmul', [x, other], plain),
  (emit, x, other) => emit.op('ms.add', [x, other]),
  (emit, x) => emit.op('ms.relu', [x]),
  (emit, x) => emit.op('ms.transpose', [x], { permutation: integersAttribute([1, 0]) }),
  (emit, x) => emit.op('ms.softmax', [x], { axis: integerAttribute(1) }),
  (emit, x, other) => emit.op('ms.sub', [x, other]),
  (emit, x) => emit.op('ms.gelu', [x], { approximate: stringAttribute('none') }),
  (emit, x) => emit.stated('ms.broadcast_to', [x], MATRIX),
  (emit, x) => emit.op('ms.exp', [x]),
  (emit, x, other) => emit.op('ms.div', [x, other]),
];

/** A chain whose ops also read what was made some ops before. */
function program(count: number): Module {
  const region = new Block([MATRIX]);
  const builder = new Builder(region, opTable);
  const emit = new Emitter(builder, opTable);
  const made: Value[] = [region.arguments[0]];
  for (let index = 0; index < count - 1; index++) {
    const distance = 1 + ((index * 7) % 16);
    const other = made[Math.max(0, made.length - 1 - distance)];
    made.push(STEPS[index % STEPS.length](emit, made[made.length - 1], other));
  }
  const axes = { axes: integersAttribute([0, 1]), keep_dims: boolAttribute(false) };
  builder.create('scf.yield', [emit.op('ms.reduce_sum', [made[made.length - 1]], axes)], []);
  const body = new Block([MATRIX, LOSS]);
  const outer = new Builder(body, opTable);
  const counts = new Map([
    ['primals', integerAttribute(1)],
    ['outputs', integerAttribute(1)],
  ]);
  const vjp = outer.create('ms.vjp', body.arguments, [LOSS, MATRIX], counts, [region]);
  outer.create('func.return', vjp.results, []);
  const attributes = new Map([
    ['sym_name', stringAttribute('main')],
    ['function_type', typeAttribute(functionType([MATRIX, LOSS], [LOSS, MATRIX]))],
  ]);
  const module = new Block();
  module.operations.push(new Operation('func.func', [], [], attributes, [body], null));
  return new Module(module);
}

function countOf(module: Module): number {
  let count = 0;
  walk(module.body, () => count++);
  return count;
}

/** Milliseconds of processor time so far, those of the garbage collector's threads included. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Times {
  readonly differentiate: number;
  readonly tidy: number;
  readonly before: number;
  readonly after: number;
}

function measure(count: number): Times {
  const module = program(count);
  const before = countOf(module);
  const started = processorTime();
  const problems = differentiateModule(module, opTable);
  const differentiated = processorTime();
  if (problems.length > 0) throw new Error(problems[0].message);
  canonicalize(module, opTable, simplifyRules);
  eliminateCommonSubexpressions(module, { definitions: opTable });
  const tidied = processorTime();
  return {
    differentiate: differentiated - started,
    tidy: tidied - differentiated,
    before,
    after: countOf(module),
  };
}

const at = process.argv.indexOf('--rounds');
const rounds = at < 0 ? 5 : Number(process.argv[at + 1]);
for (const count of COUNTS) {
  const times = Array.from({ length: rounds }, () => measure(count));
  const best = (pick: (time: Times) => number): string => Math.min(...times.map(pick)).toFixed(0);
  const [{ before, after, differentiate }] = times;
  console.log(
    `${before} ops -> ${after}: differentiate ${best((time) => time.differentiate)} ms (first run ${differentiate.toFixed(0)}), then canonicalize and cse ${best((time) => time.tidy)} ms`,
  );
}
