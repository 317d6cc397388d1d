/** The lowering rules of gradients of convolutions and pools over NC1HWC0 maps. */
import { elementCount } from '../../../ir/index.ts';
import { onChipCapacities } from '../capacities.ts';
import { cubeType } from '../cube/data-type.ts';
import { unsupported } from '../diagnostics.ts';
import { layoutOf, physicalShape } from '../layout.ts';
import type { LowerRule } from '../lowering.ts';
import { sumParts } from '../reduce/rule.ts';
import { tensorOf } from '../tensor.ts';
import { extents, geometry, gradientShape, pairOf } from './operation-geometry.ts';
import { poolGradientPieces, poolGradientRows, writePoolGradient } from './pool-gradient.ts';
import { weightGradientPieces, weightGradientTile, writeWeightGradient } from './weight-gradient.ts';

export const weightGradientRule: LowerRule = (op, lowering) => {
  const [map, gradient] = op.operands.map(tensorOf);
  const type = cubeType(map.dtype);
  if (type === null || layoutOf(map) !== 'NC1HWC0' || layoutOf(gradient) !== 'NC1HWC0')
    return unsupported(op, `a filter gradient of ${map.dtype}`, 'the cube multiplies f32, f16 and bf16');
  const shape = gradientShape(op);
  const tile = weightGradientTile(shape, type, lowering.chip, onChipCapacities(lowering.chip).l1);
  if (tile === null)
    return unsupported(
      op,
      `a filter gradient over rows of ${shape.width} positions`,
      'the band of input rows under 16 positions does not fit into L1',
    );
  const elements = elementCount(physicalShape(tensorOf(op.results[0])));
  const result = lowering.buffer(op.results[0]);
  const target = tile.parts > 1 ? lowering.workspace(tile.parts * elements * 4) : result;
  lowering.launch(
    {
      key: `filter gradient ${type.dtype} ${JSON.stringify(shape)}`,
      name: `conv2d_weight_gradient_${type.dtype}`,
      core: 'cube',
      blocks: Math.min(lowering.chip.cubeCores, weightGradientPieces(shape, tile, type)),
      write: (k) => writeWeightGradient(k, shape, tile, type),
    },
    [...op.operands.map((operand) => lowering.buffer(operand)), target],
  );
  if (tile.parts > 1) sumParts(lowering, target, result, { parts: tile.parts, elements }, map.dtype);
  return null;
};

export const poolGradientRule: LowerRule = (op, lowering) => {
  const [map, gradient] = op.operands.map(tensorOf);
  if (layoutOf(map) !== 'NC1HWC0' || layoutOf(gradient) !== 'NC1HWC0')
    return unsupported(op, `${op.name} of ${map.dtype}`, 'pools work on f32 maps');
  const shape = {
    ...geometry(op, pairOf(op, 'kernel'), gradient),
    bias: false,
    groups: Math.ceil(extents(map)[1] / 8),
  };
  const rows = poolGradientRows(shape, lowering.chip.vectorCores, onChipCapacities(lowering.chip).ub);
  if (rows === null)
    return unsupported(
      op,
      `${op.name} over rows of ${shape.width} positions`,
      'one row of windows does not fit into the unified buffer',
    );
  lowering.launch(
    {
      key: `pool gradient ${JSON.stringify(shape)}`,
      name: 'max_pool2d_gradient_f32',
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, poolGradientPieces(shape, rows)),
      write: (k) => writePoolGradient(k, shape, rows),
    },
    [...op.operands, op.results[0]].map((value) => lowering.buffer(value)),
  );
  return null;
};
