/** What a section is a collection of, with the place of each item: for the counts on tabs, and for what came from a line. */
import type { SectionName, Sections } from './report.ts';

/** Items of a section that are worth counting. */
export interface SectionItems<Name extends SectionName> {
  /** In the plural, e.g. `launches`. */
  readonly noun: string;
  /** The place of each item. */
  readonly places: (section: Sections[Name]) => readonly number[];
}

/** Sections that are not listed have nothing to count. */
export const sectionItems: { readonly [Name in SectionName]?: SectionItems<Name> } = {
  graph: {
    noun: 'operations',
    places: ({ graphs }) => {
      const nodes = graphs[0]?.nodes;
      return nodes?.place.filter((_, node) => nodes.kind[node] === 0) ?? []; // ops are the first kind
    },
  },
  kernels: { noun: 'launches', places: ({ launches }) => launches.map(({ place }) => place) },
  memory: {
    noun: 'buffers',
    places: ({ devices }) => devices.flatMap(({ buffers }) => buffers.map(({ place }) => place)),
  },
  pipeline: {
    noun: 'rewrites',
    places: ({ passes }) =>
      passes.flatMap(({ rewrites }) =>
        rewrites.place.flatMap((place, row) => repeated(place, rewrites.count[row] ?? 1)),
      ),
  },
  ranks: { noun: 'meetings', places: ({ meetings }) => meetings.flatMap(({ place, count }) => repeated(place, count)) },
  plan: { noun: 'collectives', places: ({ collectives }) => collectives.map(({ place }) => place) },
};

const repeated = (place: number, count: number): readonly number[] => new Array<number>(count).fill(place);

/** The places of a section's items, or null when there is nothing to count. */
export function itemPlaces<Name extends SectionName>(name: Name, section: Sections[Name]): readonly number[] | null {
  return sectionItems[name]?.places(section) ?? null;
}
