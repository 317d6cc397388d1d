/** What a plan of one block is charged: rates of a device, seconds of collectives along mesh axes, bytes kept. */
import type { Cluster, CollectiveOperation } from '../../../../runtime/target/index.ts';
import { collectiveSecondsOfShape, groupShape } from '../../../../runtime/target/index.ts';
import type { Mesh, ReshardStep } from '../../shard/index.ts';
import { groupAlong } from '../../shard/index.ts';

export interface BlockCosts {
  /** Matrix operations per second of one device, 2 per multiply-add. */
  readonly flopsPerSecond: number;
  /** Bytes per second of its main memory. */
  readonly memoryBytesPerSecond: number;
  /** Seconds of one step of a resharding. */
  readonly stepSeconds: (step: ReshardStep) => number;
  /** Forward alone, or forward and backward: then gradients are resharded and activations are kept. */
  readonly training: boolean;
  /** Bytes that a device keeps for each byte of a parameter: 1 at inference, with gradient and optimizer state more. */
  readonly stateFactor: number;
  /** Bytes of one device for parameters and activations, or null. */
  readonly memoryLimit: number | null;
}

/** Costs on a cluster whose ranks are the mesh in row-major order. */
export function costsOn(
  cluster: Cluster,
  mesh: Mesh,
  options: Pick<BlockCosts, 'training' | 'stateFactor' | 'memoryLimit'> & { readonly precision?: 'f16' | 'f32' },
): BlockCosts {
  const { device } = cluster;
  const known = new Map<string, number>();
  const secondsOf = (operation: CollectiveOperation, bytes: number, axes: readonly string[]): number => {
    const key = `${operation} ${bytes} ${axes.join('+')}`;
    const found = known.get(key) ?? collectiveSecondsOfShape(operation, bytes, shapeOf(axes), cluster).seconds;
    known.set(key, found);
    return found;
  };
  const shapes = new Map<string, ReturnType<typeof groupShape>>();
  const shapeOf = (axes: readonly string[]): ReturnType<typeof groupShape> => {
    const key = axes.join('+');
    const shape = shapes.get(key) ?? groupShape(groupAlong(mesh, axes, 0), cluster);
    shapes.set(key, shape);
    return shape;
  };
  return {
    training: options.training,
    stateFactor: options.stateFactor,
    memoryLimit: options.memoryLimit,
    flopsPerSecond: device.flopsPerSecond[options.precision ?? 'f16'],
    memoryBytesPerSecond: device.memoryBytesPerSecond,
    stepSeconds: (step) => {
      if (step.kind === 'split') return 0;
      // The formulas count the whole buffer of a rank: of all_gather that is what comes out.
      const bytes = step.kind === 'all_gather' ? step.bytes * step.groupSize : step.bytes;
      return secondsOf(step.kind, bytes, step.axes);
    },
  };
}
