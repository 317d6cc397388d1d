/** The flags of `msc opt`, spelled as mlir-opt's (with or without the leading `mlir-`). */
import type { PassRegistry } from '../../compiler/passes/pass/index.ts';
import type { RemarkSelection } from './pass-remarks.ts';
import { isExpression, NO_REMARKS } from './pass-remarks.ts';

export interface OptOptions {
  /** In MLIR's pipeline syntax. */
  readonly pipeline: string;
  readonly generic: boolean;
  readonly locations: boolean;
  readonly allowUnregistered: boolean;
  readonly splitInput: boolean;
  readonly verifyDiagnostics: boolean;
  readonly verifyRoundtrip: boolean;
  /** Verify after each pass. */
  readonly verifyEach: boolean;
  readonly dumpBefore: ReadonlySet<string> | 'all';
  readonly dumpAfter: ReadonlySet<string> | 'all';
  readonly dumpAfterChange: boolean;
  readonly dumpAfterFailure: boolean;
  /** Folder for dumps as files, or null for stderr. */
  readonly dumpTree: string | null;
  readonly timing: boolean;
  readonly statistics: boolean;
  readonly remarks: RemarkSelection;
}

export const DEFAULT_OPT_OPTIONS: OptOptions = {
  pipeline: '',
  generic: false,
  locations: false,
  allowUnregistered: false,
  splitInput: false,
  verifyDiagnostics: false,
  verifyRoundtrip: false,
  verifyEach: true,
  dumpBefore: new Set(),
  dumpAfter: new Set(),
  dumpAfterChange: false,
  dumpAfterFailure: false,
  dumpTree: null,
  timing: false,
  statistics: false,
  remarks: NO_REMARKS,
};

/** Options and the files named, or what is wrong with the arguments. */
export type ParsedArguments =
  | { readonly ok: true; readonly options: OptOptions; readonly files: readonly string[] }
  | { readonly ok: false; readonly error: string };

type Setter = (value: string | null, options: OptOptions) => Partial<OptOptions>;

const isOn = (value: string | null): boolean => value !== 'false' && value !== '0';
const names = (value: string | null): ReadonlySet<string> =>
  new Set((value ?? '').split(',').filter((name) => name !== ''));

const ANY = /^/;
/** A regular expression over names of passes; none means all. */
const expression = (value: string | null): RegExp => (value === null ? ANY : new RegExp(value));

/** Flags by name, without dashes and without `mlir-`. */
const FLAGS: Readonly<Record<string, Setter>> = {
  'pass-pipeline': (value) => ({ pipeline: value ?? '' }),
  'print-op-generic': (value) => ({ generic: isOn(value) }),
  'print-debuginfo': (value) => ({ locations: isOn(value) }),
  'allow-unregistered-dialect': (value) => ({ allowUnregistered: isOn(value) }),
  'split-input-file': (value) => ({ splitInput: isOn(value) }),
  'verify-diagnostics': (value) => ({ verifyDiagnostics: isOn(value) }),
  'verify-roundtrip': (value) => ({ verifyRoundtrip: isOn(value) }),
  'verify-each': (value) => ({ verifyEach: isOn(value) }),
  'print-ir-before': (value) => ({ dumpBefore: names(value) }),
  'print-ir-after': (value) => ({ dumpAfter: names(value) }),
  'print-ir-before-all': (value) => (isOn(value) ? { dumpBefore: 'all' } : {}),
  'print-ir-after-all': (value) => (isOn(value) ? { dumpAfter: 'all' } : {}),
  'print-ir-after-change': (value) => ({ dumpAfterChange: isOn(value) }),
  'print-ir-after-failure': (value) => ({ dumpAfterFailure: isOn(value) }),
  'print-ir-tree-dir': (value) => ({ dumpTree: value }),
  timing: (value) => ({ timing: isOn(value) }),
  'pass-statistics': (value) => ({ statistics: isOn(value) }),
  remarks: (value) => ({ remarks: isOn(value) ? { passed: ANY, missed: ANY, analysis: ANY } : NO_REMARKS }),
  'pass-remarks': (value, { remarks }) => ({ remarks: { ...remarks, passed: expression(value) } }),
  'pass-remarks-missed': (value, { remarks }) => ({ remarks: { ...remarks, missed: expression(value) } }),
  'pass-remarks-analysis': (value, { remarks }) => ({ remarks: { ...remarks, analysis: expression(value) } }),
};

/** Names of all flags that are no passes. */
export const optFlags: readonly string[] = Object.keys(FLAGS);

const NEEDS_VALUE = new Set(['pass-pipeline', 'print-ir-before', 'print-ir-after', 'print-ir-tree-dir']);

/** Reads `msc opt` arguments. `--NAME` of a registered pass appends that pass, as in mlir-opt. */
export function parseOptArguments(args: readonly string[], registry: PassRegistry): ParsedArguments {
  const files: string[] = [];
  const named: string[] = [];
  let options = DEFAULT_OPT_OPTIONS;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index];
    const match = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(argument);
    if (!match) {
      files.push(argument);
      continue;
    }
    const name = match[1].replace(/^mlir-/, '');
    let value = match[2] ?? null;
    if (Object.hasOwn(FLAGS, name)) {
      if (value === null && NEEDS_VALUE.has(name)) value = args[++index] ?? null;
      if (value === null && NEEDS_VALUE.has(name)) return { ok: false, error: `--${name} needs a value` };
      if (value !== null && name.startsWith('pass-remarks') && !isExpression(value))
        return { ok: false, error: `--${name}: '${value}' is no regular expression` };
      options = { ...options, ...FLAGS[name](value, options) };
    } else if (registry.has(name)) {
      named.push(value === null ? name : `${name}{${value}}`);
    } else {
      return { ok: false, error: `unknown flag --${match[1]}` };
    }
  }
  if (named.length > 0 && options.pipeline !== '')
    return { ok: false, error: 'give --pass-pipeline or pass names, not both' };
  return { ok: true, files, options: named.length > 0 ? { ...options, pipeline: named.join(',') } : options };
}
