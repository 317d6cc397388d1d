"""Records op cases: writes cases/*.mlir with values computed by MindSpore (CPU), NumPy, SciPy and ONNX Runtime.

    python record.py        needs mindspore 2.7, numpy 1.26, scipy 1.17, onnx, onnxruntime

The files are the tests; this script only says where their numbers come from.
"""
import os
import sys

import numpy as np
import scipy.special as special

os.environ.setdefault("GLOG_v", "3")
import mindspore as ms  # noqa: E402
from mindspore import Tensor, nn, ops  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
DTYPES = {"float32": "f32", "float16": "f16", "float64": "f64", "bool": "i1", "int8": "i8", "uint8": "ui8",
          "int16": "i16", "int32": "i32", "int64": "i64", "uint32": "ui32"}
files = {}


def type_text(array):
    return "tensor<" + "".join(f"{extent}x" for extent in array.shape) + DTYPES[str(array.dtype)] + ">"


def element(value):
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    value = float(value)
    if np.isnan(value):
        return "nan"
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return f"{value:.9g}"


def literal(array):
    if array.ndim == 0:
        return element(array[()])
    return "[" + ", ".join(literal(row) for row in array) + "]"


def attribute(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value} : i64"
    if isinstance(value, float):
        return f"{value:e} : f32"
    if isinstance(value, str):
        return f'"{value}"'
    return "array<i64" + (": " + ", ".join(map(str, value)) if len(value) else "") + ">"


def numpy_of(value):
    if isinstance(value, Tensor):
        return value.asnumpy()
    return np.asarray(value)


def case(file, name, op, inputs, expected, within=None, **attributes):
    """One function with one op, and one eval line. Inputs are numpy arrays by operand name."""
    expected = [numpy_of(value) for value in (expected if isinstance(expected, (list, tuple)) else [expected])]
    inputs = {key: numpy_of(value) for key, value in inputs.items()}
    result_types = [type_text(value) for value in expected]
    arguments = ", ".join(f"%{key}: {type_text(value)}" for key, value in inputs.items())
    results = result_types[0] if len(result_types) == 1 else "(" + ", ".join(result_types) + ")"
    names = "%0" if len(expected) == 1 else f"%0:{len(expected)}"
    returned = "%0" if len(expected) == 1 else ", ".join(f"%0#{index}" for index in range(len(expected)))
    listed = ", ".join(f"{key} = {attribute(value)}" for key, value in sorted(attributes.items()))
    lines = [
        f"func.func @{name}({arguments}) -> {results} {{",
        f'  {names} = "{op}"({", ".join("%" + key for key in inputs)}) ' + (f"{{{listed}}} " if listed else "")
        + f': ({", ".join(type_text(value) for value in inputs.values())}) -> {results}',
        f'  func.return {returned} : {", ".join(result_types)}',
        "}",
        f'// eval: @{name}({", ".join(literal(value) for value in inputs.values())}) = '
        + ", ".join(literal(value) for value in expected) + (f" within {within}" if within else ""),
    ]
    files.setdefault(file, []).append("\n".join(lines))


def f32(*values):
    return np.array(values[0] if len(values) == 1 else values, np.float32)


def i32(*values):
    return np.array(values[0] if len(values) == 1 else values, np.int32)


def grid(*shape, scale=0.25, offset=None, dtype=np.float32):
    """Small multiples of `scale`, neither sorted nor symmetric."""
    count = int(np.prod(shape))
    numbers = (np.arange(count) * 7 % 11) - 5 + (np.arange(count) % 3)
    return (numbers * scale + (offset or 0)).reshape(shape).astype(dtype)


def t(array):
    return Tensor(array)


NUMBERS = f32(-2.5, -1, -0.5, -0.0, 0, 0.25, 1, 1.5, 3)
UNIT = f32(-0.9, -0.5, 0, 0.25, 0.75)
POSITIVE = f32(0.125, 0.5, 1, 2, 10)


