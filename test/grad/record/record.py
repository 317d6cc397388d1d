"""Records gradients: writes ../torch.json with values of PyTorch's autograd, kinks and second derivatives included.

    python test/grad/record/record.py        needs torch (recorded with 1.12.1)

A case is an op with its attributes, inputs, cotangents and gradients; `second` are the gradients of sum(weights · first).
"""
import json
import math
import os

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
CASES = []


def irregular(*shape, seed=0):
    count = math.prod(shape)
    raw = [math.sin(12.9898 * (index + 1) + 78.233 * (seed + 1)) * 43758.5453 for index in range(count)]
    return torch.tensor([2 * (value - math.floor(value)) - 1 for value in raw]).reshape(shape)


def plain(value):
    """null stands where PyTorch has no number."""
    numbers = value.detach().reshape(-1).tolist()
    return {"shape": list(value.shape), "data": [number if math.isfinite(number) else None for number in numbers]}


def case(name, op, function, inputs, attributes=None, constants=(), weights=None):
    """constants: inputs by position that take no gradient (indices, conditions)."""
    floats = [value.clone().requires_grad_() for value in inputs]
    y = function(*floats)
    dy = irregular(*y.shape, seed=11) if weights is None else weights
    first = torch.autograd.grad(y, floats, dy, create_graph=True, allow_unused=True)
    first = [torch.zeros_like(x) if g is None else g for g, x in zip(first, floats)]
    outer = [irregular(*g.shape, seed=20 + index) for index, g in enumerate(first)]
    total = sum((g * w).sum() for g, w in zip(first, outer))
    second = second_of(total, floats)
    CASES.append({
        "name": name, "op": op, "attributes": attributes or {}, "constants": list(constants),
        "inputs": [plain(x) for x in inputs], "result": list(y.shape), "cotangent": plain(dy),
        "first": [plain(g) for g in first], "weights": [plain(w) for w in outer],
        "second": second and [plain(g) for g in second],
    })


def second_of(total, floats):
    if not total.requires_grad:
        return [torch.zeros_like(x) for x in floats]
    try:
        found = torch.autograd.grad(total, floats, allow_unused=True)
    except RuntimeError:  # PyTorch has no second derivative of some ops
        return None
    return [torch.zeros_like(x) if g is None else g for g, x in zip(found, floats)]


def unary(name, function, values, op=None, **attributes):
    case(name, op or f"ms.{name}", function, [torch.tensor(values)], attributes)


def at_kinks():
    grid = [-4.0, -3.0, -1.5, -1.0, 0.0, 0.5, 1.0, 3.0, 4.0, 6.0, 7.0]
    unary("abs", torch.abs, grid)
    unary("relu", F.relu, grid)
    unary("relu6", F.relu6, grid)
    unary("leaky_relu", lambda x: F.leaky_relu(x, 0.2), grid, alpha=0.2)
    unary("elu", lambda x: F.elu(x, 1.5), grid, alpha=1.5)
    unary("elu_negative", lambda x: F.elu(x, -1.0), [-2.0, -0.5, 0.5, 2.0], op="ms.elu", alpha=-1.0)
    unary("hardsigmoid", F.hardsigmoid, grid)
    unary("hardswish", F.hardswish, [value for value in grid if abs(value) != 3])
    unary("clamp", lambda x: torch.clamp(x, -1, 3), grid, low=-1.0, high=3.0)
    unary("sign", torch.sign, grid)
    unary("sqrt_far", torch.sqrt, [1e-6, 0.25, 4.0, 1e6], op="ms.sqrt")
    ties = [torch.tensor([1.0, 2.0, 3.0, 3.0]), torch.tensor([1.0, 3.0, 2.0, 3.0])]
    case("maximum", "ms.maximum", torch.maximum, ties)
    case("minimum", "ms.minimum", torch.minimum, ties)
    rows = torch.tensor([[1.0, 3.0, 3.0], [2.0, 0.0, 2.0]])
    case("reduce_max", "ms.reduce_max", lambda x: torch.amax(x, 1), [rows], {"axes": [1], "keep_dims": False})
    case("reduce_min", "ms.reduce_min", lambda x: torch.amin(x, (0, 1)), [rows], {"axes": [0, 1], "keep_dims": False})
    zeros = torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 4.0]])
    case("reduce_prod", "ms.reduce_prod", lambda x: torch.prod(x, 1), [zeros], {"axes": [1], "keep_dims": False})
    case("cumprod", "ms.cumprod", lambda x: torch.cumprod(x, 1), [zeros],
         {"axis": 1, "exclusive": False, "reverse": False})
    case("pow_zero", "ms.pow", torch.pow, [torch.tensor([0.0, 0.0, 2.0, 2.0]), torch.tensor([2.0, 3.0, 0.0, -1.0])])


