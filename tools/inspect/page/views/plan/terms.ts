/** What plans are made of, and with which colours it is shown. */
import type { PlanFigures, PlanSection } from '../../../report/index.ts';
import type { ColourName } from '../../shell/theme.ts';

/** Colours of the terms of a step by name; terms that are not listed are grey. */
const termColours: Readonly<Record<string, ColourName>> = {
  matrix: 'series-1',
  attention: 'series-5',
  vector: 'series-3',
  recompute: 'series-6',
  'exposed tensor, context and expert collectives': 'series-2',
  'stage transfers': 'series-4',
  'gradient and weight collectives': 'series-7',
  weights: 'series-1',
  gradients: 'series-2',
  'optimizer state': 'series-5',
  activations: 'series-3',
  'working space': 'series-6',
};

export const termColour = (term: string): ColourName => termColours[term] ?? 'series-8';

/** Terms in which a device waits: drawn hatched. */
export const isWaiting = (term: string): boolean => term === 'bubble' || term === 'imbalance';

/** Names short enough for a legend. */
const shortNames: Readonly<Record<string, string>> = {
  'exposed tensor, context and expert collectives': 'exposed collectives',
  'gradient and weight collectives': 'gradient sync',
};

export const shortTerm = (term: string): string => shortNames[term] ?? term;

/** Parts of a bar: terms with their values, those of nothing left out. */
export const partsOf = (names: readonly string[], values: readonly number[]): readonly Part[] =>
  names.flatMap((name, at) => ((values[at] ?? 0) > 0 ? [{ name, value: values[at] ?? 0 }] : []));

export interface Part {
  readonly name: string;
  readonly value: number;
}

/** Axes of the mesh by colour. */
export const axisColours: Readonly<Record<string, ColourName>> = {
  pp: 'series-4',
  dp: 'series-1',
  cp: 'series-3',
  ep: 'series-5',
  mp: 'series-2',
};

/** Tokens of a step by second and device; null without a sequence. */
export function tokensPerSecond({ question }: PlanSection, { seconds }: PlanFigures): number | null {
  const { sequence, globalBatch, devices } = question;
  return sequence === null ? null : (globalBatch * sequence) / seconds / devices;
}
