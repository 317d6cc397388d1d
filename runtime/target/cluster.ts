/** What a program and a plan need to know of many devices: the device itself, and the networks between devices as nested levels. */
import type { Chip } from './chip.ts';

/** How the units of a level meet: `mesh` = a link of its own between any two, `switch` = one port per device. */
export type Topology = 'mesh' | 'switch';

/**
 * One level of the interconnect. Rates are bytes per second and direction: of one link (`mesh`), or of the port of one
 * device (`switch`). `efficiency` is the share of the rate that transfers reach.
 */
export interface NetworkLevel {
  readonly name: string;
  readonly topology: Topology;
  readonly bytesPerSecond: number;
  readonly efficiency: number;
  /** α of the HCCL formulas: seconds that one step costs however small it is. */
  readonly latencySeconds: number;
  /** Units of the level below that one unit of this level joins. */
  readonly size: number;
}

/** The figures of a device that cost models use. */
export interface Device {
  readonly name: string;
  /** The chip that programs are compiled for; null for devices that are only planned for. */
  readonly chip: Chip | null;
  /** Dense matrix operations per second (2 per multiply-add) with 16-bit and with 32-bit operands. */
  readonly flopsPerSecond: Readonly<Record<'f16' | 'f32', number>>;
  readonly memoryBytes: number;
  readonly memoryBytesPerSecond: number;
  /** γ of the HCCL formulas: seconds that adding one received byte takes. */
  readonly reduceSecondsPerByte: number;
}

/** Devices 0 … n-1; consecutive ranks share the innermost level first. */
export interface Cluster {
  /** As the command line spells it, for example `910b1:2x8`. */
  readonly name: string;
  readonly device: Device;
  /** Innermost first; the product of the sizes is the number of devices. */
  readonly levels: readonly NetworkLevel[];
  /** Where each figure comes from, by the name of the figure. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** The number of devices of a cluster. */
export const deviceCount = (cluster: Cluster): number =>
  cluster.levels.reduce((product, level) => product * level.size, 1);
