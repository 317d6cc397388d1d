/** The memory view. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const memoryView: View = {
  name: 'memory',
  title: 'Memory',
  isPresent: (report) => report.has('memory'),
  Component: MemoryView,
};

function MemoryView({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
