/** Places as words of a table. */
import type { ReportHead } from '../report/index.ts';

/** The user's main line of a place, e.g. `net.py:44`; empty for nowhere. */
export function lineOf({ places, sources }: ReportHead, place: number): string {
  const [position] = places[place]?.positions ?? [];
  const source = position === undefined ? undefined : sources[position.file];
  return position === undefined || source === undefined ? '' : `${source.name}:${position.line}`;
}

/** The path of the Cell of a place; empty for the network itself. */
export const cellOf = ({ places }: ReportHead, place: number): string => places[place]?.cell ?? '';
