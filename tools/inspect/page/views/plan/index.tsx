/** The plan view. */
import type { LoadedReport } from '../../shell/load.ts';
import type { View } from '../../shell/view.ts';

export const planView: View = {
  name: 'plan',
  title: 'Plan',
  isPresent: (report) => report.has('plan'),
  Component: PlanView,
};

function PlanView({ report }: { readonly report: LoadedReport }) {
  return <p>{report.head.subject.file}</p>;
}