def unary():
    wide = np.concatenate([NUMBERS, f32(np.inf, -np.inf, np.nan)])
    table = {
        "neg": (np.negative, wide), "abs": (np.abs, wide), "sign": (np.sign, wide), "square": (np.square, wide),
        "sqrt": (np.sqrt, wide), "rsqrt": (lambda x: 1 / np.sqrt(x), POSITIVE), "reciprocal": (np.reciprocal, wide),
        "exp": (np.exp, wide), "expm1": (np.expm1, f32(1e-6, -1e-6, 1, -3)), "log": (np.log, wide),
        "log1p": (np.log1p, f32(1e-6, -1e-6, 1, -0.5, -1)), "sin": (np.sin, NUMBERS), "cos": (np.cos, NUMBERS),
        "tan": (np.tan, NUMBERS), "asin": (np.arcsin, UNIT), "acos": (np.arccos, UNIT), "atan": (np.arctan, wide),
        "sinh": (np.sinh, NUMBERS), "cosh": (np.cosh, NUMBERS), "tanh": (np.tanh, wide), "asinh": (np.arcsinh, wide),
        "acosh": (np.arccosh, f32(1, 1.5, 10)), "atanh": (np.arctanh, UNIT), "erf": (special.erf, wide),
        "floor": (np.floor, wide), "ceil": (np.ceil, wide), "round": (np.round, f32(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.6)),
        "trunc": (np.trunc, wide), "isnan": (np.isnan, wide), "isinf": (np.isinf, wide), "isfinite": (np.isfinite, wide),
    }
    for name, (function, x) in table.items():
        with np.errstate(all="ignore"):
            exact = function(x.astype(np.float64))
        case("unary", name, f"ms.{name}", {"x": x}, exact if exact.dtype == bool else exact.astype(np.float32))
    case("unary", "neg_i32", "ms.neg", {"x": i32(-2**31, 5, 0)}, -i32(-2**31, 5, 0))
    case("unary", "abs_i64", "ms.abs", {"x": np.array([-2**62, 7], np.int64)}, np.array([2**62, 7], np.int64))
    case("unary", "square_i32", "ms.square", {"x": i32(70000, -3)}, i32(70000, -3) ** 2)
    case("unary", "exp_f16", "ms.exp", {"x": np.array([-1, 0.5, 12], np.float16)}, np.exp(np.array([-1, 0.5, 12.0])).astype(np.float16))
    case("unary", "logical_not", "ms.logical_not", {"x": np.array([True, False])}, np.array([False, True]))
    case("unary", "bitwise_not", "ms.bitwise_not", {"x": i32(5, -1)}, ~i32(5, -1))
    case("unary", "clamp", "ms.clamp", {"x": wide}, np.clip(wide, -1, 1.25), low=-1.0, high=1.25)
    case("unary", "clamp_i32", "ms.clamp", {"x": i32(-9, 2, 9)}, i32(-3, 2, 4), low=-3.0, high=4.0)
    case("unary", "stop_gradient", "ms.stop_gradient", {"x": NUMBERS}, NUMBERS)


def activation():
    x = f32(-100, -7, -2.5, -1, -0.5, 0, 0.25, 1, 3, 6.5, 100)
    e = x.astype(np.float64)
    with np.errstate(over="ignore"):
        case("activation", "relu", "ms.relu", {"x": x}, nn.ReLU()(t(x)))
        case("activation", "relu_i32", "ms.relu", {"x": i32(-3, 4)}, i32(0, 4))
        case("activation", "relu6", "ms.relu6", {"x": x}, nn.ReLU6()(t(x)))
        case("activation", "leaky_relu", "ms.leaky_relu", {"x": x}, nn.LeakyReLU(0.125)(t(x)), alpha=0.125)
        case("activation", "elu", "ms.elu", {"x": x}, nn.ELU(1.0)(t(x)), alpha=1.0)
        case("activation", "sigmoid", "ms.sigmoid", {"x": x}, special.expit(e).astype(np.float32))
        case("activation", "log_sigmoid", "ms.log_sigmoid", {"x": x}, special.log_expit(e).astype(np.float32))
        case("activation", "softplus", "ms.softplus", {"x": x}, np.logaddexp(0, e).astype(np.float32))
        case("activation", "silu", "ms.silu", {"x": x}, (e * special.expit(e)).astype(np.float32))
        case("activation", "gelu", "ms.gelu", {"x": x}, (e * special.ndtr(e)).astype(np.float32), approximate="none", within=1e-6)
        tanh_form = 0.5 * e * (1 + np.tanh(np.sqrt(2 / np.pi) * (e + 0.044715 * e**3)))
        case("activation", "gelu_tanh", "ms.gelu", {"x": x}, tanh_form.astype(np.float32), approximate="tanh")
        case("activation", "hardsigmoid", "ms.hardsigmoid", {"x": x}, nn.HSigmoid()(t(x)))
        case("activation", "hardswish", "ms.hardswish", {"x": x}, nn.HSwish()(t(x)))
        case("activation", "mish", "ms.mish", {"x": x}, (e * np.tanh(np.logaddexp(0, e))).astype(np.float32))


