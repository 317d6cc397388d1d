"""Callbacks that tell: loss, time, history, anything."""
import math
import time

from mindspore.train.callback.base import Callback, loss_of, step_in_epoch


class LossMonitor(Callback):
    def __init__(self, per_print_times=1):
        super().__init__()
        if not isinstance(per_print_times, int) or per_print_times < 0:
            raise ValueError("The argument 'per_print_times' must be int and >= 0.")
        self._per_print_times = per_print_times
        self._last_print_time = 0

    def step_end(self, run_context):
        params = run_context.original_args()
        loss = loss_of(params)
        epoch, step = params.cur_epoch_num, step_in_epoch(params)
        if math.isnan(loss) or math.isinf(loss):
            raise ValueError(f"In epoch: {epoch} step: {step}, loss is NAN or INF, training process cannot continue, "
                             "terminating training.")
        if params.cur_step_num <= self._last_print_time:
            self._last_print_time = params.cur_step_num - 1
        if self._per_print_times != 0 and params.cur_step_num - self._last_print_time >= self._per_print_times:
            self._last_print_time = params.cur_step_num
            print("epoch: %s step: %s, loss is %s" % (epoch, step, loss), flush=True)

    def on_eval_step_end(self, run_context):
        return None

    def on_train_epoch_end(self, run_context):
        params = run_context.original_args()
        metrics = params.get("metrics")
        if metrics:
            print("Eval result: epoch %d, metrics: %s" % (params.cur_epoch_num, metrics))


class TimeMonitor(Callback):
    def __init__(self, data_size=None, data_time=False):
        super().__init__()
        self.data_size = data_size
        self.data_time = data_time
        self.epoch_time = time.time()

    def epoch_begin(self, run_context):
        self.epoch_time = time.time()

    def epoch_end(self, run_context):
        milliseconds = (time.time() - self.epoch_time) * 1000
        params = run_context.original_args()
        steps = params.get("batch_num") or self.data_size
        mode = params.get("mode", "")
        print("{} epoch time: {:5.3f} ms, per step time: {:5.3f} ms".format(mode.title(), milliseconds,
                                                                            milliseconds / steps), flush=True)


class History(Callback):
    """The last loss and the metrics of each epoch."""

    def __init__(self):
        super().__init__()
        self.history = {}

    def begin(self, run_context):
        self.epoch = {"epoch": []}

    def epoch_end(self, run_context):
        params = run_context.original_args()
        self.epoch["epoch"].append(params.get("cur_epoch_num", 1))
        if params.get("mode") == "train":
            self.history.setdefault("net_output", []).append(params.net_outputs)
        for name, value in (params.get("metrics") or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """Functions in the place of methods."""

    names = ('on_train_epoch_begin', 'on_train_epoch_end', 'on_train_step_begin', 'on_train_step_end',
             'on_train_begin', 'on_train_end', 'on_eval_epoch_begin', 'on_eval_epoch_end', 'on_eval_step_begin',
             'on_eval_step_end', 'on_eval_begin', 'on_eval_end')

    def __init__(self, on_train_epoch_begin=None, on_train_epoch_end=None, on_train_step_begin=None,
                 on_train_step_end=None, on_train_begin=None, on_train_end=None, on_eval_epoch_begin=None,
                 on_eval_epoch_end=None, on_eval_step_begin=None, on_eval_step_end=None, on_eval_begin=None,
                 on_eval_end=None):
        super().__init__()
        given = (on_train_epoch_begin, on_train_epoch_end, on_train_step_begin, on_train_step_end, on_train_begin,
                 on_train_end, on_eval_epoch_begin, on_eval_epoch_end, on_eval_step_begin, on_eval_step_end,
                 on_eval_begin, on_eval_end)
        for name, function in zip(self.names, given):
            setattr(self, name, function if function is not None else _nothing)


def _nothing(run_context):
    return None
