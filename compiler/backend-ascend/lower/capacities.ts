/** What of a chip's on-chip memories a program may use. */
import type { Chip } from '../../../runtime/target/index.ts';
import { reservedBytes } from '../../../runtime/target/index.ts';
import type { Capacities } from '../schedule/memory.ts';

export function onChipCapacities({ buffers }: Chip): Capacities {
  const entries = Object.entries(buffers) as [keyof Capacities, number][]; // Buffers names the same memories
  return Object.fromEntries(
    entries.map(([space, bytes]) => [space, bytes - (reservedBytes[space] ?? 0)]),
  ) as Capacities;
}
