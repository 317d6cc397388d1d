/** Strided slices in any direction, in terms of the one op that cuts upwards. */
import { integersAttribute } from '../../../ir/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';

/** Elements begin, begin + step, … before end along one axis; with a negative step downwards, and end may be -1. */
export interface AxisSlice {
  readonly axis: number;
  readonly begin: number;
  readonly end: number;
  readonly step: number;
}

export const sliceCount = ({ begin, end, step }: AxisSlice): number => Math.max(0, Math.ceil((end - begin) / step));

/** A slice that runs down takes the same elements as one that runs up and is then reversed. */
export function upwards(slice: AxisSlice): AxisSlice {
  if (slice.step > 0) return slice;
  const count = sliceCount(slice);
  const last = slice.begin + (count - 1) * slice.step;
  return { axis: slice.axis, begin: count === 0 ? 0 : last, end: count === 0 ? 0 : slice.begin + 1, step: -slice.step };
}

export function sliceAttributes(slices: readonly AxisSlice[]) {
  return {
    axes: integersAttribute(slices.map(({ axis }) => axis)),
    begins: integersAttribute(slices.map(({ begin }) => begin)),
    ends: integersAttribute(slices.map(({ begin, end }) => Math.max(begin, end))),
    strides: integersAttribute(slices.map(({ step }) => step)),
  };
}

/** Cuts; slices that take a whole dimension are left out. */
export function sliceAxes(session: TensorSession, x: Tensor, slices: readonly AxisSlice[]): Tensor {
  const extents = extentsOf(x.type);
  const cuts = slices
    .map(upwards)
    .filter(({ axis, begin, end, step }) => begin !== 0 || end !== extents[axis] || step !== 1);
  const cut = cuts.length === 0 ? x : session.op('ms.slice', [x], sliceAttributes(cuts));
  const turned = slices.filter(({ step }) => step < 0).map(({ axis }) => axis);
  return turned.length === 0 ? cut : session.op('ms.reverse', [cut], { axes: integersAttribute(turned) });
}
