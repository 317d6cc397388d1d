/** Functions along one axis: running sums, orders, normalized exponentials. */
import { boolAttribute, integerAttribute } from '../../../ir/index.ts';
import { PyTuple, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import type { Tensor } from '../../trace/tensor.ts';
import { asAxis, asBool, asDType, asInt, asTensor } from './arguments.ts';
import { cast, floated } from './promote.ts';
import { reshaped, swapped } from './shape.ts';
import { prelude, row, type ApiRow, type Apply } from './table.ts';

const scan =
  (name: string): Apply =>
  (session, x, axis, exclusive, reverse, dtype) => {
    const tensor = asTensor(session, x, 'input');
    const source = axis === null ? reshaped(session, tensor, [-1]) : tensor;
    const typed =
      dtype === null
        ? source.type.dtype === 'i1'
          ? cast(session, source, 'i32')
          : source
        : cast(session, source, asDType(dtype));
    return session.op(name, [typed], {
      axis: integerAttribute(asAxis(session, axis ?? 0, source.type.shape.length)),
      exclusive: boolAttribute(asBool(session, exclusive, 'exclusive')),
      reverse: boolAttribute(asBool(session, reverse, 'reverse')),
    });
  };

const along =
  (name: string): Apply =>
  (session, x, axis, dtype) => {
    const tensor = asTensor(session, x, 'input');
    const typed =
      dtype === null || dtype === undefined ? floated(session, tensor) : cast(session, tensor, asDType(dtype));
    const axes = axis instanceof PyTuple ? axis.items[0] : axis;
    return session.op(name, [typed], { axis: integerAttribute(asAxis(session, axes ?? -1, tensor.type.shape.length)) });
  };

function sorted(session: TensorSession, x: PyValue, axis: PyValue, descending: PyValue): readonly Tensor[] {
  const tensor = asTensor(session, x, 'input');
  const at = asAxis(session, axis ?? -1, tensor.type.shape.length);
  return session.all('ms.sort', [tensor], {
    axis: integerAttribute(at),
    descending: boolAttribute(asBool(session, descending, 'descending')),
  });
}

const sort: Apply = (session, x, axis, descending) => new PyTuple(sorted(session, x, axis, descending));

const argsort: Apply = (session, x, axis, descending) => sorted(session, x, axis, descending)[1];

/** The op takes the last dimension; another axis is swapped there and back. */
const topK: Apply = (session, x, k, axis, largest) => {
  const tensor = asTensor(session, x, 'input');
  const rank = tensor.type.shape.length;
  const at = asAxis(session, axis ?? -1, rank, 'dim');
  const attributes = {
    k: integerAttribute(asInt(session, k, 'k')),
    largest: boolAttribute(largest === null || asBool(session, largest, 'largest')),
  };
  const results = session.all('ms.top_k', [swapped(session, tensor, at, rank - 1)], attributes);
  return new PyTuple(results.map((result) => swapped(session, result, at, rank - 1)));
};

export const orderApi: readonly ApiRow[] = [
  row(
    'x, axis, exclusive, reverse, dtype',
    scan('ms.cumsum'),
    `
    ops.cumsum(x, axis, dtype:dtype=None); ops.CumSum(exclusive=False, reverse=False)(input, axis)
    Tensor.cumsum(axis|dim=None, dtype:dtype=None); mnp.cumsum(a, axis=None, dtype:dtype=None)
    mint.cumsum(input, dim, dtype:dtype=None)
  `,
  ),
  row(
    'x, axis, exclusive, reverse, dtype',
    scan('ms.cumprod'),
    `
    ops.cumprod(input, dim, dtype:dtype=None); ops.CumProd(exclusive=False, reverse=False)(x, axis)
    Tensor.cumprod(dim, dtype:dtype=None); mnp.cumprod(a, axis=None, dtype:dtype=None)
  `,
  ),
  row(
    'x, axis, dtype',
    along('ms.softmax'),
    `
    ops.softmax(input, axis=-1, *, dtype=None); ops.Softmax(axis=-1)(input); Tensor.softmax(axis|dim=-1, dtype=None)
    functional.softmax(input, dim=None, dtype=None)
  `,
  ),
  row(
    'x, axis, dtype',
    along('ms.log_softmax'),
    `
    ops.log_softmax(logits, axis=-1); ops.LogSoftmax(axis=-1)(logits); Tensor.log_softmax(axis=-1, dtype=None)
    functional.log_softmax(input, dim=None, dtype=None)
  `,
  ),
  row(
    'x, axis, descending',
    sort,
    `
    ops.sort(input_x, axis=-1, descending=False); ops.Sort(axis=-1, descending=False)(x)
    Tensor.sort(axis|dim=-1, descending=False); mint.sort(input, *, dim=-1, descending=False, stable:_=False)
  `,
  ),
  row('x', (session, x) => sorted(session, x, 0, false)[0], `ops.msort(input)`),
  row(
    'x, axis, descending',
    argsort,
    `
    ops.argsort(input, axis=-1, descending=False); Tensor.argsort(axis|dim=-1, descending=False)
    mint.argsort(input, dim=-1, descending=False, stable:_=False)
  `,
  ),
  row(
    'x, k, axis, largest',
    topK,
    `
    ops.topk(input, k, dim=None, largest=True, sorted:_=True); ops.TopK(sorted:_=True)(input_x, k)
    ops.top_k(input_x, k, sorted:_=True); Tensor.topk(k, dim=None, largest=True, sorted:_=True); Tensor.top_k(k, sorted:_=True)
    mint.topk(input, k, dim=-1, largest=True, sorted:_=True)
  `,
  ),
  row(
    'x, axis, keep_dims',
    prelude('statistics.median'),
    `ops.median(input, axis=-1, keepdims=False); Tensor.median(axis=-1, keepdims=False)`,
  ),
];
