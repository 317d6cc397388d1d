"""Callbacks that watch a number: stop early, or lower the learning rate."""
import math

from mindspore.common.tensor import Tensor
from mindspore.train.callback.base import Callback, loss_of


class _Watcher(Callback):
    """Compares a metric (or the loss) with its best value after each epoch."""

    def __init__(self, monitor, patience, mode, min_delta):
        super().__init__()
        if mode not in ('auto', 'min', 'max'):
            raise ValueError(f"For '{type(self).__name__}', the mode must be 'auto', 'min' or 'max', but got {mode}.")
        self.monitor = monitor
        self.patience = patience
        self.min_delta = abs(min_delta)
        self.grows = mode == 'max' or (mode == 'auto' and 'acc' in monitor.lower())
        self.wait = 0
        self.best = -math.inf if self.grows else math.inf

    def value(self, run_context):
        params = run_context.original_args()
        metrics = params.get('eval_results') or params.get('metrics') or {}
        if self.monitor in metrics:
            return float(metrics[self.monitor])
        return loss_of(params) if self.monitor in ('loss', 'eval_loss') else None

    def is_better(self, value):
        gain = value - self.best if self.grows else self.best - value
        return gain > self.min_delta


class EarlyStopping(_Watcher):
    def __init__(self, monitor='eval_loss', min_delta=0, patience=0, verbose=False, mode='auto', baseline=None,
                 restore_best_weights=False):
        super().__init__(monitor, patience, mode, min_delta)
        self.verbose = verbose
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.kept = None
        if baseline is not None:
            self.best = baseline

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        value = self.value(run_context)
        if value is None:
            return
        if self.is_better(value):
            self.best = value
            self.wait = 0
            if self.restore_best_weights:
                self.kept = [(param, param.asnumpy()) for param in params.train_network.get_parameters()]
            return
        self.wait += 1
        if self.wait >= self.patience:
            run_context.request_stop()
            for param, array in self.kept or []:
                param.set_data(Tensor(array))
            if self.verbose:
                print(f'Epoch {params.cur_epoch_num:05d}: early stopping')


class ReduceLROnPlateau(_Watcher):
    def __init__(self, monitor='eval_loss', factor=0.1, patience=10, verbose=False, mode='auto', min_delta=1e-4,
                 cooldown=0, min_lr=0):
        if factor >= 1.0:
            raise ValueError("In 'ReduceLROnPlateau', the factor must be less than 1.0.")
        super().__init__(monitor, patience, mode, min_delta)
        self.factor = factor
        self.cooldown = cooldown
        self.min_lr = min_lr
        self.verbose = verbose
        self.resting = 0

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        value = self.value(run_context)
        if value is None:
            return
        if self.resting > 0:
            self.resting -= 1
            self.wait = 0
        if self.is_better(value):
            self.best = value
            self.wait = 0
        elif self.resting == 0:
            self.wait += 1
            if self.wait >= self.patience:
                self._lower(params)

    def _lower(self, params):
        rate = params.optimizer.learning_rate
        new = max(float(rate.asnumpy()) * self.factor, self.min_lr)
        rate.set_data(Tensor(new, rate.dtype))
        self.resting = self.cooldown
        self.wait = 0
        if self.verbose:
            print(f'Epoch {params.cur_epoch_num:05d}: ReduceLROnPlateau reducing learning rate to {new}.')
