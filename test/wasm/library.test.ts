/** Every library function equals the reference machine on random operands, masks and memories. */

import { describe, expect, test } from 'vitest';
import type { OperandDefinition } from '../../runtime/isa/index.ts';
import { dataInstructions, tunedForms, type DataInstruction } from '../../runtime/wasm/index.ts';
import { compare, Random, stateWith, WasmCore, type Filling } from './harness.ts';

const wasm = new WasmCore();
const runsPerInstruction = 12;
/** Instructions with a hand-tuned form are tried more often. */
const runsPerTuned = 80;
const tuned = tunedForms({ relaxedSimd: false });

/** Operands with a role are drawn from what exercises them; a few are far outside. */
function operandValue(operand: OperandDefinition, random: Random, definition: DataInstruction): number {
  if (operand.kind === 'float') return random.pick([0x3f800000, 0xc0000000, 0x3f000000]);
  if (operand.kind === 'source') return random.below(1000) - 300;
  if (operand.kind === 'address') return addressValue(definition, operand, random);
  if (operand.kind !== 'integer') return 0;
  const { name } = operand;
  const bounded = (limit: number): number => random.below(Math.min(limit, operand.maximum + 1));
  if (name === 'repeat')
    return definition.meaning.kind === 'lanes' || definition.meaning.kind === 'reduction' ? bounded(5) : bounded(4);
  if (name.endsWith('_blk')) return random.pick([1, 1, 1, 0, 2]);
  if (name.endsWith('_rep')) return random.pick([8, 8, 4, 0, 1, 9]);
  if (name === 'quant_pre') return random.pick([0, 1, 16, 24, 23, 3, 2, 5, 4]);
  if (name === 'scalar') return random.below(15);
  if (name === 'va' || name.endsWith('_va')) return random.pick([0, 2, 4]);
  if (['m', 'n', 'k', 'm_ext', 'm_size', 'n_size'].includes(name)) return random.below(40);
  // Strides that keep the parts of a destination apart.
  if (name === 'dst_stride') return 80 + random.below(8);
  if (name === 'dst_nz_c0_stride') return 48 + random.below(4);
  if (name === 'dst_nz_n_stride') return 1 + random.below(2);
  if (name === 'dst_nz_matrix_stride') return 1600 * random.below(3);
  if (name === 'nd_num') return random.below(3);
  if (name === 'len_burst' && definition.mnemonic.includes('ubuf_to_gm')) return 4 * random.below(8);
  if (name === 'k_start') return random.pick([0, 32, 64, random.below(40)]);
  if (name === 'k_ext') return random.pick([32, 64, random.below(40)]);
  if (/^(stride|filter|dilation)_[wh]$/.test(name)) return 1 + random.below(2);
  if (operand.maximum === 1) return random.below(2);
  return bounded(random.pick([4, 8, 24]));
}

/** Operands lie in zones of their own: what happens when they overlap in part is not defined. */
function addressValue(
  definition: DataInstruction,
  operand: Extract<OperandDefinition, { kind: 'address' }>,
  random: Random,
): number {
  if (random.below(40) === 0) return 1 << 20;
  const zone = definition.operands
    .filter((other) => other.kind === 'address' && other.space === operand.space)
    .indexOf(operand);
  const alignment = Math.max(operand.alignment, 4);
  return (
    zone * 6144 +
    Math.floor(random.below(operand.space === 'bt' || operand.space === 'fb' ? 256 : 2048) / alignment) * alignment
  );
}

function fillingOf(mnemonic: string, random: Random): Filling {
  if (mnemonic.startsWith('vgather')) return random.pick(['offsets', 'offsets', 'bytes']);
  if (mnemonic.startsWith('vconv_f32')) return random.pick(['f32', 'wide f32']);
  if (/^v(exp|ln|sqrt|rec|div|abs|relu)\w*_f32/.test(mnemonic)) return random.pick(['f32', 'wide f32']);
  if (mnemonic.includes('bf16')) return 'bf16';
  if (mnemonic.includes('f16')) return 'f16';
  return mnemonic.includes('f32') ? 'f32' : 'bytes';
}

function randomState(random: Random): Int32Array {
  const counting = random.below(2);
  const masks = [
    [-1, -1, -1, -1],
    [0x0f0f_00ff, -1, 0x7fff_ffff, 3],
    [1, 0, 0, 0],
  ];
  return stateWith({
    mask: counting === 1 ? [random.below(500), 0, 0, 0] : random.pick(masks),
    mask_mode: [counting],
    cmpmask: [0x1234_5678, -1, 0, 0x0f0f_0f0f],
    va: Array.from({ length: 64 }, (_, index) => index * 64),
    mov_pad: [7],
    fmatrix: [9, 7, 1, 1, 1, 2, 5, 8, 0, 0, 0, 0],
    l3d_rpt: [1, 1 + random.below(2), random.below(2)],
    padding: [3],
    quant_pre: [0x3e80_0000, random.pick([0, 1 << 14, (1 << 14) | (5 << 5)])],
    nd_para: [1, 0, 0],
    atomic_op: [random.pick([0, 0, 0, 1, 2, 3])],
    atomic_type: [1 + random.below(6)],
    block_idx: [3],
    block_num: [5],
  });
}

const pipes = [...new Set(dataInstructions.map((definition) => definition.pipe))];

describe('library functions equal the reference machine', () => {
  for (const pipe of pipes) {
    test(`pipe ${pipe}`, () => {
      const failures: string[] = [];
      for (const definition of dataInstructions.filter((candidate) => candidate.pipe === pipe)) {
        const runs = tuned.has(definition.mnemonic) ? runsPerTuned : runsPerInstruction;
        for (let run = 0; run < runs; run++) {
          const random = new Random(definition.opcode * 128 + run + 1);
          const values = Object.fromEntries(
            definition.operands.map((operand) => [operand.name, operandValue(operand, random, definition)]),
          );
          const state = randomState(random);
          const found = compare(
            wasm,
            definition.mnemonic,
            values,
            state,
            fillingOf(definition.mnemonic, random),
            run + 1,
          );
          if (found.length > 0)
            failures.push(`${definition.mnemonic} ${JSON.stringify(values)} mode ${state[4]}: ${found.join('; ')}`);
        }
      }
      expect(failures).toEqual([]);
    });
  }
});
