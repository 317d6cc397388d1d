/** The graph view. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const graphView: View = {
  name: 'graph',
  title: 'Graph',
  isPresent: (report) => report.has('graph'),
  Component: GraphView,
};

function GraphView({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
