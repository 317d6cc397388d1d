"""Records the parameter names of every recorded network, layer and naming example: parameters.json beside them.

Run by hand in development:  python record/record_names.py
A row is [name, shape, trainable]; a cell that MindSpore refuses to build has the error's first line instead.
"""
import importlib
import inspect
import json
import sys

import mindspore.nn as nn

from record_networks import FOLDER


def rows(build) -> object:
    try:
        net = build()
    except Exception as error:
        return f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"
    return [[p.name, list(p.shape), p.requires_grad] for p in net.get_parameters()]


def main() -> None:
    sys.path.insert(0, str(FOLDER))
    found = {}
    for case in json.loads((FOLDER / "networks.json").read_text()):
        module = importlib.import_module(case["file"].removesuffix(".py"))
        found[case["name"]] = rows(lambda: eval(case["entry"], vars(module)))
    for name in ("layers", "naming"):
        module = importlib.import_module(name)
        cells = [c for c in vars(module).values() if inspect.isclass(c) and issubclass(c, nn.Cell)]
        found.update({f"{name}.{cell.__name__}": rows(cell) for cell in cells})
    lines = []
    for name, value in found.items():
        body = json.dumps(value) if isinstance(value, str) or not value else (
            "[\n" + ",\n".join("    " + json.dumps(row) for row in value) + "\n  ]")
        lines.append(f"  {json.dumps(name)}: {body}")
    (FOLDER / "parameters.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