def smooth():
    far = [-40.0, -12.0, -2.0, -0.3, 0.0, 0.7, 3.0, 15.0, 40.0]
    unary("sigmoid", torch.sigmoid, far)
    unary("log_sigmoid", F.logsigmoid, far)
    unary("softplus", F.softplus, [-40.0, -12.0, -2.0, -0.3, 0.0, 0.7, 3.0, 15.0])
    unary("silu", F.silu, far)
    unary("gelu", F.gelu, far, approximate="none")
    unary("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), far, op="ms.gelu", approximate="tanh")
    unary("mish", F.mish, far)
    unary("tanh", torch.tanh, far)
    unary("erf", torch.erf, far)
    logits = torch.tensor([[1e3, 1e3 + 1, 0.0], [-5.0, 0.0, 5.0]])
    case("softmax", "ms.softmax", lambda x: F.softmax(x, 1), [logits], {"axis": 1})
    case("log_softmax", "ms.log_softmax", lambda x: F.log_softmax(x, 1), [logits], {"axis": 1})
    x, gamma, beta = irregular(3, 4, 5), irregular(5, seed=1), irregular(5, seed=2)
    case("layer_norm", "ms.layer_norm", lambda *v: F.layer_norm(v[0], [5], v[1], v[2], 1e-5), [x, gamma, beta],
         {"begin_axis": 2, "epsilon": 1e-5})
    image = irregular(2, 4, 3, 3)
    channel = [irregular(4, seed=seed) for seed in (3, 4, 5)]
    spread = irregular(4, seed=6).abs() + 0.5
    case("batch_norm", "ms.batch_norm", lambda a, g, b, m, v: (a - m.view(-1, 1, 1)) / torch.sqrt(
        v.view(-1, 1, 1) + 1e-5) * g.view(-1, 1, 1) + b.view(-1, 1, 1), [image, *channel, spread], {"epsilon": 1e-5})
    case("group_norm", "ms.group_norm", lambda a, g, b: F.group_norm(a, 2, g, b, 1e-5), [image, *channel[:2]],
         {"groups": 2, "epsilon": 1e-5})


def windows():
    image, weight, bias = irregular(2, 4, 5, 6), irregular(6, 2, 3, 3, seed=1), irregular(6, seed=2)
    geometry = {"strides": [2, 1], "pads": [1, 1, 2, 2], "dilations": [1, 2], "group": 2}
    case("conv2d", "ms.conv2d", lambda x, w, b: F.conv2d(x, w, b, (2, 1), (1, 2), (1, 2), 2), [image, weight, bias],
         geometry)
    spread = irregular(4, 3, 3, 3, seed=3)
    case("conv2d_transpose", "ms.conv2d_transpose", lambda x, w: F.conv_transpose2d(x, w, None, (2, 2), (1, 0), (1, 0), 2),
         [image, spread], {"strides": [2, 2], "pads": [1, 1, 0, 0], "dilations": [1, 1], "group": 2, "output_pads": [1, 0]})
    ties = torch.round(image * 2) / 2
    pool = {"kernel": [3, 2], "strides": [2, 2], "pads": [1, 1, 1, 1], "dilations": [1, 1], "ceil_mode": False}
    case("max_pool2d", "ms.max_pool2d", lambda x: F.max_pool2d(x, (3, 2), 2, (1, 1)), [ties], pool)
    case("avg_pool2d", "ms.avg_pool2d", lambda x: F.avg_pool2d(x, (3, 2), 2, (1, 1), count_include_pad=False), [image],
         {**pool, "count_include_pad": False})
    case("adaptive_avg_pool2d", "ms.adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, (2, 4)), [image],
         {"size": [2, 4]})
    case("resize_bilinear", "ms.resize_bilinear",
         lambda x: F.interpolate(x, (7, 4), mode="bilinear", align_corners=False), [image],
         {"size": [7, 4], "coordinates": "half_pixel"})


def products():
    left, right = irregular(2, 3, 4), irregular(5, 4, seed=1)
    case("dense", "ms.dense", lambda x, w, b: F.linear(x, w, b), [left, right, irregular(5, seed=2)])
    case("batch_matmul", "ms.batch_matmul", torch.matmul, [left, irregular(4, 3, seed=3)],
         {"transpose_a": False, "transpose_b": False})
    query, key, value = (irregular(2, 3, 4, seed=seed) for seed in (4, 5, 6))
    case("attention", "ms.attention",
         lambda q, k, v: torch.softmax(q @ k.transpose(-1, -2) * 0.5, -1) @ v, [query, key, value], {"scale": 0.5})


at_kinks()
smooth()
windows()
products()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "torch.json"), "w") as out:
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in CASES)
    out.write('{"recordedWith":"torch ' + torch.__version__.split("+")[0] + '","cases":[\n' + rows + "\n]}\n")
print(len(CASES))
