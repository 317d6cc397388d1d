/** The overview: figures of the report, each leading to its view, and what the compiler had to say. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const overviewView: View = {
  name: 'overview',
  title: 'Overview',
  isPresent: () => true,
  Component: Overview,
};

function Overview({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
