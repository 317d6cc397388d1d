/** What the map and the tables show of a device, without anything of the browser. */
import type {
  BufferKind,
  DeviceMemory,
  KernelSection,
  MemoryBuffer,
  MemoryCurve,
  Place,
} from '../../../report/index.ts';
import { bufferKinds, bufferTitle, deviceFigures, memoryCurve, type DeviceFigures } from '../../../report/index.ts';
import type { Viewport } from './viewport.ts';

/** A buffer and what is said of it everywhere. */
export interface Row {
  readonly number: number;
  readonly buffer: MemoryBuffer;
  readonly title: string;
  readonly cell: string;
  readonly first: number;
  readonly last: number;
  /** For the search field: lower case. */
  readonly text: string;
}

/** A device as it is shown. */
export interface Model {
  readonly device: DeviceMemory;
  readonly rows: readonly Row[];
  readonly curve: MemoryCurve;
  readonly figures: DeviceFigures;
  /** Microseconds at which each step starts, and at the end the last one's end; null where times are not known. */
  readonly times: Float64Array | null;
}

export function modelOf(device: DeviceMemory, places: readonly Place[], kernels: KernelSection | null): Model {
  const curve = memoryCurve(device);
  const end = device.steps.length - 1;
  const rows = device.buffers.map((buffer, number): Row => {
    const title = bufferTitle(buffer, device);
    const cell = places[buffer.place]?.cell ?? '';
    const [first, last] = buffer.live ?? [0, end];
    const words = [title, buffer.kind, buffer.type, cell, ...buffer.tenants.map(({ name }) => name)];
    return { number, buffer, title, cell, first, last, text: words.join(' ').toLowerCase() };
  });
  return { device, rows, curve, figures: deviceFigures(device, curve), times: timesOf(device, kernels) };
}

/** Times of steps of main, when each launch ran once; steps of prepare and those that are no launches take no time. */
export function timesOf({ steps }: DeviceMemory, kernels: KernelSection | null): Float64Array | null {
  const prepared = steps.filter(({ phase }) => phase === 'prepare').length;
  const count = steps.filter(({ launch }) => launch !== null).length - prepared;
  if (kernels === null || kernels.controlFlow !== 'none' || kernels.launches.length !== count) return null;
  const edges = new Float64Array(steps.length + 1);
  let now = 0;
  steps.forEach(({ launch }, step) => {
    const facts = launch === null ? undefined : kernels.launches[launch - prepared];
    edges[step] = facts?.start ?? now;
    now = facts === undefined ? now : facts.start + facts.microseconds;
  });
  edges[steps.length] = now;
  return now > 0 ? edges : null;
}

/** Where steps begin along x: their numbers, or microseconds. */
export function edgesOf({ device, times }: Model, axis: Axis): Float64Array {
  if (axis === 'time' && times !== null) return times;
  return Float64Array.from({ length: device.steps.length + 1 }, (_, step) => step);
}

export type Axis = 'steps' | 'time';
/** The whole of GM, or the part that buffers share by lifetime. */
export type Region = 'arena' | 'all';

export function wholeView({ figures }: Model, edges: Float64Array, region: Region): Viewport {
  const y0 = region === 'arena' ? figures.keptBytes : 0;
  return { x0: edges[0], x1: edges[edges.length - 1], y0, y1: Math.max(figures.gmBytes, y0 + 1) };
}

/** The step at an x; edges rise. */
export function stepAt(edges: Float64Array, x: number): number {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (edges[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The buffer at a step and an address. */
export const rowAt = (rows: readonly Row[], step: number, address: number): Row | null =>
  rows.find(
    ({ buffer, first, last }) =>
      first <= step && step <= last && buffer.address <= address && address < buffer.address + buffer.reservedBytes,
  ) ?? null;

export type Colouring = 'kind' | 'cell';

/** Groups with a colour each: kinds, or the parts of the network at the first level where it divides. */
export interface Groups {
  readonly names: readonly string[];
  /** Number of the colour of each, from 1 to 8. */
  readonly series: readonly number[];
  /** Index into `names` of each row. */
  readonly of: readonly number[];
}

export function groupsOf(rows: readonly Row[], colouring: Colouring): Groups {
  const nameOf =
    colouring === 'kind' ? ({ buffer }: Row): string => buffer.kind : cellGroup(rows.map(({ cell }) => cell));
  const used = new Set(rows.map(nameOf));
  const names =
    colouring === 'kind' ? bufferKinds.filter((kind: BufferKind) => used.has(kind)) : [...used].toSorted(byName);
  const numbers = new Map<string, number>(names.map((name, number) => [name, number]));
  const series = names.map((name, number) =>
    // The names are kinds then.
    colouring === 'kind' ? KIND_SERIES[name as BufferKind] : (number % 8) + 1,
  );
  return { names, series, of: rows.map((row) => numbers.get(nameOf(row)) ?? 0) };
}

/** Kinds keep their colours from report to report. */
const KIND_SERIES: Readonly<Record<BufferKind, number>> = {
  activation: 1,
  input: 2,
  parameter: 3,
  prepared: 4,
  state: 5,
  constant: 6,
  output: 7,
  workspace: 8,
};

const byName = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true });

/** Groups of Cells that are told apart at most. */
const MOST_CELLS = 40;

/** Cells by their path up to the first level at which no group has most of the buffers. */
function cellGroup(cells: readonly string[]): (row: Row) => string {
  const paths = cells.filter((cell) => cell !== '').map((cell) => cell.split('.'));
  const countsAt = (depth: number): readonly number[] => {
    const counts = new Map<string, number>();
    for (const path of paths) {
      const group = path.slice(0, depth).join('.');
      counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    return [...counts.values()];
  };
  let depth = 1;
  while (Math.max(0, ...countsAt(depth)) > paths.length / 2 && depth < 8) {
    if (countsAt(depth + 1).length > MOST_CELLS) break;
    depth++;
  }
  return ({ cell }) => (cell === '' ? 'network' : cell.split('.').slice(0, depth).join('.'));
}

/** Bytes by Cell, as a tree that can be unfolded. */
export interface OwnerNode {
  readonly path: string;
  readonly label: string;
  readonly depth: number;
  readonly bytes: number;
  readonly count: number;
  readonly children: readonly OwnerNode[];
}

export function ownerTree(rows: readonly Row[]): OwnerNode {
  return nodeOf('', 'network', 0, rows);
}

function nodeOf(path: string, label: string, depth: number, rows: readonly Row[]): OwnerNode {
  const parts = new Map<string, Row[]>();
  for (const row of rows) {
    const rest = path === '' ? row.cell : row.cell.slice(path.length + 1);
    const [part] = rest.split('.');
    if (part === '') continue;
    const known = parts.get(part);
    if (known) known.push(row);
    else parts.set(part, [row]);
  }
  const children = [...parts].map(([part, own]) =>
    nodeOf(path === '' ? part : `${path}.${part}`, part, depth + 1, own),
  );
  return {
    ...{ path, label, depth, count: rows.length },
    bytes: rows.reduce((sum, { buffer }) => sum + buffer.reservedBytes, 0),
    children: children.sort((one, other) => other.bytes - one.bytes), // the list is our own
  };
}

/** Nodes of a tree in the order of a list, those below closed nodes left out. */
export const unfolded = (node: OwnerNode, isOpen: (node: OwnerNode) => boolean): readonly OwnerNode[] => [
  node,
  ...(isOpen(node) ? node.children.flatMap((child) => unfolded(child, isOpen)) : []),
];
