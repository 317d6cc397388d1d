"""Records what MindSpore's functions of derivatives return: training/derivatives.json.

Run by hand in development:  python record/record_derivatives.py
Eager mode, because these are functions of functions; a tuple is a list, a tensor {"shape": …, "data": …}.
"""
import json
import sys

import mindspore as ms

from record_networks import FOLDER


def written(value):
    if isinstance(value, (tuple, list)):
        return [written(item) for item in value]
    array = value.asnumpy()
    return {"shape": list(array.shape), "data": [float(f"{x:.7g}") for x in array.reshape(-1)]}


def main() -> None:
    sys.path.insert(0, str(FOLDER / "training"))
    import derivatives
    ms.set_context(mode=ms.PYNATIVE_MODE)
    x, y = ms.Tensor([0.5, -1.25]), ms.Tensor([1.5, 0.75])
    rows = {name: written(case(x, y)) for name, case in derivatives.CASES.items()}
    lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in rows.items()]
    (FOLDER / "training" / "derivatives.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
