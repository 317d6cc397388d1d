"""Paths as objects."""
import os


class PurePath:
    def __init__(self, *parts):
        texts = [os.fspath(part) for part in parts]
        text = os.path.join(*texts) if texts else "."
        self._text = _tidy(text)

    @property
    def parts(self):
        rooted = ["/"] if self._text.startswith("/") else []
        return tuple(rooted + [part for part in self._text.split("/") if part and part != "."])

    @property
    def name(self):
        return "" if self._text in (".", "/") else os.path.basename(self._text)

    @property
    def suffix(self):
        return os.path.splitext(self.name)[1]

    @property
    def suffixes(self):
        return ["." + part for part in self.name.lstrip(".").split(".")[1:]]

    @property
    def stem(self):
        return os.path.splitext(self.name)[0]

    @property
    def parent(self):
        return type(self)(os.path.dirname(self._text) or ".")

    @property
    def parents(self):
        found = []
        path = self
        while path.parent != path:
            path = path.parent
            found.append(path)
        return found

    @property
    def anchor(self):
        return "/" if self._text.startswith("/") else ""

    root = anchor
    drive = ""

    def joinpath(self, *others):
        return type(self)(self, *others)

    def __truediv__(self, other):
        return type(self)(self, other)

    def __rtruediv__(self, other):
        return type(self)(other, self)

    def with_name(self, name):
        return self.parent / name

    def with_suffix(self, suffix):
        return self.parent / (self.stem + suffix)

    def with_stem(self, stem):
        return self.parent / (stem + self.suffix)

    def is_absolute(self):
        return self._text.startswith("/")

    def is_relative_to(self, other):
        return self.parts[: len(PurePath(other).parts)] == PurePath(other).parts

    def relative_to(self, other):
        base = PurePath(other).parts
        if self.parts[: len(base)] != base:
            raise ValueError(f"{str(self)!r} is not in the subpath of {str(other)!r}")
        return type(self)(*self.parts[len(base):])

    def as_posix(self):
        return self._text

    def match(self, pattern):
        import fnmatch

        return fnmatch.fnmatch(self.name, pattern)

    def __fspath__(self):
        return self._text

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"{type(self).__name__}({self._text!r})"

    def __eq__(self, other):
        return isinstance(other, PurePath) and self._text == other._text

    def __lt__(self, other):
        return self.parts < other.parts

    def __hash__(self):
        return hash(self._text)


def _tidy(text):
    rooted = text.startswith("/")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    return ("/" if rooted else "") + "/".join(parts) or "."


class PurePosixPath(PurePath):
    pass


class Path(PurePath):
    def __new__(cls, *parts):
        return object.__new__(PosixPath if cls is Path else cls)

    @classmethod
    def cwd(cls):
        return cls(os.getcwd())

    @classmethod
    def home(cls):
        return cls(os.path.expanduser("~"))

    def expanduser(self):
        return type(self)(os.path.expanduser(self._text))

    def exists(self):
        return os.path.exists(self._text)

    def is_file(self):
        return os.path.isfile(self._text)

    def is_dir(self):
        return os.path.isdir(self._text)

    def absolute(self):
        return type(self)(os.path.abspath(self._text))

    resolve = absolute

    def iterdir(self):
        for name in os.listdir(self._text):
            yield self / name

    def glob(self, pattern):
        import fnmatch

        for path in self.iterdir():
            if fnmatch.fnmatch(path.name, pattern):
                yield path

    def open(self, mode="r", buffering=-1, encoding=None, errors=None, newline=None):
        return open(self._text, mode, buffering, encoding)

    def read_text(self, encoding=None, errors=None):
        with self.open(encoding=encoding) as file:
            return file.read()

    def read_bytes(self):
        with self.open("rb") as file:
            return file.read()

    def write_text(self, data, encoding=None, errors=None, newline=None):
        with self.open("w", encoding=encoding) as file:
            return file.write(data)

    def write_bytes(self, data):
        with self.open("wb") as file:
            return file.write(data)

    def mkdir(self, mode=0o777, parents=False, exist_ok=False):
        os.makedirs(self._text, exist_ok=exist_ok)


class PosixPath(Path, PurePosixPath):
    pass
