"""Ops that reverse mode makes: weight gradients of convolutions, gradients of max pooling (PyTorch autograd).

    python test/op/record/gradients.py        needs torch beside what record/ needs
"""
import os

import numpy as np
import torch
import torch.nn.functional as F
from case import case, files, grid


def padded(x, pads, value=0.0):
    top, bottom, left, right = pads
    return F.pad(x, (left, right, top, bottom), value=value)


def weight_gradient(name, x, weight_shape, strides, pads, dilations, group):
    weight = torch.zeros(weight_shape, requires_grad=True)
    y = F.conv2d(padded(torch.tensor(x), pads), weight, None, strides, 0, dilations, group)
    dy = grid(*y.shape, scale=0.5)
    y.backward(torch.tensor(dy))
    case("window-gradient", name, "ms.conv2d_weight_gradient", {"x": x, "dy": dy}, weight.grad.numpy(),
         strides=strides, pads=pads, dilations=dilations, group=group, kernel=list(weight_shape[2:]))


def pool_gradient(name, x, kernel, strides, pads, dilations, ceil_mode):
    source = torch.tensor(x, requires_grad=True)
    y = F.max_pool2d(padded(source, pads, -np.inf), kernel, strides, 0, dilations, ceil_mode)
    dy = grid(*y.shape, scale=0.5)
    y.backward(torch.tensor(dy))
    case("window-gradient", name, "ms.max_pool2d_gradient", {"x": x, "dy": dy}, source.grad.numpy(),
         kernel=kernel, strides=strides, pads=pads, dilations=dilations, ceil_mode=ceil_mode)


def window_gradient():
    x = grid(2, 4, 5, 6)
    weight_gradient("weight", x, (6, 4, 3, 3), [1, 1], [0, 0, 0, 0], [1, 1], 1)
    weight_gradient("weight_padded", x, (2, 4, 3, 3), [1, 1], [1, 1, 1, 1], [1, 1], 1)
    weight_gradient("weight_strided", x, (2, 4, 3, 3), [2, 1], [0, 1, 2, 1], [1, 1], 1)
    weight_gradient("weight_dilated", x, (2, 4, 2, 2), [1, 2], [2, 2, 1, 3], [2, 2], 1)
    weight_gradient("weight_grouped", x, (6, 2, 3, 2), [2, 2], [0, 0, 0, 0], [1, 1], 2)
    weight_gradient("weight_depthwise", x, (4, 1, 3, 3), [1, 1], [1, 1, 1, 1], [1, 1], 4)
    weight_gradient("weight_pointwise", x, (3, 4, 1, 1), [2, 2], [0, 0, 0, 0], [1, 1], 1)
    ties = np.round(grid(1, 2, 5, 6))
    for suffix, source in (("", grid(1, 2, 5, 6)), ("_ties", ties)):
        pool_gradient("pool" + suffix, source, [2, 2], [2, 2], [0, 0, 0, 0], [1, 1], False)
        pool_gradient("pool_overlapping" + suffix, source, [3, 2], [1, 2], [0, 0, 0, 0], [1, 1], False)
        pool_gradient("pool_padded" + suffix, source, [3, 3], [2, 2], [1, 1, 1, 1], [1, 1], False)
        pool_gradient("pool_ceil" + suffix, source, [2, 2], [2, 2], [0, 0, 0, 0], [1, 1], True)
        pool_gradient("pool_dilated" + suffix, source, [2, 2], [1, 1], [0, 0, 0, 0], [2, 2], False)


window_gradient()
cases = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cases")
head = f"// Recorded by record/gradients.py: torch {torch.__version__.split('+')[0]}.\n\n"
with open(os.path.join(cases, "window-gradient.mlir"), "w") as out:
    out.write(head + "\n\n".join(files["window-gradient"]) + "\n")
