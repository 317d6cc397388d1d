"""Records what CPython 3.12 prints for the programs and for random expressions. Run: python3.12 record.py"""
import json
import pathlib
import random
import subprocess
import sys

here = pathlib.Path(__file__).parent
literals = [
    "0", "1", "-1", "2", "7", "-13", "255", "1000003", "2**64", "-(3**50)", "0.5", "-2.75", "1e300", "3.0", "0.1", "-0.0", "True", "False", "None",
    "''", "'a'", "'héllo'", "'a b c'", "'x%sy'", "'{:>5}'", "[]", "[1, 2, 3]", "['a', 1]", "[[1], [2]]", "()", "(1, 2)", "{'a': 1}", "{1: 'x', 2.5: 'y'}",
    "{1, 2}", "range(5)", "b'ab'", "1j", "slice(1, 3)",
]
binary = ["+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or", "&", "|", "^", "<<", ">>"]
calls = ["len({})", "str({})", "repr({})", "bool({})", "list({})", "tuple({})", "sorted({})", "sum({})", "abs({})", "int({})", "float({})", "hash({}) == hash({})", "type({}).__name__", "max({})", "not {}", "-{}", "~{}", "round({}, 2)", "{}[0]", "{}[-1]", "{}[::-1]", "{}[1:]", "f'{{{}!r:>12}}'", "'%s|%r' % ({}, {})", "isinstance({}, (int, str))", "[{}] * 2", "dict.fromkeys({})", "list(enumerate({}))", "str({}).upper().split('A')", "'{{}}'.format({})", "divmod({}, {})", "list(zip({}, {}))", "{} if {} else {}", "[x for x in {}]", "'-'.join(map(str, {}))"]


def expression(depth):
    if depth == 0:
        return random.choice(literals)
    if random.random() < 0.5:
        return f"({expression(depth - 1)} {random.choice(binary)} {expression(depth - 1)})"
    template = random.choice(calls)
    holes = template.replace("{{", "").replace("}}", "").count("{}")
    if "'{{}}'" in template or "f'" in template:
        holes = 1
    parts = [expression(depth - 1) for _ in range(holes)]
    if "f'" in template:
        return "'{!r:>12}'.format(" + parts[0] + ")"
    if "'{{}}'" in template:
        return "'{}'.format(" + parts[0] + ")"
    for part in parts:
        template = template.replace("{}", f"({part})", 1)
    return template


def evaluate(text):
    try:
        value = eval(text, {})
    except (MemoryError, RecursionError, SyntaxError):
        return None
    except Exception as error:
        return type(error).__name__
    shown = repr(value)
    return None if " at 0x" in shown or len(shown) > 400 or "set" in shown or "{1, 2" in shown else shown


def record_expressions():
    random.seed(20250722)
    found = {}
    while len(found) < 1500:
        text = expression(random.choice([1, 1, 2, 2, 3]))
        if "**" in text.replace("2**64", "").replace("3**50", "") and any(big in text for big in ("2**64", "3**50", "1e300", "1000003", "255")):
            continue
        if "<<" in text and any(big in text for big in ("2**64", "3**50", "1000003")):
            continue
        if "*" in text and ("2**64" in text or "1000003" in text or "3**50" in text) and "'" in text:
            continue
        answer = evaluate(text)
        if answer is not None:
            found[text] = answer
    lines = ",\n".join("  " + json.dumps([text, answer], ensure_ascii=False) for text, answer in found.items())
    (here / "expressions.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def record_programs():
    for program in sorted((here / "programs").glob("*.py")):
        done = subprocess.run([sys.executable, "-W", "ignore", program.name], cwd=program.parent, capture_output=True, text=True, check=True)
        program.with_suffix(".out").write_text(done.stdout, encoding="utf-8")


if __name__ == "__main__":
    record_programs()
    record_expressions()
