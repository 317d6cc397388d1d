"""How a recorded op case is written down: one function with one op, and one eval line."""
import os

import numpy as np

os.environ.setdefault("GLOG_v", "3")
try:
    import mindspore as ms  # noqa: E402
    from mindspore import Tensor  # noqa: E402
except ImportError:  # gradients.py records from PyTorch alone
    ms, Tensor = None, ()

DTYPES = {"float32": "f32", "float16": "f16", "float64": "f64", "bool": "i1", "int8": "i8", "uint8": "ui8",
          "int16": "i16", "int32": "i32", "int64": "i64", "uint32": "ui32"}
files = {}


def type_text(array):
    return "tensor<" + "".join(f"{extent}x" for extent in array.shape) + DTYPES[str(array.dtype)] + ">"


def element(value):
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    value = float(value)
    if np.isnan(value):
        return "nan"
    if np.isinf(value):
        return "inf" if value > 0 else "-inf"
    return f"{value:.9g}"


def literal(array):
    if array.ndim == 0:
        return element(array[()])
    return "[" + ", ".join(literal(row) for row in array) + "]"


def attribute(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value} : i64"
    if isinstance(value, float):
        return f"{value:e} : f32"
    if isinstance(value, str):
        return f'"{value}"'
    return "array<i64" + (": " + ", ".join(map(str, value)) if len(value) else "") + ">"


def numpy_of(value):
    if isinstance(value, Tensor):
        return value.asnumpy()
    return np.asarray(value)


def case(file, name, op, inputs, expected, within=None, **attributes):
    """One function with one op, and one eval line. Inputs are numpy arrays by operand name."""
    expected = [numpy_of(value) for value in (expected if isinstance(expected, (list, tuple)) else [expected])]
    inputs = {key: numpy_of(value) for key, value in inputs.items()}
    result_types = [type_text(value) for value in expected]
    arguments = ", ".join(f"%{key}: {type_text(value)}" for key, value in inputs.items())
    results = result_types[0] if len(result_types) == 1 else "(" + ", ".join(result_types) + ")"
    names = "%0" if len(expected) == 1 else f"%0:{len(expected)}"
    returned = "%0" if len(expected) == 1 else ", ".join(f"%0#{index}" for index in range(len(expected)))
    listed = ", ".join(f"{key} = {attribute(value)}" for key, value in sorted(attributes.items()))
    lines = [
        f"func.func @{name}({arguments}) -> {results} {{",
        f'  {names} = "{op}"({", ".join("%" + key for key in inputs)}) ' + (f"{{{listed}}} " if listed else "")
        + f': ({", ".join(type_text(value) for value in inputs.values())}) -> {results}',
        f'  func.return {returned} : {", ".join(result_types)}',
        "}",
        f'// eval: @{name}({", ".join(literal(value) for value in inputs.values())}) = '
        + ", ".join(literal(value) for value in expected) + (f" within {within}" if within else ""),
    ]
    files.setdefault(file, []).append("\n".join(lines))


def f32(*values):
    return np.array(values[0] if len(values) == 1 else values, np.float32)


def i32(*values):
    return np.array(values[0] if len(values) == 1 else values, np.int32)


def grid(*shape, scale=0.25, offset=None, dtype=np.float32):
    """Small multiples of `scale`, neither sorted nor symmetric."""
    count = int(np.prod(shape))
    numbers = (np.arange(count) * 7 % 11) - 5 + (np.arange(count) % 3)
    return (numbers * scale + (offset or 0)).reshape(shape).astype(dtype)


def t(array):
    return Tensor(array)


NUMBERS = f32(-2.5, -1, -0.5, -0.0, 0, 0.25, 1, 1.5, 3)
UNIT = f32(-0.9, -0.5, 0, 0.25, 0.75)
POSITIVE = f32(0.125, 0.5, 1, 2, 10)
