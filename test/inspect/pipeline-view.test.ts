/** What the pipeline view computes: differences by lines, rows of passes, what a search finds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Gap, lineGaps } from '../../tools/inspect/page/views/pipeline/line-diff.ts';
import {
  chosenPair,
  functionPairs,
  listRows,
  passItems,
  placedText,
} from '../../tools/inspect/page/views/pipeline/model.ts';
import type { PassRow, PipelineSection } from '../../tools/inspect/report/index.ts';

/** The second text from the first and the gaps. */
function patched(a: readonly string[], b: readonly string[], gaps: readonly Gap[]): readonly string[] {
  const lines: string[] = [];
  let at = 0;
  for (const { fromA, toA, fromB, toB } of gaps) {
    lines.push(...a.slice(at, fromA), ...b.slice(fromB, toB));
    at = toA;
  }
  return [...lines, ...a.slice(at)];
}

describe('differences by lines', () => {
  it('lead from one text to the other, for any two texts', () => {
    const line = fc.constantFrom('%a = x', '%b = x', '%b = y', '  }', 'return', '%c: t', '%c: u');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), (a, b) => {
        const gaps = lineGaps(a, b);
        expect(patched(a, b, gaps)).toEqual(b);
        gaps.slice(1).forEach((gap, index) => {
          expect(gap.fromA).toBeGreaterThanOrEqual(gaps[index].toA);
          expect(gap.fromB).toBeGreaterThanOrEqual(gaps[index].toB);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('are none for equal texts, and one line where one line changed', () => {
    expect(lineGaps(['a', 'b', 'a'], ['a', 'b', 'a'])).toEqual([]);
    expect(lineGaps(['a', 'b', 'a'], ['a', 'c', 'a'])).toEqual([{ fromA: 1, toA: 2, fromB: 1, toB: 2 }]);
  });

  it('match lines that define the same value', () => {
    const gaps = lineGaps(['%x = f', '%y = g'], ['%n = h', '%x = f2', '%y = g2']);
    expect(gaps).toEqual([
      { fromA: 0, toA: 0, fromB: 0, toB: 1 },
      { fromA: 0, toA: 1, fromB: 1, toB: 2 },
      { fromA: 1, toA: 2, fromB: 2, toB: 3 },
    ]);
  });

  it('of fifty thousand lines are found without comparing each with each', () => {
    const a = Array.from({ length: 50_000 }, (_, index) => `%v${index} = ms.add %v${index - 1}`);
    const b = a.flatMap((text, index) => (index % 500 === 0 ? [] : index % 777 === 0 ? [`${text}, %x`] : [text]));
    const gaps = lineGaps(a, b);
    expect(patched(a, b, gaps)).toEqual(b);
    expect(gaps.length).toBe(100 + Math.floor(49_999 / 777) - Math.floor(49_999 / (777 * 500)));
  });
});

const none = { rule: [], op: [], became: [], place: [], count: [] };
const size = { operations: 1, bytes: 4 };
const row = (name: string, more: Partial<PassRow>): PassRow => ({
  name,
  phase: 'graph',
  partOf: null,
  milliseconds: 1,
  before: size,
  after: size,
  from: 0,
  to: 0,
  rewrites: none,
  remarks: [],
  ...more,
});

const section: PipelineSection = {
  kind: 'pipeline',
  passes: [
    row('frontend', { phase: 'source', before: null, from: null }),
    row('cse', {}),
    row('canonicalize', {
      to: 1,
      rewrites: { rule: [0], op: [1], became: [2], place: [7], count: [3] },
      remarks: [{ kind: 'missed', rule: 0, op: 1, reason: 3, place: 8, count: 2 }],
    }),
    row('fuse', { phase: 'fused', from: 1, to: 2 }),
    row('groups', {
      phase: 'fused',
      partOf: 3,
      from: 1,
      to: 2,
      rewrites: { rule: [0], op: [1], became: [2], place: [9], count: [5] },
    }),
  ],
  rules: [{ name: 'neutral 0', file: 'a/b.ts', line: 4 }],
  words: ['', 'ms.add', 'an argument', 'too wide'],
  lines: {
    texts: ['func.func @main() {', '  %a = ms.add', '  return', '}', '  %f = ms.fused'],
    places: [0, 7, 0, 0, 9],
  },
  functions: [
    { name: 'main', runs: [0, 4], lineCount: 4 },
    { name: 'main', runs: [0, 1, 2, 2], lineCount: 3 },
    { name: 'main', runs: [0, 1, 4, 1, 2, 2], lineCount: 4 },
    { name: 'kernel', runs: null, lineCount: 9 },
  ],
  snapshots: [[0], [1], [2, 3]],
  omitted: [],
};

const wanted = { showsUnchanged: false, query: '', places: null };
const shown = (more: Partial<typeof wanted> & { places?: ReadonlySet<number> | null }) => {
  const full = { ...wanted, ...more };
  const { rows, hidden } = listRows(passItems(section, full), full);
  return { names: rows.map((each) => (each.kind === 'phase' ? `[${each.name}]` : each.row.name)), hidden };
};

describe('the list of passes', () => {
  it('hides passes that changed nothing, and says how many', () => {
    expect(shown({})).toEqual({
      names: ['[source]', 'frontend', '[graph]', 'canonicalize', '[fused]', 'fuse', 'groups'],
      hidden: 1,
    });
    expect(shown({ showsUnchanged: true }).names).toContain('cse');
  });

  it('counts rewrites and missed ones with those of the parts, and only those at the places of a filter', () => {
    const counts = (places: ReadonlySet<number> | null) =>
      passItems(section, { ...wanted, places }).map(({ rewrites, missed }) => [rewrites, missed]);
    expect(counts(null)).toEqual([
      [0, 0],
      [0, 0],
      [3, 2],
      [5, 0],
      [5, 0],
    ]);
    expect(counts(new Set([8]))[2]).toEqual([0, 2]);
  });

  it('a search finds names, rules, reasons and the lines that a pass wrote', () => {
    expect(shown({ query: 'NEUTRAL' }).names).toEqual(['[graph]', 'canonicalize', '[fused]', 'fuse', 'groups']);
    expect(shown({ query: 'too wide' }).names).toEqual(['[graph]', 'canonicalize']);
    expect(shown({ query: 'ms.fused' }).names).toEqual(['[fused]', 'fuse', 'groups']);
    expect(shown({ query: 'nothing' }).names).toEqual([]);
  });
});

describe('functions around a pass', () => {
  it('are paired by name; new ones have nothing before', () => {
    const pairs = functionPairs(section, section.passes[3]);
    expect(pairs.map(({ name, before, after }) => [name, before?.lineCount ?? 0, after?.lineCount ?? 0])).toEqual([
      ['main', 3, 4],
      ['kernel', 0, 9],
    ]);
    expect(chosenPair(pairs, 'kernel')?.name).toBe('kernel');
    expect(chosenPair(pairs, 'gone')?.name).toBe('main');
  });

  it('have texts with the place of each line', () => {
    expect(placedText(section, section.functions[2])).toEqual({
      text: 'func.func @main() {\n  %f = ms.fused\n  return\n}',
      places: [0, 9, 0, 0],
    });
  });
});
