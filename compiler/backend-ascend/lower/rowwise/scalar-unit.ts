/**
 * Elementwise ops on integers the vector unit has no lanes for (i64, ui32, ui16), element by element in the scalar unit,
 * whose registers have 64 bits. Slow, but such tensors are indices and counters.
 */
import type { AttributeMap, DType, Operation, Value } from '../../../ir/index.ts';
import { dtypeBytes, floatOf, isFloat } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import type { Lowering } from '../lowering.ts';
import { tensorOf } from '../tensor.ts';
import { physicalShape } from '../layout.ts';
import { repeatBytes } from '../vector.ts';
import type { AccessPattern, Domain } from './domain.ts';
import { iterationDomain } from './domain.ts';

/** A rule on registers; comparisons leave 0 or 1. */
type RegisterRule = (k: KernelBuilder, operands: readonly Value[], attributes: AttributeMap) => Value;

const instruction =
  (mnemonic: string): RegisterRule =>
  (k, operands) =>
    k.read(mnemonic, ...operands);
const swapped =
  (mnemonic: string): RegisterRule =>
  (k, [left, right]) =>
    k.read(mnemonic, right, left);

/** 1 where truncation rounded a negative quotient up: a rest whose sign is not the divisor's. */
function roundedUp(k: KernelBuilder, rest: Value, divisor: Value): Value {
  const differs = k.read('cmplt', k.read('xor', rest, divisor), 0);
  return k.read('and', differs, k.read('cmpne', rest, 0));
}

const floorQuotient: RegisterRule = (k, [left, right]) =>
  k.read('sub', k.read('div', left, right), roundedUp(k, k.read('rem', left, right), right));
const floorRest: RegisterRule = (k, [left, right]) => {
  const rest = k.read('rem', left, right);
  return k.read('add', rest, k.read('mul', roundedUp(k, rest, right), right));
};
const clamp: RegisterRule = (k, [x], attributes) => {
  const bound = (name: string): number =>
    Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), Math.trunc(floatOf(attributes, name))));
  const [low, high] = ['low', 'high'].map((name) => ({
    isGiven: Number.isFinite(floatOf(attributes, name)),
    value: bound(name),
  }));
  const least = low.isGiven ? k.read('max', x, low.value) : x;
  return high.isGiven ? k.read('min', least, high.value) : least;
};

const RULES: Readonly<Record<string, RegisterRule>> = {
  'ms.neg': (k, [x]) => k.read('sub', 0, x),
  'ms.abs': (k, [x]) => k.read('max', x, k.read('sub', 0, x)),
  'ms.sign': (k, [x]) => k.read('sub', k.read('cmplt', 0, x), k.read('cmplt', x, 0)),
  'ms.square': (k, [x]) => k.read('mul', x, x),
  'ms.relu': (k, [x]) => k.read('max', x, 0),
  'ms.relu6': (k, [x]) => k.read('min', k.read('max', x, 0), 6),
  'ms.clamp': clamp,
  'ms.bitwise_not': (k, [x]) => k.read('xor', x, -1),
  'ms.stop_gradient': (_, [x]) => x,
  'ms.add': instruction('add'),
  'ms.sub': instruction('sub'),
  'ms.mul': instruction('mul'),
  'ms.div': instruction('div'),
  'ms.remainder': instruction('rem'),
  'ms.floor_div': floorQuotient,
  'ms.mod': floorRest,
  'ms.maximum': instruction('max'),
  'ms.minimum': instruction('min'),
  'ms.bitwise_and': instruction('and'),
  'ms.bitwise_or': instruction('or'),
  'ms.bitwise_xor': instruction('xor'),
  'ms.equal': instruction('cmpeq'),
  'ms.not_equal': instruction('cmpne'),
  'ms.less': instruction('cmplt'),
  'ms.less_equal': instruction('cmple'),
  'ms.greater': swapped('cmplt'),
  'ms.greater_equal': swapped('cmple'),
  // All bits of the condition: 0 or -1.
  'ms.select': (k, [condition, onTrue, onFalse]) =>
    k.read('xor', onFalse, k.read('and', k.read('xor', onTrue, onFalse), k.read('sub', 0, condition))),
};

/** How an element becomes a register; 64-bit unsigned integers would need unsigned comparisons. */
const LOADS: Readonly<Partial<Record<DType, string>>> = {
  i64: 'ld_xd_ub_s64',
  ui32: 'ld_xd_ub_u32',
  ui16: 'ld_xd_ub_u16',
  i32: 'ld_xd_ub_s32',
  i1: 'ld_xd_ub_u8',
};

const WITHOUT_LANES: ReadonlySet<DType> = new Set(['i64', 'ui32', 'ui16']);