def binary():
    lhs, rhs = f32([-3, -1.5, 0, 2], [0.5, 4, -2.25, 7]), f32(2, -1, 0.5, -3)
    column = f32([[1.5], [-2]])
    pairs = {
        "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "floor_div": lambda a, b: np.floor(a / b),
        "mod": np.mod, "remainder": np.fmod, "maximum": np.maximum, "minimum": np.minimum, "atan2": np.arctan2,
    }
    for name, function in pairs.items():
        exact = function(lhs.astype(np.float64), rhs.astype(np.float64)).astype(np.float32)
        case("binary", name, f"ms.{name}", {"lhs": lhs, "rhs": rhs}, exact)
    case("binary", "add_column", "ms.add", {"lhs": lhs, "rhs": column}, lhs + column)
    case("binary", "add_outer", "ms.add", {"lhs": rhs, "rhs": column}, rhs + column)
    case("binary", "add_scalar", "ms.add", {"lhs": np.float32(3), "rhs": rhs}, 3 + rhs)
    case("binary", "add_middle", "ms.add", {"lhs": grid(2, 1, 3), "rhs": grid(1, 2, 1)}, grid(2, 1, 3) + grid(1, 2, 1))
    case("binary", "add_empty", "ms.add", {"lhs": grid(0, 2), "rhs": grid(2)}, grid(0, 2))
    case("binary", "add_f16", "ms.add", {"lhs": np.array([2048, 0.1], np.float16), "rhs": np.array([1, 0.2], np.float16)},
         np.array([2048, 0.1], np.float16) + np.array([1, 0.2], np.float16))
    case("binary", "maximum_nan", "ms.maximum", {"lhs": f32(np.nan, 1), "rhs": f32(0, np.nan)}, f32(np.nan, np.nan))
    case("binary", "pow", "ms.pow", {"lhs": f32(2, -2, 0, 9, 1), "rhs": f32(3, 2, 0, 0.5, np.nan)}, np.power(f32(2, -2, 0, 9, 1), f32(3, 2, 0, 0.5, np.nan)))
    a, b = i32(7, -7, 7, -7, 2**31 - 1, 5), i32(2, 2, -2, -2, 2, 0)
    safe = np.where(b == 0, 1, b)
    integers = {"add": a + b, "sub": a - b, "mul": a * b, "floor_div": np.where(b == 0, 0, a // safe), "mod": np.where(b == 0, 0, a % safe),
                "remainder": np.where(b == 0, 0, np.fmod(a, safe)), "div": np.where(b == 0, 0, np.trunc(a / safe)),
                "maximum": np.maximum(a, b), "minimum": np.minimum(a, b), "bitwise_and": a & b, "bitwise_or": a | b, "bitwise_xor": a ^ b}
    for name, exact in integers.items():
        case("binary", f"{name}_i32", f"ms.{name}", {"lhs": a, "rhs": b}, exact.astype(np.int32))
    case("binary", "pow_i32", "ms.pow", {"lhs": i32(3, -2, 2, 10, -1), "rhs": i32(4, 3, -1, 0, -3)}, i32(81, -8, 0, 1, -1))
    case("binary", "mul_i64", "ms.mul", {"lhs": np.array([2**40, 3], np.int64), "rhs": np.array([2**22, -5], np.int64)}, np.array([2**62, -15], np.int64))
    case("binary", "add_ui8", "ms.add", {"lhs": np.array([250, 1], np.uint8), "rhs": np.array([10, 2], np.uint8)}, np.array([4, 3], np.uint8))
    p, q = np.array([True, True, False, False]), np.array([True, False, True, False])
    for name, function in {"logical_and": np.logical_and, "logical_or": np.logical_or, "logical_xor": np.logical_xor}.items():
        case("binary", name, f"ms.{name}", {"lhs": p, "rhs": q}, function(p, q))


def comparison():
    lhs, rhs = f32(1, 2, 3, np.nan, -0.0), f32(2, 2, 2, np.nan, 0.0)
    for name in ["equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]:
        case("comparison", name, f"ms.{name}", {"lhs": lhs, "rhs": rhs}, getattr(np, name)(lhs, rhs))
    big = np.array([2**53, 2**53 + 1], np.int64)
    case("comparison", "equal_i64", "ms.equal", {"lhs": big, "rhs": big[::-1].copy()}, np.array([False, False]))
    case("comparison", "less_row", "ms.less", {"lhs": grid(2, 3), "rhs": grid(3)}, grid(2, 3) < grid(3))
    case("comparison", "select", "ms.select", {"condition": np.array([[True], [False]]), "on_true": grid(3), "on_false": np.float32(9)},
         np.where(np.array([[True], [False]]), grid(3), np.float32(9)))
    x = f32(-2.75, -0.5, 0, 1.5, 300, np.nan, 1e20, -1e20)
    case("comparison", "cast_f32_i32", "ms.cast", {"x": x}, i32(-2, 0, 0, 1, 300, 0, 2**31 - 1, -2**31))
    case("comparison", "cast_f32_ui8", "ms.cast", {"x": x}, np.array([0, 0, 0, 1, 255, 0, 255, 0], np.uint8))
    case("comparison", "cast_f32_i1", "ms.cast", {"x": x}, x != 0)
    case("comparison", "cast_f32_f16", "ms.cast", {"x": f32(0.1, 70000, 1e-8, 2049)}, f32(0.1, 70000, 1e-8, 2049).astype(np.float16))
    case("comparison", "cast_i1_f32", "ms.cast", {"x": np.array([True, False])}, f32(1, 0))
    case("comparison", "cast_i64_i32", "ms.cast", {"x": np.array([2**32 + 5, -1], np.int64)}, i32(5, -1))
    case("comparison", "cast_i32_f32", "ms.cast", {"x": i32(2**24 + 1, -7)}, i32(2**24 + 1, -7).astype(np.float32))


def matmul():
    a, b = grid(3, 4), grid(4, 5, offset=0.5)
    for ta in (False, True):
        for tb in (False, True):
            name = "matmul" + ("_ta" if ta else "") + ("_tb" if tb else "")
            case("matmul", name, "ms.matmul", {"lhs": a.T.copy() if ta else a, "rhs": b.T.copy() if tb else b}, a @ b, transpose_a=ta, transpose_b=tb)
    case("matmul", "matmul_i32", "ms.matmul", {"lhs": i32([[1, -2], [3, 4]]), "rhs": i32([[5], [6]])}, i32([[-7], [39]]), transpose_a=False, transpose_b=False)
    half = grid(2, 3).astype(np.float16)
    case("matmul", "matmul_f16", "ms.matmul", {"lhs": half, "rhs": half}, half @ half.T, transpose_a=False, transpose_b=True)
    case("matmul", "matmul_empty", "ms.matmul", {"lhs": grid(2, 0), "rhs": grid(0, 3)}, np.zeros((2, 3), np.float32), transpose_a=False, transpose_b=False)
    x, y = grid(2, 1, 3, 4), grid(3, 4, 2)
    case("matmul", "batch_matmul", "ms.batch_matmul", {"lhs": x, "rhs": y}, x @ y, transpose_a=False, transpose_b=False)
    case("matmul", "batch_matmul_tt", "ms.batch_matmul", {"lhs": x.swapaxes(-1, -2).copy(), "rhs": y.swapaxes(-1, -2).copy()}, x @ y, transpose_a=True, transpose_b=True)
    weight, bias = grid(5, 4), grid(5)
    case("matmul", "dense", "ms.dense", {"x": a, "weight": weight, "bias": bias}, ops.dense(t(a), t(weight), t(bias)))
    case("matmul", "dense_no_bias", "ms.dense", {"x": x, "weight": weight}, ops.dense(t(x), t(weight)))
    q, k, v, mask = grid(2, 3, 4), grid(2, 5, 4, offset=0.25), grid(2, 5, 3, offset=-0.5), np.triu(np.full((3, 5), -1e4, np.float32), 1)
    scores = (q.astype(np.float64) @ k.swapaxes(-1, -2)) * 0.5
    case("matmul", "attention", "ms.attention", {"query": q, "key": k, "value": v}, (special.softmax(scores, -1) @ v).astype(np.float32), scale=0.5)
    case("matmul", "attention_mask", "ms.attention", {"query": q, "key": k, "value": v, "mask": mask}, (special.softmax(scores + mask, -1) @ v).astype(np.float32), scale=0.5)


def conv():
    x, w, bias = grid(2, 4, 5, 6), grid(6, 4, 3, 3), grid(6)
    grouped, depthwise = grid(6, 2, 3, 2), grid(4, 1, 3, 3)

    def run(name, x, w, bias=None, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1):
        layer = ops.Conv2D(out_channel=w.shape[0], kernel_size=w.shape[2:], pad_mode="pad", pad=pads, stride=tuple(strides), dilation=tuple(dilations), group=group)
        y = layer(t(x), t(w)).asnumpy()
        inputs = {"x": x, "weight": w}
        if bias is not None:
            y = y + bias[:, None, None]
            inputs["bias"] = bias
        case("conv", name, "ms.conv2d", inputs, y, strides=list(strides), pads=list(pads), dilations=list(dilations), group=group)

    run("conv2d", x, w)
    run("conv2d_bias", x, w, bias, pads=(1, 1, 1, 1))
    run("conv2d_strided", x, w, strides=(2, 1), pads=(0, 1, 2, 1))
    run("conv2d_dilated", x, w, dilations=(2, 2), pads=(2, 2, 1, 3))
    run("conv2d_grouped", x, grouped, group=2, strides=(2, 2))
    run("conv2d_depthwise", x, depthwise, group=4, pads=(1, 1, 1, 1))
    run("conv2d_pointwise", x, grid(3, 4, 1, 1))

    def run_transposed(name, x, w, bias=None, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), group=1, output_pads=(0, 0)):
        n, c, h, wd = x.shape
        _, og, kh, kw = w.shape
        height = (h - 1) * strides[0] - pads[0] - pads[1] + dilations[0] * (kh - 1) + 1 + output_pads[0]
        width = (wd - 1) * strides[1] - pads[2] - pads[3] + dilations[1] * (kw - 1) + 1 + output_pads[1]
        op = ops.Conv2DTranspose(out_channel=w.shape[0], kernel_size=(kh, kw), pad_mode="pad", pad=pads, stride=strides, dilation=dilations, group=group)
        y = op(t(x), t(w), (n, og * group, height, width)).asnumpy()
        inputs = {"x": x, "weight": w}
        if bias is not None:
            y = y + bias[:, None, None]
            inputs["bias"] = bias
        case("conv", name, "ms.conv2d_transpose", inputs, y, strides=list(strides), pads=list(pads), dilations=list(dilations), group=group, output_pads=list(output_pads))

    small = grid(1, 4, 3, 2)
    run_transposed("conv2d_transpose", small, grid(4, 3, 3, 3))
    run_transposed("conv2d_transpose_strided", small, grid(4, 3, 3, 3), grid(3), strides=(2, 2), pads=(1, 1, 1, 1))
    run_transposed("conv2d_transpose_padded", small, grid(4, 3, 3, 3), strides=(2, 2), pads=(1, 1, 1, 1), output_pads=(1, 1))
    run_transposed("conv2d_transpose_grouped", small, grid(4, 2, 2, 2), strides=(2, 1), group=2)


def windows(x, kernel, strides, pads, dilations, ceil, fill):
    """Every window of x as [n, c, oh, ow, kh*kw] with `fill` in the padding, and whether each place counts as padded x."""
    outs = []
    for axis in (0, 1):
        reach = dilations[axis] * (kernel[axis] - 1) + 1
        room = x.shape[2 + axis] + pads[2 * axis] + pads[2 * axis + 1] - reach
        count = (-(-room // strides[axis]) if ceil else room // strides[axis]) + 1
        if ceil and (count - 1) * strides[axis] >= x.shape[2 + axis] + pads[2 * axis]:
            count -= 1
        outs.append(count)
    extra = 8
    padded = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[1] + extra), (pads[2], pads[3] + extra)), constant_values=fill)
    inside = np.pad(np.ones(x.shape[2:]), ((pads[0], pads[1]), (pads[2], pads[3])), constant_values=2)
    inside = np.pad(inside, ((0, extra), (0, extra)), constant_values=0)
    taps, places = [], []
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            rows = slice(i * dilations[0], i * dilations[0] + (outs[0] - 1) * strides[0] + 1, strides[0])
            columns = slice(j * dilations[1], j * dilations[1] + (outs[1] - 1) * strides[1] + 1, strides[1])
            taps.append(padded[:, :, rows, columns])
            places.append(inside[rows, columns])
    return np.stack(taps, -1), np.stack(places, -1)


