/** What the pipeline section holds of a compilation: passes, sizes, texts that share lines, rewrites with the places of their rules. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Module, parseModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { writeProgram } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { TextStore } from '../../tools/inspect/collect/pipeline/text.ts';
import type { PlaceTable } from '../../tools/inspect/collect/places.ts';
import {
  isChanged,
  linesOf,
  NOWHERE,
  type PassRow,
  type PipelineSection,
  REPORT_SCHEMA,
  type ReportHead,
  rewriteCount,
  withParts,
} from '../../tools/inspect/report/index.ts';
import { pipelineText } from '../../tools/inspect/text/pipeline.ts';
import { compileSource, type CompileRequest } from '../../tools/msc/compile.ts';
import { record, type Recorded, root, rules, textSource } from './record-pipeline.ts';

/** A training step of a network with convolutions, as a Python file says it. */
const step = (): CompileRequest['source'] => ({
  kind: 'network',
  file: 'test/network/training/convolution.py',
  folder: root,
  entry: 'step()',
  inputs: [
    { name: 'data', shape: [4, 3, 10, 10], dtype: 'f32' },
    { name: 'label', shape: [4], dtype: 'i32' },
  ],
  roots: [],
  readable: [],
  limits: {},
  scriptArguments: [],
  print: () => undefined,
});

const small = `func.func @main(%x: tensor<4x8xf32>, %w: tensor<16x8xf32> {ms.param = "w"}, %b: tensor<16xf32> {ms.param = "b"}) -> tensor<4x16xf32> {
  %0 = ms.neg %x : tensor<4x8xf32> loc("net.py":2:3)
  %1 = ms.neg %0 : tensor<4x8xf32> loc("net.py":3:3)
  %2 = ms.dense %1, %w : (tensor<4x8xf32>, tensor<16x8xf32>) -> tensor<4x16xf32> loc("net.py":4:3)
  %3 = ms.add %2, %b : (tensor<4x16xf32>, tensor<16xf32>) -> tensor<4x16xf32> loc("net.py":5:3)
  %4 = ms.exp %3 : tensor<4x16xf32> loc("net.py":6:3)
  return %4 : tensor<4x16xf32>
}
`;

const passOf = ({ passes }: PipelineSection, name: string): PassRow => {
  const found = passes.find((row) => row.name === name);
  if (found === undefined) throw new Error(`no pass ${name}`);
  return found;
};

/** The text of a function at a snapshot, line by line. */
function textAt(section: PipelineSection, snapshot: number | null, name = 'main'): readonly string[] {
  const functions = section.snapshots[snapshot ?? -1].map((number) => section.functions[number]);
  const found = functions.find((each) => each.name === name);
  return found === undefined ? [] : linesOf(found).map((line) => section.lines.texts[line]);
}

/** Uses of rules as words: rule, operation, what it became. */
const usesOf = ({ rules: named, words }: PipelineSection, { rewrites }: PassRow): readonly string[] =>
  rewrites.rule.map((rule, at) => `${named[rule].name} | ${words[rewrites.op[at]]} | ${words[rewrites.became[at]]}`);

