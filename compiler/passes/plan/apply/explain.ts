/** What a plan makes of a small network, in words: layouts, memory of ranks, and each collective that is inserted. */
import type { Cluster } from '../../../../runtime/target/index.ts';
import type { Partition } from '../../shard/index.ts';
import { layoutText } from '../../shard/index.ts';
import { bytesText } from '../outer/index.ts';
import { collectivesOf } from './collectives.ts';

/** Names of the arguments of `@main`, and bytes that each rank's program needs. */
export interface Divided {
  readonly partition: Partition;
  readonly names: readonly string[];
  readonly bytes: readonly number[];
}

export function explainDivided({ partition, names, bytes }: Divided, cluster: Cluster): string {
  const layouts = partition.arguments.flatMap(({ type, layout, positions }, at) => {
    const owners = positions.flatMap((position, rank) => (position < 0 ? [] : [rank]));
    const where = owners.length === positions.length ? '' : `, ranks ${owners.join(' ')}`;
    return type.kind === 'tensor' && type.shape.length > 0
      ? [`  ${names[at]} ${type.key}: ${layoutText(layout)}${where}`]
      : [];
  });
  const rows = collectivesOf(partition, cluster).map(
    ({ operation, tensor, bytes: moved, group, seconds, algorithm, place, count }) =>
      `  ${count} x ${operation} ${tensor} (${bytesText(moved)}) among ${group.length}, e.g. ranks ${group.join(' ')}: ${(seconds * 1e6).toFixed(2)} us, ${algorithm}, at ${place}`,
  );
  const most = Math.max(0, ...bytes);
  return [
    'layouts',
    ...layouts,
    '',
    `memory of the partitioned network: at most ${bytesText(most)} (rank ${bytes.indexOf(most)})`,
    '',
    rows.length === 0 ? 'collectives: none' : 'collectives',
    ...rows,
    '',
  ].join('\n');
}
