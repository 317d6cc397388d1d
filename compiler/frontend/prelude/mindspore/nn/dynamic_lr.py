"""Learning rates as lists: one rate for each step, made before training."""
import math

from mindspore import _checkparam as validator

__all__ = ['piecewise_constant_lr', 'exponential_decay_lr', 'natural_exp_decay_lr', 'inverse_decay_lr',
           'cosine_decay_lr', 'polynomial_decay_lr', 'warmup_lr']


def piecewise_constant_lr(milestone, learning_rates):
    validator.check_value_type('milestone', milestone, (tuple, list))
    validator.check_value_type('learning_rates', learning_rates, (tuple, list))
    if len(milestone) != len(learning_rates):
        raise ValueError("For 'piecewise_constant_lr', the size of 'milestone' must be same with the size of "
                         f"'learning_rates', but got 'milestone' size: {len(milestone)}, 'learning_rates' size: "
                         f"{len(learning_rates)}.")
    rates = []
    for index, (end, rate) in enumerate(zip(milestone, learning_rates)):
        validator.check_positive_int(end, f'milestone[{index}]')
        validator.check_is_float(rate, f'learning_rates[{index}]')
        if end < len(rates):
            raise ValueError(f"For 'piecewise_constant_lr', the value of milestone[{index}] must be greater than "
                             f"milestone[{index - 1}], but got milestone[{index}]: {end}, "
                             f"milestone[{index - 1}]: {len(rates)}.")
        rates += [rate] * (end - len(rates))
    return rates


def _check_steps(**counts):
    for name, value in counts.items():
        validator.check_positive_int(value, name)


def _check_decay(learning_rate, decay_rate, is_stair):
    for name, value in (('learning_rate', learning_rate), ('decay_rate', decay_rate)):
        validator.check_positive_float(value, name)
        validator.check_is_float(value, name)
    validator.check_value_type('is_stair', is_stair, [bool])


def _check_rate(value, name, function):
    if not isinstance(value, float):
        raise TypeError(f"For '{function}', the argument '{name}' must be type of float, but got '{name}' type: "
                        f"{type(value)}.")
    validator.check_non_negative_float(value, name, None)


def exponential_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    _check_steps(total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    _check_decay(learning_rate, decay_rate, is_stair)
    periods = [step // step_per_epoch / decay_epoch for step in range(total_step)]
    return [learning_rate * decay_rate ** (math.floor(period) if is_stair else period) for period in periods]


def natural_exp_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    _check_steps(total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    _check_decay(learning_rate, decay_rate, is_stair)
    epochs = [step // step_per_epoch for step in range(total_step)]
    if is_stair:
        epochs = [epoch // decay_epoch * decay_epoch for epoch in epochs]
    return [learning_rate * math.exp(-decay_rate * epoch) for epoch in epochs]


def inverse_decay_lr(learning_rate, decay_rate, total_step, step_per_epoch, decay_epoch, is_stair=False):
    _check_steps(total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    _check_decay(learning_rate, decay_rate, is_stair)
    periods = [step // step_per_epoch / decay_epoch for step in range(total_step)]
    return [learning_rate / (1 + decay_rate * (math.floor(period) if is_stair else period)) for period in periods]


def cosine_decay_lr(min_lr, max_lr, total_step, step_per_epoch, decay_epoch):
    _check_rate(min_lr, 'min_lr', 'cosine_decay_lr')
    validator.check_positive_float(max_lr, 'max_lr')
    _check_steps(total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    if min_lr >= max_lr:
        raise ValueError("For 'cosine_decay_lr', the 'max_lr' must be greater than the 'min_lr', but got 'max_lr' "
                         f"value: {max_lr}, 'min_lr' value: {min_lr}.")
    epochs = [min(step // step_per_epoch, decay_epoch) for step in range(total_step)]
    return [min_lr + 0.5 * (max_lr - min_lr) * (1 + math.cos(math.pi * epoch / decay_epoch)) for epoch in epochs]


def polynomial_decay_lr(learning_rate, end_learning_rate, total_step, step_per_epoch, decay_epoch, power,
                        update_decay_epoch=False):
    validator.check_positive_float(learning_rate, 'learning_rate')
    _check_rate(end_learning_rate, 'end_learning_rate', 'polynomial_decay_lr')
    validator.check_positive_float(power, 'power')
    _check_steps(total_step=total_step, step_per_epoch=step_per_epoch, decay_epoch=decay_epoch)
    rates = []
    for step in range(total_step):
        epoch = step // step_per_epoch
        if update_decay_epoch:
            part = epoch / (decay_epoch * max(math.ceil(epoch / decay_epoch), 1))
        else:
            part = min(epoch, decay_epoch) / decay_epoch
        rates.append((learning_rate - end_learning_rate) * (1 - part) ** power + end_learning_rate)
    return rates


def warmup_lr(learning_rate, total_step, step_per_epoch, warmup_epoch):
    _check_rate(learning_rate, 'learning_rate', 'warmup_lr')
    _check_steps(total_step=total_step, step_per_epoch=step_per_epoch, warmup_epoch=warmup_epoch)
    epochs = [min(step // step_per_epoch, warmup_epoch) for step in range(total_step)]
    return [learning_rate * epoch / warmup_epoch for epoch in epochs]
