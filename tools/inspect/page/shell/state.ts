/**
 * What all views share: the report, the view that is open, and the selection. A selection is a set of places; every view shows
 * only what came from them. Views read signals and never each other.
 */
import { computed, signal } from '@preact/signals';
import type { Place, SectionName } from '../../report/index.ts';
import type { LoadedReport } from './load.ts';

export type ViewName = 'overview' | 'source' | Exclude<SectionName, 'costs'>;

/** What the user looks at: a line of a file, a Cell with the Cells in it, or any set of places with a label. */
export type Selection =
  | { readonly kind: 'line'; readonly file: number; readonly line: number }
  | { readonly kind: 'cell'; readonly path: string }
  | { readonly kind: 'places'; readonly places: readonly number[]; readonly label: string };

export const report = signal<LoadedReport | null>(null);
export const openView = signal<ViewName>('overview');
export const selection = signal<Selection | null>(null);

/** The places that are shown; null when there is no filter. */
export const shownPlaces = computed<ReadonlySet<number> | null>(() => {
  const chosen = selection.value;
  if (chosen === null) return null;
  if (chosen.kind === 'places') return new Set(chosen.places);
  const isChosen =
    chosen.kind === 'line'
      ? (place: Place) => isAt(place, chosen.file, chosen.line)
      : (place: Place) => isInCell(place, chosen.path);
  const places = report.value?.head.places ?? [];
  return new Set(places.flatMap((place, number) => (isChosen(place) ? [number] : [])));
});

const isAt = ({ positions }: Place, file: number, line: number): boolean =>
  positions.some((position) => position.file === file && position.line === line);

const isInCell = ({ cell }: Place, path: string): boolean => cell === path || cell.startsWith(`${path}.`);

/** Whether something at a place passes the filter. */
export const isShown = (place: number): boolean => shownPlaces.value?.has(place) ?? true;

/** The user's main line of a place as text, such as `net.py:44`; empty for nowhere. */
export function placeLabel(number: number): string {
  const position = report.value?.head.places[number]?.positions[0];
  return position === undefined ? '' : lineLabel(position.file, position.line);
}

/** A line as text, such as `net.py:44`; empty for a file that is not in the report. */
export function lineLabel(file: number, line: number): string {
  const name = report.value?.head.sources[file]?.name;
  return name === undefined ? '' : `${name.split('/').at(-1) ?? name}:${line}`;
}

/** What the filter is called. */
export const selectionLabel = computed<string>(() => {
  const chosen = selection.value;
  if (chosen === null) return '';
  return chosen.kind === 'line'
    ? lineLabel(chosen.file, chosen.line)
    : chosen.kind === 'cell'
      ? chosen.path
      : chosen.label;
});

/** Filters all views to a line. */
export function selectLine(file: number, line: number): void {
  selection.value = { kind: 'line', file, line };
}

/** Filters all views to the main line of a place. */
export function selectPlace(number: number): void {
  const position = report.value?.head.places[number]?.positions[0];
  if (position !== undefined) selectLine(position.file, position.line);
}

/** Filters all views to a Cell and what is in it; the empty path is the whole network: no filter. */
export function selectCell(path: string): void {
  selection.value = path === '' ? null : { kind: 'cell', path };
}

/** Filters all views to some places, e.g. those of one kernel. */
export function selectPlaces(places: readonly number[], label: string): void {
  selection.value = { kind: 'places', places, label };
}

export function clearSelection(): void {
  selection.value = null;
}