def pool():
    x = grid(1, 2, 5, 6)
    settings = {
        "": dict(kernel=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0], dilations=[1, 1], ceil_mode=False),
        "_padded": dict(kernel=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], dilations=[1, 1], ceil_mode=False),
        "_uneven": dict(kernel=[3, 2], strides=[1, 2], pads=[0, 1, 1, 0], dilations=[1, 1], ceil_mode=False),
        "_ceil": dict(kernel=[2, 2], strides=[2, 2], pads=[0, 0, 0, 0], dilations=[1, 1], ceil_mode=True),
        "_ceil_padded": dict(kernel=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], dilations=[1, 1], ceil_mode=True),
        "_dilated": dict(kernel=[2, 2], strides=[1, 1], pads=[0, 0, 0, 0], dilations=[2, 2], ceil_mode=False),
    }
    for suffix, s in settings.items():
        taps, _ = windows(x, s["kernel"], s["strides"], s["pads"], s["dilations"], s["ceil_mode"], -np.inf)
        case("pool", "max_pool2d" + suffix, "ms.max_pool2d", {"x": x}, taps.max(-1), **s)
        taps, places = windows(x, s["kernel"], s["strides"], s["pads"], s["dilations"], s["ceil_mode"], 0)
        for include in (True, False):
            count = ((places > 0) if include else (places == 1)).sum(-1)
            case("pool", "avg_pool2d" + suffix + ("" if include else "_inside"), "ms.avg_pool2d", {"x": x}, (taps.sum(-1) / count).astype(np.float32), count_include_pad=include, **s)
    check = ops.MaxPool(kernel_size=2, strides=2, pad_mode="valid")(t(x)).asnumpy()
    assert np.array_equal(check, windows(x, [2, 2], [2, 2], [0] * 4, [1, 1], False, -np.inf)[0].max(-1))
    for size in ([1, 1], [2, 3], [3, 4]):
        case("pool", f"adaptive_avg_pool2d_{size[0]}_{size[1]}", "ms.adaptive_avg_pool2d", {"x": x}, ops.adaptive_avg_pool2d(t(x), tuple(size)), size=size)


