/** The kernels view. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const kernelView: View = {
  name: 'kernels',
  title: 'Kernels',
  isPresent: (report) => report.has('kernels'),
  Component: KernelView,
};

function KernelView({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
