/** Plans written into networks, and what the partitioned network then needs. */
export { applyPlan, placeOf } from './annotate.ts';
export {
  appliedPlan,
  appliedText,
  AXES,
  deviceCountOf,
  FIXED_FOR_RUNS,
  type AppliedPlan,
  type Axis,
  type ParameterPlace,
} from './applied-plan.ts';
export { collectivesOf, type PlannedCollective } from './collectives.ts';
export { explainDivided, type Divided } from './explain.ts';
export { forwardOf, isDerivative } from './forward.ts';
