/** What `msc plan` found out, for `--report`. */
import type { Module } from '../../../compiler/ir/index.ts';
import {
  bytesText,
  choiceText,
  type LayerCertificate,
  type PlanAnswer,
  type PlanRequest,
} from '../../../compiler/passes/plan/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { formatSeconds } from '../../inspect/report/format.ts';
import { dividePlan } from './divide.ts';

export interface RecordedPlan {
  /** As it was traced: with derivatives, when it trains. */
  readonly source: Module;
  readonly request: PlanRequest;
  readonly answer: PlanAnswer;
  readonly certificates: readonly LayerCertificate[] | null;
}

/** Gives a plan to the recorder; the report tells nothing of a search that found none. */
export async function recordPlan(
  recorder: Recorder,
  { source, request, answer, certificates }: RecordedPlan,
): Promise<void> {
  const { best } = answer;
  if (best === null) return;
  const { planSection } = await import('../../inspect/collect/plan/index.ts');
  const divided = dividePlan(source, request, best);
  const section = planSection({ request, answer, certificates, divided, places: recorder.places });
  if (section === null) return;
  recorder.sections.plan = section;
  const { time, bytes, configuration } = best;
  recorder.fact({ name: 'plan', value: choiceText(configuration), view: 'plan' });
  recorder.fact({ name: 'step', value: formatSeconds(time.seconds), view: 'plan' });
  recorder.fact({
    name: 'memory of a device',
    value: `${bytesText(bytes)} of ${bytesText(request.memoryBytes)}`,
    view: 'plan',
  });
}
