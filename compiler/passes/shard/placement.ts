/** How the tensors of a program lie on its ranks: cutting a whole tensor into slices, and putting slices together. */
import type { Type } from '../../ir/index.ts';
import { elementArray, elementCount } from '../../ir/index.ts';
import type { TensorValue } from '../../ir/evaluate/index.ts';
import { joinParts, partOf } from '../../ir/evaluate/index.ts';
import type { Layout } from './layout.ts';
import { sliceBegins } from './layout.ts';
import type { Mesh } from './mesh.ts';
import { deviceCount, placeAlong } from './mesh.ts';
import { microDimension, microMesh } from './plan.ts';

/** One argument or result of @main of the whole program. */
export interface TensorPlacement {
  readonly type: Type;
  /** May cut a dimension by `micro`: then a slice holds the rank's part of each micro-batch, one after another. */
  readonly layout: Layout;
  /** By rank: the position in @main of its module, or -1 where the rank does not have it. */
  readonly positions: readonly number[];
  readonly devices: Mesh;
  readonly microBatches: number;
}

const deviceOf = (placement: TensorPlacement, rank: number): number => rank % deviceCount(placement.devices);

/** Places on the mesh with micro-batches that a rank's slice consists of, in order. */
function placesOf(placement: TensorPlacement, rank: number): readonly number[] {
  const parts = microDimension(placement.layout) < 0 ? 1 : placement.microBatches;
  const devices = deviceCount(placement.devices);
  return Array.from({ length: parts }, (_, part) => part * devices + deviceOf(placement, rank));
}

const meshOfPlacement = ({ devices, microBatches }: TensorPlacement): Mesh => microMesh(devices, microBatches);

/** A rank's slice of a whole tensor. */
export function sliceFor(placement: TensorPlacement, rank: number, whole: TensorValue): TensorValue {
  const mesh = meshOfPlacement(placement);
  const parts = placesOf(placement, rank).map((place) =>
    placement.layout.dimensions.reduce((value, axes, dimension) => {
      const count = axes.reduce((product, axis) => product * mesh.sizes[mesh.axes.indexOf(axis)], 1);
      return count === 1 ? value : partOf(value, dimension, placeAlong(mesh, axes, place), count);
    }, whole),
  );
  return parts.length === 1 ? parts[0] : joinParts(parts, microDimension(placement.layout));
}

/** Two ranks that hold copies of one slice and differ in them. */
export interface CopiesDiffer {
  readonly ranks: readonly [number, number];
}

/** The whole tensor from every rank's slice (null where it has none); copies must be equal bit by bit. */
export function assemble(
  placement: TensorPlacement,
  slices: readonly (TensorValue | null)[],
): TensorValue | CopiesDiffer {
  const mesh = meshOfPlacement(placement);
  const { type, layout } = placement;
  if (type.kind !== 'tensor') throw new Error(`${type.key} is no tensor`);
  const shape = type.shape.map(Number);
  const data = elementArray(type.dtype, elementCount(shape));
  const written = new Map<string, { readonly rank: number; readonly part: TensorValue }>();
  for (const [rank, slice] of slices.entries()) {
    if (slice === null) continue;
    const places = placesOf(placement, rank);
    for (const [index, place] of places.entries()) {
      const part = places.length === 1 ? slice : partOf(slice, microDimension(layout), index, places.length);
      const begins = sliceBegins(mesh, layout, shape, place);
      const before = written.get(begins.join());
      if (before && !sameElements(before.part, part)) return { ranks: [before.rank, rank] };
      written.set(begins.join(), { rank, part });
      if (!before) copyBlock(data, shape, part, begins);
    }
  }
  return { shape, dtype: type.dtype, data };
}

function sameElements(left: TensorValue, right: TensorValue): boolean {
  if (left.data.length !== right.data.length) return false;
  for (let at = 0; at < left.data.length; at++) if (!Object.is(left.data[at], right.data[at])) return false;
  return true;
}

/** Writes a block into a row-major array, row by row of its last dimension. */
function copyBlock(
  target: TensorValue['data'],
  shape: readonly number[],
  block: TensorValue,
  begins: readonly number[],
): void {
  const length = block.shape.at(-1) ?? 1;
  const rows = length === 0 ? 0 : block.data.length / length;
  for (let row = 0; row < rows; row++) {
    let [rest, offset, stride] = [row, begins.at(-1) ?? 0, shape.at(-1) ?? 1];
    for (let axis = shape.length - 2; axis >= 0; axis--) {
      offset += ((rest % block.shape[axis]) + begins[axis]) * stride;
      rest = Math.floor(rest / block.shape[axis]);
      stride *= shape[axis];
    }
    // both arrays have the element type of one dtype, which the union of array types cannot say
    (target as Float64Array).set(block.data.subarray(row * length, (row + 1) * length) as Float64Array, offset);
  }
}
