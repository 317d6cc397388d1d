/** Rules of the random ops: words of the stream, made floats, put into their order by one gather, and stored. */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes, elementCount } from '../../../ir/index.ts';
import type { KernelBuilder } from '../../tile/kernel-builder.ts';
import { NARROW, convertLanes } from '../convert.ts';
import type { LowerRule } from '../lowering.ts';
import { Tile } from '../rowwise/tile.ts';
import type { TileValue } from '../rowwise/tile.ts';
import { sine } from '../rowwise/trigonometry.ts';
import { logarithm, multiply, plus, times } from '../rowwise/vocabulary.ts';
import { shapeOf } from '../shape/box.ts';
import { eachTile, pieceCount } from '../shape/pieces.ts';
import { tensorOf } from '../tensor.ts';
import { countLanes, withScalar } from '../vector.ts';
import { philoxWords, readStream } from './philox.ts';

/** Words of one block of the stream. */
const BLOCK_WORDS = 4;
const MOST_BLOCKS = 1024;

interface Draw {
  readonly count: number;
  readonly dtype: DType;
  readonly isNormal: boolean;
  /** Blocks of a tile. */
  readonly tile: number;
}

export const randomRule: LowerRule = (op, lowering) => {
  const [result, next] = op.results;
  const count = elementCount(shapeOf(result));
  const cores = lowering.chip.vectorCores;
  const blocks = Math.ceil(count / BLOCK_WORDS);
  const tile = Math.min(MOST_BLOCKS, Math.max(64, Math.ceil(blocks / cores / 64) * 64));
  const draw: Draw = { count, dtype: tensorOf(result).dtype, isNormal: op.name === 'ms.random_normal', tile };
  lowering.launch(
    {
      key: `random ${JSON.stringify(draw)}`,
      name: op.name.slice('ms.'.length),
      core: 'vector',
      blocks: Math.max(1, Math.min(cores, pieceCount([{ extent: blocks, tile }]))),
      write: (k) => writeDraw(k, draw),
    },
    [
      lowering.buffer(op.operands[0]),
      lowering.buffer(result),
      lowering.buffer(next),
      lowering.constant(orderTable(tile)),
    ],
  );
  return null;
};

/** Byte offsets that read word w of lane i as element 4i + w. */
function orderTable(lanes: number): Uint8Array {
  const table = Int32Array.from(
    { length: lanes * BLOCK_WORDS },
    (_, at) => ((at % BLOCK_WORDS) * lanes + Math.floor(at / BLOCK_WORDS)) * 4,
  );
  return new Uint8Array(table.buffer);
}

/** Arguments: state, result, next state, order table. */
function writeDraw(k: KernelBuilder, draw: Draw): void {
  const [state, result, next, stored] = [k.buffer('state'), k.buffer('result'), k.buffer('next'), k.buffer('order')];
  const { count, dtype, tile } = draw;
  const words = tile * BLOCK_WORDS;
  const order = k.alloc('ub', words * 4);
  k.emit('copy_gm_to_ubuf_align_b32', order, stored, 0, 1, words * 4, 0, 0, 0, 0);
  const stream = readStream(k, state);
  const blocks = Math.ceil(count / BLOCK_WORDS);
  k.when('eq', k.read('get_block_idx'), 0, () => {
    const behind = k.add(stream.counter, blocks);
    [stream.key[0], stream.key[1], behind, k.read('shr', behind, 32)].forEach((word, at) =>
      k.emit('st_xd_gm_b32', word, next, at * 4),
    );
  });
  eachTile(k, [{ extent: blocks, tile }], ([{ start }]) => {
    const uniform = uniforms(k, philoxWords(k, stream, start, tile), tile);
    const parts = draw.isNormal ? normals(k, uniform, tile) : uniform;
    const ordered = k.alloc('ub', words * 4, 2);
    countLanes(k, words);
    k.emit('vgather_b32', ordered, order, parts, 8, 1);
    const values = convertLanes(k, ordered, NARROW[dtype] ?? [], words, words);
    const first = k.mul(start, BLOCK_WORDS);
    const size = k.mul(k.min(k.sub(count, first), words), dtypeBytes(dtype));
    k.emit('copy_ubuf_to_gm_align_b8', k.at(result, k.mul(first, dtypeBytes(dtype))), values, 0, 1, size, 0, 0, 0, 0);
  });
}

/** The upper 24 bits of each word as a float in [0, 1); the four parts lie one after another. */
function uniforms(k: KernelBuilder, words: readonly Value[], lanes: number): Value {
  const parts = k.alloc('ub', lanes * BLOCK_WORDS * 4);
  countLanes(k, lanes);
  words.forEach((word, at) => {
    const part = k.at(parts, at * lanes * 4);
    withScalar(k, 'vshr_u32', word, word, 8, 0);
    k.emit('vconv_s322f32', part, word, 1, 1, 1, 8, 8);
    withScalar(k, 'vmuls_f32', part, part, k.float(2 ** -24));
  });
  return parts;
}

/** Box and Muller: pairs of uniforms to pairs of normals. */
function normals(k: KernelBuilder, uniform: Value, lanes: number): Value {
  const tile = new Tile(k, { rowCapacity: 1, rows: 1, columnCapacity: lanes, columns: lanes, pitchMultiple: 8 });
  const parts = k.alloc('ub', lanes * BLOCK_WORDS * 4);
  const part = (buffer: Value, at: number): TileValue => ({
    buffer: k.at(buffer, at * lanes * 4),
    kind: 'row',
    lane: 'f32',
  });
  for (const pair of [0, 2]) {
    const squared = times(tile, logarithm(tile, plus(tile, times(tile, part(uniform, pair), -1), 1)), -2);
    const radius = tile.apply('vsqrt_f32', [squared], 'f32');
    const angle = times(tile, part(uniform, pair + 1), 2 * Math.PI);
    [sine(tile, angle, 1), sine(tile, angle, 0)].forEach((direction, at) =>
      tile.write('vcopy_b32', part(parts, pair + at), [multiply(tile, radius, direction)]),
    );
  }
  return parts;
}
