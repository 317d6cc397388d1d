"""Products, convolutions, poolings, resizing."""
import numpy as np
import scipy.special as special
from case import case, grid, i32, t
from mindspore import ops


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
