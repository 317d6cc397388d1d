/** Colours of states and verdicts: one table for all pictures of this view. */
import type { Bound } from '../../../report/index.ts';
import type { ColourName } from '../../shell/theme.ts';

/** By state number: work, start-up, bank conflict, HBM share, L2 share, flag, barrier, issue, full queue, cross-core, idle. */
export const stateColours: readonly ColourName[] = [
  'series-1',
  'series-3',
  'series-7',
  'series-2',
  'series-6',
  'series-7',
  'series-4',
  'series-8',
  'series-5',
  'series-2',
  'line',
];

export const boundColours: Readonly<Record<Bound, ColourName>> = {
  cube: 'series-1',
  vector: 'series-3',
  memory: 'series-2',
  'on-chip': 'series-5',
  scalar: 'series-8',
  latency: 'series-7',
  launch: 'series-6',
};

export const boundNotes: Readonly<Record<Bound, string>> = {
  cube: 'the cube unit works most of the time',
  vector: 'the vector unit works most of the time',
  memory: 'transfers to or from global memory take most of the time',
  'on-chip': 'copies between on-chip memories take most of the time',
  scalar: 'issuing instructions takes most of the time',
  latency: 'no pipe works half of the time: they wait for each other',
  launch: 'so short that starting the kernel costs ten times as much on hardware',
};

/** States in which a pipe waits, after work and its slow-downs. */
export const isWaiting = (state: number): boolean => state >= 5;
