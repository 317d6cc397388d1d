/** What a report can be written as, for other tools. Pure functions: the command line and the page share them. */
import type { Report, SectionName } from '../report/index.ts';

/** A file that an export makes. */
export interface ExportFile {
  /** Name without folder, e.g. net.trace.json. */
  readonly name: string;
  readonly text: string;
}

export interface ExportKind {
  /** As `--export` names it. */
  readonly name: string;
  /** For the menu of the page. */
  readonly title: string;
  readonly mediaType: string;
  /** Sections that it reads; without any of them there is nothing to write. */
  readonly needs: readonly SectionName[];
  /** Sections that it writes too when the report has them. */
  readonly uses: readonly SectionName[];
  /** The files; `base` is the name of the network's file without its ending. */
  readonly make: (report: Report, base: string) => readonly ExportFile[];
}
