/**
 * A report: what the compiler and the machine did, as plain data. The page, the terminal and `--json` show the same facts,
 * because they read nothing else. Everything that came from somewhere names its place by a number (see place.ts).
 */
import type { CostSection } from './costs.ts';
import type { GraphSection } from './graph.ts';
import type { KernelSection } from './kernels.ts';
import type { MemorySection } from './memory.ts';
import type { PipelineSection } from './pipeline.ts';
import type { Place } from './place.ts';
import type { PlanSection } from './plan.ts';
import type { RankSection } from './ranks.ts';

export const REPORT_SCHEMA = 1;

/** What a report is about. */
export interface Subject {
  readonly command: 'compile' | 'run' | 'plan' | 'inspect';
  /** The file as the user named it. */
  readonly file: string;
  readonly entry: string | null;
  /** Inputs as `--input` spells them. */
  readonly inputs: readonly string[];
  /** Chip name, e.g. ascend910b1. */
  readonly target: string;
  /** Cluster name, e.g. 910b1:1x8, or null for one device. */
  readonly cluster: string | null;
}

/** A file of the user's program, as it was read. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

/** A figure of the summary, e.g. { name: 'simulated time', value: '363.65 us' }. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  /** The view that shows where the figure comes from. */
  readonly view: SectionName | null;
}

/** A diagnostic of the compilation, for display. */
export interface ReportDiagnostic {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  readonly place: number;
}

/** What every view needs at once; the sections follow when they are looked at. */
export interface ReportHead {
  readonly schema: typeof REPORT_SCHEMA;
  /** Version of msc. */
  readonly version: string;
  readonly subject: Subject;
  readonly facts: readonly Fact[];
  readonly diagnostics: readonly ReportDiagnostic[];
  readonly sources: readonly SourceText[];
  /** Places by number; place 0 is nowhere. */
  readonly places: readonly Place[];
}

/** The parts of a report; each is absent when the command did not get to it. */
export interface Sections {
  readonly pipeline: PipelineSection;
  readonly costs: CostSection;
  readonly graph: GraphSection;
  readonly kernels: KernelSection;
  readonly memory: MemorySection;
  readonly plan: PlanSection;
  readonly ranks: RankSection;
}

export type SectionName = keyof Sections;

export const sectionNames = [
  'pipeline',
  'costs',
  'graph',
  'kernels',
  'memory',
  'plan',
  'ranks',
] as const satisfies readonly SectionName[];

export interface Report {
  readonly head: ReportHead;
  readonly sections: Partial<Sections>;
}
