/**
 * Equal kernels of a program are one kernel, whose instructions name the ops for which it was written first. A launch of it for other
 * ops stands for theirs: the place of a group names its members in order, so that the n-th of one is the n-th of the other.
 */
import { type Location, locationText, parseLocationText } from '../../../../compiler/ir/index.ts';
import type { PlaceTable } from '../places.ts';

/** Texts of locations as the program file holds them. */
export interface LaunchOrigin {
  /** Of the kernel as it was written. */
  readonly written: string;
  /** Of the launch. */
  readonly launched: string;
}

/** The places in a launch of what the kernel says comes from a location; what comes from the whole group belongs to all members. */
export function placesInLaunch(
  { written, launched }: LaunchOrigin,
  places: PlaceTable,
): (text: string) => readonly number[] {
  const [own, others] = [membersOf(parseLocationText(launched)), membersOf(parseLocationText(written))];
  const members = own.map((member) => places.number(member));
  const known = new Map<string, readonly number[]>();
  if (members.length === others.length)
    for (const [index, member] of others.entries()) known.set(locationText(member), [members[index]]);
  return (text) => known.get(text) ?? members;
}

const membersOf = (location: Location): readonly Location[] =>
  location?.kind === 'fused' ? location.locations : [location];
