"""Warnings: written to stderr, once for each text."""
import sys

_shown = set()
filters = []


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    if isinstance(message, Warning):
        category = type(message)
    category = category or UserWarning
    action = next((known for known, pattern in filters if issubclass(category, pattern)), "default")
    if action == "error":
        raise category(message)
    key = (str(message), category)
    if action == "ignore" or key in _shown:
        return
    _shown.add(key)
    sys.stderr.write(f"{category.__name__}: {message}\n")


def warn_explicit(message, category, filename, lineno, module=None, registry=None):
    warn(message, category)


def showwarning(message, category, filename, lineno, file=None, line=None):
    warn(message, category)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=False):
    filters.insert(0, (action, category))


def simplefilter(action, category=Warning, lineno=0, append=False):
    filters.insert(0, (action, category))


def resetwarnings():
    filters.clear()


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning):
        self._record = record
        self._saved = None

    def __enter__(self):
        self._saved = list(filters)
        return [] if self._record else None

    def __exit__(self, *details):
        filters[:] = self._saved


def deprecated(message, /, *, category=DeprecationWarning, stacklevel=1):
    return lambda decorated: decorated
