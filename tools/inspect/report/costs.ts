/** The costs section of a report. */
export interface CostSection {
  readonly kind: 'costs';
}
