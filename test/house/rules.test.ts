/** Every rule of the compiler has one place in the sources, found by reading them, and the name really stands there. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../compiler/backend-ascend/lower/table.ts';
import { kernelRule } from '../../compiler/backend-ascend/lower/module.ts';
import { ELEMENTWISE } from '../../compiler/backend-ascend/lower/rowwise/arithmetic.ts';
import { STEP_RULES } from '../../compiler/backend-ascend/lower/steps.ts';
import { isAbsent } from '../../compiler/ir/index.ts';
import { integerPatterns } from '../../compiler/passes/fuse/integers.ts';
import { mergedGradient } from '../../compiler/passes/fuse/merged-gradient.ts';
import { patchConvolution, patchFilterGradient } from '../../compiler/passes/fuse/patch-convolution.ts';
import { transposedConvolution } from '../../compiler/passes/fuse/transposed-convolution.ts';
import { wideningPatterns } from '../../compiler/passes/fuse/widen.ts';
import { gradOps } from '../../compiler/passes/grad/index.ts';
import { gradientRule } from '../../compiler/passes/grad/sweep.ts';
import type { PatternTable } from '../../compiler/passes/rewrite/index.ts';
import { scanRules } from '../../tools/build/rule-places.ts';
import { RuleFinder, templatePattern } from '../../tools/inspect/collect/pipeline/index.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const places = scanRules(root);
const finder = new RuleFinder(places);

const namesOf = (table: PatternTable): readonly string[] => [...table.values()].flat().map(({ name }) => name);

const patterns = new Set([
  ...namesOf(simplifyRules.patterns),
  ...namesOf(integerPatterns),
  ...namesOf(wideningPatterns),
  ...[transposedConvolution, patchConvolution, patchFilterGradient, mergedGradient].map(({ name }) => name),
]);

const gradients = Object.entries(gradOps).flatMap(([op, cell]) => (isAbsent(cell) ? [] : [gradientRule(op)]));
const kernels = [RULES, ELEMENTWISE, STEP_RULES].flatMap((table) => Object.keys(table)).map(kernelRule);

/** Places that a name fits. */
const matching = (name: string) =>
  places.filter((place) => (place.name.includes('${') ? templatePattern(place.name).test(name) : place.name === name));

describe('places of rules', () => {
  it('are found for more than three hundred rules', () => {
    expect(patterns.size).toBeGreaterThan(80);
    expect(places.length).toBeGreaterThan(300);
  });

  it.each([
    ['patterns', [...patterns]],
    ['gradients', gradients],
    ['kernels', [...new Set(kernels)]],
  ])('%s have one each', (_, names) => {
    expect(names.filter((name) => matching(name).length !== 1).map((name) => [name, matching(name)])).toEqual([]);
  });

  it('no two rules have one name', () => {
    const seen = new Map(places.map((place) => [place.name, place]));
    expect(places.filter((place) => seen.get(place.name) !== place)).toEqual([]);
  });

  it('the line of a place holds the name of its rule', () => {
    const lines = new Map<string, readonly string[]>();
    const lineOf = (file: string, line: number): string => {
      const known = lines.get(file) ?? readFileSync(`${root}/${file}`, 'utf8').split('\n');
      lines.set(file, known);
      return known[line - 1];
    };
    const wrong = places.filter(({ name, file, line }) => {
      const row = /^(?:gradient|kernels) of (.+)$/.exec(name)?.[1];
      const text = lineOf(file, line);
      // A row may be written by the constant that holds the name of its operation.
      return row === undefined
        ? !text.includes(name)
        : !text.includes(`'${row}'`) && !/^ {2}\[[A-Z_.a-z]+\]/.test(text);
    });
    expect(wrong).toEqual([]);
  });

  it('are not made up for a name that no rule has', () => {
    expect(finder.find('neutral')).toEqual({ name: 'neutral', file: '', line: 0 });
    expect(finder.find('neutral 0').file).toBe('compiler/passes/simplify/rules/elementwise.ts');
    expect(finder.find('kernels of ms.fused').file).toBe('compiler/backend-ascend/lower/table.ts');
  });
});
