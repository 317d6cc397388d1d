"""Common strings."""
whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = ascii_lowercase.upper()
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join(word.capitalize() for word in s.split(sep))


class Template:
    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _replace(self, mapping, strict):
        import re

        def convert(match):
            name = match.group("named") or match.group("braced")
            if name is not None:
                if name in mapping:
                    return str(mapping[name])
                if strict:
                    raise KeyError(name)
                return match.group()
            if match.group("escaped") is not None:
                return self.delimiter
            if strict:
                raise ValueError("Invalid placeholder in string")
            return match.group()

        pattern = r"\$(?:(?P<escaped>\$)|(?P<named>[_a-zA-Z][_a-zA-Z0-9]*)|\{(?P<braced>[_a-zA-Z][_a-zA-Z0-9]*)\}|(?P<invalid>))"
        return re.sub(pattern, convert, self.template)

    def substitute(self, mapping=(), /, **kws):
        return self._replace({**dict(mapping), **kws}, True)

    def safe_substitute(self, mapping=(), /, **kws):
        return self._replace({**dict(mapping), **kws}, False)


class Formatter:
    def format(self, format_string, /, *args, **kwargs):
        return format_string.format(*args, **kwargs)

    def vformat(self, format_string, args, kwargs):
        return format_string.format(*args, **kwargs)
