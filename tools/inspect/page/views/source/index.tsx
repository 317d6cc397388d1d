/** The source view. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const sourceView: View = {
  name: 'source',
  title: 'Source',
  isPresent: (report) => report.has('costs'),
  Component: SourceView,
};

function SourceView({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
