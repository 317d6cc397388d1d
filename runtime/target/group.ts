/** How the ranks of a group lie over the levels of a cluster. */
import type { Cluster } from './cluster.ts';

/** Members per level, innermost first: 4 ranks of each of 2 servers are [4, 2]. */
export interface GroupShape {
  readonly ranks: readonly number[];
}

/**
 * The shape of a group of global ranks. A group that takes unlike numbers of ranks from its servers is treated as one flat group
 * on the outermost level that it spans: an upper bound, HCCL's algorithm for such groups (AHC) does better.
 */
export function groupShape(group: readonly number[], cluster: Cluster): GroupShape {
  const ranks: number[] = [];
  let units: readonly number[] = [...new Set(group)];
  let regular = true;
  for (const level of cluster.levels) {
    const members = new Map<number, number>();
    for (const unit of units) {
      const parent = Math.floor(unit / level.size);
      members.set(parent, (members.get(parent) ?? 0) + 1);
    }
    const counts = new Set(members.values());
    regular &&= counts.size === 1;
    ranks.push([...counts][0] ?? 1);
    units = [...members.keys()];
  }
  return regular ? { ranks } : flatShape(group, cluster);
}

/** All members on the outermost level that separates any two of them. */
function flatShape(group: readonly number[], cluster: Cluster): GroupShape {
  const ranks = cluster.levels.map(() => 1);
  let units: readonly number[] = [...new Set(group)];
  let outermost = 0;
  for (const [index, level] of cluster.levels.entries()) {
    if (units.length > 1) outermost = index;
    units = [...new Set(units.map((unit) => Math.floor(unit / level.size)))];
  }
  ranks[outermost] = new Set(group).size;
  return { ranks };
}

/**
 * The shape of a group of `size` ranks that lie `stride` apart, beginning at a multiple of size · stride: what meshes of
 * parallel axes make. Sizes that do not divide the levels are flat on the outer one, as in `groupShape`.
 */
export function stridedShape(size: number, stride: number, cluster: Cluster): GroupShape {
  const ranks: number[] = [];
  let left = size;
  let apart = stride;
  for (const level of cluster.levels) {
    const here = Math.min(left, Math.max(1, Math.floor(level.size / apart)));
    if (left % here !== 0 || (apart < level.size && level.size % apart !== 0)) return irregular(size, stride, cluster);
    ranks.push(here);
    left /= here;
    apart = Math.max(1, apart / level.size);
  }
  return left === 1 ? { ranks } : irregular(size, stride, cluster);
}

const irregular = (size: number, stride: number, cluster: Cluster): GroupShape =>
  groupShape(
    Array.from({ length: size }, (_, index) => index * stride),
    cluster,
  );
