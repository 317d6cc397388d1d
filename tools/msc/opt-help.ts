/** What `msc opt --help` says of the flags that opt reads itself (opt-options.ts). */
import type { Options } from 'yargs';
import { option } from './options.ts';

export const optHelp: Readonly<Record<string, Options>> = {
  'pass-pipeline': option.text("passes to run, e.g. 'canonicalize,cse'; --canonicalize --cse says the same"),
  'print-op-generic': option.flag("print MLIR's generic form"),
  'print-debuginfo': option.flag('print source locations'),
  'allow-unregistered-dialect': option.flag('take operations that are not known'),
  'split-input-file': option.flag('treat the parts between lines // ----- one by one'),
  'verify-diagnostics': option.flag('compare diagnostics with the comments // expected-error'),
  'verify-roundtrip': option.flag('check that printing and parsing again changes nothing'),
  'verify-each': option.flag('verify the IR after each pass (on unless =false)'),
  'print-ir-before': option.text('dump the IR before these passes'),
  'print-ir-after': option.text('dump the IR after these passes'),
  'print-ir-before-all': option.flag('dump the IR before each pass'),
  'print-ir-after-all': option.flag('dump the IR after each pass'),
  'print-ir-after-change': option.flag('dump only what a pass changed'),
  'print-ir-after-failure': option.flag('dump the IR after a pass that failed'),
  'print-ir-tree-dir': option.text('write dumps as files below this folder'),
  timing: option.flag('tell how long each pass took'),
  'pass-statistics': option.flag('tell what each pass counted'),
  'pass-remarks': option.text('tell each use of a rule, in passes that match this expression (all without one)'),
  'pass-remarks-missed': option.text('tell which rules nearly applied and why they did not; an expression as above'),
  'pass-remarks-analysis': option.text('tell what passes found out; an expression as above'),
  remarks: option.flag('all three kinds of remarks of all passes'),
};
