"""Identities that look at or change the gradient that flows through them."""
from _msc.autodiff import custom_vjp


def _identity(*args):
    return args[0] if len(args) == 1 else args


class InsertGradientOf:
    """The gradient becomes f(gradient)."""

    def __init__(self, f):
        self.f = f

    def __call__(self, x):
        return custom_vjp(_identity, lambda x, out, dout: (self.f(dout),), (x,))


class HookBackward:
    """`hook_fn` sees the gradients as a tuple; what it returns, if anything, takes their place."""

    def __init__(self, hook_fn, cell_id=''):
        if not callable(hook_fn):
            raise TypeError(f"For 'HookBackward', the type of 'hook_fn' must be function, but got {type(hook_fn)}.")
        self.hook_fn = hook_fn

    def __call__(self, *inputs):
        return custom_vjp(_identity, self._backward, inputs)

    def _backward(self, *args):
        dout = args[-1] if isinstance(args[-1], tuple) else (args[-1],)
        found = self.hook_fn(dout)
        if found is None:
            return dout
        return found if isinstance(found, tuple) else (found,)
