/** The graph section of a report. */
export interface GraphSection {
  readonly kind: 'graph';
}
