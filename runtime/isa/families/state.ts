/** PIPE_S: setters of special registers. They are ordered with later instructions of every pipe by hardware. */
import { bothCores, integer, source } from '../definition.ts';
import type { CoreKind, InstructionRow, OperandDefinition } from '../definition.ts';
import { add, binary, i32, index, load, local, operand, unary } from '../meaning/expression.ts';
import type { Expression, StateName } from '../meaning/expression.ts';
import { body, loop } from '../meaning/statement.ts';
import type { Statement } from '../meaning/statement.ts';

const put = (slot: StateName, at: number, value: Expression): Statement => ({
  kind: 'state',
  slot,
  at: index(at),
  value,
});

function setter(
  mnemonic: string,
  cores: readonly CoreKind[],
  operands: readonly OperandDefinition[],
  statements: readonly Statement[],
  summary: string,
): InstructionRow {
  return { mnemonic, cores, pipe: 'S', timing: 'scalar', operands, meaning: body(...statements), summary };
}

const vector: readonly CoreKind[] = ['vector'];
const cube: readonly CoreKind[] = ['cube'];

/** Halves of a 64-bit operand. */
const low = (name: string) => unary('wrap', 'i32', operand(name, 'i64'));
const high = (name: string) => unary('wrap', 'i32', binary('shr_u', operand(name, 'i64'), 32));

const maskRows: readonly InstructionRow[] = [
  setter(
    'set_vector_mask',
    vector,
    [source('hi'), source('lo')],
    [put('mask', 0, low('lo')), put('mask', 1, high('lo')), put('mask', 2, low('hi')), put('mask', 3, high('hi'))],
    'mask of 128 lanes: bit e enables lane e; in counter mode lo is the number of elements',
  ),
  setter('set_mask_norm', vector, [], [put('mask_mode', 0, i32(0))], 'mask mode: bits'),
  setter(
    'set_mask_count',
    vector,
    [],
    [put('mask_mode', 0, i32(1))],
    'mask mode: element count; repeat operands are ignored and inferred',
  ),
  setter(
    'set_cmpmask',
    vector,
    [{ kind: 'address', name: 'src', space: 'ub', access: 'read', alignment: 16 }],
    [
      loop('i', index(4), [
        {
          kind: 'state',
          slot: 'cmpmask',
          at: local('i'),
          value: load('ub', 's32', add(operand('src'), binary('mul', local('i'), 4))),
        },
      ]),
    ],
    'compare mask = 128 bits of UB',
  ),
];

const vaOperands = Array.from({ length: 8 }, (_, lane) => integer(`a${lane}`, 'B'));
const vaRows: readonly InstructionRow[] = [
  setter(
    'set_va_reg_sb',
    vector,
    [integer('va', 'register', 7), ...vaOperands],
    vaOperands.map((entry, lane) => ({
      kind: 'state',
      slot: 'va',
      at: add(binary('mul', operand('va'), 8), lane),
      value: operand(entry.name),
    })),
    'eight UB byte addresses of VA register va',
  ),
];

const fmatrixFields = ['h', 'w', 'pad_left', 'pad_right', 'pad_top', 'pad_bottom'];
const fmatrix = (mnemonic: string, first: number) =>
  setter(
    mnemonic,
    cube,
    fmatrixFields.map((name) => integer(name, 'elements', 65535)),
    fmatrixFields.map((name, field) => put('fmatrix', first + field, operand(name))),
    `feature map of img2col with fmatrix_ctrl ${first / 6}`,
  );

const atomicTypes = ['none', 'f32', 'f16', 's16', 's32', 's8', 'bf16'];
const atomicOps = ['none', 'add', 'max', 'min'];

/** Setters of special registers. */
export const stateRows: readonly InstructionRow[] = [
  ...maskRows,
  ...vaRows,
  setter(
    'set_deqscale',
    vector,
    [{ kind: 'float', name: 'scale' }],
    [put('deqscale', 0, operand('scale', 'i32'))],
    'f32 factor of vconv_deq_*',
  ),
  setter(
    'set_mov_pad_val',
    vector,
    [integer('value', 'bits')],
    [put('mov_pad', 0, operand('value', 'i32'))],
    'padding element of the _align moves, its bits',
  ),
  fmatrix('set_fmatrix', 0),
  fmatrix('set_fmatrix_b', 6),
  setter(
    'set_l3d_rpt',
    cube,
    [
      integer('rpt_stride', '16 positions or C0 columns'),
      integer('rpt_time', 'times', 255),
      integer('rpt_mode', 'mode', 1, '0 repeats along k, 1 along m'),
    ],
    ['rpt_stride', 'rpt_time', 'rpt_mode'].map((name, field) => put('l3d_rpt', field, operand(name))),
    'repeat img2col with a moving start',
  ),
  setter(
    'set_padding',
    cube,
    [integer('value', 'bits')],
    [put('padding', 0, operand('value', 'i32'))],
    'padding element of img2col, its bits',
  ),
  setter(
    'set_quant_pre',
    cube,
    [source('value')],
    [put('quant_pre', 0, low('value')), put('quant_pre', 1, high('value'))],
    'scalar quantization parameter',
  ),
  setter(
    'set_fpc',
    cube,
    [integer('address', 'B')],
    [put('fpc', 0, operand('address', 'i32'))],
    'FB address of the per-channel quantization parameters',
  ),
  setter(
    'set_nd_para',
    cube,
    [integer('nd_num', 'matrices'), integer('src_nd_stride', '1024 B'), integer('dst_nd_stride', 'elements')],
    ['nd_num', 'src_nd_stride', 'dst_nd_stride'].map((name, field) => put('nd_para', field, operand(name))),
    'number and strides of the matrices of nz2nd',
  ),
  ...atomicOps.map((name, code) =>
    setter(
      `set_atomic_${name}`,
      bothCores,
      [],
      [put('atomic_op', 0, i32(code))],
      `writes to GM: ${code === 0 ? 'replace' : name}`,
    ),
  ),
  ...atomicTypes
    .slice(1)
    .map((name, code) =>
      setter(
        `set_atomic_${name}`,
        bothCores,
        [],
        [put('atomic_type', 0, i32(code + 1))],
        `element type of atomic writes: ${name}`,
      ),
    ),
];
