/** A plan carried out by the partitioner: layouts of the arguments, and what its ranks communicate. */
import { collectivesOf, type Divided } from '../../../../compiler/passes/plan/index.ts';
import { dtypeBytes, elementCount } from '../../../../compiler/ir/index.ts';
import { axesSize } from '../../../../compiler/passes/shard/index.ts';
import type { Cluster, CollectiveOperation } from '../../../../runtime/target/index.ts';
import { NOWHERE, type CarriedPlan, type CollectiveRow, type TensorRow } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';
import { layoutWords } from './tensors.ts';

export const carriedPlan = (
  divided: Divided,
  cluster: Cluster,
  isParameter: (name: string) => boolean,
  places: PlaceTable,
): CarriedPlan => ({
  tensors: argumentRows(divided, isParameter),
  collectives: insertedRows(divided, cluster, places),
  memory: divided.bytes,
});

/** Arguments of `@main` as they lie on the devices that hold them. */
export function argumentRows(
  { partition, names }: Pick<Divided, 'partition' | 'names'>,
  isParameter: (name: string) => boolean,
): readonly TensorRow[] {
  return partition.arguments.flatMap(({ type, layout, devices }, at): readonly TensorRow[] => {
    if (type.kind !== 'tensor') return [];
    // A rank holds its part of every micro-batch, so the axis of micro-batches divides nothing.
    const cuts = layout.dimensions.map((axes) => axes.filter((axis) => devices.axes.includes(axis)));
    const parts = cuts.reduce((product, axes) => product * axesSize(devices, axes), 1);
    const bytes = (elementCount(type.shape.map(Number)) * dtypeBytes(type.dtype)) / parts;
    return [
      {
        ...{ name: names[at] ?? '', type: type.key, count: 1, bytes, block: -1, place: NOWHERE },
        kind: isParameter(names[at] ?? '') ? 'parameter' : 'input',
        layout: layoutWords(layout.dimensions),
      },
    ];
  });
}

/** Communication that the partitioner put in, counted over all ranks. */
const insertedRows = (
  { partition }: Pick<Divided, 'partition'>,
  cluster: Cluster,
  places: PlaceTable,
): readonly CollectiveRow[] =>
  collectivesOf(partition, cluster).map((row) => ({
    operation: row.operation,
    axis: '',
    devices: row.group.length,
    bytes: row.bytes,
    algorithm: row.algorithm,
    seconds: row.seconds,
    count: row.count,
    exposed: 1,
    stepSeconds: 0,
    sweep: '',
    term: '',
    reason: `${communicationReasons[row.operation]}: ${row.tensor}, e.g. ranks ${row.group.slice(0, 16).join(' ')}`,
    block: -1,
    place: places.number(row.location),
  }));

/** Why ranks communicate, by operation. */
export const communicationReasons: Readonly<Record<CollectiveOperation, string>> = {
  all_reduce: 'each rank has a part of a sum',
  all_gather: 'ranks have parts of what is needed whole',
  reduce_scatter: 'each rank has a part of a sum, and keeps a part of the result',
  all_to_all: 'another dimension is cut',
  broadcast: 'one rank has what all need',
  send: 'the next stage needs it',
};
