/** Normalizations. Primitives return their statistics too; what nobody uses is dropped from the graph. */
import { floatAttribute, integerAttribute, tensorType } from '../../../ir/index.ts';
import { PyTuple } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import type { Tensor } from '../../trace/tensor.ts';
import { asAxis, asBool, asInts, asNumber, asTensor } from './arguments.ts';
import { cast, unify } from './promote.ts';
import { reduceAxes } from './reduce.ts';
import { prelude, row, type Apply, type ApiRow } from './table.ts';

/** Mean and variance over the dimensions from `begin` on, kept with extent 1. */
function statistics(session: TensorSession, x: Tensor, begin: number): readonly Tensor[] {
  const axes = x.type.shape.map((_, axis) => axis).slice(begin);
  const mean = reduceAxes(session, 'ms.reduce_mean', x, axes, true);
  const deviation = session.op('ms.square', [session.op('ms.sub', [x, mean])]);
  return [mean, reduceAxes(session, 'ms.reduce_mean', deviation, axes, true)];
}

const layerNorm: Apply = (session, x, gamma, beta, begin, _, epsilon) => {
  const inputs = unify(session, [x, gamma, beta], ['input_x', 'gamma', 'beta']);
  const axis = asAxis(session, begin ?? 1, inputs[0].type.shape.length, 'begin_norm_axis');
  const y = session.op('ms.layer_norm', inputs, {
    begin_axis: integerAttribute(axis),
    epsilon: floatAttribute(asNumber(session, epsilon ?? 1e-7, 'epsilon')),
  });
  return new PyTuple([y, ...statistics(session, inputs[0], axis)]);
};

const layerNormFunction: Apply = (session, x, shape, weight, bias, epsilon) => {
  const tensor = asTensor(session, x, 'input');
  const extents = asInts(session, shape, 'normalized_shape');
  const fill = (value: number) => session.splat(value, tensorType(extents, tensor.type.dtype));
  const inputs = unify(session, [tensor, weight ?? fill(1), bias ?? fill(0)], ['input', 'weight', 'bias']);
  return session.op('ms.layer_norm', inputs, {
    begin_axis: integerAttribute(tensor.type.shape.length - extents.length),
    epsilon: floatAttribute(asNumber(session, epsilon ?? 1e-5, 'eps')),
  });
};

const rmsNorm: Apply = (session, x, gamma, epsilon) => {
  const inputs = unify(session, [x, gamma], ['x', 'gamma']);
  const begin = inputs[0].type.shape.length - inputs[1].type.shape.length;
  const small = asNumber(session, epsilon ?? 1e-6, 'epsilon');
  const y = session.op('ms.rms_norm', inputs, { begin_axis: integerAttribute(begin), epsilon: floatAttribute(small) });
  const axes = inputs[0].type.shape.map((_, axis) => axis).slice(begin);
  const mean = reduceAxes(session, 'ms.reduce_mean', session.op('ms.square', [inputs[0]]), axes, true);
  const scale = session.op('ms.rsqrt', [session.op('ms.add', [mean, session.scalar(small, mean.type.dtype)])]);
  return new PyTuple([y, scale]);
};

/** (y, mean, variance, mean, variance), as the primitive of MindSpore. Statistics take the element type of x. */
const batchNorm: Apply = (session, x, gamma, beta, mean, variance, training, epsilon, momentum) => {
  if (asBool(session, training, 'is_training')) {
    const train = session.py.getAttribute(session.py.importModule('mindspore.ops.function.norm'), 'batch_norm_train');
    return session.py.call(train, [x, gamma, beta, mean, variance, epsilon, momentum]);
  }
  const input = asTensor(session, x, 'input_x');
  const parameters = [gamma, beta, mean, variance].map((value) =>
    cast(session, asTensor(session, value, 'parameter'), input.type.dtype),
  );
  const y = session.op('ms.batch_norm', [input, ...parameters], {
    epsilon: floatAttribute(asNumber(session, epsilon ?? 1e-5, 'epsilon')),
  });
  return new PyTuple([y, mean, variance, mean, variance]);
};

const groupNorm: Apply = (session, x, groups, weight, bias, epsilon) => {
  const tensor = asTensor(session, x, 'input');
  const line = tensorType([tensor.type.shape[1]], tensor.type.dtype);
  const inputs = unify(
    session,
    [tensor, weight ?? session.splat(1, line), bias ?? session.splat(0, line)],
    ['input', 'weight', 'bias'],
  );
  return session.op('ms.group_norm', inputs, {
    groups: integerAttribute(asNumber(session, groups, 'num_groups')),
    epsilon: floatAttribute(asNumber(session, epsilon ?? 1e-5, 'eps')),
  });
};

export const normApi: readonly ApiRow[] = [
  row(
    'x, gamma, beta, begin, begin_params, epsilon',
    layerNorm,
    `
    ops.LayerNorm(begin_norm_axis=1, begin_params_axis=1, epsilon=1e-7)(input_x, gamma, beta)
  `,
  ),
  row(
    'x, shape, weight, bias, epsilon',
    layerNormFunction,
    `
    ops.layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5)
    functional.layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5)
  `,
  ),
  row('x, gamma, epsilon', rmsNorm, `ops.rms_norm(x, gamma, epsilon=1e-6); ops.RmsNorm(epsilon=1e-6)(x, gamma)`),
  row(
    'x, gamma, beta, mean, variance, training, epsilon, momentum',
    batchNorm,
    `
    ops.BatchNorm(is_training=False, epsilon=1e-5, momentum=0.1, data_format:_='NCHW')(input_x, scale, bias, mean, variance)
  `,
  ),
  row(
    'x, mean, variance, gamma, beta, training, momentum, epsilon',
    (session, x, mean, variance, gamma, beta, training, momentum, epsilon) => {
      const result = batchNorm(session, x, gamma, beta, mean, variance, training, epsilon, momentum);
      return result instanceof PyTuple ? result.items[0] : result;
    },
    `ops.batch_norm(input_x, running_mean, running_var, weight, bias, training=False, momentum=0.1, eps=1e-5)`,
  ),
  row(
    'x, groups, weight, bias, epsilon',
    groupNorm,
    `
    ops.group_norm(input, num_groups, weight=None, bias=None, eps=1e-5); functional.group_norm(input, num_groups, weight=None, bias=None, eps=1e-5)
  `,
  ),
  row(
    'x, gamma, beta, mean, variance, epsilon, momentum',
    prelude('norm.instance_norm'),
    `
    ops.InstanceNorm(epsilon=1e-5, momentum=0.1)(input_x, gamma, beta, mean, variance)
  `,
  ),
];