def reduce():
    x = grid(2, 3, 4)
    functions = {"sum": np.sum, "mean": np.mean, "prod": np.prod, "max": np.max, "min": np.min}
    for name, function in functions.items():
        case("reduce", f"reduce_{name}", f"ms.reduce_{name}", {"x": x}, function(x, axis=1).astype(np.float32), axes=[1], keep_dims=False)
        case("reduce", f"reduce_{name}_kept", f"ms.reduce_{name}", {"x": x}, function(x, axis=(0, 2), keepdims=True).astype(np.float32), axes=[0, 2], keep_dims=True)
    case("reduce", "reduce_sum_all", "ms.reduce_sum", {"x": x}, np.float32(x.sum()), axes=[0, 1, 2], keep_dims=False)
    case("reduce", "reduce_sum_none", "ms.reduce_sum", {"x": x}, x, axes=[], keep_dims=False)
    case("reduce", "reduce_sum_empty", "ms.reduce_sum", {"x": grid(2, 0)}, f32(0, 0), axes=[1], keep_dims=False)
    case("reduce", "reduce_max_nan", "ms.reduce_max", {"x": f32([1, np.nan], [2, 3])}, f32(np.nan, 3), axes=[1], keep_dims=False)
    whole = i32([[2**30, 2**30, 5], [-3, 4, 9]])
    case("reduce", "reduce_sum_i32", "ms.reduce_sum", {"x": whole}, whole.sum(1, dtype=np.int32), axes=[1], keep_dims=False)
    case("reduce", "reduce_prod_i32", "ms.reduce_prod", {"x": whole}, np.prod(whole, 1, dtype=np.int32), axes=[1], keep_dims=False)
    flags = np.array([[True, False], [True, True], [False, False]])
    case("reduce", "reduce_all", "ms.reduce_all", {"x": flags}, flags.all(1), axes=[1], keep_dims=False)
    case("reduce", "reduce_any", "ms.reduce_any", {"x": flags}, flags.any(0, keepdims=True), axes=[0], keep_dims=True)
    ties = f32([3, 1, 3], [2, 2, 2], [0, np.nan, 5])
    case("reduce", "argmax", "ms.argmax", {"x": ties}, i32(0, 0, 1), axis=1, keep_dims=False)
    case("reduce", "argmin", "ms.argmin", {"x": ties}, i32([[1], [0], [1]]), axis=1, keep_dims=True)
    case("reduce", "argmax_outer", "ms.argmax", {"x": x}, np.argmax(x, 0).astype(np.int32), axis=0, keep_dims=False)
    for exclusive in (False, True):
        for reverse in (False, True):
            suffix = ("_exclusive" if exclusive else "") + ("_reverse" if reverse else "")
            case("reduce", "cumsum" + suffix, "ms.cumsum", {"x": x}, ops.CumSum(exclusive, reverse)(t(x), 1), axis=1, exclusive=exclusive, reverse=reverse)
            case("reduce", "cumprod" + suffix, "ms.cumprod", {"x": x}, ops.CumProd(exclusive, reverse)(t(x), 1), axis=1, exclusive=exclusive, reverse=reverse)
    case("reduce", "cumsum_i32", "ms.cumsum", {"x": i32(2**31 - 1, 1, 5)}, i32(2**31 - 1, -2**31, -2**31 + 5), axis=0, exclusive=False, reverse=False)
    large = x * 100
    for axis in (0, 2):
        case("reduce", f"softmax_{axis}", "ms.softmax", {"x": x}, special.softmax(x.astype(np.float64), axis).astype(np.float32), axis=axis)
        case("reduce", f"log_softmax_{axis}", "ms.log_softmax", {"x": x}, special.log_softmax(x.astype(np.float64), axis).astype(np.float32), axis=axis)
    case("reduce", "softmax_large", "ms.softmax", {"x": large}, special.softmax(large.astype(np.float64), 1).astype(np.float32), axis=1)


