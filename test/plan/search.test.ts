import { describe, expect, it } from 'vitest';
import {
  certifyChoice,
  costOf,
  isFeasible,
  randomFrom,
  solveChoice,
  statusText,
} from '../../compiler/passes/plan/search/index.ts';
import type { ChoiceProblem, ChoiceSolution } from '../../compiler/passes/plan/search/index.ts';
import { bruteForce, randomProblem } from './choice-problems.ts';

/** The worked example of the IOPDDL contest (google/iopddl, Apache License 2.0). */
const example: ChoiceProblem = {
  name: 'example',
  nodes: [
    { costs: [15], memory: [10], from: 30, to: 70 },
    { costs: [55, 65], memory: [25, 25], from: 40, to: 70 },
    { costs: [25, 45, 35], memory: [15, 20, 15], from: 50, to: 120 },
    { costs: [85, 75], memory: [10, 10], from: 110, to: 140 },
    { costs: [95], memory: [15], from: 110, to: 150 },
  ],
  edges: [
    { first: 0, second: 1, costs: [30, 40] },
    { first: 0, second: 2, costs: [50, 10, 40] },
    { first: 1, second: 3, costs: [90, 10, 20, 80] },
    { first: 2, second: 4, costs: [60, 20, 30] },
    { first: 3, second: 4, costs: [70, 60] },
  ],
  memoryLimit: 50,
};

describe('a choice problem', () => {
  it('has a cost and a peak of memory', () => {
    expect(costOf(example, Int32Array.of(0, 1, 2, 0, 0))).toBe(495);
    expect(costOf(example, Int32Array.of(0, 0, 1, 1, 0))).toBe(415);
    expect(isFeasible(example, Int32Array.of(0, 0, 1, 1, 0))).toBe(false);
  });

  it('is solved within its memory limit', () => {
    const { choice, cost, status } = solveChoice(example);
    expect([...(choice ?? [])]).toEqual([0, 0, 2, 1, 0]);
    expect(cost).toBe(445);
    expect(statusText(status)).toMatch(/^optimal by/);
  });

  it('is solved as by trying everything', () => {
    const random = randomFrom(3);
    for (let round = 0; round < 300; round++) {
      const problem = randomProblem(random, 7);
      const expected = bruteForce(problem);
      const found = solveChoice(problem);
      expect(found.status.kind, `round ${round}`).toBe(expected === null ? 'infeasible' : 'optimal');
      expect(found.cost, `round ${round}`).toBe(expected?.cost ?? Infinity);
      if (found.choice !== null) expect(isFeasible(problem, found.choice)).toBe(true);
    }
  });

  it('says how its answer is known', () => {
    expect(statusText(solveChoice({ ...example, memoryLimit: null }).status)).toBe('optimal by elimination');
    expect(solveChoice({ ...example, memoryLimit: null }).cost).toBe(415);
    expect(statusText(solveChoice({ ...example, memoryLimit: 10 }).status)).toBe('nothing fits');
    expect(statusText({ kind: 'heuristic', gap: 0.0125 })).toBe('heuristic, gap 1.25 %');
  });

  it('is certified by HiGHS', async () => {
    const random = randomFrom(5);
    const problems = [example, ...Array.from({ length: 12 }, () => randomProblem(random, 7))];
    for (const problem of problems) {
      const expected = bruteForce(problem);
      const unknown: ChoiceSolution = { status: { kind: 'unknown' }, choice: null, cost: Infinity, bound: 0 };
      const found = await certifyChoice(problem, unknown, { seconds: 60 });
      if ('refused' in found) throw new Error(found.refused);
      expect(found.cost).toBe(expected?.cost ?? Infinity);
      expect(statusText(found.status)).toBe(expected === null ? 'nothing fits' : 'optimal by HiGHS');
    }
    const refused = await certifyChoice(example, solveChoice(example), { seconds: 60, mostColumns: -1 });
    expect(refused).toMatchObject({ cost: 445 });
  });

  it('has bounds that nothing undercuts, and marginals that exclude no better choice', () => {
    const random = randomFrom(7);
    for (let round = 0; round < 60; round++) {
      const problem = randomProblem(random, 9);
      const expected = bruteForce(problem)?.cost ?? Infinity;
      // Work so short that the search cannot end by proof shows the bound alone.
      const { bound, cost } = solveChoice(problem, { effort: 1, expired: () => true });
      expect(bound).toBeLessThanOrEqual(expected + 1e-9);
      expect(cost).toBeGreaterThanOrEqual(expected);
    }
  });
});
