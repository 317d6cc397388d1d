/** A view of the page. Each stands in a folder of views/ and is listed in views/index.ts. */
import type { ComponentType } from 'preact';
import type { LoadedReport } from './load.ts';
import type { ViewName } from './state.ts';

export interface View {
  readonly name: ViewName;
  readonly title: string;
  /** Whether the report has what the view shows. */
  readonly isPresent: (report: LoadedReport) => boolean;
  readonly Component: ComponentType<{ readonly report: LoadedReport }>;
}
