/** The ranks section of a report. */
export interface RankSection {
  readonly kind: 'ranks';
}
