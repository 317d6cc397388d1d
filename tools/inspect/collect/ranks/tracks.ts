/** Timelines of ranks as columns; ranks that do the same at the same times share them. */
import { streams, type Slice } from '../../../../runtime/host/index.ts';
import { NOWHERE, type RankSection, type RankTrack } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';

/** Nanoseconds, rounded to hundredths. */
export const nanoseconds = (seconds: number): number => Math.round(seconds * 1e11) / 100;

export const placeOf = ({ step }: Pick<Slice, 'step'>, locations: readonly string[], places: PlaceTable): number => {
  const text = step.location === undefined ? undefined : locations[step.location];
  return text === undefined ? NOWHERE : places.numberOfText(text);
};

export class Tracks {
  readonly tracks: RankTrack[] = [];
  readonly labels: RankSection['labels'][number][] = [];
  readonly #places: PlaceTable;
  readonly #known = new Map<string, number>();
  readonly #labels = new Map<string, number>();

  constructor(places: PlaceTable) {
    this.#places = places;
  }

  /** The number of the track of these slices. */
  of(slices: readonly Slice[], locations: readonly string[]): number {
    const track: RankTrack = {
      stream: slices.map(({ stream }) => streams.indexOf(stream)),
      start: slices.map(({ start }) => nanoseconds(start)),
      duration: slices.map(({ start, end }) => nanoseconds(end - start)),
      waited: slices.map((slice) => nanoseconds(waitOf(slice))),
      label: slices.map((slice) => this.#label(slice)),
      place: slices.map((slice) => placeOf(slice, locations, this.#places)),
      bytes: slices.map(({ bytes }) => bytes),
    };
    const key = JSON.stringify(track);
    const known = this.#known.get(key) ?? this.tracks.push(track) - 1;
    this.#known.set(key, known);
    return known;
  }

  #label({ step, name }: Slice): number {
    const label =
      step.kind === 'launch'
        ? { name, detail: '' }
        : { name: step.kind === 'collective' ? step.operation : step.kind, detail: name };
    const key = `${label.name} ${label.detail}`;
    const known = this.#labels.get(key) ?? this.labels.push(label) - 1;
    this.#labels.set(key, known);
    return known;
  }
}

/** Seconds that a rank was ready and waited for others. */
export const waitOf = ({ ready, start }: Slice): number => start - ready;
