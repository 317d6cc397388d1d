"""Records what CPython 3.12 says about the sources in cases/: run with python3.12, writes recorded/*.jsonl.

Each line is [source, dump], or [source, null] when ast.parse refuses the source. The dump is that of
compiler/frontend/syntax/dump.ts.
"""

import ast
import json
import pathlib
import struct
import sys
import warnings

WITHOUT_POSITION = {"Module", "arguments", "comprehension", "withitem", "match_case"}
OMITTED = {"type_comment", "type_ignores"}
NAMES = (ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context)


def constant_text(value):
    if value is Ellipsis:
        return "Ellipsis"
    if value is None or isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"int {value}"
    if isinstance(value, float):
        return "float " + struct.pack(">d", value).hex()
    if isinstance(value, complex):
        return "complex " + struct.pack(">d", value.imag).hex()
    return f"str {value}" if isinstance(value, str) else "bytes " + value.hex()


def dump(value):
    if isinstance(value, NAMES):
        return type(value).__name__
    if isinstance(value, list):
        return [dump(element) for element in value]
    if not isinstance(value, ast.AST):
        return value
    kind = type(value).__name__
    dumped = {"kind": kind}
    if kind not in WITHOUT_POSITION:
        start = f"{value.lineno}:{value.col_offset}"
        dumped["at"] = f"{start}-{value.end_lineno}:{value.end_col_offset}"
    if kind == "Constant":
        return {**dumped, "value": constant_text(value.value), "unicodePrefix": value.kind == "u"}
    for name in value._fields:
        if name not in OMITTED:
            dumped[name] = dump(getattr(value, name))
    return dumped


def parse(source):
    try:
        return dump(ast.parse(source.encode("utf-8")))
    except (SyntaxError, ValueError):
        return None


def main():
    warnings.simplefilter("ignore")
    assert sys.version_info[:2] == (3, 12), "the reference is CPython 3.12"
    here = pathlib.Path(__file__).parent
    (here / "recorded").mkdir(exist_ok=True)

    def lines(name):
        return (here / "cases" / name).read_text("utf-8").rstrip("\n").split("\n")

    sets = {
        "lines": lines("lines.txt"),
        "f-strings": lines("f-strings.txt"),
        "patterns": [f"match x:\n    case {line}: pass\n" for line in lines("patterns.txt")],
        "blocks": json.loads((here / "cases" / "blocks.json").read_text("utf-8")),
    }
    for name, sources in sets.items():
        with open(here / "recorded" / f"{name}.jsonl", "w", encoding="utf-8") as file:
            for source in sources:
                file.write(json.dumps([source, parse(source)], separators=(",", ":")) + "\n")


main()
