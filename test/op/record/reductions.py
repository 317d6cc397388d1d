"""Reductions, scans, normalizations."""
import numpy as np
import scipy.special as special
from case import case, f32, grid, i32, t
from mindspore import nn, ops


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
