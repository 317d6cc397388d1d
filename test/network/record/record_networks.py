"""Records what MindSpore computes for the networks of networks.json with formula weights: <name>.npz beside it.

Run by hand in development:  python record/record_networks.py [NAME …]
"""
import importlib
import json
import re
import sys
from pathlib import Path

import mindspore as ms
import numpy as np

import formula

FOLDER = Path(__file__).resolve().parent.parent


def make_input(name: str, rule: str) -> np.ndarray:
    dtype, dims, bound = re.fullmatch(r"(\w+)\[([\d,]*)\](?: below (\d+))?", rule).groups()
    shape = tuple(int(d) for d in dims.split(",") if d)
    if dtype == "float32":
        return formula.input_tensor(name, shape)
    count = int(np.prod(shape))
    # The low bits of the hash hardly depend on the prefix; a middle slice does.
    return ((formula.hashes(name, count) >> 8) % int(bound)).astype(dtype).reshape(shape)


def set_formula_weights(net) -> None:
    """Floating-point parameters get the formula; integer ones keep what the network put there."""
    for parameter in net.get_parameters():
        if parameter.dtype in (ms.float32, ms.float16, ms.bfloat16):
            value = formula.weight(parameter.name, parameter.shape)
            parameter.set_data(ms.Tensor(value, parameter.dtype))


def flatten(outputs) -> list:
    if isinstance(outputs, (tuple, list)):
        return [leaf for item in outputs for leaf in flatten(item)]
    return [outputs.asnumpy()]


def run(net, inputs: dict, mode) -> list:
    ms.set_context(mode=mode)
    net.set_train(False)
    return flatten(net(*[ms.Tensor(value) for value in inputs.values()]))


def record(case: dict) -> None:
    module = importlib.import_module(Path(case["file"]).stem)
    inputs = {name: make_input(name, rule) for name, rule in case["inputs"].items()}
    results = []
    for mode in (ms.GRAPH_MODE, ms.PYNATIVE_MODE):
        net = eval(case["entry"], vars(module))
        set_formula_weights(net)
        results.append(run(net, inputs, mode))
    graph, eager = results
    for a, b in zip(graph, eager):
        assert np.isfinite(a).all()
        print(case["name"], a.shape, a.dtype, f"max {np.abs(a).max():.4g}",
              f"graph against eager {np.abs(a - b).max() / np.abs(a).max():.1e}")
    expected = {f"expected.out{i}": value for i, value in enumerate(graph)}
    np.savez_compressed(FOLDER / f"{case['name']}.npz", **inputs, **expected)


if __name__ == "__main__":
    sys.path.insert(0, str(FOLDER))
    for case in json.loads((FOLDER / "networks.json").read_text()):
        if len(sys.argv) == 1 or case["name"] in sys.argv[1:]:
            record(case)
