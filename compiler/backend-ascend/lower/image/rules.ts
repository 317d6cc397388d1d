/** The lowering rules of layout changes, convolutions and pools over NC1HWC0 maps. */
import type { Operation, TensorType, Value } from '../../../ir/index.ts';
import { boolOf, dtypeBytes, integerOf, integersOf } from '../../../ir/index.ts';
import { TURNED } from '../../../passes/fuse/index.ts';
import { cubeType } from '../cube/data-type.ts';
import { unsupported } from '../diagnostics.ts';
import { layoutOf } from '../layout.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { onChipCapacities } from '../capacities.ts';
import { tensorOf } from '../tensor.ts';
import { convolutionPieces, convolutionTile, writeConvolution } from './convolution.ts';
import { filterPieces, writeFilter } from './filter.ts';
import type { WindowGeometry } from './geometry.ts';
import { globalPoolPieces, writeGlobalPool } from './global-pool.ts';
import { convolutionShape, extents, geometry, pairOf } from './operation-geometry.ts';
import type { Pair } from './operation-geometry.ts';
import { patchPieces, patchRows, patchTable, writePatches } from './patches.ts';
import { hasSmallPlanes, planePieces, planeTable, writePlanes } from './planes.ts';
import { relayoutPieces, writeToBlocked, writeToPlain } from './relayout.ts';
import type { ElementSize, FeatureMapShape } from './relayout.ts';
import { windowPieces, windowRows, writeWindow } from './window.ts';
import type { WindowShape } from './window.ts';

const buffers = (lowering: Lowering, values: readonly Value[]): readonly Value[] =>
  values.map((value) => lowering.buffer(value));

function elementSize(type: TensorType): ElementSize | null {
  const bytes = dtypeBytes(type.dtype);
  return bytes === 4 || bytes === 2 ? { bytes, c0: 32 / bytes } : null;
}

export const relayoutRule: LowerRule = (op, lowering) => {
  const [from, to] = [tensorOf(op.operands[0]), tensorOf(op.results[0])];
  const element = elementSize(from);
  if (element === null)
    return unsupported(op, `a layout change of ${from.dtype}`, 'layouts of the cube hold 16-bit and 32-bit elements');
  if (layoutOf(to) === 'FRACTAL_Z') return lowerFilter(op, lowering, element);
  const [images, channels, height, width] = extents(from);
  const shape: FeatureMapShape = { images, channels, positions: height * width };
  // With one position and whole blocks of channels both layouts are the same bytes.
  if (shape.positions === 1 && channels % element.c0 === 0) {
    lowering.alias(op.results[0], op.operands[0]);
    return null;
  }
  const toBlocked = layoutOf(to) === 'NC1HWC0';
  if (hasSmallPlanes(shape, element)) {
    const table = lowering.constant(planeTable(shape, element, toBlocked));
    lowering.launch(
      {
        key: `relayout planes ${element.bytes} ${JSON.stringify(shape)}`,
        name: toBlocked ? 'nchw_to_nc1hwc0' : 'nc1hwc0_to_nchw',
        core: 'vector',
        blocks: Math.min(lowering.chip.vectorCores, planePieces(shape, element)),
        write: (k) => writePlanes(k, shape, element),
      },
      [...buffers(lowering, [op.operands[0], op.results[0]]), table],
    );
    return null;
  }
  lowering.launch(
    {
      key: `relayout ${toBlocked} ${element.bytes} ${JSON.stringify(shape)}`,
      name: toBlocked ? 'nchw_to_nc1hwc0' : 'nc1hwc0_to_nchw',
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, relayoutPieces(shape, element)),
      write: (k) => (toBlocked ? writeToBlocked(k, shape, element) : writeToPlain(k, shape, element)),
    },
    buffers(lowering, [op.operands[0], op.results[0]]),
  );
  return null;
};

function lowerFilter(op: Operation, lowering: Lowering, element: ElementSize): null {
  const turned = op.attributes.has(TURNED);
  const [first, second, height, width] = extents(tensorOf(op.operands[0]));
  const [outputs, inputs] = turned ? [second, first] : [first, second];
  const merged = extents(tensorOf(op.results[0]))[1] / inputs;
  const shape = {
    outputs,
    inputs,
    taps: height * width,
    merged,
    turned,
    groupOutputs: merged > 1 ? integerOf(op.attributes, 'group_outputs') : outputs,
  };
  lowering.launch(
    {
      key: `filter ${element.bytes} ${JSON.stringify(shape)}`,
      name: 'filter_to_fractal_z',
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, filterPieces(shape, element)),
      write: (k) => writeFilter(k, shape, element),
    },
    buffers(lowering, [op.operands[0], op.results[0]]),
  );
  return null;
}

export const convolutionRule: LowerRule = (op, lowering) => {
  const [map, filter] = op.operands.map(tensorOf);
  if (layoutOf(map) !== 'NC1HWC0')
    return unsupported(
      op,
      `a convolution of ${integerOf(op.attributes, 'group')} groups from ${map.key} with ${filter.key}`,
      'each group needs whole blocks of channels, or one channel',
    );
  if (layoutOf(filter) !== 'FRACTAL_Z') return lowerWindow(op, lowering, 'depthwise');
  const type = cubeType(map.dtype);
  if (type === null) return unsupported(op, `a convolution of ${map.dtype}`, 'the cube multiplies f32, f16 and bf16');
  const shape = convolutionShape(op);
  const tile = convolutionTile(shape, type, lowering.chip, onChipCapacities(lowering.chip).l1);
  if (tile === null)
    return unsupported(
      op,
      `a convolution over rows of ${shape.width} positions`,
      'the band of input rows under one tile does not fit into L1',
    );
  lowering.launch(
    {
      key: `convolution ${type.dtype} ${JSON.stringify(shape)}`,
      name: `conv2d_${type.dtype}`,
      core: 'cube',
      blocks: Math.min(lowering.chip.cubeCores, convolutionPieces(shape, tile)),
      write: (k) => writeConvolution(k, shape, tile, type),
    },
    buffers(lowering, [...op.operands, op.results[0]]),
  );
  return null;
};

