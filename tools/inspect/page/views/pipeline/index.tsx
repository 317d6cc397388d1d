/** The pipeline view. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const pipelineView: View = {
  name: 'pipeline',
  title: 'Pipeline',
  isPresent: (report) => report.has('pipeline'),
  Component: PipelineView,
};

function PipelineView({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
