"""Shell-style patterns."""
import re


def translate(pat):
    result = ""
    index = 0
    while index < len(pat):
        char = pat[index]
        index += 1
        if char == "*":
            result += ".*"
        elif char == "?":
            result += "."
        elif char == "[":
            end = pat.find("]", index + 1)
            if end < 0:
                result += "\\["
            else:
                inside = pat[index:end].replace("\\", "\\\\")
                index = end + 1
                result += "[" + ("^" + inside[1:] if inside.startswith("!") else inside) + "]"
        else:
            result += re.escape(char)
    return f"(?s:{result})\\Z"


def fnmatchcase(name, pat):
    pattern = translate(pat)
    return re.compile(pattern[4:-3], re.DOTALL).fullmatch(name) is not None


def fnmatch(name, pat):
    return fnmatchcase(name, pat)


def filter(names, pat):
    return [name for name in names if fnmatchcase(name, pat)]