/** True for an op on integers that the scalar unit computes and vector lanes do not. */
export function isScalarUnitOp(op: Operation): boolean {
  if (!(op.name in RULES)) return false;
  const dtypes = [...op.operands, ...op.results].map((value) => tensorOf(value).dtype);
  return dtypes.some((dtype) => WITHOUT_LANES.has(dtype)) && dtypes.every((dtype) => dtype in LOADS && !isFloat(dtype));
}

const TILE_ELEMENTS = 2048;

/** Lowers the op; its tensors are rows of elements. */
export function lowerOnScalarUnit(op: Operation, lowering: Lowering): void {
  const values = [...op.operands, op.results[0]];
  const domain = iterationDomain(
    values.map((value) => physicalShape(tensorOf(value))),
    0,
  );
  if (domain === null) throw new Error('only kept axes can be in the way of a domain');
  if (tensorOf(op.results[0]).shape.includes(0)) return;
  const dtypes = values.map((value) => tensorOf(value).dtype);
  const tile = Math.min(domain.columns, TILE_ELEMENTS);
  const pieces =
    domain.outer.reduce((product, extent) => product * extent, domain.rows) * Math.ceil(domain.columns / tile);
  const attributes = [...op.attributes].map(
    ([name, value]) => `${name}=${value.kind === 'float' ? value.value : value.kind}`,
  );
  lowering.launch(
    {
      key: `scalar ${op.name} ${attributes.join()} ${dtypes.join()} ${JSON.stringify(domain)}`,
      name: `scalar_${op.name.slice('ms.'.length)}`,
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, pieces),
      write: (k) => writeElements(k, op, dtypes, domain, tile, pieces),
    },
    values.map((value) => lowering.buffer(value)),
  );
}

function writeElements(
  k: KernelBuilder,
  op: Operation,
  dtypes: readonly DType[],
  domain: Domain,
  tile: number,
  pieces: number,
): void {
  const buffers = dtypes.map((_, index) => k.buffer(index < op.operands.length ? 'in' : 'out'));
  const columnTiles = Math.ceil(domain.columns / tile);
  const extents = [...domain.outer, domain.rows];
  k.parallel(pieces, (piece) => {
    const column = k.mul(k.rem(piece, columnTiles), tile);
    const count = domain.columns % tile === 0 ? tile : k.min(k.sub(domain.columns, column), tile);
    const place = positions(k, k.div(piece, columnTiles), extents);
    const address = (index: number): Value => {
      const { outer, row, column: step } = domain.patterns[index];
      const strides = [...outer, row];
      const offset = strides.reduce<Scalar>(
        (sum, stride, axis) => k.add(sum, k.mul(place[axis], stride)),
        k.mul(column, step),
      );
      return k.at(buffers[index], k.mul(offset, dtypeBytes(dtypes[index])));
    };
    const result = dtypes.length - 1;
    const tiles = dtypes.map((dtype) => k.alloc('ub', repeatBytes(tile * dtypeBytes(dtype)), 2));
    op.operands.forEach((_, index) =>
      copy(
        k,
        'copy_gm_to_ubuf_align_b8',
        tiles[index],
        address(index),
        elementsOf(domain.patterns[index], count),
        dtypes[index],
      ),
    );
    k.loop(0, count, 1, (at) => {
      const operands = op.operands.map((_, index) =>
        k.read(LOADS[dtypes[index]] ?? '', elementAt(k, tiles[index], at, domain.patterns[index], dtypes[index]), 0),
      );
      const value = RULES[op.name](k, operands, op.attributes);
      k.emit(
        `st_xd_ub_b${dtypeBytes(dtypes[result]) * 8}`,
        value,
        k.at(tiles[result], k.mul(at, dtypeBytes(dtypes[result]))),
        0,
      );
    });
    copy(k, 'copy_ubuf_to_gm_align_b8', address(result), tiles[result], count, dtypes[result]);
  });
}

/** Indices along the axes, the last of which runs fastest. */
function positions(k: KernelBuilder, index: Scalar, extents: readonly number[]): readonly Scalar[] {
  const place: Scalar[] = [];
  let rest = index;
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    place.unshift(axis === 0 ? rest : k.rem(rest, extents[axis]));
    rest = k.div(rest, extents[axis]);
  }
  return place;
}

const elementsOf = (pattern: AccessPattern, count: Scalar): Scalar => (pattern.column === 0 ? 1 : count);

function elementAt(k: KernelBuilder, tile: Value, at: Scalar, pattern: AccessPattern, dtype: DType): Value {
  return k.at(tile, pattern.column === 0 ? 0 : k.mul(at, dtypeBytes(dtype)));
}

function copy(k: KernelBuilder, mnemonic: string, target: Value, source: Value, count: Scalar, dtype: DType): void {
  k.emit(mnemonic, target, source, 0, 1, k.mul(count, dtypeBytes(dtype)), 0, 0, 0, 0);
}
