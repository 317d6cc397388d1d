/** PIPE_M: matrix multiply-accumulate. */
import { ignored, integer, reads, updates } from '../definition.ts';
import type { InstructionRow } from '../definition.ts';
import {
  add,
  and,
  binary,
  bytesOf,
  ceilDiv,
  constant,
  div,
  load,
  local,
  mul,
  operand,
  rem,
} from '../meaning/expression.ts';
import type { ElementType, Expression } from '../meaning/expression.ts';
import { assign, body, define, loop, store, when } from '../meaning/statement.ts';

const FRACTAL = 512;

/** A in L0A is zZ, B in L0B is nZ, C in L0C is NZ with 16 x 16 fractals. Only the m x n elements are written. */
function mad(suffix: string, element: ElementType, result: 'f32' | 's32'): InstructionRow {
  const size = bytesOf(element);
  const c0 = 32 / size;
  const i = local('i');
  const j = local('j');
  const p = local('p');
  const cell = (row: Expression, k: Expression): Expression => mul(add(mul(rem(row, 16), c0), rem(k, c0)), size);
  const a = add(operand('a'), mul(add(mul(div(i, 16), local('k_groups')), div(p, c0)), FRACTAL), cell(i, p));
  const b = add(operand('b'), mul(add(mul(div(p, c0), local('n_groups')), div(j, 16)), FRACTAL), cell(j, p));
  const c = add(
    operand('c'),
    mul(add(mul(div(j, 16), local('m_groups')), div(i, 16)), 1024),
    mul(add(mul(rem(i, 16), 16), rem(j, 16)), 4),
  );
  const valueType = result === 'f32' ? 'f32' : 'i32';
  return {
    mnemonic: `mad_${suffix}`,
    cores: ['cube'],
    pipe: 'M',
    timing: `mad.${suffix}`,
    operands: [
      updates('c', 'l0c', 64),
      reads('a', 'l0a', FRACTAL),
      reads('b', 'l0b', FRACTAL),
      integer('m', 'rows', 4095),
      integer('k', 'elements', 4095),
      integer('n', 'columns', 4095),
      integer('unit_flag', 'mode', 3, 'timing only'),
      ignored('k_direction_align'),
      integer('c_matrix_source', 'flag', 1, '1: start from the bias row at bias in BT'),
      integer('c_init_val', 'flag', 1, '1: start from zero'),
      { kind: 'address', name: 'bias', space: 'bt', access: 'read', alignment: 64 },
    ],
    meaning: body(
      define('m_groups', ceilDiv(operand('m'), 16)),
      define('n_groups', ceilDiv(operand('n'), 16)),
      define('k_groups', ceilDiv(operand('k'), c0)),
      when(and(binary('ne', operand('k'), 0), binary('ne', operand('m'), 0)), [
        loop('i', operand('m'), [
          loop('j', operand('n'), [
            define('sum', constant(valueType, 0)),
            when(binary('eq', operand('c_init_val'), 0), [
              when(
                binary('eq', operand('c_matrix_source'), 0),
                [assign('sum', load('l0c', result, c))],
                [assign('sum', load('bt', result, add(operand('bias'), mul(j, 4))))],
              ),
            ]),
            loop('p', operand('k'), [
              assign('sum', add(local('sum', valueType), mul(load('l0a', element, a), load('l0b', element, b)))),
            ]),
            store('l0c', result, c, local('sum', valueType)),
          ]),
        ]),
      ]),
    ),
    summary: `C[m, n] = A[m, k] * B[k, n] + start, ${result} from ${element}; the start is zero, the bias row or C; any of m, k, n = 0: nothing happens${result === 'f32' ? '; the order of the sum over k and fusing are left to the implementation' : ''}`,
  };
}

/** Matrix multiplication. */
export const cubeRows: readonly InstructionRow[] = [
  mad('f16', 'f16', 'f32'),
  mad('bf16', 'bf16', 'f32'),
  mad('f32', 'f32', 'f32'),
  mad('s8', 's8', 's32'),
];
