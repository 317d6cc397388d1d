"""Records op cases: writes cases/*.mlir with values computed by MindSpore (CPU), NumPy, SciPy and ONNX Runtime.

    python test/op/record        needs mindspore 2.7, numpy 1.26, scipy 1.17, onnx, onnxruntime

The files are the tests; this script only says where their numbers come from.
"""
import os
import sys

import numpy as np
from case import files, ms
from elementwise import activation, binary, comparison, unary
from movement import indexing, random, shape
from reductions import norm, reduce
from windows import conv, matmul, pool, resize

CASES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cases")


def main():
    ms.set_context(mode=ms.PYNATIVE_MODE)
    for record in (unary, activation, binary, comparison, matmul, conv, pool, reduce, norm, shape, indexing, resize, random):
        try:
            record()
        except Exception as error:
            print(record.__name__, repr(error)[:600], file=sys.stderr)
    head = f"// Recorded by record/: mindspore {ms.__version__} (CPU), numpy {np.__version__}.\n\n"
    for name, parts in files.items():
        with open(os.path.join(CASES, name + ".mlir"), "w") as out:
            out.write(head + "\n\n".join(parts) + "\n")
        print(name, len(parts), file=sys.stderr)


main()
