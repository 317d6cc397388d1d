"""Elementwise ops, activations, comparisons, casts."""
import numpy as np
import scipy.special as special
from case import POSITIVE, UNIT, NUMBERS, case, f32, grid, i32, t
from mindspore import nn


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
