/** Why a plan is not the answer: what it does worse than the winner, what of it does not fit, or what the user stated otherwise. */
import { memoryTerms, stepTerms, type MemoryTerm, type StepTerm } from '../model/index.ts';
import { memoryOf } from './evaluate.ts';
import { bytesText, percentText, secondsText } from './quantities.ts';
import { choiceOf, choices, type Candidate, type Choice, type PlanAnswer, type PlanRequest } from './request.ts';
import { searchPlan } from './search.ts';

/** One choice that two plans make differently. */
export interface Difference {
  readonly choice: Choice;
  readonly value: number;
  /** Of the winner. */
  readonly best: number;
}

/** A term of a step against that of the winner, in seconds; negative where it is better. */
export interface TermDifference {
  readonly term: StepTerm;
  readonly more: number;
}

/** The part of a plan that takes more than a device has. */
export interface Excess {
  readonly stage: number;
  /** Bytes over the limit. */
  readonly over: number;
  /** What takes most there, and its bytes. */
  readonly owner: MemoryTerm;
  readonly ownerBytes: number;
}

/** A plan that is not the answer. The first of these that is not empty is the reason: `excess`, `contradicts`, `terms`. */
export interface LosingPlan {
  readonly candidate: Candidate;
  readonly differences: readonly Difference[];
  /** Seconds that its step takes longer than that of the winner; negative where it is faster and another reason counts. */
  readonly longer: number;
  /** Of every term, the worst first. */
  readonly terms: readonly TermDifference[];
  readonly excess: Excess | null;
  /** Choices that the user stated otherwise. */
  readonly contradicts: readonly Choice[];
}

/** A plan against the answer of a request. */
export function losingPlan(request: PlanRequest, best: Candidate, candidate: Candidate): LosingPlan {
  const differences = choices.flatMap((choice): readonly Difference[] => {
    const [value, its] = [choiceOf(candidate.configuration, choice), choiceOf(best.configuration, choice)];
    return value === its ? [] : [{ choice, value, best: its }];
  });
  const terms = stepTerms
    .map((term) => ({ term, more: candidate.time.terms[term] - best.time.terms[term] }))
    .toSorted((one, other) => other.more - one.more);
  const contradicts = choices.filter((choice) => {
    const stated = request.fixed[choice];
    return stated !== undefined && stated !== choiceOf(candidate.configuration, choice);
  });
  return {
    candidate,
    differences,
    longer: candidate.time.seconds - best.time.seconds,
    terms,
    excess: excessOf(request, candidate),
    contradicts,
  };
}

/** What does not fit of a plan, on its fullest stage; null when it fits. */
export function excessOf({ memoryBytes }: Pick<PlanRequest, 'memoryBytes'>, candidate: Candidate): Excess | null {
  const { fullest, bytes } = candidate;
  if (bytes <= memoryBytes) return null;
  const { terms } = memoryOf(candidate)[fullest];
  const owner = memoryTerms.reduce((most, term) => (terms[term] > terms[most] ? term : most));
  return { stage: fullest, over: bytes - memoryBytes, owner, ownerBytes: terms[owner] };
}

/**
 * Everything that lost, with its reasons: plans that fit, fastest first; plans that would be faster and do not fit; and, where
 * choices were stated, the plan that would be best without them.
 */
export function losingPlans(request: PlanRequest, answer: PlanAnswer): readonly LosingPlan[] {
  const { best, runnersUp, unfit } = answer;
  if (best === null) return [];
  const free = Object.keys(request.fixed).length === 0 ? null : searchPlan({ ...request, fixed: {} }).best;
  const isFaster = free !== null && free.time.seconds < best.time.seconds * (1 - 1e-9);
  return [...(isFaster ? [free] : []), ...unfit, ...runnersUp].map((candidate) => losingPlan(request, best, candidate));
}

/** The reason in one line. */
export function losingText({ candidate, longer, terms, excess, contradicts }: LosingPlan): string {
  const { seconds } = candidate.time;
  const faster = longer < 0 ? `${percentText(-longer / (seconds - longer))} faster, but ` : '';
  if (excess !== null) {
    const { stage, over, owner, ownerBytes } = excess;
    const where = candidate.stages.length === 1 ? 'a device' : `stage ${stage}`;
    return `${faster}does not fit: ${bytesText(over)} too much on ${where}, where ${owner} take ${bytesText(ownerBytes)}`;
  }
  if (contradicts.length > 0) return `${faster}contradicts the stated ${contradicts.join(', ')}`;
  const share = longer / (seconds - longer);
  if (share < 5e-4) return 'as fast';
  const worse = terms.filter(({ more }) => more > longer / 20).slice(0, 3);
  const reasons = worse.map(({ term, more }) => `${term} ${secondsText(more)} more`).join(', ');
  return `${percentText(share)} slower: ${reasons}`;
}
