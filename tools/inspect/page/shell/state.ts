/**
 * What all views share: the report, the view that is open, and the selection. A selection is a set of places; every view shows
 * only what came from them. Views read signals and never each other.
 */
import { computed, signal } from '@preact/signals';
import type { Place } from '../../report/index.ts';
import type { LoadedReport } from './load.ts';

export type ViewName = 'source' | 'pipeline' | 'graph' | 'kernels' | 'memory' | 'plan' | 'ranks';

/** What the user looks at: a line of a file, or any set of places with a label. */
export type Selection =
  | { readonly kind: 'line'; readonly file: number; readonly line: number }
  | { readonly kind: 'places'; readonly places: readonly number[]; readonly label: string };

export const report = signal<LoadedReport | null>(null);
export const openView = signal<ViewName>('source');
export const selection = signal<Selection | null>(null);

/** The places that are shown; null when there is no filter. */
export const shownPlaces = computed<ReadonlySet<number> | null>(() => {
  const chosen = selection.value;
  if (chosen === null) return null;
  if (chosen.kind === 'places') return new Set(chosen.places);
  const places = report.value?.head.places ?? [];
  return new Set(places.flatMap((place, number) => (isAt(place, chosen.file, chosen.line) ? [number] : [])));
});

const isAt = ({ positions }: Place, file: number, line: number): boolean =>
  positions.some((position) => position.file === file && position.line === line);

/** Whether something at a place passes the filter. */
export const isShown = (place: number): boolean => shownPlaces.value?.has(place) ?? true;

/** The user's main line of a place as text, such as `net.py:44`; empty for nowhere. */
export function placeLabel(number: number): string {
  const head = report.value?.head;
  const position = head?.places[number]?.positions[0];
  const name = position === undefined ? undefined : head?.sources[position.file]?.name;
  return position === undefined || name === undefined ? '' : `${name.split('/').at(-1) ?? name}:${position.line}`;
}

/** Filters all views to the main line of a place. */
export function selectPlace(number: number): void {
  const position = report.value?.head.places[number]?.positions[0];
  if (position !== undefined) selection.value = { kind: 'line', file: position.file, line: position.line };
}
