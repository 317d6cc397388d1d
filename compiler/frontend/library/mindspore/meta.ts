/** Functions about tensors rather than of them: shape, dtype, assignment, order, effects. */
import { tensorType } from '../../../ir/index.ts';
import { PyTuple, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { elementsOf, extentsOf, Tensor } from '../../trace/tensor.ts';
import { asDType, asTensor, filled, isNumber } from './arguments.ts';
import { dtypeObject } from './dtype.ts';
import { cast, isFloating, unify } from './promote.ts';
import { prelude, row, type Apply, type ApiRow } from './table.ts';

export const shapeTuple = (x: Tensor): PyTuple => new PyTuple(extentsOf(x.type));

const tensorShape: Apply = (session, x) => {
  const extents = extentsOf(asTensor(session, x, 'input_x').type);
  const type = tensorType([extents.length], 'i64');
  return session.concrete(type, filled(type, extents));
};

/** Gives a parameter a new value; inside a graph the value leaves as a result. */
export function assign(session: TensorSession, variable: PyValue, value: PyValue): Tensor {
  const target = variable instanceof Tensor ? variable : asTensor(session, variable, 'variable');
  const source = cast(session, asTensor(session, value, 'value', target.type.dtype), target.type.dtype);
  session.replace(
    target,
    session.trace ? { kind: 'symbolic', type: target.type, value: session.valueOf(source) } : source.payload,
  );
  return target;
}

const assignWith =
  (name: string): Apply =>
  (session, variable, value) =>
    assign(session, variable, session.op(name, unify(session, [variable, value], ['variable', 'value'])));

const printAll: Apply = (session, values) => {
  const items = session.py.collect(values);
  if (session.trace?.printed?.(items) !== true)
    session.py.host.writeOutput(`${items.map((item) => session.py.str(item)).join(' ')}\n`);
  return null;
};

const scalarToTensor: Apply = (session, x, dtype) =>
  asTensor(session, x, 'input_x', dtype === null ? null : asDType(dtype));

const isTensorValue: Apply = (_, x) => x instanceof Tensor;

export const metaApi: readonly ApiRow[] = [
  row(
    'x',
    (session, x) => shapeTuple(asTensor(session, x, 'input_x')),
    `ops.shape(input_x); ops.Shape()(x); ops.shape_(x)`,
  ),
  row('x', tensorShape, `ops.TensorShape()(input_x); ops.DynamicShape(dtype:_=9)(x); ops.dyn_shape(input_x)`),
  row(
    'x',
    (session, x) => dtypeObject(asTensor(session, x, 'input_x').type.dtype),
    `ops.dtype(x); ops.DType()(x); ops.typeof(x)`,
  ),
  row(
    'x',
    (session, x) => asTensor(session, x, 'input_x').type.shape.length,
    `
    ops.rank(input_x); ops.Rank()(x); Tensor.dim(); Tensor.ndimension()
  `,
  ),
  row(
    'x',
    (session, x) => elementsOf(asTensor(session, x, 'input_x').type),
    `ops.size(input_x); ops.Size()(x); ops.numel(input); Tensor.numel(); Tensor.nelement(); mnp.size(a, axis:_=None)`,
  ),
  row(
    'x',
    (session, x) => isFloating(asTensor(session, x, 'input').type.dtype),
    `ops.is_floating_point(input); Tensor.is_floating_point()`,
  ),
  row('x', isTensorValue, `ops.is_tensor(obj)`),
  row('x', (session, x) => isNumber(x) || !(asTensor(session, x, 'x').type.dtype === 'i1'), `ops.is_nonzero(input)`),
  row(
    'variable, value',
    (session, variable, value) => assign(session, variable, value),
    `ops.assign(variable, value); ops.Assign()(variable, value)`,
  ),
  row('variable, value', assignWith('ms.add'), `ops.assign_add(variable, value); ops.AssignAdd()(variable, value)`),
  row('variable, value', assignWith('ms.sub'), `ops.assign_sub(variable, value); ops.AssignSub()(variable, value)`),
  row('value, expression', (_, value) => value, `ops.depend(value, expr); ops.Depend()(value, expr)`),
  row('values', printAll, `ops.print_(*input_x); ops.Print()(*input_x)`),
  row(
    'x, dtype',
    scalarToTensor,
    `ops.scalar_to_tensor(input_x, dtype=float32); ops.ScalarToTensor()(x, dtype=float32)`,
  ),
  row(
    'x',
    (session, x) => asTensor(session, x, 'input_x'),
    `ops.tuple_to_array(input_x); ops.TupleToArray()(input_x); ops.scalar_to_array(input_x)`,
  ),
  row('start, stop, step', prelude('array.make_range'), `ops.make_range(start, stop=None, step=1)`),
  row('items', (session, items) => new PyTuple(session.py.collect(items)), `ops.make_tuple(*items)`),
  row(
    'items',
    (session, items) => session.py.call(session.py.getAttribute(session.py.importModule('builtins'), 'list'), [items]),
    `ops.make_list(*items)`,
  ),
];
