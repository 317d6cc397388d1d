/** The plan section of a report. */
export interface PlanSection {
  readonly kind: 'plan';
}
