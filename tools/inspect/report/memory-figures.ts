/** What follows from the memory section: curves, peaks, holes. Computed where it is shown, so that the report says each fact once. */
import type {
  DeviceMemory,
  KernelMemory,
  MemoryBuffer,
  MemorySection,
  MemoryStep,
  MemoryTenant,
  OnChipBuffer,
  OnChipSpace,
} from './memory.ts';
import { onChipSpaces } from './memory.ts';

/** Bytes of GM at each step. */
export interface MemoryCurve {
  /** Reserved by live buffers, those that are kept for good included. */
  readonly live: Float64Array;
  /** Up to the end of the last live buffer; what lies below it and is not live is fragmentation. */
  readonly extent: Float64Array;
}

export interface DeviceFigures {
  readonly gmBytes: number;
  /** Of buffers that are kept for good. */
  readonly keptBytes: number;
  readonly arenaBytes: number;
  /** The most bytes that are live at once, and the first step at which they are. */
  readonly peakBytes: number;
  readonly peakStep: number;
  /** Sum of the sizes of all buffers in the arena. */
  readonly arenaDemand: number;
  /** How often the arena is used: demand / arena; 1 for an empty one. */
  readonly reuse: number;
  /** Bytes of GM that no buffer uses when most is live. */
  readonly fragmentationBytes: number;
}

/** Whether the place is taken at a step. */
export const isLiveAt = ({ live }: Pick<MemoryBuffer, 'live'>, step: number): boolean =>
  live === null || (live[0] <= step && step <= live[1]);

export function memoryCurve({ steps, buffers, gmBytes, arenaBytes }: DeviceMemory): MemoryCurve {
  const live = new Float64Array(steps.length);
  const extent = new Float64Array(steps.length).fill(gmBytes - arenaBytes);
  let kept = 0;
  for (const buffer of buffers) {
    if (buffer.live === null) {
      kept += buffer.reservedBytes;
      continue;
    }
    const [first, last] = buffer.live;
    const end = buffer.address + buffer.reservedBytes;
    live[first] += buffer.reservedBytes;
    if (last + 1 < live.length) live[last + 1] -= buffer.reservedBytes;
    for (let step = first; step <= last; step++) extent[step] = Math.max(extent[step], end);
  }
  let now = kept;
  for (let step = 0; step < live.length; step++) {
    now += live[step];
    live[step] = now;
  }
  return { live, extent };
}

export function deviceFigures(device: DeviceMemory, { live } = memoryCurve(device)): DeviceFigures {
  const { gmBytes, arenaBytes, buffers } = device;
  let peakStep = 0;
  for (let step = 1; step < live.length; step++) if (live[step] > live[peakStep]) peakStep = step;
  const arenaDemand = buffers.reduce((sum, buffer) => sum + (buffer.live === null ? 0 : buffer.reservedBytes), 0);
  return {
    ...{ gmBytes, arenaBytes, peakStep, arenaDemand },
    keptBytes: gmBytes - arenaBytes,
    peakBytes: live[peakStep],
    reuse: arenaBytes === 0 ? 1 : arenaDemand / arenaBytes,
    fragmentationBytes: gmBytes - live[peakStep],
  };
}

/** What is live at a step, largest first. */
export const liveBuffers = ({ buffers }: DeviceMemory, step: number): readonly MemoryBuffer[] =>
  buffers
    .filter((buffer) => isLiveAt(buffer, step))
    .toSorted((one, other) => other.reservedBytes - one.reservedBytes || one.address - other.address);

/** A range of addresses. */
export interface Hole {
  readonly address: number;
  readonly bytes: number;
}

/** Free ranges below the end of the last buffer that is live at a step. */
export function holesAt(device: DeviceMemory, step: number): readonly Hole[] {
  const holes: Hole[] = [];
  let end = 0;
  const live = device.buffers.filter((buffer) => isLiveAt(buffer, step));
  for (const { address, reservedBytes } of live.toSorted((one, other) => one.address - other.address)) {
    if (address > end) holes.push({ address: end, bytes: address - end });
    end = Math.max(end, address + reservedBytes);
  }
  return holes;
}

/** Buffers whose place overlaps that of another one, at other times. */
export function neighbours<Buffer extends { readonly address: number; readonly reservedBytes: number }>(
  buffers: readonly Buffer[],
  of: Buffer,
): readonly Buffer[] {
  const end = of.address + of.reservedBytes;
  return buffers.filter(
    (buffer) => buffer !== of && buffer.address < end && of.address < buffer.address + buffer.reservedBytes,
  );
}

/** Use of one on-chip memory by a kernel. */
export interface SpaceUse {
  readonly space: OnChipSpace;
  readonly buffers: readonly OnChipBuffer[];
  readonly peakBytes: number;
  readonly capacityBytes: number;
}

/** The memories that a kernel uses. */
export const spaceUses = ({ buffers }: KernelMemory, { capacities }: MemorySection): readonly SpaceUse[] =>
  onChipSpaces.flatMap((space) => {
    const own = buffers.filter((buffer) => buffer.space === space);
    if (own.length === 0) return [];
    const peakBytes = Math.max(...own.map(({ address, bytes, copies }) => address + bytes * copies));
    return [{ space, buffers: own, peakBytes, capacityBytes: capacities[space] }];
  });

/** Ranks as people write them: `0-7, 9`. */
export const ranksText = (ranks: DeviceMemory['ranks']): string =>
  ranks.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');

export const rankCount = (ranks: DeviceMemory['ranks']): number =>
  ranks.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** What a step does, e.g. `matmul_f16_0` or `return`. */
export const stepTitle = ({ kind, name }: MemoryStep): string =>
  name === '' ? kind : kind === 'launch' ? name : `${kind} ${name}`;

/** A buffer's name, or the kernel that makes it, or what it is for. */
export function bufferTitle({ name, kind, writes }: MemoryTenant, { steps }: DeviceMemory): string {
  const [first] = writes;
  return name !== '' ? name : first === undefined ? kind : `by ${stepTitle(steps[first])}`;
}
