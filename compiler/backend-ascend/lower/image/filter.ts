/** The kernel that brings a filter OIHW to FRACTAL_Z, the cube's B matrix in nZ order. */
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { limit } from '../cube/matmul.ts';
import { countLanes, fill, offsetTable, repeatBytes } from '../vector.ts';
import { widthOf } from './relayout.ts';
import type { ElementSize } from './relayout.ts';

export interface FilterShape {
  readonly outputs: number;
  /** Input channels of one output channel as stored. */
  readonly inputs: number;
  /**
   * Groups of the convolution that are computed as one, and output channels of a group. The result has
   * inputs · merged input channels, zero where an output channel does not belong to the group.
   */
  readonly merged: number;
  readonly groupOutputs: number;
  /** Kernel positions kh·kw. */
  readonly taps: number;
  /** True when it is stored as [inputs, outputs, kh, kw] with the taps turned round; then `merged` is 1. */
  readonly turned: boolean;
}

/** Kernel positions moved at once. Up to this many, the C0 channels of an output are one contiguous row. */
const MOST_TAPS = 64;

interface FilterTile {
  readonly taps: number;
  /** Elements between input channels, and between output channels, in UB. */
  readonly inputPitch: number;
  readonly outputPitch: number;
}

function filterTile(shape: FilterShape, { c0 }: ElementSize): FilterTile {
  if (shape.turned) return turnedTile(shape, c0);
  if (isContiguous(shape)) return { taps: shape.taps, inputPitch: shape.taps, outputPitch: c0 * shape.taps };
  const taps = Math.min(shape.taps, MOST_TAPS);
  const inputPitch = Math.ceil(taps / c0) * c0;
  return { taps, inputPitch, outputPitch: c0 * inputPitch };
}

/** The 16 outputs of an input are one run in GM and in UB; runs begin on blocks. */
function turnedTile(shape: FilterShape, c0: number): FilterTile {
  const taps = Math.min(shape.taps, MOST_TAPS);
  const outputPitch = taps === shape.taps ? taps : Math.ceil(taps / c0) * c0;
  return { taps, outputPitch, inputPitch: Math.ceil((16 * outputPitch) / c0) * c0 };
}

/** True when the C0 input channels of an output are one run in GM and in UB. */
const isContiguous = (shape: FilterShape): boolean => shape.taps <= MOST_TAPS && shape.merged === 1;

export function filterPieces(shape: FilterShape, element: ElementSize): number {
  const tile = filterTile(shape, element);
  return (
    Math.ceil((shape.inputs * shape.merged) / element.c0) *
    Math.ceil(shape.outputs / 16) *
    Math.ceil(shape.taps / tile.taps)
  );
}

/** Filter OIHW to FRACTAL_Z. Arguments: source, destination. */
export function writeFilter(k: KernelBuilder, shape: FilterShape, element: ElementSize): void {
  const [source, target] = [k.buffer('filter'), k.buffer('fractal')];
  const { c0, bytes } = element;
  const tile = filterTile(shape, element);
  const outputGroups = Math.ceil(shape.outputs / 16);
  const chunks = Math.ceil(shape.taps / tile.taps);
  const rowElements = shape.turned ? c0 * tile.inputPitch : 16 * tile.outputPitch;
  // Element e of a fractal is (output, input) = (e div C0, e mod C0).
  const table = offsetTable(k, 16 * c0, c0, tile.outputPitch * bytes, tile.inputPitch * bytes);
  k.parallel(filterPieces(shape, element), (piece) => {
    const tap = k.mul(k.rem(piece, chunks), tile.taps);
    const rest = k.div(piece, chunks);
    const outputGroup = k.rem(rest, outputGroups);
    const inputGroup = k.div(rest, outputGroups);
    const part: FilterPart = {
      tap,
      taps: limit(k, shape.taps, tap, tile.taps),
      output: k.mul(outputGroup, 16),
      outputs: limit(k, shape.outputs, k.mul(outputGroup, 16), 16),
      input: k.mul(inputGroup, c0),
      inputs: limit(k, shape.inputs * shape.merged, k.mul(inputGroup, c0), c0),
    };
    const rows = k.alloc('ub', repeatBytes(rowElements * bytes), 2);
    const fractals = k.alloc('ub', repeatBytes(tile.taps * 512), 2);
    if (shape.inputs % c0 !== 0 || shape.outputs % 16 !== 0 || shape.merged > 1) {
      countLanes(k, rowElements);
      fill(k, widthOf(element), rows, 0);
    }
    if (shape.turned) loadTurned(k, rows, source, shape, part, tile, element);
    else loadFilter(k, rows, source, shape, part, tile, element);
    countLanes(k, 16 * c0);
    for (let position = 0; position < tile.taps; position++) {
      const tap = shape.turned ? k.sub(k.sub(part.taps, 1), position) : position;
      const gather = (): void =>
        k.emit(
          `vgather_${widthOf(element)}`,
          k.at(fractals, position * 512),
          table,
          k.at(rows, k.mul(tap, bytes)),
          8,
          1,
        );
      if (shape.turned && chunks > 1) k.when('slt', position, part.taps, gather);
      else gather();
    }
    const first = k.add(k.mul(k.add(k.mul(inputGroup, shape.taps), tap), outputGroups), outputGroup);
    k.emit('copy_ubuf_to_gm', k.at(target, k.mul(first, 512)), fractals, 0, part.taps, 16, 0, (outputGroups - 1) * 16);
  });
}

