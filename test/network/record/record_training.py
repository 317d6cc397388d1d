"""Records losses and what the weights change by over some training steps: training/<name>.npz.

Run by hand in development:  python record/record_training.py NAME … [--mindcv FOLDER]
Each module of training/ says its inputs; those of step k have the formula names <input>.<k>. Keys: losses [steps, outputs]
and update.<parameter>: the norm of the change, then its elements at eight evenly spaced places.
"""
import importlib
import sys

import mindspore as ms
import numpy as np

import formula
from record_networks import FOLDER, flatten, make_input, set_formula_weights

NAMES = ["bert", "llama", "burgers", "gan", "convolution", "embedding", "overflow"]
PLACES = 8


def digest(change: np.ndarray) -> np.ndarray:
    flat = change.reshape(-1)
    places = np.arange(PLACES) * flat.size // PLACES
    return np.concatenate([[np.linalg.norm(flat)], flat[places]]).astype(np.float32)


def record(name: str) -> None:
    module = importlib.import_module(name)
    step = module.step()
    for network in module.networks(step):
        set_formula_weights(network)
    parameters = [p for network in module.networks(step) for p in network.get_parameters()]
    before = {p.name: p.asnumpy().astype(np.float64) for p in parameters}
    losses = []
    for count in range(module.STEPS):
        inputs = [ms.Tensor(make_input(f"{key}.{count}", rule)) for key, rule in module.INPUTS.items()]
        losses.append([float(x) for x in flatten(step(*inputs))])
    found = {"losses": np.array(losses, np.float32)}
    found.update({f"update.{p.name}": digest(p.asnumpy() - before[p.name]) for p in parameters})
    assert all(np.isfinite(x).all() for x in found.values()), name
    print(name, len(parameters), "parameters, losses", losses)
    np.savez_compressed(FOLDER / "training" / f"{name}.npz", **found)


def main() -> None:
    names = sys.argv[1:]
    sys.path.insert(0, str(FOLDER / "training"))
    if "--mindcv" in names:
        at = names.index("--mindcv")
        sys.path.insert(0, names[at + 1])
        names = names[:at] + names[at + 2:]
    ms.set_context(mode=ms.GRAPH_MODE)
    for name in names or NAMES:
        record(name)


if __name__ == "__main__":
    main()