def norm():
    x = grid(2, 4, 3)
    d = x.astype(np.float64)
    gamma, beta = f32(1, 0.5, -2), f32(0.25, 0, 1)
    y = (d - d.mean(-1, keepdims=True)) / np.sqrt(d.var(-1, keepdims=True) + 1e-5) * gamma + beta
    case("norm", "layer_norm", "ms.layer_norm", {"x": x, "gamma": gamma, "beta": beta}, y.astype(np.float32), begin_axis=2, epsilon=1e-5)
    wide_gamma, wide_beta = grid(4, 3, offset=1), grid(4, 3)
    z = ops.LayerNorm(1, 1, 1e-5)(t(x), t(wide_gamma), t(wide_beta))[0]
    case("norm", "layer_norm_2", "ms.layer_norm", {"x": x, "gamma": wide_gamma, "beta": wide_beta}, z, begin_axis=1, epsilon=1e-5, within=1e-5)
    r = d / np.sqrt((d * d).mean(-1, keepdims=True) + 1e-6) * gamma
    case("norm", "rms_norm", "ms.rms_norm", {"x": x, "gamma": gamma}, r.astype(np.float32), begin_axis=2, epsilon=1e-6)
    image = grid(2, 3, 2, 2)
    mean, variance = f32(0.5, -1, 0), f32(1, 0.25, 4)
    b = ops.BatchNorm(is_training=False, epsilon=1e-5)(t(image), t(gamma), t(beta), t(mean), t(variance))[0]
    case("norm", "batch_norm", "ms.batch_norm", {"x": image, "gamma": gamma, "beta": beta, "mean": mean, "variance": variance}, b, epsilon=1e-5, within=1e-5)
    rows = grid(4, 3)
    c = (rows - mean) / np.sqrt(variance + 1e-3) * gamma + beta
    case("norm", "batch_norm_rows", "ms.batch_norm", {"x": rows, "gamma": gamma, "beta": beta, "mean": mean, "variance": variance}, c.astype(np.float32), epsilon=1e-3)
    four, shift = f32(1, 2, -1, 0.5), f32(0, 1, 0.5, -1)
    picture = grid(2, 4, 2, 3)
    layer = nn.GroupNorm(2, 4, eps=1e-5)
    layer.gamma.set_data(t(four))
    layer.beta.set_data(t(shift))
    case("norm", "group_norm", "ms.group_norm", {"x": picture, "gamma": four, "beta": shift}, layer(t(picture)), groups=2, epsilon=1e-5, within=1e-5)


