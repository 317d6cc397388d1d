/** The extra figure of a box: its cost, what changed in it, how much of it passes the filter. */
import { type CostKind, groupOf } from '../../../report/index.ts';
import { formatAmount, formatBytes, formatSeconds } from '../../shell/components/index.ts';
import { selection, selectionLabel } from '../../shell/state.ts';
import type { Filter } from './filter.ts';
import { changesOf, changesText } from './look.ts';
import type { Colouring, Picture } from './store.ts';

export type Note = (item: number) => string;

export const costTitles: Readonly<Record<CostKind, string>> = { seconds: 'Time', bytes: 'Bytes', flops: 'Flops' };

const formats: Readonly<Record<CostKind, (value: number) => string>> = {
  seconds: formatSeconds,
  bytes: formatBytes,
  flops: formatAmount,
};

export const costText = (kind: CostKind, value: number): string => formats[kind](value);

export function noteOf(picture: Picture, colouring: Colouring, filter: Filter): Note {
  const known = new Map<number, string>();
  const make: Note = (item) => {
    const parts: string[] = [];
    if (colouring !== 'kind') parts.push(costText(colouring, picture.total[colouring]?.(item) ?? 0));
    if (picture.difference !== null) parts.push(changesText(changesOf(picture, item)));
    if (selection.peek() !== null && groupOf(picture.model.tree, item) !== null && filter.count(item) > 0)
      parts.push(`${filter.count(item)} from ${selectionLabel.peek()}`);
    return parts.filter((part) => part !== '').join(' · ');
  };
  return (item) => {
    const text = known.get(item) ?? make(item);
    known.set(item, text);
    return text;
  };
}
