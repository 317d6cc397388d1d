/** From a graph to a plan. */
export * from './describe.ts';
export * from './request.ts';
export * from './search.ts';
export * from './layouts.ts';
export { divisions, expertCount, serverSize, tensorSizes } from './space.ts';
export { fitProblems, requestProblems } from './check.ts';
export { bindingText, certificateText, choiceText, explainPlan, planSummary, proofText } from './explain.ts';
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
export { blockTimesOf, memoryOf } from './evaluate.ts';
export { communicationOf, type CommunicationAxis, type PlannedCommunication } from './communication.ts';
export { tensorLayouts, type TensorLayout } from './tensors.ts';
export { annotatePlan } from './annotate.ts';
export { statusText } from '../search/index.ts';
