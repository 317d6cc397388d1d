/** Activations. */
import { floatAttribute } from '../../../ir/index.ts';
import { asNumber, asTensor } from './arguments.ts';
import { floated } from './promote.ts';
import { prelude, row, type ApiRow, type Apply } from './table.ts';
import { everywhere, keeping, real } from './unary.ts';

const withAlpha =
  (name: string, otherwise: number): Apply =>
  (session, x, alpha) => {
    const value = alpha === null ? otherwise : asNumber(session, alpha, 'alpha');
    return session.op(name, [floated(session, asTensor(session, x, 'input'))], { alpha: floatAttribute(value) });
  };

const gelu: Apply = (session, x, approximate) => {
  const form = approximate === 'tanh' ? 'tanh' : 'none';
  return session.op('ms.gelu', [floated(session, asTensor(session, x, 'input'))], {
    approximate: { kind: 'string', value: form },
  });
};

const geluTanh: Apply = (session, x) => gelu(session, x, 'tanh');

export const activationApi: readonly ApiRow[] = [
  row(
    'x',
    keeping('ms.relu'),
    `
    ops.relu(input, inplace:_=False); ops.ReLU()(input); Tensor.relu(); functional.relu(input, inplace:_=False)
  `,
  ),
  row('x', real('ms.relu6'), `ops.relu6(x); ops.ReLU6()(x); functional.relu6(input)`),
  row(
    'x, alpha',
    withAlpha('ms.leaky_relu', 0.2),
    `
    ops.leaky_relu(input, alpha=0.2); functional.leaky_relu(input, negative_slope=0.01)
  `,
  ),
  row(
    'x, alpha',
    withAlpha('ms.elu', 1),
    `
    ops.elu(input_x, alpha=1.0); ops.Elu(alpha=1.0)(input_x); functional.elu(input, alpha=1.0)
  `,
  ),
  row('x', real('ms.sigmoid'), `${everywhere('sigmoid', 'Sigmoid')}; functional.sigmoid(input)`),
  row('x', real('ms.log_sigmoid'), `ops.logsigmoid(x); functional.logsigmoid(input)`),
  row(
    'x',
    real('ms.softplus'),
    `
    ops.softplus(input, beta:_=1, threshold:_=20); ops.Softplus()(input)
    functional.softplus(input, beta:_=1, threshold:_=20)
  `,
  ),
  row('x', real('ms.silu'), `ops.silu(input); functional.silu(input)`),
  row('x, approximate', gelu, `ops.gelu(input, approximate='none'); functional.gelu(input, approximate='none')`),
  row('x', geluTanh, `ops.GeLU()(input); ops.Gelu()(input)`),
  row('x', real('ms.hardsigmoid'), `ops.hardsigmoid(input); ops.HSigmoid()(input); functional.hardsigmoid(input)`),
  row('x', real('ms.hardswish'), `ops.hardswish(input); ops.HSwish()(input); functional.hardswish(input)`),
  row('x', real('ms.mish'), `ops.mish(x); ops.Mish()(x); functional.mish(input)`),
  row(
    'x, weight',
    prelude('activation.prelu'),
    `
    ops.prelu(input, weight); ops.PReLU()(x, weight); functional.prelu(input, weight)
  `,
  ),
  row('x', prelude('activation.fast_gelu'), `ops.fast_gelu(x); ops.FastGeLU()(x); ops.FastGelu()(x)`),
  row('x', prelude('activation.selu'), `ops.selu(input_x); ops.SeLU()(input_x); functional.selu(input)`),
  row('x, alpha', prelude('activation.celu'), `ops.celu(x, alpha=1.0); ops.CeLU(alpha=1.0)(x)`),
  row('x', prelude('activation.softsign'), `ops.softsign(x); ops.Softsign()(x)`),
];
