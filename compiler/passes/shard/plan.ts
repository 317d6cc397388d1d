/** What all ranks' builders share: the mesh, the assignment of every operation, and how arguments and results lie. */
import type { Operation, Value } from '../../ir/index.ts';
import type { OpSharding } from './assignment.ts';
import { shardingOf } from './assignment.ts';
import type { PipelineSettings } from './annotations.ts';
import { cutAxes, layoutOf, layoutText } from './layout.ts';
import type { Layout } from './layout.ts';
import type { Mesh } from './mesh.ts';
import type { Propagation } from './propagate.ts';
import type { Resharding, ReshardOptions, StepCost } from './reshard.ts';
import { reshard } from './reshard.ts';

/**
 * The axis of micro-batches: parts that one device computes one after another. It is an axis of the mesh like the
 * others, always the major one, so that whatever is true of data parallelism is true of gradient accumulation; only no
 * collective goes along it.
 */
export const MICRO = 'micro';

export class ShardPlan {
  /** Devices of one stage, and the axis of micro-batches before them where there are several. */
  readonly mesh: Mesh;
  readonly devices: Mesh;
  readonly main: Operation;
  readonly propagation: Propagation;
  readonly pipeline: PipelineSettings;
  private readonly options: PlanOptions;
  private readonly shardings = new Map<Operation, OpSharding>();
  private readonly reshardings = new Map<string, Resharding | null>();

  constructor(
    devices: Mesh,
    main: Operation,
    propagation: Propagation,
    pipeline: PipelineSettings,
    options: PlanOptions,
  ) {
    this.devices = devices;
    this.mesh = microMesh(devices, pipeline.microBatches);
    this.main = main;
    this.propagation = propagation;
    this.pipeline = pipeline;
    this.options = options;
  }

  get microBatches(): number {
    return this.pipeline.microBatches;
  }

  get stages(): number {
    return this.pipeline.stages;
  }

  shardingOf(op: Operation): OpSharding {
    let sharding = this.shardings.get(op);
    if (!sharding) {
      sharding = shardingOf(this.propagation.notationOf(op), this.propagation.assignmentOf(op));
      this.shardings.set(op, sharding);
    }
    return sharding;
  }

  /** Whether gathered forms of a value are not kept. */
  isTransient(value: Value): boolean {
    return this.options.transient.has(value);
  }

  /** Where a value rests: its home. */
  homeOf(value: Value): Layout {
    return layoutOf(this.propagation.homeOf(value));
  }

  /** Whether an operation is computed once for each micro-batch. */
  isMicro(op: Operation): boolean {
    const { operands, results } = this.shardingOf(op);
    return this.microBatches > 1 && [...operands, ...results].some(mentionsMicro);
  }

  /** The cheapest way between two layouts of a value, found once for all ranks. */
  reshard(value: Value, from: Layout, to: Layout, elementBytes: number): Resharding | null {
    if (value.type.kind !== 'tensor') return { steps: [], layouts: [], cost: 0 };
    const shape = value.type.shape.map(Number);
    const whole = this.options.gradientsWhole !== null && joinsOnly(from, this.options.gradientsWhole);
    const key = [layoutText(from), layoutText(to), shape.join(), elementBytes, whole].join(' ');
    const known = this.reshardings.get(key);
    if (known !== undefined) return known;
    const options: ReshardOptions = {
      frozen: FROZEN,
      ...(this.options.cost ? { cost: this.options.cost } : {}),
      ...(whole ? { without: NO_SCATTER } : {}),
    };
    const found = reshard(this.mesh, from, to, shape, elementBytes, options);
    this.reshardings.set(key, found);
    return found;
  }
}

export interface PlanOptions {
  /** What a collective costs; bytes moved when not given. */
  readonly cost?: StepCost;
  /** Parameters that are stored in parts and gathered again for each use (ZeRO 3). */
  readonly transient: ReadonlySet<Value>;
  /** Axes whose partial sums are joined everywhere before they are cut (ZeRO 1), or null. */
  readonly gradientsWhole: readonly string[] | null;
}

const NO_SCATTER: ReadonlySet<'reduce_scatter'> = new Set(['reduce_scatter']);
const FROZEN: ReadonlySet<string> = new Set([MICRO]);

const joinsOnly = (layout: Layout, axes: readonly string[]): boolean =>
  layout.partial.length > 0 && layout.partial.every((axis) => axes.includes(axis));

/** Whether a layout is of one micro-batch. */
export const mentionsMicro = (layout: Layout): boolean =>
  cutAxes(layout).includes(MICRO) || layout.partial.includes(MICRO);

/** A mesh with the axis of micro-batches in front. */
export const microMesh = (devices: Mesh, microBatches: number): Mesh =>
  microBatches === 1 ? devices : { axes: [MICRO, ...devices.axes], sizes: [microBatches, ...devices.sizes] };

/** The dimension of a layout that micro-batches cut, or -1. */
export const microDimension = (layout: Layout): number => layout.dimensions.findIndex((axes) => axes.includes(MICRO));

/** The layout of all micro-batches together, as far as the other axes go. */
export const withoutMicro = (layout: Layout): Layout =>
  layoutOf(
    layout.dimensions.map((axes) => axes.filter((axis) => axis !== MICRO)),
    layout.partial.filter((axis) => axis !== MICRO),
    layout.reduction,
  );
