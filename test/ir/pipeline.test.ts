/** The pass manager: pipeline text, order, stages, verification after each pass. */
import { describe, expect, test } from 'vitest';
import type { Module } from '../../compiler/ir/index.ts';
import { Block, Module as IrModule, stringAttribute, verifyModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { Instrumentation, Pass } from '../../compiler/passes/pass/index.ts';
import {
  inPlace,
  parsePipeline,
  passRegistry,
  pipelineOf,
  pipelineText,
  runPipeline,
} from '../../compiler/passes/pass/index.ts';
import { passes } from '../../tools/msc/pipeline-registry.ts';

const nothing = inPlace('nothing', 'Does nothing.', () => undefined);
const late: Pass = { ...nothing, name: 'late', after: [{ pass: 'nothing', why: 'it needs nothing' }] };
const onGraph: Pass = { ...nothing, name: 'on-graph', stages: ['graph'] };

const moduleAt = (stage: string): Module => new IrModule(new Block(), new Map([['ms.stage', stringAttribute(stage)]]));

const watch = (module: Module, instrumentation: readonly Instrumentation[], ...list: readonly Pass[]) =>
  runPipeline(module, pipelineOf(...list), {
    definitions: opTable,
    verify: (current) => verifyModule(current, opTable),
    instrumentation,
    now: () => 0,
  });

const run = (module: Module, ...list: readonly Pass[]) => watch(module, [], ...list);

describe('pipeline text', () => {
  test.each([
    ['canonicalize,cse', 'builtin.module(canonicalize,cse)'],
    ['builtin.module(func.func(canonicalize,cse),symbol-dce)', 'builtin.module(canonicalize,cse,symbol-dce)'],
    [' inline{limit=10} , dce ', 'builtin.module(inline{limit=10},dce)'],
    ['', 'builtin.module()'],
    ['builtin.module()', 'builtin.module()'],
  ])('%s', (text, canonical) => {
    const parsed = parsePipeline(text, passes);
    expect(parsed.ok && pipelineText(parsed.value)).toBe(canonical);
    expect(parsePipeline(canonical, passes).ok).toBe(true);
  });

  test.each(['(', 'cse,', 'cse)', 'func.func', 'inline{', 'inline{limit', 'any('.repeat(1000)])(
    '%s is an error',
    (text) => {
      expect(parsePipeline(text, passes).ok).toBe(false);
    },
  );
});

describe('pass manager', () => {
  test('a pass that comes too early is refused with the reason', () => {
    const [diagnostic] = run(moduleAt('graph'), late, nothing).diagnostics;
    expect(diagnostic.code).toBe('MSC0505');
    expect(diagnostic.message).toContain('it needs nothing');
    expect(run(moduleAt('graph'), nothing, late).diagnostics).toEqual([]);
  });

  test('a pass runs only at its stages', () => {
    expect(run(moduleAt('graph'), onGraph).failedPass).toBeNull();
    const result = run(moduleAt('tile'), onGraph);
    expect(result.failedPass).toBe('on-graph');
    expect(result.diagnostics[0].message).toContain('tile');
  });

  test('broken IR is blamed on the pass that made it', () => {
    const breaks = inPlace('breaks', 'Breaks the stage.', (module) => {
      module.attributes = new Map([['ms.stage', stringAttribute('nowhere')]]);
    });
    const result = run(moduleAt('graph'), nothing, breaks, nothing);
    expect(result.failedPass).toBe('breaks');
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['MSC0506', 'MSC0436']);
  });

  test('statistics, remarks and timings are collected', () => {
    const talks = inPlace('talks', 'Talks.', (_, context) => {
      context.statistic('words', 2);
      context.statistic('words', 3);
      context.observer?.remark({ kind: 'analysis', rule: 'greeting', reason: 'hello', op: '', location: null });
    });
    const remarks: string[] = [];
    const listener: Instrumentation = {
      remark: ({ name }, { rule, reason }) => remarks.push(`${name} ${rule} ${reason}`),
    };
    const result = watch(moduleAt('graph'), [listener], talks);
    expect(result.statistics.get('talks')?.get('words')).toBe(5);
    expect(remarks).toEqual(['talks greeting hello']);
    expect(result.timings.map(({ name }) => name)).toEqual(['talks', 'talks (verify)']);
  });

  test('registries are values', () => expect([...passRegistry(nothing, late).keys()]).toEqual(['nothing', 'late']));
});
