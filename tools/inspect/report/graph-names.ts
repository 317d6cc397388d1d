/** Names of groups and nodes that differ from all others, for files that tell them apart by name. */
import { type GraphTree, groupOf, labelOf } from './graph-tree.ts';

/**
 * The path of each group as names from the network down, none for the network itself: groups beside each other that have one name
 * are numbered. `separator` is what the file's format takes as a border between names; names are freed of it.
 */
export function uniquePaths(tree: GraphTree, separator: string): readonly (readonly string[])[] {
  const paths: string[][] = tree.groups.map(() => []);
  const visit = (group: number): void => {
    const taken = new Map<string, number>();
    for (const child of groupOf(tree, tree.nodeCount + group)?.children ?? []) {
      if (child < tree.nodeCount) continue;
      const label = labelOf(tree, child).replaceAll(separator, '·') || 'group';
      const count = (taken.get(label) ?? 0) + 1;
      taken.set(label, count);
      paths[child - tree.nodeCount] = [...(paths[group] ?? []), count === 1 ? label : `${label} #${count}`];
      visit(child - tree.nodeCount);
    }
  };
  visit(0);
  return paths;
}
