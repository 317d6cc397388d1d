"""Records what MindSpore computes for each loss and its gradient: training/losses.npz, or of mindcv_losses.py.

Run by hand in development:  python record/record_losses.py [MINDCV_FOLDER]
Keys are <case>.x0, … for inputs, <case>.out, and <case>.gradient where MindSpore's CPU kernels give one. They have no
SoftMarginLoss and TripletMarginLoss: those are numpy.
"""
import importlib
import re
import sys

import mindspore as ms
import numpy as np

from record_networks import FOLDER, make_input


def value(name: str, rule: str) -> np.ndarray:
    kind, dims = re.match(r"(\w+)\[([\d,]*)\]", rule).groups()
    if kind in ("float32", "int32"):
        return make_input(name, rule)
    if kind == "int64":
        return make_input(name, rule.replace("int64", "int32")).astype(np.int64)
    uniform = make_input(name, f"float32[{dims}]")
    if kind == "distribution":
        return np.exp(uniform) / np.exp(uniform).sum(-1, keepdims=True)
    if kind == "probability":
        return (0.5 + 0.45 * uniform).astype(np.float32)
    return np.where(uniform > 0, 1, -1).astype(np.int32 if kind == "integer_sign" else np.float32)


def triplet(anchor, positive, negative, epsilon=1e-6) -> float:
    near, far, other = [np.linalg.norm(x - y + epsilon, axis=-1)
                        for x, y in ((anchor, positive), (anchor, negative), (positive, negative))]
    return np.maximum(near - np.minimum(far, other) + 1, 0).mean()


NUMPY = {"soft_margin": lambda x, y: np.log1p(np.exp(-x * y)).mean(), "triplet_margin": triplet}


def main() -> None:
    sys.path.insert(0, str(FOLDER / "training"))
    name_of = "mindcv_losses" if len(sys.argv) > 1 else "losses"
    sys.path[0:0] = sys.argv[1:]
    losses = importlib.import_module(name_of)
    ms.set_context(mode=ms.GRAPH_MODE)
    found = {}
    for name, (_, rules) in losses.CASES.items():
        arrays = [value(f"{name}.x{index}", rule) for index, rule in enumerate(rules)]
        inputs = [ms.Tensor(array) for array in arrays]
        found.update({f"{name}.x{index}": array for index, array in enumerate(arrays)})
        if name in NUMPY:
            found[f"{name}.out"] = np.float32(NUMPY[name](*arrays))
            continue
        found[f"{name}.out"] = losses.case(name)(*inputs).asnumpy()
        try:
            found[f"{name}.gradient"] = losses.gradient(name)(*inputs).asnumpy()
        except Exception as error:
            print(name, "has no gradient:", str(error).strip().splitlines()[0][:150])
        print(name, found[f"{name}.out"].reshape(-1)[:3])
        assert all(np.isfinite(x).all() for key, x in found.items() if key.startswith(name + "."))
    np.savez_compressed(FOLDER / "training" / f"{name_of}.npz", **found)


if __name__ == "__main__":
    main()
