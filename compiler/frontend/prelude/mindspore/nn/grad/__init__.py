"""Derivatives as cells."""
from mindspore.nn.grad.cell_grad import Jvp, Vjp
