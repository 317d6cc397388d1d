/** Products of matrices, and what layers add to them. */
import { boolAttribute } from '../../../ir/index.ts';
import type { PyValue } from '../../eval/index.ts';
import { traceDiagnostics } from '../../trace/diagnostics.ts';
import { parallelMode } from '../../trace/placement.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';
import { asBool, asTensor } from './arguments.ts';
import { unify } from './promote.ts';
import { reshaped } from './shape.ts';
import { prelude, row, type Apply, type ApiRow } from './table.ts';

function product(session: TensorSession, x: Tensor, y: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const name = x.type.shape.length === 2 && y.type.shape.length === 2 ? 'ms.matmul' : 'ms.batch_matmul';
  return session.op(name, [x, y], { transpose_a: boolAttribute(transposeA), transpose_b: boolAttribute(transposeB) });
}

const operands = (session: TensorSession, x: PyValue, y: PyValue): readonly Tensor[] =>
  unify(session, [x, y], ['input', 'other']);

/** NumPy's matmul: a vector is a row on the left and a column on the right, and its dimension goes. */
const matmul: Apply = (session, x, y) => {
  const [lhs, rhs] = operands(session, x, y);
  const [left, right] = [extentsOf(lhs.type), extentsOf(rhs.type)];
  const rows = left.length === 1 ? reshaped(session, lhs, [1, left[0]]) : lhs;
  const columns = right.length === 1 ? reshaped(session, rhs, [right[0], 1]) : rhs;
  const result = product(session, rows, columns, false, false);
  if (left.length > 1 && right.length > 1) return result;
  const shape = extentsOf(result.type);
  const batch = shape.slice(0, -2);
  return reshaped(session, result, [
    ...batch,
    ...(left.length === 1 ? [] : [shape[shape.length - 2]]),
    ...(right.length === 1 ? [] : [shape[shape.length - 1]]),
  ]);
};

const matmulPrimitive: Apply = (session, x, y, transposeA, transposeB) => {
  const [lhs, rhs] = operands(session, x, y);
  return product(
    session,
    lhs,
    rhs,
    asBool(session, transposeA, 'transpose_a'),
    asBool(session, transposeB, 'transpose_b'),
  );
};

const dense: Apply = (session, x, weight, bias) => {
  const inputs = unify(session, bias === null ? [x, weight] : [x, weight, bias], ['input', 'weight', 'bias']);
  return session.op('ms.dense', inputs);
};

/** Adds a bias along dimension 1 (of a matrix: the last). */
const biasAdd: Apply = (session, x, bias) => {
  const [input, addend] = unify(session, [x, bias], ['input_x', 'bias']);
  const rank = input.type.shape.length;
  const line = reshaped(session, addend, [
    extentsOf(addend.type)[0],
    ...Array.from({ length: Math.max(0, rank - 2) }, () => 1),
  ]);
  return session.op('ms.add', [input, line]);
};

/**
 * AllReduce and its relatives among one device. A network that says it is divided means a program for all devices, whose
 * collectives msc makes itself: one of the user's own, which speaks of ranks, has no meaning there.
 */
const alone: Apply = (session, x) => {
  if (parallelMode(session.py) !== 'stand_alone')
    session.stop(traceDiagnostics.unsupportedUse, ['a collective of your own beside a parallel mode']);
  return asTensor(session, x, 'input');
};

export const matmulApi: readonly ApiRow[] = [
  row(
    'x, y',
    matmul,
    `
    ops.matmul(input, other); Tensor.matmul(tensor2); Tensor.__matmul__(other); mnp.matmul(x1, x2, dtype:_=None); mint.matmul(input, other)
    ops.bmm(input_x, mat2); ops.mm(input, mat2); Tensor.bmm(mat2); Tensor.mm(mat2); mint.bmm(input, mat2); mint.mm(input, mat2)
    ops.mv(mat, vec); ops.dot(input, other); mnp.dot(a, b); Tensor.dot(other); ops.batch_dot(x1, x2, axes:_=None)
  `,
  ),
  row('y, x', (session, y, x) => matmul(session, x, y), `Tensor.__rmatmul__(other)`),
  row(
    'x, y, transpose_a, transpose_b',
    matmulPrimitive,
    `
    ops.MatMul(transpose_a=False, transpose_b=False)(input, mat2); ops.BatchMatMul(transpose_a=False, transpose_b=False)(x, y)
  `,
  ),
  row(
    'x, weight, bias',
    dense,
    `
    ops.dense(input, weight, bias=None); ops.Dense()(input, weight, bias=None); functional.linear(input, weight, bias=None)
  `,
  ),
  row('x, bias', biasAdd, `ops.bias_add(input_x, bias); ops.BiasAdd(data_format:_='NCHW')(input_x, bias)`),
  row(
    'x, y',
    prelude('math.outer'),
    `ops.outer(input, vec2); Tensor.outer(vec2); mnp.outer(a, b); ops.ger(input, vec2); ops.Ger()(x1, x2)`,
  ),
  row('x, y, axes', prelude('math.tensordot'), `ops.tensor_dot(x1, x2, axes); mnp.tensordot(a, b, axes=2)`),
  row(
    'equation, operands',
    prelude('einsum.einsum'),
    `ops.einsum(equation, *operands); mint.einsum(equation, *operands)`,
  ),
  row(
    'operands, equation',
    (session, values, equation) =>
      session.py.call(session.py.getAttribute(session.py.importModule('mindspore.ops.function.einsum'), 'einsum'), [
        equation,
        values,
      ]),
    `ops.Einsum(equation)(x)`,
  ),
  row(
    'x, a, b, beta, alpha',
    prelude('math.addmm'),
    `
    ops.addmm(input, mat1, mat2, *, beta=1, alpha=1); ops.baddbmm(input, batch1, batch2, beta=1, alpha=1)
    mint.addmm(input, mat1, mat2, *, beta=1, alpha=1); mint.baddbmm(input, batch1, batch2, *, beta=1, alpha=1)
  `,
  ),
  row(
    'x',
    alone,
    `
    ops.AllReduce(op:_='sum', group:_='hccl_world_group')(x); ops.AllGather(group:_='hccl_world_group')(x)
    ops.ReduceScatter(op:_='sum', group:_='hccl_world_group')(x); ops.Broadcast(root_rank:_, group:_='hccl_world_group')(x)
  `,
  ),
];
