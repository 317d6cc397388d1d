/** Unknown names of the library: which one the user may have meant. */
import { diagnose, type Diagnostic } from '../../ir/index.ts';
import { PyClass, PyModule, type Interpreter } from '../eval/index.ts';
import { traceDiagnostics } from '../trace/diagnostics.ts';

/** How many letters must be inserted, removed, replaced or swapped with their neighbour. */
export function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const steps = [previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (same ? 0 : 1)];
      current.push(Math.min(...steps, ...(swapped ? [before[column - 2] + 1] : [])));
    }
    [before, previous] = [previous, current];
  }
  return previous[to.length];
}

/** The name closest to `wanted`, or null when none is close. */
export function closestName(wanted: string, names: Iterable<string>): string | null {
  let best: { readonly name: string; readonly distance: number } | null = null;
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  for (const name of names) {
    if (name.startsWith('_') || Math.abs(name.length - wanted.length) > limit) continue;
    const lower = name.toLowerCase() === wanted.toLowerCase() ? 0.5 : editDistance(wanted, name);
    if (lower <= limit && (best === null || lower < best.distance)) best = { name, distance: lower };
  }
  return best?.name ?? null;
}

const MESSAGES: readonly RegExp[] = [
  /^AttributeError: module '(?<owner>(?:mindspore|numpy)[\w.]*)' has no attribute '(?<name>\w+)'/,
  /^ImportError: cannot import name '(?<name>\w+)' from '(?<owner>(?:mindspore|numpy)[\w.]*)'/,
  /^AttributeError: '(?<owner>Tensor|Parameter|ndarray)' object has no attribute '(?<name>\w+)'/,
];

/** Where the names of a star import come from. */
const TABLES: Readonly<Record<string, string>> = {
  'mindspore.ops': '_msc.ops',
  'mindspore.numpy': '_msc.mnp',
  'mindspore.mint': '_msc.mint',
};

/** How the prelude says that a name is there and its meaning is not. */
const ABSENT = /^NotImplementedError: (?<what>.*) is not supported by this version of msc/;

function namesOf(py: Interpreter, owner: string, tensorClass: PyClass | null): readonly string[] {
  const found = /^(mindspore|numpy|_msc)/.test(owner) ? py.modules.map.get(owner) : tensorClass;
  const table = TABLES[owner];
  const more = table === undefined ? [] : namesOf(py, table, tensorClass);
  const strings = (keys: Iterable<unknown>) => [...keys].filter((key): key is string => typeof key === 'string');
  if (found instanceof PyModule) {
    found.complete?.();
    return [...strings(found.attributes.map.keys()), ...more];
  }
  return found instanceof PyClass ? found.mro.flatMap((cls) => strings(cls.namespace.map.keys())) : [];
}

/** A failed look-up in the library as a diagnostic of its own, with a suggestion; what msc lacks as unsupported; others stay. */
export function withSuggestion(py: Interpreter, tensorClass: PyClass | null, diagnostic: Diagnostic): Diagnostic {
  const { related, notes } = diagnostic;
  const lacking = ABSENT.exec(diagnostic.message)?.groups?.what;
  if (lacking !== undefined)
    return diagnose(traceDiagnostics.unsupportedUse, diagnostic.span, [lacking], { related, notes });
  for (const pattern of MESSAGES) {
    const groups = pattern.exec(diagnostic.message)?.groups;
    if (!groups) continue;
    const meant = closestName(groups.name, namesOf(py, groups.owner, tensorClass));
    const more = { related, notes, ...(meant === null ? {} : { help: `did you mean '${meant}'?` }) };
    return diagnose(traceDiagnostics.unknownName, diagnostic.span, [groups.owner, groups.name], more);
  }
  return diagnostic;
}
