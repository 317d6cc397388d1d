/** Plans as figures that can be compared. */
import {
  choiceOf,
  choiceText,
  choices,
  losingText,
  memoryOf,
  memoryTerms,
  stepTerms,
  type Candidate,
  type LosingPlan,
} from '../../../../compiler/passes/plan/index.ts';
import type { LostPlan, PlanFigures } from '../../report/index.ts';

export function figuresOf(candidate: Candidate, text: string): PlanFigures {
  const { configuration, time, bytes, fullest } = candidate;
  const { terms } = memoryOf(candidate)[fullest];
  return {
    text,
    choices: choices.map((name) => ({ name, value: choiceOf(configuration, name) })),
    microBatches: configuration.microBatches,
    seconds: time.seconds,
    terms: stepTerms.map((term) => time.terms[term]),
    bytes,
    fullest,
    memory: memoryTerms.map((term) => terms[term]),
  };
}

export function lostPlan(losing: LosingPlan): LostPlan {
  const { candidate, differences, excess, contradicts } = losing;
  return {
    ...figuresOf(candidate, choiceText(candidate.configuration)),
    verdict: excess !== null ? 'does not fit' : contradicts.length > 0 ? 'contradicts' : 'slower',
    reason: losingText(losing),
    differences: differences.map(({ choice, value, best }) => ({ name: choice, value, best })),
    over: excess?.over ?? 0,
    owner: excess?.owner ?? '',
  };
}
