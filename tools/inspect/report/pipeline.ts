/**
 * The pipeline section: what each pass did to the module. Words, lines and functions are stored once and named by number, since
 * passes change little of a module.
 */

/** How large a module is. */
export interface IrSize {
  readonly operations: number;
  /** Bytes of the results of all operations: tensors, and once kernels are made buffers in global memory. */
  readonly bytes: number;
}

/** Uses of rules in one pass, as columns; equal uses at one place are one row. */
export interface Rewrites {
  /** Into `rules`. */
  readonly rule: readonly number[];
  /** Name of the operation that the rule was used on, into `words`. */
  readonly op: readonly number[];
  /** What stands for it now, into `words`. */
  readonly became: readonly number[];
  readonly place: readonly number[];
  readonly count: readonly number[];
}

export type RemarkKind = 'passed' | 'missed' | 'analysis';

/** A decision of a pass with its reason. */
export interface RemarkRow {
  readonly kind: RemarkKind;
  /** Into `rules`. */
  readonly rule: number;
  /** Name of the operation, into `words`; the empty word for a whole module. */
  readonly op: number;
  /** Into `words`. */
  readonly reason: number;
  readonly place: number;
  readonly count: number;
}

/** A pass, a part of one, or a phase that is no pass: the frontend, the choice of instructions. */
export interface PassRow {
  readonly name: string;
  /** The stage to which its phase leads: source, graph, fused, tile, scheduled, program. */
  readonly phase: string;
  /** The row of the pass that this is a part of. */
  readonly partOf: number | null;
  readonly milliseconds: number;
  readonly before: IrSize | null;
  readonly after: IrSize | null;
  /** Snapshots around it; the same one where it changed nothing, null where there is none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly rewrites: Rewrites;
  readonly remarks: readonly RemarkRow[];
}

/** A rule of the compiler and where its name stands in the compiler's sources; line 0 where that is not known. */
export interface RuleRow {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** A function as text. */
export interface FunctionText {
  /** Its symbol, or empty for what stands outside of functions. */
  readonly name: string;
  /** Lines as runs: first line and how many, alternating, into `lines`; null where the text was left out. */
  readonly runs: readonly number[] | null;
  readonly lineCount: number;
}

/** Lines of IR with the place of the operation that begins on each. */
export interface LineTable {
  readonly texts: readonly string[];
  readonly places: readonly number[];
}

export interface PipelineSection {
  readonly kind: 'pipeline';
  /** In the order in which they ran; parts follow their pass. */
  readonly passes: readonly PassRow[];
  readonly rules: readonly RuleRow[];
  readonly words: readonly string[];
  readonly lines: LineTable;
  readonly functions: readonly FunctionText[];
  /** The module at a time: its functions in order, into `functions`. */
  readonly snapshots: readonly (readonly number[])[];
  /** What was left out of the report, and how to get it. */
  readonly omitted: readonly string[];
}

/** Names of the lines of a function, in order. */
export function linesOf({ runs }: FunctionText): readonly number[] {
  const lines: number[] = [];
  for (let at = 0; at < (runs?.length ?? 0); at += 2)
    for (let index = 0; index < (runs?.[at + 1] ?? 0); index++) lines.push((runs?.[at] ?? 0) + index);
  return lines;
}

/** Rows of a pass with its parts. */
export const withParts = ({ passes }: PipelineSection, pass: number): readonly PassRow[] =>
  passes.filter((row, number) => number === pass || row.partOf === pass);

/** How often rules were used. */
export const rewriteCount = ({ rewrites }: PassRow): number => rewrites.count.reduce((sum, count) => sum + count, 0);

/** Whether the module differs after a pass. */
export const isChanged = ({ from, to }: PassRow): boolean => from !== to;
