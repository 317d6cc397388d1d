/** Keys of the view, while it is open. */
import type { ListRow } from './model.ts';
import { chosenTab, showsUnchanged, stepChange } from './state.ts';

export interface KeyContext {
  readonly rows: readonly ListRow[];
  readonly chosen: number | null;
  readonly choose: (pass: number) => void;
  readonly focusSearch: () => void;
}

export const keyHelp = [
  { keys: 'j k', action: 'next and previous pass' },
  { keys: 'n p', action: 'next and previous change of the diff' },
  { keys: 'd r m i', action: 'diff, rewrites, remarks, IR' },
  { keys: 'f', action: 'search in passes, rules, remarks and IR' },
  { keys: 'u', action: 'show passes that changed nothing' },
] as const;

/** Does what a key asks for; false for any other key. */
export function pressed(key: string, { rows, chosen, choose, focusSearch }: KeyContext): boolean {
  const actions: Readonly<Record<string, () => void>> = {
    j: () => step(rows, chosen, 1, choose),
    k: () => step(rows, chosen, -1, choose),
    n: () => stepChange(true),
    p: () => stepChange(false),
    d: () => (chosenTab.value = 'diff'),
    r: () => (chosenTab.value = 'rewrites'),
    m: () => (chosenTab.value = 'remarks'),
    i: () => (chosenTab.value = 'ir'),
    f: focusSearch,
    u: () => (showsUnchanged.value = !showsUnchanged.value),
  };
  const action = Object.hasOwn(actions, key) ? actions[key] : undefined;
  action?.();
  return action !== undefined;
}

function step(rows: readonly ListRow[], chosen: number | null, by: number, choose: (pass: number) => void): void {
  const passes = rows.flatMap((row) => (row.kind === 'pass' ? [row.number] : []));
  const at = chosen === null ? -1 : passes.indexOf(chosen);
  const target = passes[Math.max(0, Math.min(passes.length - 1, at + by))];
  if (target !== undefined) choose(target);
}