/** The part of a filter that one piece moves: first index and count of each axis. */
interface FilterPart {
  readonly tap: Scalar;
  readonly taps: Scalar;
  readonly output: Scalar;
  readonly outputs: Scalar;
  readonly input: Scalar;
  readonly inputs: Scalar;
}

/** For each input its outputs, from the taps that are the last ones of the turned filter. */
function loadTurned(
  k: KernelBuilder,
  rows: Value,
  source: Value,
  shape: FilterShape,
  part: FilterPart,
  tile: FilterTile,
  { bytes, c0 }: ElementSize,
): void {
  const mnemonic = `copy_gm_to_ubuf_align_b${bytes * 8}`;
  const first = k.sub(k.sub(shape.taps, part.tap), part.taps);
  const isWhole = tile.taps === shape.taps;
  const rowBytes = isWhole ? k.mul(part.outputs, shape.taps * bytes) : k.mul(part.taps, bytes);
  k.loop(0, part.inputs, 1, (index) => {
    const row = k.add(k.mul(k.add(part.input, index), shape.outputs), part.output);
    const from = k.at(source, k.mul(k.add(k.mul(row, shape.taps), first), bytes));
    const to = k.at(rows, k.mul(index, tile.inputPitch * bytes));
    if (isWhole) return k.emit(mnemonic, to, from, 0, 1, rowBytes, 0, 0, 0, 0);
    const sourceGap = k.mul(k.sub(shape.taps, part.taps), bytes);
    const blockGap = k.sub(tile.outputPitch / c0, k.ceilDiv(rowBytes, 32));
    k.emit(mnemonic, to, from, 0, part.outputs, rowBytes, 0, 0, sourceGap, blockGap);
  });
}

function loadFilter(
  k: KernelBuilder,
  rows: Value,
  source: Value,
  shape: FilterShape,
  part: FilterPart,
  tile: FilterTile,
  element: ElementSize,
): void {
  const { bytes } = element;
  const mnemonic = `copy_gm_to_ubuf_align_${widthOf(element)}`;
  if (isContiguous(shape)) {
    const from = k.at(source, k.mul(k.add(k.mul(part.output, shape.inputs), part.input), shape.taps * bytes));
    const rowBytes = k.mul(part.inputs, shape.taps * bytes);
    const sourceGap = k.mul(k.sub(shape.inputs, part.inputs), shape.taps * bytes);
    const blockGap = k.sub((tile.outputPitch * bytes) / 32, k.ceilDiv(rowBytes, 32));
    k.emit(mnemonic, rows, from, 0, part.outputs, rowBytes, 0, 0, sourceGap, blockGap);
    return;
  }
  const rowBytes = k.mul(part.taps, bytes);
  const sourceGap = k.mul(k.sub(shape.taps, part.taps), bytes);
  const blockGap = k.sub((tile.inputPitch * bytes) / 32, k.ceilDiv(rowBytes, 32));
  k.loop(0, part.outputs, 1, (index) => {
    const output = k.add(part.output, index);
    // The channels of this output begin at `origin` of the merged ones; this piece holds a window of those.
    const origin = k.mul(k.rem(k.div(output, shape.groupOutputs), shape.merged), shape.inputs);
    const first = k.max(origin, part.input);
    const end = k.min(k.add(origin, shape.inputs), k.add(part.input, part.inputs));
    k.when('sgt', k.sub(end, first), 0, () => {
      const to = k.add(k.mul(index, tile.outputPitch), k.mul(k.sub(first, part.input), tile.inputPitch));
      const channel = k.add(k.mul(output, shape.inputs), k.sub(first, origin));
      const from = k.at(source, k.mul(k.add(k.mul(channel, shape.taps), part.tap), bytes));
      k.emit(mnemonic, k.at(rows, k.mul(to, bytes)), from, 0, k.sub(end, first), rowBytes, 0, 0, sourceGap, blockGap);
    });
  });
}
