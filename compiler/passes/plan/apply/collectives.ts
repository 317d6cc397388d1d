/** What a partitioned module communicates: every collective and message of its ranks, with its cost and the user's line. */
import type { Location, Operation, Value } from '../../../ir/index.ts';
import { dtypeBytes, elementCount, integerOf, integersOf, locationText, walk } from '../../../ir/index.ts';
import type { Cluster, CollectiveOperation } from '../../../../runtime/target/index.ts';
import { collectiveSeconds } from '../../../../runtime/target/index.ts';
import type { Partition } from '../../shard/index.ts';

/** One kind of communication at one place of the source. */
export interface PlannedCollective {
  readonly operation: CollectiveOperation;
  /** Its slice on a rank, `f32[8, 16]`. */
  readonly tensor: string;
  /** Of the whole buffer of a rank, as the HCCL formulas count. */
  readonly bytes: number;
  readonly group: readonly number[];
  readonly seconds: number;
  readonly algorithm: string;
  readonly place: string;
  readonly location: Location;
  /** How many times all ranks together do it. */
  readonly count: number;
}

const OPERATIONS: Readonly<Record<string, CollectiveOperation>> = {
  'dist.all_reduce': 'all_reduce',
  'dist.all_gather': 'all_gather',
  'dist.reduce_scatter': 'reduce_scatter',
  'dist.all_to_all': 'all_to_all',
  'dist.broadcast': 'broadcast',
  'dist.send': 'send',
};

/**
 * The communication of a partition, in the order of the ranks. Equal collectives of one place are one row; of groups that do the
 * same the first is named. A receive belongs to its send.
 */
export function collectivesOf({ ranks }: Pick<Partition, 'ranks'>, cluster: Cluster): readonly PlannedCollective[] {
  const rows = new Map<string, PlannedCollective>();
  for (const [rank, module] of ranks.entries())
    walk(module.body, (op) => {
      const operation = OPERATIONS[op.name];
      if (operation === undefined) return;
      const group =
        operation === 'send' ? [rank, integerOf(op.attributes, 'peer')] : integersOf(op.attributes, 'group');
      // A collective is counted where its first member does it.
      if (group[0] !== rank || group.length < 2) return;
      const row = rowOf(op, operation, group, cluster);
      const key = `${operation} ${row.tensor} ${group.length} ${row.place} ${row.algorithm}`;
      const known = rows.get(key);
      rows.set(key, { ...(known ?? row), count: (known?.count ?? 0) + 1 });
    });
  return [...rows.values()];
}

function rowOf(
  op: Operation,
  operation: CollectiveOperation,
  group: readonly number[],
  cluster: Cluster,
): Omit<PlannedCollective, 'count'> & { readonly count: number } {
  const [x] = op.operands;
  // The formulas count what is whole on a rank: of all_gather that is what comes out.
  const bytes = bytesOf(operation === 'all_gather' ? op.results[0] : x);
  const { seconds, algorithm } = collectiveSeconds(operation, bytes, group, cluster);
  return {
    operation,
    tensor: tensorText(x),
    bytes,
    group,
    seconds,
    algorithm,
    place: placeText(op),
    location: op.location,
    count: 0,
  };
}

const bytesOf = ({ type }: Value): number =>
  type.kind === 'tensor' ? elementCount(type.shape.map(Number)) * dtypeBytes(type.dtype) : 0;

const tensorText = ({ type }: Value): string =>
  type.kind === 'tensor' ? `${type.dtype}[${type.shape.join(', ')}]` : type.key;

/** The line of the user's file: the innermost frame that is not of the library. */
function placeText({ location }: Operation): string {
  const frame = framesOf(location).find((text) => !text.startsWith('"prelude/'));
  return frame ?? locationText(location);
}

/** Positions of a chain of calls, innermost first, without the names of Cells around them. */
function framesOf(location: Location): readonly string[] {
  if (location?.kind === 'callsite') return [...framesOf(location.callee), ...framesOf(location.caller)];
  if (location?.kind === 'name') return framesOf(location.child);
  return location === null ? [] : [locationText(location)];
}
