/** The ranks view. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const rankView: View = {
  name: 'ranks',
  title: 'Ranks',
  isPresent: (report) => report.has('ranks'),
  Component: RankView,
};

function RankView({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
