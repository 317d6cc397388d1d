/** A report that tells how its network differs from that of another report. */
import { withComparison } from './graph-compare.ts';
import { NOWHERE, type Place } from './place.ts';
import type { Report, ReportHead } from './report.ts';

/**
 * The report with what differs from the other one, which was before; `label` is what the user calls that one. Lines of removed
 * ops come along: their files stand beside those of the report.
 */
export function comparedReport(report: Report, other: Report, label: string): Report {
  const [graph, was] = [report.sections.graph, other.sections.graph];
  if (graph === undefined || was === undefined) return report;
  const joined = new JoinedPlaces(report.head, other.head, label);
  const compared = withComparison(graph, was, { label, placeOf: (place) => joined.placeOf(place) });
  const { places, sources } = joined;
  return { head: { ...report.head, places, sources }, sections: { ...report.sections, graph: compared } };
}

/** Places and sources of a report, and those of the other one that are asked for. */
class JoinedPlaces {
  readonly places: Place[];
  readonly sources: { name: string; text: string }[];
  readonly #other: ReportHead;
  readonly #label: string;
  readonly #placeOf = new Map<number, number>([[NOWHERE, NOWHERE]]);
  readonly #fileOf = new Map<number, number>([[-1, -1]]);

  constructor(head: ReportHead, other: ReportHead, label: string) {
    this.places = [...head.places];
    this.sources = [...head.sources];
    this.#other = other;
    this.#label = label;
  }

  /** The number in the report of a place of the other one. */
  placeOf(number: number): number {
    const known = this.#placeOf.get(number);
    if (known !== undefined) return known;
    const place = this.#other.places[number];
    if (place === undefined) return NOWHERE;
    const positions = place.positions.map((position) => ({ ...position, file: this.#file(position.file) }));
    this.#placeOf.set(number, this.places.length);
    return this.places.push({ ...place, positions }) - 1;
  }

  /** Equal files are one; a file of the same name with another text says which report it is of. */
  #file(number: number): number {
    const known = this.#fileOf.get(number);
    if (known !== undefined) return known;
    const source = this.#other.sources[number];
    if (source === undefined) return -1;
    const { name, text } = source;
    const same = this.sources.findIndex((own) => own.name === name && own.text === text);
    const isTaken = this.sources.some((own) => own.name === name);
    const file = same >= 0 ? same : this.sources.push({ name: isTaken ? `${name} (${this.#label})` : name, text }) - 1;
    this.#fileOf.set(number, file);
    return file;
  }
}
