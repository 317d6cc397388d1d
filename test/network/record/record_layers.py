"""Records what MindSpore computes for the cells of layers.json with formula weights: layers.npz beside it.

Run by hand in development:  python record/record_layers.py
Keys are <cell>.<input name> and <cell>.expected.out0, …; a cell that MindSpore's graph mode refuses is run eagerly.
"""
import json
import sys

import mindspore as ms
import numpy as np

from record_networks import FOLDER, make_input, run, set_formula_weights


def main() -> None:
    sys.path.insert(0, str(FOLDER))
    import layers
    arrays = {}
    for case in json.loads((FOLDER / "layers.json").read_text()):
        name = case["entry"].removesuffix("()")
        inputs = {key: make_input(key, rule) for key, rule in case["inputs"].items()}
        outputs = {}
        for mode in (ms.PYNATIVE_MODE, ms.GRAPH_MODE):
            net = eval(case["entry"], vars(layers))
            set_formula_weights(net)
            try:
                outputs[mode] = run(net, inputs, mode)
            except Exception as error:
                print(name, "mode", mode, "fails:", str(error).strip().splitlines()[0][:150])
        eager = outputs[ms.PYNATIVE_MODE]
        graph = outputs.get(ms.GRAPH_MODE, eager)
        differ = [i for i, (a, b) in enumerate(zip(eager, graph)) if a.dtype != b.dtype or not np.allclose(a, b, 1e-6, 1e-6)]
        print(name, len(graph), "outputs", [f"{v.dtype}{list(v.shape)}" for v in graph], f"modes differ in {differ}" if differ else "")
        assert all(np.isfinite(v).all() for v in graph)
        arrays.update({f"{name}.{key}": value for key, value in inputs.items()})
        arrays.update({f"{name}.expected.out{i}": value for i, value in enumerate(graph)})
    np.savez_compressed(FOLDER / "layers.npz", **arrays)


if __name__ == "__main__":
    main()
