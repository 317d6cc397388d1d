/** The pipeline section of a report. */
export interface PipelineSection {
  readonly kind: 'pipeline';
}
