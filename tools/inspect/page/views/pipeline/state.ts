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

/** Places of the IR of which one is to be shown; asked for again, the next one is. */
export interface Jump {
  readonly places: readonly number[];
  /** Text on the line that is looked for first, such as the name of the operation. */
  readonly word: string;
  readonly count: number;
}

export const jump = signal<Jump | null>(null);

/** Shows one of some places in the diff, the next one each time. */
export function jumpTo(places: readonly number[], word: string): void {
  const known = jump.value;
  const isAgain = known?.word === word && known.places.join() === places.join();
  chosenTab.value = 'diff';
  jump.value = { places, word, count: isAgain ? known.count + 1 : 0 };
}

/** +1 or -1 for the next or the previous change of the diff, counted. */
export const change = signal({ forward: true, count: 0 });

export function stepChange(forward: boolean): void {
  chosenTab.value = 'diff';
  change.value = { forward, count: change.value.count + 1 };
}

export const tabOf = (text: string): Tab =>
  text === 'rewrites' || text === 'remarks' || text === 'ir' ? text : 'diff';
