"""Wrapping and indenting text."""


def wrap(text, width=70, *, initial_indent="", subsequent_indent="", **kwargs):
    lines = []
    line = initial_indent
    empty = True
    for word in text.split():
        if not empty and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = subsequent_indent
            empty = True
        line += word if empty else " " + word
        empty = False
    if not empty:
        lines.append(line)
    return lines


def fill(text, width=70, **kwargs):
    return "\n".join(wrap(text, width, **kwargs))


def shorten(text, width, *, placeholder=" [...]", **kwargs):
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    kept = ""
    for word in text.split():
        if len(kept) + (1 if kept else 0) + len(word) + len(placeholder) > width:
            break
        kept += (" " if kept else "") + word
    return kept + placeholder if kept else placeholder.lstrip()


def dedent(text):
    lines = text.split("\n")
    margins = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    margin = margins[0] if margins else ""
    for other in margins[1:]:
        while not other.startswith(margin):
            margin = margin[:-1]
    return "\n".join(line[len(margin):] if line.strip() else "" for line in lines)


def indent(text, prefix, predicate=None):
    chosen = predicate or (lambda line: line.strip())
    return "".join(prefix + line if chosen(line) else line for line in text.splitlines(True))
