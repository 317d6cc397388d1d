/** What a user sets in the editor (`msc.*`), as a typed value. */

export interface Settings {
  /** Python expression that gives the network, for files that say none themselves. */
  readonly entry: string | null;
  /** Inputs such as `x=1x3x224x224:f32`. */
  readonly inputs: readonly string[];
  /** Further folders in which packages are looked for. */
  readonly path: readonly string[];
  /** Further folders that Python code may read. */
  readonly allowRead: readonly string[];
  readonly target: string;
  /** How far Python files are checked: not at all beyond their syntax, up to the graph, or up to a program. */
  readonly check: 'syntax' | 'trace' | 'program';
  /** Seconds after which a check is ended. */
  readonly timeLimit: number;
  /** Budget of Python steps. */
  readonly maxSteps: number;
  /** Types of tensors at the ends of lines. */
  readonly inlayHints: boolean;
  /** Whether operations without a definition are carried unchecked in IR text. */
  readonly allowUnregistered: boolean;
}

export const defaultSettings: Settings = {
  entry: null,
  inputs: [],
  path: [],
  allowRead: [],
  target: 'ascend910b1',
  check: 'program',
  timeLimit: 30,
  maxSteps: 50_000_000,
  inlayHints: true,
  allowUnregistered: false,
};

/** Reads what the editor sent; what has the wrong type keeps its default. `given` may be the section or hold it as `msc`. */
export function readSettings(given: unknown): Settings {
  const outer = recordOf(given);
  const values = 'msc' in outer ? recordOf(outer['msc']) : outer;
  const { check } = values;
  return {
    entry: textOf(values['entry']) || null,
    inputs: textsOf(values['inputs']),
    path: textsOf(values['path']),
    allowRead: textsOf(values['allowRead']),
    target: textOf(values['target']) || defaultSettings.target,
    check: check === 'syntax' || check === 'trace' ? check : 'program',
    timeLimit: positiveOf(values['timeLimit'], defaultSettings.timeLimit),
    maxSteps: positiveOf(values['maxSteps'], defaultSettings.maxSteps),
    inlayHints: values['inlayHints'] !== false,
    allowUnregistered: values['allowUnregistered'] === true,
  };
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  // Any object can be read by names.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

const positiveOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : otherwise;
