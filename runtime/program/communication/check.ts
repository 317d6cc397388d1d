/** Checks that the programs of all ranks communicate with each other as they must, without running them. */
import type { Program } from '../program.ts';
import { allSteps, isCommunication, workOf } from '../step.ts';
import { driveRanks } from './drive.ts';
import type { CommunicationProblem } from './problem.ts';

/** Steps that are looked at; programs with more are left to the run. */
const MOST_STEPS = 10_000_000;

/**
 * The first problem between the ranks, or null. Programs are walked as they would run. Conditions are not known here: where
 * communication depends on one, the ranks are walked once with all conditions true (loops turn once) and once with all
 * false; ranks that decide differently are found when they run.
 */
export function checkCollectives(programs: readonly Program[]): CommunicationProblem | null {
  for (const conditions of programs.some(dependsOnValues) ? [true, false] : [true]) {
    const problem = walkRanks(programs, conditions);
    if (problem !== null) return problem;
  }
  return null;
}

const dependsOnValues = ({ main }: Program): boolean =>
  allSteps(main).some(
    (step) => (step.kind === 'branch' || step.kind === 'while') && allSteps([step]).some(isCommunication),
  );

function walkRanks(programs: readonly Program[], conditions: boolean): CommunicationProblem | null {
  const walks = programs.map(({ main }) => {
    const turned = new Set<object>();
    return workOf(main, (_, step) => {
      // A loop turns once, then ends.
      if (step.kind === 'while' && turned.delete(step)) return false;
      if (step.kind === 'while' && conditions) turned.add(step);
      return conditions;
    });
  });
  let left = MOST_STEPS;
  const problem = driveRanks<null, 'too long'>({
    ranks: programs.length,
    placeOf: (rank, { location }) => (location === undefined ? null : (programs[rank]?.locations[location] ?? null)),
    advance: (rank) => {
      for (;;) {
        const next = walks[rank]?.next();
        if (next === undefined || next.done === true) return { kind: 'done' };
        if (--left < 0) return { kind: 'failed', failure: 'too long' };
        if (isCommunication(next.value)) return { kind: 'communicates', step: next.value };
      }
    },
    send: () => null,
    meet: () => undefined,
  });
  return problem === null || problem.kind === 'rank failure' ? null : problem;
}
