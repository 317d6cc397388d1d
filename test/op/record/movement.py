"""Data movement, indexing, orders, random streams."""
import numpy as np
from case import case, f32, grid, i32, t
from mindspore import ops


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
