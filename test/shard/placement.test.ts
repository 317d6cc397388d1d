/** Putting slices together: copies of one slice are compared, not trusted. */
import { expect, it } from 'vitest';
import { fromNumbers } from '../../compiler/ir/evaluate/index.ts';
import { tensorType } from '../../compiler/ir/index.ts';
import { assemble, layoutOf, meshOf } from '../../compiler/passes/shard/index.ts';

const placement = {
  type: tensorType([4], 'f32'),
  layout: layoutOf([['mp']]),
  positions: [0, 0, 0, 0],
  devices: meshOf({ dp: 2, mp: 2 }),
  microBatches: 1,
};
const slices = (...rows: readonly (readonly number[])[]) => rows.map((row) => fromNumbers([2], 'f32', row));

it('equal copies make the whole', () => {
  const whole = assemble(placement, slices([1, 2], [3, 4], [1, 2], [3, 4]));
  expect(whole).toMatchObject({ shape: [4], data: Float32Array.of(1, 2, 3, 4) });
});

it('copies that differ name their ranks', () => {
  expect(assemble(placement, slices([1, 2], [3, 4], [1, 2], [3, 5]))).toEqual({ ranks: [1, 3] });
});