def shape():
    x = grid(2, 3, 4)
    case("shape", "reshape", "ms.reshape", {"x": x}, x.reshape(4, 6))
    case("shape", "reshape_join", "ms.reshape", {"x": x}, x.reshape(6, 4))
    case("shape", "reshape_split", "ms.reshape", {"x": grid(4, 6)}, grid(4, 6).reshape(2, 2, 1, 6))
    case("shape", "reshape_scalar", "ms.reshape", {"x": grid(1, 1)}, grid(1).reshape(()))
    case("shape", "transpose", "ms.transpose", {"x": x}, x.transpose(2, 0, 1), permutation=[2, 0, 1])
    case("shape", "transpose_i1", "ms.transpose", {"x": x[0] > 0}, (x[0] > 0).T, permutation=[1, 0])
    case("shape", "transpose_scalar", "ms.transpose", {"x": np.float32(2)}, np.float32(2), permutation=[])
    case("shape", "broadcast_to", "ms.broadcast_to", {"x": grid(3, 1)}, np.broadcast_to(grid(3, 1), (2, 3, 4)))
    case("shape", "concat", "ms.concat", {"a": x, "b": grid(2, 1, 4), "c": grid(2, 2, 4)}, np.concatenate([x, grid(2, 1, 4), grid(2, 2, 4)], 1), axis=1)
    case("shape", "split", "ms.split", {"x": x}, np.split(x, [1, 3], 2), axis=2, sizes=[1, 2, 1])
    case("shape", "slice", "ms.slice", {"x": x}, x[:, 1:3, 0:4:2], axes=[1, 2], begins=[1, 0], ends=[3, 4], strides=[1, 2])
    case("shape", "slice_nothing", "ms.slice", {"x": x}, x[:, 1:1], axes=[1], begins=[1], ends=[1], strides=[1])
    updated = x.copy()
    updated[:, 1:3, 0:4:3] = grid(2, 2, 2, offset=9)
    case("shape", "slice_update", "ms.slice_update", {"x": x, "update": grid(2, 2, 2, offset=9)}, updated, axes=[1, 2], begins=[1, 0], ends=[3, 4], strides=[1, 3])
    small = grid(2, 3)
    for mode, numpy_mode in {"constant": "constant", "reflect": "reflect", "symmetric": "symmetric", "edge": "edge"}.items():
        more = {"constant_values": 1.5} if mode == "constant" else {}
        case("shape", f"pad_{mode}", "ms.pad", {"x": small}, np.pad(small, ((1, 0), (2, 1)), numpy_mode, **more), low=[1, 2], high=[0, 1], mode=mode, value=1.5)
    case("shape", "tile", "ms.tile", {"x": small}, np.tile(small, (2, 2)), repeats=[2, 2])
    case("shape", "repeat", "ms.repeat", {"x": small}, np.repeat(small, 2, 1), axis=1, count=2)
    case("shape", "reverse", "ms.reverse", {"x": x}, x[::-1, :, ::-1], axes=[0, 2])
    case("shape", "roll", "ms.roll", {"x": small}, np.roll(small, 1, 1), axis=1, shift=1)
    case("shape", "roll_back", "ms.roll", {"x": small}, np.roll(small, -4, 1), axis=1, shift=-4)
    case("shape", "iota", "ms.iota", {}, np.broadcast_to(np.arange(3, dtype=np.int32)[:, None], (3, 2)), axis=0)
    case("shape", "iota_f16", "ms.iota", {}, np.arange(4, dtype=np.float16), axis=0)


def indexing():
    x = grid(3, 4)
    at = i32([[2, 0], [1, 2]])
    case("indexing", "gather_0", "ms.gather", {"x": x, "indices": at}, ops.gather(t(x), t(at), 0), axis=0)
    case("indexing", "gather_1", "ms.gather", {"x": x, "indices": i32(3, 1, 1)}, x[:, [3, 1, 1]], axis=1)
    case("indexing", "gather_scalar", "ms.gather", {"x": x, "indices": np.int32(1)}, x[1], axis=0)
    case("indexing", "gather_outside", "ms.gather", {"x": grid(3), "indices": i32(-1, 0, 3)}, f32(0, grid(3)[0], 0), axis=0)
    elements = i32([[0, 1, 2, 0], [2, 2, 0, 1]])
    case("indexing", "gather_elements_0", "ms.gather_elements", {"x": x, "indices": elements}, ops.gather_elements(t(x), 0, t(elements)), axis=0)
    columns = np.array([[3, 0], [1, 1], [2, 3]], np.int64)
    case("indexing", "gather_elements_1", "ms.gather_elements", {"x": x, "indices": columns}, np.take_along_axis(x, columns, 1), axis=1)
    case("indexing", "gather_nd", "ms.gather_nd", {"x": x, "indices": i32([[0, 1], [2, 3]])}, ops.gather_nd(t(x), t(i32([[0, 1], [2, 3]]))))
    case("indexing", "gather_nd_rows", "ms.gather_nd", {"x": x, "indices": i32([[2], [0]])}, x[[2, 0]])
    base = grid(4)
    spots, updates = i32([[1], [3], [1]]), f32(10, 20, 30)
    results = {"none": [base[0], 30, base[2], 20], "add": [base[0], base[1] + 40, base[2], base[3] + 20],
               "mul": [base[0], base[1] * 300, base[2], base[3] * 20], "max": [base[0], 30, base[2], 20], "min": [base[0], min(base[1], 10), base[2], min(base[3], 20)]}
    for reduction, expected in results.items():
        case("indexing", f"scatter_nd_{reduction}", "ms.scatter_nd", {"x": base, "indices": spots, "updates": updates}, f32(expected), reduction=reduction)
    case("indexing", "scatter_nd_rows", "ms.scatter_nd", {"x": x, "indices": i32([[2], [0]]), "updates": grid(2, 4, offset=5)},
         ops.tensor_scatter_add(t(x), t(i32([[2], [0]])), t(grid(2, 4, offset=5))), reduction="add")
    put = grid(2, 4, offset=3)
    case("indexing", "scatter_elements", "ms.scatter_elements", {"x": x, "indices": elements, "updates": put},
         ops.tensor_scatter_elements(t(x), t(elements), t(put), axis=0, reduction="add"), axis=0, reduction="add")
    case("indexing", "one_hot", "ms.one_hot", {"indices": i32([0, 2, 5]), "on_value": np.float32(1), "off_value": np.float32(-0.5)},
         np.where(np.eye(6, 3, dtype=bool)[[0, 2, 5]], np.float32(1), np.float32(-0.5)), axis=1, depth=3)
    case("indexing", "one_hot_0", "ms.one_hot", {"indices": i32([1, 0]), "on_value": np.int32(7), "off_value": np.int32(0)}, i32([[0, 7], [7, 0]]), axis=0, depth=2)
    case("indexing", "triangle_lower", "ms.triangle", {}, np.tri(3, 4, 1, dtype=bool), diagonal=1, part="lower")
    case("indexing", "triangle_upper", "ms.triangle", {}, np.triu(np.ones((2, 3, 3), bool), -1), diagonal=-1, part="upper")
    ties = f32([3, 1, 2, 1], [0, np.nan, -1, 7])
    case("sort", "sort", "ms.sort", {"x": ties}, [np.sort(ties, 1), np.argsort(ties, 1, "stable").astype(np.int32)], axis=1, descending=False)
    case("sort", "sort_descending", "ms.sort", {"x": x}, [ops.sort(t(x), 0, True)[0], i32(np.argsort(-x, 0, "stable"))], axis=0, descending=True)
    values, places = ops.TopK()(t(x), 2)
    case("sort", "top_k", "ms.top_k", {"x": x}, [values, places], k=2, largest=True)
    case("sort", "top_k_smallest_i32", "ms.top_k", {"x": i32([5, -2, 9, -2])}, [i32(-2, -2, 5), i32(1, 3, 0)], k=3, largest=False)


