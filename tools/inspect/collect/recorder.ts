/** Watches a command and makes its report: hooks for the compiler, then one call for each thing that was found out. */
import type { Diagnostic } from '../../../compiler/ir/index.ts';
import type { Program } from '../../../runtime/program/index.ts';
import type { Compilation, CompileRequest } from '../../msc/compile.ts';
import { version } from '../../msc/version.ts';
import { REPORT_SCHEMA, type Report, type Sections, type Subject } from '../report/index.ts';
import { PlaceTable, type SourceReader } from './places.ts';

/** What a recorder gives to compileSource. */
export type CompileHooks = Required<Pick<CompileRequest, 'visit' | 'instrumentation'>>;

export class Recorder {
  readonly places: PlaceTable;
  readonly sections: Partial<{ -readonly [Name in keyof Sections]: Sections[Name] }> = {};
  readonly #subject: Subject;

  constructor(subject: Subject, read: SourceReader) {
    this.#subject = subject;
    this.places = new PlaceTable(read);
  }

  hooks(): CompileHooks {
    return { visit: () => undefined, instrumentation: [] };
  }

  /** After compileSource, with or without errors. */
  compiled(compilation: Compilation): void {
    this.sections.pipeline = { kind: 'pipeline' };
    if (compilation.program !== null) this.program(compilation.program);
  }

  /** Kernels and memory of a program; `decisions` are those of its control flow in a run. */
  program(program: Program, decisions: readonly boolean[] | null = null): void {
    void program;
    void decisions;
    this.sections.kernels = { kind: 'kernels' };
  }

  report(diagnostics: readonly Diagnostic[]): Report {
    void diagnostics;
    const { places, sources } = this.places;
    return {
      head: { schema: REPORT_SCHEMA, version, subject: this.#subject, facts: [], diagnostics: [], sources, places },
      sections: this.sections,
    };
  }
}