describe('a small function', () => {
  let section: PipelineSection;
  let places: PlaceTable;
  beforeAll(async () => ({ section, places } = await record(textSource(small))));

  it('has its passes in order, with the stages that they lead to', () => {
    const rows = section.passes.filter(({ partOf }) => partOf === null);
    expect(rows.map(({ phase, name }) => `${phase} ${name}`)).toEqual([
      'source parse',
      ...['differentiate', 'inline', 'cse', 'canonicalize', 'cse', 'symbol-dce'].map((name) => `graph ${name}`),
      'fused predicate',
      'fused fuse',
      'tile lower',
      'scheduled schedule',
      'program select',
    ]);
    expect(rows.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
  });

  it('counts operations and bytes before and after', () => {
    const { before, after } = passOf(section, 'canonicalize');
    // Two negations of 4x8 and two values of 4x16 go: a product, its sum with the bias.
    expect(before).toEqual({ operations: 7, bytes: (2 * 32 + 3 * 64) * 4 });
    expect(after).toEqual({ operations: 4, bytes: 2 * 64 * 4 });
  });

  it('says which rule did what, at which line of the user, and where the rule is written', () => {
    const row = passOf(section, 'canonicalize');
    expect(usesOf(section, row)).toEqual([
      'undoes ms.neg | ms.neg | an argument',
      'bias of dense | ms.add | ms.dense',
      'dead operation | ms.dense | nothing: no kernel and no operation',
      'dead operation | ms.neg | nothing: no kernel and no operation',
    ]);
    const lines = row.rewrites.place.map((place) => places.places[place].positions[0]?.line);
    expect(lines).toEqual([3, 5, 4, 2]);
    const named = section.rules.filter(({ name }) => name === 'bias of dense');
    expect(named).toEqual([{ name: 'bias of dense', ...ruleAt('bias of dense') }]);
  });

  it('texts differ only where the module does', () => {
    const { from, to } = passOf(section, 'canonicalize');
    const before = new Set(textAt(section, from));
    const after = textAt(section, to);
    expect(after.filter((line) => !before.has(line))).toEqual([
      '  %add_0 = ms.dense %x, %w, %b : (tensor<4x8xf32>, tensor<16x8xf32>, tensor<16xf32>) -> tensor<4x16xf32>',
    ]);
    expect(after).toContain('  %exp_0 = ms.exp %add_0 : tensor<4x16xf32>');
  });

  it('a line has the place of the operation that begins on it', () => {
    const snapshot = section.snapshots[passOf(section, 'canonicalize').to ?? -1];
    const numbers = linesOf(section.functions[snapshot[0]]);
    const at = numbers.find((line) => section.lines.texts[line].includes('ms.exp')) ?? -1;
    expect(places.places[section.lines.places[at]].positions[0]?.line).toBe(6);
    expect(section.lines.places[numbers.at(-1) ?? -1]).toBe(NOWHERE);
  });

  it('a pass that changed nothing has one snapshot', () => {
    expect(isChanged(passOf(section, 'symbol-dce'))).toBe(false);
    expect(isChanged(passOf(section, 'lower'))).toBe(true);
  });

  it('buffers keep the names of the values that lie in them', () => {
    const text = textAt(section, passOf(section, 'lower').to).join('\n');
    expect(text).toMatch(/^func\.func @main\(%x: !npu\.buffer<gm>/);
    expect(text).toContain('%exp_0 = "npu.alloc"');
  });

  it('the parts of fuse follow it, and their texts lead from one to the next', () => {
    const pass = section.passes.findIndex(({ name }) => name === 'fuse');
    const [whole, ...parts] = withParts(section, pass);
    expect(parts.map(({ name }) => name)).toEqual([
      'regions',
      'convolutions',
      'integers',
      'composites',
      'relu',
      'widening',
      'masks',
      'layouts',
      'groups',
    ]);
    expect(parts[0].from).toBe(whole.from);
    parts.slice(1).forEach((part, index) => expect(part.from).toBe(parts[index].to));
    expect(parts.at(-1)?.to).toBe(whole.to);
  });

  it('the terminal shows passes, rules with their files, and nothing of passes without work', () => {
    const head: ReportHead = {
      schema: REPORT_SCHEMA,
      version: '',
      subject: { command: 'inspect', file: 'net.mlir', entry: null, inputs: [], target: 'x', cluster: null },
      facts: [],
      diagnostics: [],
      sources: places.sources,
      places: places.places,
    };
    const text = pipelineText(section, head, { color: false, width: 120 });
    expect(text).toMatch(/^graph +canonicalize +[\d.]+ ms +4 +512 B +4$/m);
    expect(text).toMatch(/ +1 {2}bias of dense +compiler\/passes\/simplify\/rules\/linear\.ts:\d+$/m);
    expect(text).not.toContain('symbol-dce');
    expect(text).toMatch(/^\d+ passes or parts changed nothing$/m);
  });
});

const ruleAt = (name: string) => {
  const found = rules.filter((each) => each.name === name);
  return { file: found[0].file, line: found[0].line };
};

describe('a training step', () => {
  let recorded: Recorded;
  beforeAll(async () => (recorded = await record(step())));

  it('listening changes nothing: the program has the same bytes', async () => {
    const { program } = await compileSource({ source: step(), chip: defaultChip, to: 'program', now: () => 0 });
    if (program === null || recorded.compilation.program === null) throw new Error('no program');
    expect(writeProgram(recorded.compilation.program)).toEqual(writeProgram(program));
  });

  it('each rule that was used has exactly one place', () => {
    const { section } = recorded;
    expect(section.rules.filter(({ line }) => line === 0)).toEqual([]);
    expect(section.rules.length).toBeGreaterThan(40);
    expect(section.rules.find(({ name }) => name === 'gradient of ms.conv2d')?.file).toBe(
      'compiler/passes/grad/rules/window.ts',
    );
  });

  it('differentiate says which gradient each operation gave', () => {
    const { section } = recorded;
    const uses = usesOf(section, passOf(section, 'differentiate'));
    expect(uses.some((use) => /^gradient of ms\.conv2d \| ms\.conv2d \| .*ms\.conv2d_weight_gradient/.test(use))).toBe(
      true,
    );
    expect(rewriteCount(passOf(section, 'differentiate'))).toBeGreaterThan(20);
  });

  it('groups are missed for reasons, at lines of the user', () => {
    const { section, places } = recorded;
    const groups = section.passes.find(({ name }) => name === 'groups');
    const reasons = groups?.remarks.map(({ reason }) => section.words[reason]) ?? [];
    expect(reasons.some((reason) => /needs its result before the group of/.test(reason))).toBe(true);
    const at = groups?.remarks.map(({ place }) => places.places[place].positions.length) ?? [];
    expect(at.every((count) => count > 0)).toBe(true);
  });

  it('lines that are the same are stored once', () => {
    const { texts, places } = recorded.section.lines;
    const keys = texts.map((text, index) => `${places[index]} ${text}`);
    expect(new Set(keys).size).toBe(keys.length);
    // Every snapshot in full would hold many more.
    const all = recorded.section.snapshots
      .flat()
      .reduce((sum, each) => sum + recorded.section.functions[each].lineCount, 0);
    expect(texts.length).toBeLessThan(0.6 * all);
  });
});

describe('a group that no kernel holds', () => {
  it('is lowered op by op, and says why', async () => {
    const { section } = await record(
      textSource(`func.func @main(%x: tensor<2x200000xf32>) -> tensor<2x200000xf32> {
  %0 = ms.softmax %x {axis = 1} : tensor<2x200000xf32>
  return %0 : tensor<2x200000xf32>
}
`),
    );
    const remarks = passOf(section, 'lower').remarks.map(({ rule, reason }) => [
      section.rules[rule].name,
      section.words[reason],
    ]);
    expect(remarks).toEqual([
      ['one kernel for a group', expect.stringMatching(/: the row does not fit into the unified buffer$/)],
    ]);
  });
});

describe('texts beyond the budget', () => {
  const functions = (body: string) =>
    moduleOf(`func.func @first(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = ms.exp %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}
func.func @second(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = ms.exp %x : tensor<2xf32>
  %1 = ms.${body} %0 : tensor<2xf32>
  return %1 : tensor<2xf32>
}
`);

  it('are left out and named, and are still told apart', () => {
    const store = new TextStore(opTable, () => NOWHERE, 130);
    const module = functions('exp');
    const [first, second] = store.take(module);
    expect(store.functions[first].runs).not.toBeNull();
    expect(store.functions[second]).toEqual({ name: 'second', runs: null, lineCount: 5 });
    expect(store.omitted).toEqual(['@second (5 lines)']);
    expect(store.take(module)).toEqual([first, second]);
    expect(store.take(functions('log'))[1]).not.toBe(second);
  });

  it('a line that is too long is cut, and says how much is missing', () => {
    const store = new TextStore(opTable, () => NOWHERE);
    const values = Array.from({ length: 90 }, (_, index) => `${index}.123456`).join(', ');
    store.take(moduleOf(`%0 = ms.constant {value = dense<[${values}]> : tensor<90xf32>} : tensor<90xf32>`));
    const [line] = store.lines.texts;
    expect(line.length).toBeLessThan(1000);
    expect(line).toMatch(/… \(\d+ characters\) …/);
    expect(line.endsWith(': tensor<90xf32>')).toBe(true);
  });
});

function moduleOf(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'net.mlir', text }, opTable);
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return module;
}

describe('a compilation that stops', () => {
  it('has the passes that ran', async () => {
    const text =
      'func.func @main(%x: tensor<2xf64>) -> tensor<2xf64> {\n  %0 = ms.exp %x : tensor<2xf64>\n  return %0 : tensor<2xf64>\n}\n';
    const { section, compilation } = await record(textSource(text));
    expect(compilation.program).toBeNull();
    const last = section.passes.at(-1);
    expect([last?.phase, last?.name]).toEqual(['stopped', 'lower']);
  });

  it('has none when nothing was traced', async () => {
    const { section } = await record(textSource('func.func @main() { %0 = nonsense }'));
    expect(section.passes).toEqual([]);
  });
});
