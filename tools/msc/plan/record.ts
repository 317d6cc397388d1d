/** What `msc plan` found out, for `--report`. */
import type { Module } from '../../../compiler/ir/index.ts';
import type { Candidate, LayerCertificate, PlanAnswer, PlanRequest } from '../../../compiler/passes/plan/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { dividePlan } from './divide.ts';

export interface RecordedPlan {
  /** As it was traced: with derivatives, when it trains. */
  readonly source: Module;
  readonly request: PlanRequest;
  readonly answer: PlanAnswer;
  readonly certificates: readonly LayerCertificate[] | null;
  /** Plans that the user asked about. */
  readonly asked: readonly Candidate[];
}

/** Gives a plan to the recorder; the report tells nothing of a search that found none. */
export async function recordPlan(
  recorder: Recorder,
  { source, request, answer, certificates, asked }: RecordedPlan,
): Promise<void> {
  const { best } = answer;
  if (best === null) return;
  const { planSection } = await import('../../inspect/collect/plan/index.ts');
  const divided = dividePlan(source, request, best);
  const section = planSection({ request, answer, certificates, asked, divided, places: recorder.places });
  if (section !== null) recorder.sections.plan = section;
}
