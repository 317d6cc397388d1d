/**
 * The primitives of optimizers: each updates one parameter and its state; and the test for overflow in their gradients. What
 * they compute is Python of the prelude.
 */
import { prelude, row, type ApiRow } from './table.ts';

export const optimizeApi: readonly ApiRow[] = [
  row(
    'weight, moment, rate, gradient, momentum, nesterov, gradient_scale',
    prelude('optimize.apply_momentum'),
    `
    ops.ApplyMomentum(use_nesterov:nesterov=False, use_locking:_=False, gradient_scale:gradient_scale=1.0)(variable, accumulation, learning_rate, gradient, momentum)
  `,
  ),
  row(
    'weight, gradient, rate, accum, momentum, stat, dampening, decay, nesterov',
    prelude('optimize.sgd'),
    `
    ops.SGD(dampening=0.0, weight_decay=0.0, nesterov=False)(parameters, gradient, learning_rate, accum, momentum, stat)
  `,
  ),
  row(
    'weight, first, second, beta1_power, beta2_power, rate, beta1, beta2, epsilon, gradient, nesterov',
    prelude('optimize.adam'),
    `
    ops.Adam(use_locking:_=False, use_nesterov:nesterov=False)(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad)
  `,
  ),
  row(
    'weight, first, second, largest, beta1_power, beta2_power, rate, beta1, beta2, epsilon, gradient',
    prelude('optimize.adam_amsgrad'),
    `
    ops.ApplyAdamWithAmsgradV2(use_locking:_=False)(var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad)
    ops.ApplyAdamWithAmsgrad(beta1:beta1=0.9, beta2:beta2=0.999, epsilon:epsilon=1e-8, use_locking:_=False)(var, m, v, vhat, beta1_power, beta2_power, lr, grad:gradient)
  `,
  ),
  row(
    'weight, first, second, rate, beta1, beta2, epsilon, decay, gradient',
    prelude('optimize.adam_weight_decay'),
    `
    ops.AdamWeightDecay(use_locking:_=False)(var, m, v, lr, beta1, beta2, epsilon, decay, gradient)
  `,
  ),
  row(
    'weight, first, second, beta1_power, rate, beta1, beta2, epsilon, gradient',
    prelude('optimize.adamax'),
    `ops.ApplyAdaMax()(var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad)`,
  ),
  row(
    'weight, square, moment, rate, gradient, decay, momentum, epsilon',
    prelude('optimize.rmsprop'),
    `
    ops.ApplyRMSProp(use_locking:_=False)(var, mean_square, moment, learning_rate, grad, rho, momentum, epsilon)
  `,
  ),
  row(
    'weight, mean, square, moment, gradient, rate, decay, momentum, epsilon',
    prelude('optimize.centered_rmsprop'),
    `
    ops.ApplyCenteredRMSProp(use_locking:_=False)(var, mean_gradient, mean_square, moment, grad, learning_rate, rho, momentum, epsilon)
  `,
  ),
  row(
    'weight, accum, rate, gradient, update_slots, epsilon',
    prelude('optimize.adagrad'),
    `
    ops.ApplyAdagrad(update_slots:update_slots=True)(var, accum, lr, grad)
    ops.ApplyAdagradV2(epsilon:epsilon, update_slots:update_slots=True)(var, accum, lr, grad)
  `,
  ),
  row(
    'weight, accum, accum_update, rate, rho, epsilon, gradient',
    prelude('optimize.adadelta'),
    `ops.ApplyAdadelta()(var, accum, accum_update, lr, rho, epsilon, grad)`,
  ),
  row(
    'weight, accum, rate, l1, l2, gradient',
    prelude('optimize.proximal_adagrad'),
    `ops.ApplyProximalAdagrad(use_locking:_=False)(var, accum, lr, l1, l2, grad)`,
  ),
  row(
    'weight, accum, linear, gradient, rate, l1, l2, power',
    prelude('optimize.ftrl'),
    `ops.ApplyFtrl(use_locking:_=False)(var, accum, linear, grad, lr, l1, l2, lr_power)`,
  ),
  row('weight, rate, gradient', prelude('optimize.gradient_descent'), `ops.ApplyGradientDescent()(var, alpha, delta)`),
  row(
    'weight, gradient, weight_square, gradient_square, decay, rate, epsilon, coefficient, use_clip',
    prelude('optimize.lars_update'),
    `
    ops.LARSUpdate(epsilon=1e-05, hyperpara=0.001, use_clip=False)(weight, gradient, norm_weight, norm_gradient, weight_decay, learning_rate)
  `,
  ),
  row('first, second', prelude('optimize.square_sum_all'), `ops.SquareSumAll()(x, y)`),
  row('x', prelude('clip.float_status'), `ops.FloatStatus()(x)`),
];