export const poolRule: LowerRule = (op, lowering) => {
  const map = tensorOf(op.operands[0]);
  if (layoutOf(map) !== 'NC1HWC0') return unsupported(op, `${op.name} of ${map.dtype}`, 'pools work on f32 maps');
  const kind = op.name === 'ms.max_pool2d' ? 'max' : 'average';
  return coversMap(op) ? lowerGlobalPool(op, lowering, kind) : lowerWindow(op, lowering, kind);
};

/** One window over a whole map without padding. */
function coversMap(op: Operation): boolean {
  const [, , height, width] = extents(tensorOf(op.operands[0]));
  const [kernelHeight, kernelWidth] = pairOf(op, 'kernel');
  return (
    kernelHeight === height &&
    kernelWidth === width &&
    integersOf(op.attributes, 'pads').every((amount) => amount === 0)
  );
}

function lowerGlobalPool(op: Operation, lowering: Lowering, kind: 'max' | 'average'): null {
  const [images, channels, height, width] = extents(tensorOf(op.operands[0]));
  const shape = { kind, images, groups: Math.ceil(channels / 8), positions: height * width };
  lowering.launch(
    {
      key: `global pool ${JSON.stringify(shape)}`,
      name: `global_${kind}_pool2d_f32`,
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, globalPoolPieces(shape)),
      write: (k) => writeGlobalPool(k, shape),
    },
    buffers(lowering, [op.operands[0], op.results[0]]),
  );
  return null;
}

function lowerWindow(op: Operation, lowering: Lowering, kind: WindowShape['kind']): ReturnType<LowerRule> {
  const shape = windowShape(op, kind);
  const rows = windowRows(shape, lowering.chip.vectorCores, onChipCapacities(lowering.chip).ub);
  if (rows === null)
    return unsupported(
      op,
      `${op.name} over rows of ${shape.width} positions`,
      'one window row does not fit into the unified buffer',
    );
  lowering.launch(
    {
      key: `window ${JSON.stringify(shape)}`,
      name: kind === 'depthwise' ? 'depthwise_conv2d_f32' : `${kind}_pool2d_f32`,
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, windowPieces(shape, rows)),
      write: (k) => writeWindow(k, shape, rows),
    },
    buffers(lowering, [...op.operands, op.results[0]]),
  );
  return null;
}

function windowShape(op: Operation, kind: WindowShape['kind']): WindowShape {
  const [, channels] = extents(tensorOf(op.operands[0]));
  const kernel: Pair = kind === 'depthwise' ? filterExtent(op) : pairOf(op, 'kernel');
  const shape = geometry(op, kernel, tensorOf(op.results[0]));
  return {
    ...shape,
    kind,
    groups: Math.ceil(channels / 8),
    divisor: kind === 'average' ? averageDivisor(op, shape) : 'window',
  };
}

/** Windows that reach past the padding (`ceil_mode`) count what is inside it. */
function averageDivisor(op: Operation, shape: WindowGeometry): WindowShape['divisor'] {
  if (!boolOf(op.attributes, 'count_include_pad')) return 'map';
  const { strides, dilations, kernel } = shape;
  const reach = (outputs: number, axis: 0 | 1): number =>
    (outputs - 1) * strides[axis] + (kernel[axis] - 1) * dilations[axis] + 1;
  const fitsDown = reach(shape.outHeight, 0) <= shape.padTop + shape.height + shape.padBottom;
  const fitsAcross = reach(shape.outWidth, 1) <= shape.padLeft + shape.width + shape.padRight;
  return fitsDown && fitsAcross ? 'window' : 'padded map';
}

/** The filter arrives as [1, C, kh, kw]. */
function filterExtent(op: Operation): Pair {
  const [, , height, width] = extents(tensorOf(op.operands[1]));
  return [height, width];
}

export const patchesRule: LowerRule = (op, lowering) => {
  const map = tensorOf(op.operands[0]);
  const element = elementSize(map);
  const shape = { ...geometry(op, pairOf(op, 'kernel'), tensorOf(op.results[0])), channels: extents(map)[1] };
  const rows = element && patchRows(shape, element, lowering.chip.vectorCores, onChipCapacities(lowering.chip).ub);
  if (element === null || rows === null)
    return unsupported(op, `${op.name} of ${map.key}`, 'one row of patches does not fit into the unified buffer');
  lowering.launch(
    {
      key: `patches ${element.bytes} ${rows} ${JSON.stringify(shape)}`,
      name: 'patches_to_nc1hwc0',
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, patchPieces(shape, rows)),
      write: (k) => writePatches(k, shape, element, rows),
    },
    [...buffers(lowering, [op.operands[0], op.results[0]]), lowering.constant(patchTable(shape, element, rows))],
  );
  return null;
};