def onnx_cubic(x, size, coordinates):
    """ONNX Resize with a = -3/4, PyTorch's kernel (MindSpore's CPU kernel takes its weights from a table of 1024)."""
    import onnx  # behind mindspore: they do not load in the other order
    import onnxruntime

    node = onnx.helper.make_node("Resize", ["x", "", "", "sizes"], ["y"], mode="cubic", cubic_coeff_a=-0.75, coordinate_transformation_mode=coordinates)
    sizes = onnx.numpy_helper.from_array(np.array([*x.shape[:2], *size], np.int64), "sizes")
    value = lambda name: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
    graph = onnx.helper.make_graph([node], "g", [value("x")], [value("y")], [sizes])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 19)], ir_version=9)
    return onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"x": x})[0]


def resize():
    x = grid(1, 2, 3, 4)
    for name, size in {"up": (6, 7), "down": (2, 3)}.items():
        for coordinates, kwargs in {"align_corners": dict(align_corners=True), "asymmetric": dict(), "half_pixel": dict(half_pixel_centers=True)}.items():
            y = ops.ResizeBilinearV2(**kwargs)(t(x), size)
            case("resize", f"resize_bilinear_{name}_{coordinates}", "ms.resize_bilinear", {"x": x}, y, size=list(size), coordinates=coordinates)
            if coordinates != "half_pixel":
                z = ops.ResizeNearestNeighbor(size, align_corners=coordinates == "align_corners")(t(x))
                case("resize", f"resize_nearest_{name}_{coordinates}", "ms.resize_nearest", {"x": x}, z, size=list(size), coordinates=coordinates)
        for coordinates in ("align_corners", "half_pixel"):
            y = onnx_cubic(x, size, coordinates)
            case("resize", f"resize_bicubic_{name}_{coordinates}", "ms.resize_bicubic", {"x": x}, y, size=list(size), coordinates=coordinates)


def philox(counter, key):
    """Philox 4x32-10 of a counter, in Python integers."""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def random():
    state = np.array([11, 22, 0xFFFFFFFF, 3], np.uint32)
    words = np.array([word for block in ((0xFFFFFFFF, 3), (0, 4)) for word in philox((*block, 0, 0), (11, 22))], np.uint32)
    uniform = (words >> 8) * np.float64(2**-24)
    following = np.array([11, 22, 1, 4], np.uint32)
    case("random", "uniform", "ms.random_uniform", {"state": state}, [uniform[:6].reshape(2, 3).astype(np.float32), following])
    radius, angle = np.sqrt(-2 * np.log(1 - uniform[0::2])), 2 * np.pi * uniform[1::2]
    normal = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1).reshape(-1)
    case("random", "normal", "ms.random_normal", {"state": state}, [normal[:5].astype(np.float32), following])
    x = grid(2, 4)
    mask = uniform.reshape(2, 4) < 0.5
    case("random", "dropout", "ms.dropout", {"x": x, "state": state}, [np.where(mask, x * 2, 0).astype(np.float32), mask, following], keep_prob=0.5)


def main():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    for record in (unary, activation, binary, comparison, matmul, conv, pool, reduce, norm, shape, indexing, resize, random):
        try:
            record()
        except Exception as error:
            print(record.__name__, repr(error)[:600], file=sys.stderr)
    head = f"// Recorded by record.py: mindspore {ms.__version__} (CPU), numpy {np.__version__}.\n\n"
    for name, parts in files.items():
        with open(os.path.join(HERE, "cases", name + ".mlir"), "w") as out:
            out.write(head + "\n\n".join(parts) + "\n")
        print(name, len(parts), file=sys.stderr)


main()
