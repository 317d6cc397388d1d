/** What watches a pipeline; and dumps of the IR before and after passes, as text or as a tree of files. */
import type { Module, RuleTable, Value } from '../../ir/index.ts';
import { printModule } from '../../ir/index.ts';
import type { PrintOptions } from '../../ir/index.ts';
import type { Remark, RewriteEvent } from '../rewrite/index.ts';
import type { Pass } from './pass.ts';

/** A listener around passes and inside them. Rewrites and remarks are only made when some listener takes them. */
export interface Instrumentation {
  readonly before?: (pass: Pass, module: Module) => void;
  /** Milliseconds of the pass alone, without the verifier and without listeners. */
  readonly after?: (pass: Pass, module: Module, failed: boolean, milliseconds: number) => void;
  readonly rewritten?: (pass: Pass, event: RewriteEvent) => void;
  readonly remark?: (pass: Pass, remark: Remark) => void;
  readonly moved?: (pass: Pass, value: Value, copy: Value) => void;
  /** A part of a pass is done: the module now, and milliseconds since the pass or this part of it began. */
  readonly part?: (pass: Pass, part: string, module: Module, milliseconds: number) => void;
}

/** When to dump; the names are MLIR's flags without `--mlir-`. */
export interface DumpOptions {
  /** Passes before which to dump, or all of them. */
  readonly before: ReadonlySet<string> | 'all';
  readonly after: ReadonlySet<string> | 'all';
  /** Dumps after a pass only when it changed something. */
  readonly afterChange: boolean;
  /** Dumps after a pass that failed. */
  readonly afterFailure: boolean;
  readonly print: Partial<PrintOptions>;
}

/** Where a dump goes: its title and text, and the count of passes before it. */
export type DumpSink = (title: string, text: string, index: number, pass: string) => void;

/** Dumps the module around passes. */
export function dumpInstrumentation(definitions: RuleTable, options: DumpOptions, sink: DumpSink): Instrumentation {
  let index = 0;
  let previous = '';
  const text = (module: Module) => printModule(module, definitions, options.print);
  const wants = (names: ReadonlySet<string> | 'all', pass: Pass) => names === 'all' || names.has(pass.name);
  return {
    before: (pass, module) => {
      if (options.afterChange) previous = text(module);
      if (wants(options.before, pass)) sink(`IR Dump Before ${pass.name}`, text(module), index, pass.name);
    },
    after: (pass, module, failed) => {
      const after = wants(options.after, pass);
      const current = after || (failed && options.afterFailure) ? text(module) : '';
      const changed = !options.afterChange || current !== previous;
      if (failed && options.afterFailure) sink(`IR Dump After ${pass.name} Failed`, current, index, pass.name);
      else if (after && changed && !(options.afterFailure && !failed))
        sink(`IR Dump After ${pass.name}`, current, index, pass.name);
      index++;
    },
  };
}

/** MLIR's banner above a dump. */
export const dumpBanner = (title: string): string => `// -----// ${title} //----- //\n`;
