/** The clusters as data: device figures by chip name, the networks of the server generations, and how a name becomes a cluster. */
import { chipByName } from './chips.ts';
import type { Cluster, Device, NetworkLevel } from './cluster.ts';

const G = 1e9;

/** A server generation: its networks below and above the server. Sizes of the inner levels are fixed, of the outermost free. */
interface Family {
  readonly chip: string;
  /** Levels in a server, innermost first; the last of them may be used in part. */
  readonly inside: readonly NetworkLevel[];
  readonly between: NetworkLevel;
  readonly provenance: Readonly<Record<string, string>>;
}

/** HCCS of an Atlas A2 server. */
const hccsMesh: NetworkLevel = {
  name: 'hccs',
  topology: 'mesh',
  bytesPerSecond: 28 * G,
  efficiency: 0.74,
  latencySeconds: 15e-6,
  size: 8,
};

const roce: NetworkLevel = {
  name: 'roce',
  topology: 'switch',
  bytesPerSecond: 25 * G,
  efficiency: 0.97,
  latencySeconds: 20e-6,
  size: 1,
};

const provenanceA2 = {
  'hccs.bytesPerSecond': 'A2 server: 8 NPUs, full mesh, 7 links per NPU, 28 GB/s one way (shmem hardware notes)',
  'hccs.efficiency':
    'fit of the published AllReduce of 8 cards (Ascend C, MatmulAllReduce case: 13.585 us per MB above 8 MB) after the reduction term: 20.8 GB/s; profiler traces show 15 to 21 GB/s',
  'hccs.latencySeconds':
    'same case: 14.8 us (0 MB) to 61.5 us (extrapolated from large) for the 2 steps; 15 us a step lies between',
  'roce.bytesPerSecond': '200 Gb/s per NPU (shmem hardware notes)',
  'roce.efficiency': '24.3 of 25 GB/s in profiler traces (MindStudio Insight sample data)',
  'roce.latencySeconds': 'assumed; Calculon uses 20 us for InfiniBand',
  'device.reduceSecondsPerByte': 'local copies of 330 to 765 GB/s in profiler traces: 550 GB/s',
  'device.memoryBytesPerSecond': '1.6 to 1.8 TB/s (Ascend C); 1.8 is used as in the chip table',
};

const a2 = (chip: string): Family => ({ chip, inside: [hccsMesh], between: roce, provenance: provenanceA2 });

/** A3: two dies in a package, 16 dies of a server behind a switch. The unit of a plan is the die. */
const a3: Family = {
  chip: 'ascend910c',
  inside: [
    { name: 'die', topology: 'mesh', bytesPerSecond: 270 * G, efficiency: 0.74, latencySeconds: 15e-6, size: 2 },
    { name: 'hccs', topology: 'switch', bytesPerSecond: 196 * G, efficiency: 0.74, latencySeconds: 15e-6, size: 8 },
  ],
  between: roce,
  provenance: {
    ...provenanceA2,
    'die.bytesPerSecond': 'die to die in one package 270 GB/s (public pages)',
    'hccs.bytesPerSecond': 'to other packages 196 GB/s through a switch (public pages)',
    'hccs.efficiency': 'assumed equal to A2',
    'die.efficiency': 'assumed equal to A2',
  },
};

const families: Readonly<Record<string, Family>> = {
  '910b1': a2('ascend910b1'),
  '910b2': a2('ascend910b2'),
  '910b3': a2('ascend910b3'),
  '910b4': a2('ascend910b4'),
  '910c': a3,
};

/** The names that a cluster may begin with. */
export const clusterFamilies: readonly string[] = Object.keys(families);

/** Devices of one server of a family. */
const serverSize = (family: Family): number => family.inside.reduce((product, level) => product * level.size, 1);

/** Why a text names no cluster. */
export type ClusterError =
  | { readonly kind: 'syntax'; readonly text: string }
  | { readonly kind: 'unknown-family'; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: 'server-size'; readonly devices: number; readonly possible: readonly number[] };

export type ClusterResult =
  { readonly ok: true; readonly value: Cluster } | { readonly ok: false; readonly error: ClusterError };

/** `FAMILY:SERVERSxDEVICES`, for example `910b1:2x8`: 2 servers of 8 devices; `910b1:8` is one server. */
export function clusterByName(text: string): ClusterResult {
  const match = /^([a-z0-9]+):(?:([1-9]\d{0,4})x)?([1-9]\d{0,3})$/.exec(text.toLowerCase());
  const [, name = '', servers = '1', devices = '1'] = match ?? [];
  if (match === null) return { ok: false, error: { kind: 'syntax', text } };
  const family = families[name.replace(/^ascend/, '')];
  if (family === undefined) return { ok: false, error: { kind: 'unknown-family', name, known: clusterFamilies } };
  const inside = levelsInside(family, Number(devices));
  if (inside === null) {
    const sizes = Array.from({ length: serverSize(family) }, (_, index) => index + 1);
    const possible = sizes.filter((size) => levelsInside(family, size) !== null);
    return { ok: false, error: { kind: 'server-size', devices: Number(devices), possible } };
  }
  return {
    ok: true,
    value: cluster(text.toLowerCase(), family, [...inside, { ...family.between, size: Number(servers) }]),
  };
}

/** The levels of a server of which so many devices are used; null when they do not fill whole packages. */
function levelsInside(family: Family, devices: number): readonly NetworkLevel[] | null {
  let left = devices;
  const levels = family.inside.map((level) => {
    const size = Math.min(left, level.size);
    const whole = left % size === 0;
    left = whole ? left / size : Number.NaN;
    return { ...level, size };
  });
  return left === 1 ? levels : null;
}

/** Dense peak = cores x 8192 operations per cycle in 16 bit (16x16x16 cube), a quarter in f32. */
function cluster(name: string, family: Family, levels: readonly NetworkLevel[]): Cluster {
  const chip = chipByName(family.chip);
  if (chip === undefined) throw new Error(`the cluster family of ${name} names the unknown chip ${family.chip}`);
  const peak = chip.cubeCores * 8192 * chip.megahertz * 1e6;
  const device: Device = {
    name: chip.name,
    chip,
    flopsPerSecond: { f16: peak, f32: peak / 4 },
    memoryBytes: chip.hbmBytes ?? 64 * 2 ** 30,
    memoryBytesPerSecond: chip.timing.memory.hbmBytesPerCycle * chip.megahertz * 1e6,
    reduceSecondsPerByte: 1 / (550 * G),
  };
  return { name, device, levels, provenance: family.provenance };
}
