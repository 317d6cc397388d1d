/** What the kernels view shows: kept while other views are open, and partly in the address. */
import { signal } from '@preact/signals';
import { hashParameter } from '../../shell/route.ts';
import type { EventAt } from './timeline/scene.ts';
import type { Viewport } from './viewport.ts';

/** Number of the chosen launch. */
export const chosenLaunch = hashParameter('launch', '');
export const openTab = hashParameter('kernel', 'timeline');
/** Part of the program's time that the strip of launches shows, in microseconds; null for all. */
export const programView = signal<Viewport | null>(null);
/** Part of the launch's time that its lanes show, in ticks; null for all. */
export const lanesView = signal<Viewport | null>(null);
/** The range of the launch that was marked. */
export const range = signal<Viewport | null>(null);
export const chosenEvent = signal<EventAt | null>(null);
/** The chosen instruction of the kernel's stream; -1 for none. */
export const chosenInstruction = signal(-1);
export const areFlagsShown = signal(true);

/** Another launch: nothing of the one before stays chosen. */
export function chooseLaunch(number: number): void {
  if (chosenLaunch.value === String(number)) return;
  chosenLaunch.value = String(number);
  lanesView.value = null;
  range.value = null;
  chosenEvent.value = null;
  chosenInstruction.value = -1;
}
