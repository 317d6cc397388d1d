/** What the view remembers: the pass, the tab, the function and what is searched. */
import { signal } from '@preact/signals';
import { hashParameter } from '../../shell/route.ts';

export type Tab = 'diff' | 'rewrites' | 'remarks' | 'ir';

/** Number of the chosen pass; empty for the first that changed something. */
export const chosenPass = hashParameter('pass', '');
export const chosenTab = hashParameter('passTab', 'diff');
export const chosenFunction = hashParameter('function', '');
export const showsUnchanged = signal(false);
export const query = signal('');
/** The rule that the rewrites and remarks are narrowed to, or null. */
export const chosenRule = signal<number | null>(null);

/** A place of the IR to show, counted so that the same one can be asked for again. */
export interface Jump {
  readonly place: number;
  /** Text on the line that is looked for first, such as the name of the operation. */
  readonly word: string;
  readonly count: number;
}

export const jump = signal<Jump | null>(null);

/** Shows a place in the diff. */
export function jumpTo(place: number, word: string): void {
  chosenTab.value = 'diff';
  jump.value = { place, word, count: (jump.value?.count ?? 0) + 1 };
}

/** +1 or -1 for the next or the previous change of the diff, counted. */
export const change = signal({ forward: true, count: 0 });

export function stepChange(forward: boolean): void {
  chosenTab.value = 'diff';
  change.value = { forward, count: change.value.count + 1 };
}

export const tabOf = (text: string): Tab =>
  text === 'rewrites' || text === 'remarks' || text === 'ir' ? text : 'diff';
