/**
 * Data movement as one form: element (i₀, i₁, …) of a box goes from `Σ iₖ·sourceₖ` to `Σ iₖ·targetₖ`.
 *
 * Transposes, slices, joins, repeats, reversals and pads are all boxes of this form; a source stride of 0 repeats and
 * a negative one turns round. Offsets are not part of the box: they are arguments of the kernel, so that boxes that
 * differ only in where they start share one.
 */

/** One direction of a box; strides in elements. */
export interface CopyAxis {
  readonly extent: number;
  readonly source: number;
  readonly target: number;
}

/** A box of elements of `bytes` bytes; the axes by falling target stride. */
export interface AffineCopy {
  readonly bytes: 1 | 2 | 4;
  readonly axes: readonly CopyAxis[];
}

/** The box with as few axes as can say it. 8-byte elements become pairs of 4 bytes. */
export function affineCopy(elementBytes: number, axes: readonly CopyAxis[]): AffineCopy {
  if (elementBytes === 8) {
    const doubled = axes.map(({ extent, source, target }) => ({ extent, source: 2 * source, target: 2 * target }));
    return affineCopy(4, [...doubled, { extent: 2, source: 1, target: 1 }]);
  }
  if (elementBytes !== 1 && elementBytes !== 2 && elementBytes !== 4)
    throw new Error(`elements of ${elementBytes} bytes`);
  const merged: CopyAxis[] = [];
  const sorted = axes.filter(({ extent }) => extent !== 1).toSorted((a, b) => b.target - a.target);
  for (const inner of sorted) {
    const outer = merged.at(-1);
    const joins = outer && outer.source === inner.source * inner.extent && outer.target === inner.target * inner.extent;
    if (joins) merged[merged.length - 1] = { ...inner, extent: inner.extent * outer.extent };
    else merged.push(inner);
  }
  return { bytes: elementBytes, axes: merged.length > 0 ? merged : [{ extent: 1, source: 1, target: 1 }] };
}

/** Elements in the box. */
export function boxElements({ axes }: AffineCopy): number {
  return axes.reduce((count, { extent }) => count * extent, 1);
}

/** Strides of a row-major tensor, in elements. */
export function rowMajor(shape: readonly number[]): readonly number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Everything of a box that decides its kernel. */
export function copyKey({ bytes, axes }: AffineCopy): string {
  return `${bytes} ${axes.map(({ extent, source, target }) => `${extent}:${source}:${target}`).join(' ')}`;
}
