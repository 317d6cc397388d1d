"""Derivatives of functions."""
from mindspore.ops.function.grad.grad_func import (
    get_grad, grad, jacfwd, jacrev, jvp, linearize, stop_gradient, value_and_grad, vjp)
