/** From a graph to a plan. */
export * from './describe.ts';
export * from './request.ts';
export * from './search.ts';
export * from './layouts.ts';
export { divisions, expertCount, serverSize, tensorSizes } from './space.ts';
export { fitProblems, requestProblems } from './check.ts';
export { choiceText, explainPlan, bytesText, planSummary } from './explain.ts';
