/** A view of the page. Each stands in a folder of views/ and is listed in views/index.ts. */
import type { ComponentType } from 'preact';
import type { LoadedReport } from './load.ts';
import type { ViewName } from './state.ts';

/** Something that the search of the whole page (Ctrl-K) finds. */
export interface SearchItem {
  /** What is searched and shown, e.g. the name of an op. */
  readonly label: string;
  /** Shown beside it and searched too, e.g. its type or line. */
  readonly detail?: string;
  /** What it is, in a word, e.g. `op`, `kernel`, `pass`. */
  readonly kind: string;
  /** Shows it; the view is open by then. */
  readonly open: () => void;
}

/** A key of a view, for the overview of keys. */
export interface KeyHelp {
  readonly keys: string;
  readonly action: string;
}

export interface View {
  readonly name: ViewName;
  readonly title: string;
  /** Whether the report has what the view shows. */
  readonly isPresent: (report: LoadedReport) => boolean;
  readonly Component: ComponentType<{ readonly report: LoadedReport }>;
  /** What the search of the whole page finds here; asked for when the search first opens. */
  readonly items?: (report: LoadedReport) => Promise<readonly SearchItem[]>;
  readonly keys?: readonly KeyHelp[];
}
