/** `--why tensor=8`: why the plan does not make a choice. */
import { failure, ok, type Diagnostic, type Result } from '../../../compiler/ir/support/index.ts';
import {
  choiceText,
  losingPlan,
  losingText,
  requestProblems,
  searchPlan,
  type Candidate,
  type FixedChoices,
  type LosingPlan,
  type PlanRequest,
} from '../../../compiler/passes/plan/index.ts';

/** The best plan that makes the choices in question, against the chosen one. */
export interface AskedPlan {
  readonly asked: FixedChoices;
  readonly losing: LosingPlan;
}

/** Searches once more, with the choices stated; contradictions of the network and the cluster are diagnostics. */
export function askedPlan(
  request: PlanRequest,
  best: Candidate,
  asked: FixedChoices,
): Result<AskedPlan, readonly Diagnostic[]> {
  const stated = { ...request, fixed: { ...request.fixed, ...asked } };
  const problems = requestProblems(stated);
  if (problems.length > 0) return failure(problems);
  const answer = searchPlan(stated);
  // A plan that does not fit is an answer to the question, too.
  const candidate = answer.best ?? answer.least;
  if (candidate === null) throw new Error('a request without problems has no candidate');
  return ok({ asked, losing: losingPlan(request, best, candidate) });
}

/** `why not tensor=8: data 4, …: 12.1 % slower: …`. */
export function askedText({ asked, losing }: AskedPlan): string {
  const words = Object.entries(asked).map(([choice, value]) => `${choice}=${value}`);
  const isChosen = losing.differences.length === 0;
  const reason = isChosen ? 'that is the plan' : losingText(losing);
  return `why not ${words.join(', ')}: ${choiceText(losing.candidate.configuration)}: ${reason}\n`;
}
