/** The chips as data. Clocks in MHz, capacities in bytes. */
import type { Buffers, Chip } from './chip.ts';
import { timing2201 } from './timing.ts';

const K = 1024;
const M = K * K;
const G = M * K;

const buffers2201: Buffers = { l0a: 64 * K, l0b: 64 * K, l0c: 128 * K, l1: 512 * K, ub: 192 * K, bt: 1 * K, fb: 7 * K };
const c220 = { name: 'dav-c220', set: '2201' } as const;

function chip910B(
  name: string,
  cubeCores: number,
  megahertz: number,
  assumed: readonly string[],
  memoryShare = 1,
): Chip {
  return {
    name,
    architecture: c220,
    cubeCores,
    vectorCores: 2 * cubeCores,
    megahertz,
    buffers: buffers2201,
    l2Bytes: 192 * M,
    hbmBytes: 64 * G,
    assumed,
    timing: timing2201(megahertz, memoryShare),
  };
}

const sizesAssumed = ['l2Bytes', 'hbmBytes'];

/** Coupled chips: cube and vector share a core; planning data only. */
function coupled(
  name: string,
  architecture: Chip['architecture'],
  cores: readonly [number, number],
  megahertz: number,
  buffers: Partial<Buffers>,
  l2Bytes: number,
): Chip {
  return {
    name,
    architecture,
    cubeCores: cores[0],
    vectorCores: cores[1],
    megahertz,
    buffers: { ...buffers2201, bt: 0, fb: 0, ...buffers },
    l2Bytes,
    hbmBytes: null,
    assumed: ['timing'],
    timing: timing2201(megahertz),
  };
}

const large = { l0c: 256 * K, l1: 1 * M, ub: 256 * K };
const c310 = { name: 'dav-c310', set: '3510' } as const;
const buffers3510: Buffers = { l0a: 64 * K, l0b: 64 * K, l0c: 256 * K, l1: 512 * K, ub: 248 * K, bt: 4 * K, fb: 4 * K };

function chip950(name: string, cubeCores: number, hbmBytes: number): Chip {
  return {
    name,
    architecture: c310,
    cubeCores,
    vectorCores: 2 * cubeCores,
    megahertz: 1650,
    buffers: buffers3510,
    l2Bytes: 128 * M,
    hbmBytes,
    assumed: ['timing'],
    timing: timing2201(1650),
  };
}

/** All chips; the first is the default target. */
export const chips: readonly Chip[] = [
  chip910B('ascend910b1', 24, 1850, []),
  chip910B('ascend910b2', 24, 1800, sizesAssumed),
  chip910B('ascend910b3', 20, 1800, sizesAssumed),
  chip910B('ascend910b4', 20, 1500, [...sizesAssumed, 'timing'], 0.5),
  { ...chip910B('ascend910c', 24, 1800, ['megahertz']), hbmBytes: 64 * G },
  coupled('ascend910a', { name: 'dav-c100', set: '1001' }, [32, 32], 1000, large, 32 * M),
  coupled('ascend310', { name: 'dav-m100', set: '1001' }, [2, 2], 680, { ...large, ub: 253952 }, 8 * M),
  coupled('ascend310p1', { name: 'dav-m200', set: '2002' }, [10, 18], 1060, large, 16 * M),
  coupled('ascend310p3', { name: 'dav-m200', set: '2002' }, [8, 15], 1060, large, 16 * M),
  coupled(
    'ascend310b1',
    { name: 'dav-m300', set: '3002' },
    [1, 1],
    1224,
    { l1: 1 * M, ub: 253952, bt: 1 * K, fb: 6 * K },
    4 * M,
  ),
  chip950('ascend950pr', 32, 128 * G),
  chip950('ascend950dt', 36, 144 * G),
];

/** The default target. */
export const defaultChip: Chip = chips[0] as Chip; // the list is not empty

/** The chip of that name, or undefined. */
export const chipByName = (name: string): Chip | undefined => chips.find((chip) => chip.name === name);
