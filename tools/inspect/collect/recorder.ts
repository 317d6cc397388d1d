/** Watches a command and makes its report: hooks for the compiler, then one call for each thing that was found out. */
import type { Diagnostic, Module } from '../../../compiler/ir/index.ts';
import type { Program } from '../../../runtime/program/index.ts';
import type { Compilation, CompileRequest } from '../../msc/compile.ts';
import { version } from '../../msc/version.ts';
import { type Fact, REPORT_SCHEMA, type Report, reportFacts, type Sections, type Subject } from '../report/index.ts';
import { CostRecorder } from './costs/index.ts';
import { reportDiagnostics } from './diagnostics.ts';
import { GraphRecorder } from './graph/index.ts';
import { kernelSection } from './kernels/index.ts';
import { memorySection } from './memory/index.ts';
import { PipelineRecorder } from './pipeline/index.ts';
import { PlaceTable, type SourceReader } from './places.ts';

/** What a recorder gives to compileSource. */
export type CompileHooks = Required<Pick<CompileRequest, 'visit' | 'instrumentation'>>;

/** A program that was made or run. */
export interface RecordedProgram {
  readonly program: Program;
  /** The scheduled module from which it was made; null for a program file. */
  readonly module: Module | null;
  /** What control flow decided in a run, or null when it was not run. */
  readonly decisions: readonly boolean[] | null;
}

/** The stages of a pipeline differ; beyond these the time line of ranks tells more than graphs. */
const MOST_RANK_GRAPHS = 8;

export interface RecorderOptions {
  readonly subject: Subject;
  /** Texts of the user's files. */
  readonly read: SourceReader;
  /** Segments of pipes that the time line of each kernel holds at most. */
  readonly traceEvents?: number;
}

export class Recorder {
  readonly places: PlaceTable;
  readonly sections: { -readonly [Name in keyof Sections]?: Sections[Name] } = {};
  readonly #options: RecorderOptions;
  readonly #facts: Fact[] = [];
  readonly #costs: CostRecorder;
  readonly #graphs: GraphRecorder;
  readonly #pipeline: PipelineRecorder;
  #recorded: RecordedProgram | null = null;
  #ranks = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.places = new PlaceTable(options.read);
    this.#costs = new CostRecorder(this.places);
    this.#graphs = new GraphRecorder(this.places);
    this.#pipeline = new PipelineRecorder(this.places);
  }

  hooks(): CompileHooks {
    const visitors = [this.#costs, this.#graphs, this.#pipeline];
    return {
      visit: (stage, module) => visitors.forEach((each) => each.visit(stage, module)),
      instrumentation: [this.#pipeline.instrumentation],
    };
  }

  /** After compileSource, with or without errors. */
  compiled(compilation: Compilation): void {
    const { program, module } = compilation;
    this.sections.pipeline = this.#pipeline.finish(compilation);
    if (program !== null) this.program({ program, module, decisions: null });
  }

  /** What one rank of a divided network computes; the graphs of a few that differ are shown. */
  rank(rank: number, module: Module): void {
    if (this.#ranks++ < MOST_RANK_GRAPHS) this.#graphs.visit(`sharded, rank ${rank}`, module);
  }

  /** The program that kernels and memory are shown of; that of a run replaces that of its compilation. */
  program(recorded: RecordedProgram): void {
    this.#recorded = { ...recorded, module: recorded.module ?? this.#recorded?.module ?? null };
  }

  /** A figure for the summary that no section holds, such as an output of a run. */
  fact(fact: Fact): void {
    this.#facts.push(fact);
  }

  /** Everything that was recorded, with what is found out now: times and memory of the program. */
  report(diagnostics: readonly Diagnostic[]): Report {
    this.kernels();
    this.memory();
    this.graph();
    this.costs();
    const { places, sources } = this.places;
    return {
      head: {
        schema: REPORT_SCHEMA,
        version,
        subject: this.#options.subject,
        facts: [...reportFacts(this.sections), ...this.#facts],
        diagnostics: reportDiagnostics(diagnostics, this.places),
        sources,
        places,
      },
      sections: this.sections,
    };
  }

  private kernels(): void {
    if (this.#recorded === null) return;
    const { traceEvents } = this.#options;
    this.sections.kernels = kernelSection({
      ...this.#recorded,
      places: this.places,
      ...(traceEvents === undefined ? {} : { traceEvents }),
    });
  }

  /** After the kernels, whose times it divides among places. */
  private costs(): void {
    const section = this.#costs.finish(this.sections.kernels ?? null);
    if (section !== null) this.sections.costs = section;
  }

  private graph(): void {
    const section = this.#graphs.finish(this.#recorded?.program ?? null);
    if (section !== null) this.sections.graph = section;
  }

  private memory(): void {
    if (this.#recorded === null || this.sections.memory !== undefined) return;
    const { program, module } = this.#recorded;
    if (module !== null) this.sections.memory = memorySection([{ program, module }], this.places);
  }
}
