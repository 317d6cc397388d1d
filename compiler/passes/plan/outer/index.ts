/** From a graph to a plan. */
export * from './describe.ts';
export * from './request.ts';
export * from './search.ts';
export * from './layouts.ts';
export { divisions, expertCount, serverSize, tensorSizes } from './space.ts';
export { fitProblems, requestProblems } from './check.ts';
export { certificateText, choiceText, explainPlan, planSummary } from './explain.ts';
export { bytesText } from './quantities.ts';
export {
  excessOf,
  losingPlan,
  losingPlans,
  losingText,
  type Difference,
  type Excess,
  type LosingPlan,
  type TermDifference,
} from './reasons.ts';
export { layerProblems, type LayerChoice, type LayerProblem } from './layer-plans.ts';
export { certifyLayers, type LayerCertificate } from './certify.ts';
export { memoryOf } from './evaluate.ts';
export { annotatePlan } from './annotate.ts';
