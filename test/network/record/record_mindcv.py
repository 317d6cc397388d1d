"""Records logits of mindcv's own networks with formula weights for the formula input x of shape 1x3x224x224.

Run by hand in development:  python record/record_mindcv.py MINDCV_FOLDER
Writes ../mindcv/<function>.npz (only expected.out0) and ../mindcv/<function>.params.json.gz (name, shape of each parameter).
"""
import gzip
import importlib
import json
import sys
from pathlib import Path

import mindspore as ms
import numpy as np

import formula
from record_networks import run, set_formula_weights

FOLDER = Path(__file__).resolve().parent.parent / "mindcv"
FUNCTIONS = ["resnet50", "mobilenet_v3_small_100", "vgg16", "vit_b_16_224"]


def record(function: str) -> None:
    net = getattr(importlib.import_module("mindcv.models"), function)()
    set_formula_weights(net)
    x = formula.input_tensor("x", (1, 3, 224, 224))
    (logits,) = run(net, {"x": x}, ms.GRAPH_MODE)
    assert np.isfinite(logits).all()
    nudged = x * (1 + formula.input_tensor("nudge", x.shape) * np.float32(2e-7))
    (moved,) = run(net, {"x": nudged}, ms.GRAPH_MODE)
    parameters = [[p.name, list(p.shape)] for p in net.get_parameters()]
    count = sum(int(np.prod(shape)) for _, shape in parameters)
    print(function, f"{count} values in {len(parameters)} parameters, max {np.abs(logits).max():.4g}, argmax {logits.argmax()},",
          f"moves {np.abs(moved - logits).max() / np.abs(logits).max():.1e} when the input moves in its last bits")
    np.savez_compressed(FOLDER / f"{function}.npz", **{"expected.out0": logits})
    text = "[\n" + ",\n".join(json.dumps(row) for row in parameters) + "\n]\n"
    (FOLDER / f"{function}.params.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    FOLDER.mkdir(exist_ok=True)
    for function in sys.argv[2:] or FUNCTIONS:
        record(function)
