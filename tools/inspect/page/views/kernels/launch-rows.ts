/** Launches as rows of tables and pictures, and which of them pass the filters. */
import type { KernelSection, LaunchFacts } from '../../../report/index.ts';
import { isShown } from '../../shell/state.ts';

export interface LaunchRow extends LaunchFacts {
  readonly number: number;
  readonly name: string;
  /** Of the program's time. */
  readonly share: number;
}

export function launchRows({ launches, kernels, microseconds }: KernelSection): readonly LaunchRow[] {
  return launches.map((launch, number) => ({
    ...launch,
    number,
    name: kernels[launch.kernel]?.name ?? '',
    share: microseconds === 0 ? 0 : launch.microseconds / microseconds,
  }));
}

/** Whether a launch comes from what is selected: its own place, or one that has a part of its time. */
export const isLaunchShown = ({ place, seconds }: LaunchFacts): boolean =>
  isShown(place) || seconds.some((part) => isShown(part.place));

/** Whether a launch's kernel or bound has the words that were typed. */
export function matches(row: LaunchRow, query: string): boolean {
  const text = `${row.name} ${row.bound}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
