"""Callback: what happens around steps, epochs and runs. Names without `on_` are the older ones."""


class Callback:
    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def begin(self, run_context):
        return None

    def epoch_begin(self, run_context):
        return None

    def epoch_end(self, run_context):
        return None

    def step_begin(self, run_context):
        return None

    def step_end(self, run_context):
        return None

    def end(self, run_context):
        return None

    def on_train_begin(self, run_context):
        return self.begin(run_context)

    def on_train_epoch_begin(self, run_context):
        return self.epoch_begin(run_context)

    def on_train_epoch_end(self, run_context):
        return self.epoch_end(run_context)

    def on_train_step_begin(self, run_context):
        return self.step_begin(run_context)

    def on_train_step_end(self, run_context):
        return self.step_end(run_context)

    def on_train_end(self, run_context):
        return self.end(run_context)

    def on_eval_begin(self, run_context):
        return self.begin(run_context)

    def on_eval_epoch_begin(self, run_context):
        return self.epoch_begin(run_context)

    def on_eval_epoch_end(self, run_context):
        return self.epoch_end(run_context)

    def on_eval_step_begin(self, run_context):
        return self.step_begin(run_context)

    def on_eval_step_end(self, run_context):
        return self.step_end(run_context)

    def on_eval_end(self, run_context):
        return self.end(run_context)


class CallbackParameters(dict):
    """A dict whose entries are attributes too."""

    def __getattr__(self, name):
        if name not in self:
            raise AttributeError(f"'CallbackParameters' object has no attribute '{name}'")
        return self[name]

    def __setattr__(self, name, value):
        self[name] = value


class RunContext:
    def __init__(self, original_args):
        self._original_args = original_args
        self._stop_requested = False

    def original_args(self):
        return self._original_args

    def request_stop(self):
        self._stop_requested = True

    def get_stop_requested(self):
        return self._stop_requested


def step_in_epoch(params):
    return int((params.cur_step_num - 1) % params.batch_num + 1)


def loss_of(params):
    """The loss among what a step returned, as a number."""
    loss = params.net_outputs
    while isinstance(loss, (tuple, list)):
        loss = loss[0]
    return float(loss.asnumpy().mean())
