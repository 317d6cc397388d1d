/**
 * The planner's choice problem against the published results of the IOPDDL contest, each instance within the contest's
 * time limit (which excludes reading): `node dist/bench/iopddl/main.js FOLDER [B G V P K] [--certify]`.
 * FOLDER holds `asplos-2025-iopddl-*.json.gz`; without it the environment's MSC_IOPDDL. Prints cost, best published cost,
 * bound, ratio (best / ours, the contest's score) and seconds of search.
 */
import { join } from 'node:path';
import type { ChoiceSolution } from '../../compiler/passes/plan/search/index.ts';
import { certifyChoice, costOf, isFeasible, solveChoice, statusText } from '../../compiler/passes/plan/search/index.ts';
import { readInstance } from './instance.ts';

/** Best published cost and the contest's time limit in seconds. */
const published: Readonly<Record<string, { readonly cost: number; readonly seconds: number }>> = {
  B: { cost: 532_843, seconds: 60 },
  G: { cost: 217_039, seconds: 120 },
  V: { cost: 1_632_051, seconds: 300 },
  P: { cost: 662_197_407_330, seconds: 240 },
  K: { cost: 2_274_276_676, seconds: 180 },
};

/** Share of the time limit that the search is given; the rest is for its last step. */
const SHARE = 0.85;

const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const folder = words.find((word) => !(word in published)) ?? process.env.MSC_IOPDDL;
if (folder === undefined) throw new Error('usage: main.js FOLDER [B G V P K] [--certify]');
const chosen = words.filter((word) => word in published);
const ratios: number[] = [];
for (const name of chosen.length > 0 ? chosen : Object.keys(published)) {
  const best = published[name];
  const problem = readInstance(join(folder, `asplos-2025-iopddl-${name}.json.gz`));
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  let solution: ChoiceSolution = solveChoice(problem, {
    effort: 1000,
    expired: () => seconds() > best.seconds * SHARE,
  });
  let refused = '';
  if (process.argv.includes('--certify') && solution.status.kind === 'heuristic') {
    const certificate = await certifyChoice(problem, solution, { seconds: best.seconds });
    if ('refused' in certificate) refused = `; ${certificate.refused}`;
    else solution = certificate;
  }
  const { choice, cost, bound, status } = solution;
  if (choice === null || !isFeasible(problem, choice) || costOf(problem, choice) !== cost)
    throw new Error(`${name}: not a feasible solution of its cost`);
  ratios.push(best.cost / cost);
  console.log(
    `${name}: cost ${cost}, best published ${best.cost}, bound ${bound.toFixed(0)}, ratio ${(best.cost / cost).toFixed(4)}, ` +
      `${seconds().toFixed(1)} of ${best.seconds} s, ${statusText(status)}${refused}`,
  );
}
console.log(`mean ratio ${(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length).toFixed(4)}`);
