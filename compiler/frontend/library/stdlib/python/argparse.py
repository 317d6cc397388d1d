"""Command-line arguments."""
import os
import sys

SUPPRESS = "==SUPPRESS=="
OPTIONAL = "?"
ZERO_OR_MORE = "*"
ONE_OR_MORE = "+"
REMAINDER = "..."


class ArgumentError(Exception):
    pass


class ArgumentTypeError(Exception):
    pass


class Namespace:
    def __init__(self, **kwargs):
        self.__dict__.update(kwargs)

    def __repr__(self):
        return f"Namespace({', '.join(f'{key}={value!r}' for key, value in self.__dict__.items())})"

    def __eq__(self, other):
        return isinstance(other, Namespace) and vars(self) == vars(other)

    def __contains__(self, key):
        return key in self.__dict__


class HelpFormatter:
    pass


class RawTextHelpFormatter(HelpFormatter):
    pass


class RawDescriptionHelpFormatter(HelpFormatter):
    pass


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass


class Action:
    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None):
        self.option_strings = option_strings
        self.dest = dest
        self.nargs = nargs
        self.const = const
        self.default = default
        self.type = type
        self.choices = choices
        self.required = required
        self.help = help
        self.metavar = metavar
        self.kind = "store"

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)


class _Group:
    def __init__(self, parser, required=False):
        self._parser = parser
        self.required = required

    def add_argument(self, *names, **options):
        return self._parser.add_argument(*names, **options)

    def add_mutually_exclusive_group(self, required=False):
        return _Group(self._parser, required)


_LINE_WIDTH = 78
_HELP_COLUMN = 24


def _metavar(action):
    if action.metavar is not None:
        return action.metavar
    if action.choices is not None:
        return "{" + ",".join(str(choice) for choice in action.choices) + "}"
    return action.dest.upper() if action.option_strings else action.dest


def _with_value(name, action):
    """An option with what it takes."""
    if action.kind not in ("store", "append", "extend", "custom"):
        return name
    value = _metavar(action)
    if action.nargs is None:
        return f"{name} {value}"
    forms = {"?": f"[{value}]", "*": f"[{value} ...]", "+": f"{value} [{value} ...]", "...": "..."}
    return f"{name} {forms[action.nargs] if action.nargs in forms else ' '.join([value] * action.nargs)}"


def _usage(action):
    text = _with_value(action.option_strings[0], action)
    return text if action.required else f"[{text}]"


def _entry(name, text, column):
    line = "  " + name
    if not text:
        return line + "\n"
    if len(line) + 2 > column:
        return f"{line}\n{' ' * column}{text}\n"
    return line.ljust(column) + text + "\n"


class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter, prefix_chars="-", fromfile_prefix_chars=None, argument_default=None, conflict_handler="error", add_help=True, allow_abbrev=True, exit_on_error=True):
        self.prog = prog or os.path.basename(sys.argv[0])
        self.description = description
        self.epilog = epilog
        self._help_names = ["-h", "--help"] if add_help else []
        self._actions = []
        self._defaults = {}
        for parent in parents:
            self._actions.extend(parent._actions)

    def add_argument(self, *names, **options):
        options.pop("version", None)
        kind = options.pop("action", "store")
        options.pop("formatter_class", None)
        optional = names and names[0].startswith("-")
        dest = options.pop("dest", None)
        if dest is None:
            longest = next((name for name in names if name.startswith("--")), names[0]) if names else ""
            dest = longest.lstrip("-").replace("-", "_") if optional else names[0]
        maker = kind if isinstance(kind, type) else Action
        action = maker(list(names) if optional else [], dest, **options)
        action.kind = "custom" if isinstance(kind, type) else kind
        if kind in ("store_true", "store_false") and "default" not in options:
            action.default = kind == "store_false"
        self._actions.append(action)
        return action

    def add_argument_group(self, title=None, description=None, **kwargs):
        return _Group(self)

    def add_mutually_exclusive_group(self, required=False):
        return _Group(self, required)

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)

    def get_default(self, dest):
        return next((action.default for action in self._actions if action.dest == dest), self._defaults.get(dest))

    def error(self, message):
        sys.stderr.write(f"{self.format_usage()}{self.prog}: error: {message}\n")
        sys.exit(2)

    def format_usage(self):
        options = ["[-h]"] if self._help_names else []
        options += [_usage(action) for action in self._actions if action.option_strings and action.help is not SUPPRESS]
        positionals = [_metavar(action) for action in self._actions if not action.option_strings]
        start = f"usage: {self.prog}"
        whole = " ".join([start] + options + positionals)
        if len(whole) <= _LINE_WIDTH:
            return whole + "\n"
        lines = [start]
        for parts in (options, positionals):
            for index, part in enumerate(parts):
                is_new = index == 0 and lines != [start]
                if is_new or len(lines[-1]) + 1 + len(part) > _LINE_WIDTH:
                    lines.append(" " * len(start))
                lines[-1] += " " + part
        return "\n".join(lines) + "\n"

    def format_help(self):
        positionals = [(_metavar(action), action.help) for action in self._actions if not action.option_strings]
        options = [("-h, --help", "show this help message and exit")] if self._help_names else []
        options += [(", ".join(_with_value(name, action) for name in action.option_strings), action.help)
                    for action in self._actions if action.option_strings and action.help is not SUPPRESS]
        parts = [self.format_usage()]
        if self.description:
            parts.append(f"\n{self.description}\n")
        column = min(_HELP_COLUMN, max([len(name) + 4 for name, _ in positionals + options] + [0]))
        for title, entries in (("positional arguments", positionals), ("options", options)):
            if entries:
                parts.append(f"\n{title}:\n" + "".join(_entry(name, text, column) for name, text in entries))
        if self.epilog:
            parts.append(f"\n{self.epilog}\n")
        return "".join(parts)

    def print_help(self, file=None):
        (file or sys.stdout).write(self.format_help())

    def parse_args(self, args=None, namespace=None):
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return found

    def parse_known_args(self, args=None, namespace=None):
        words = list(sys.argv[1:] if args is None else args)
        found = namespace or Namespace()
        for action in self._actions:
            if action.default is not SUPPRESS and not hasattr(found, action.dest):
                setattr(found, action.dest, self._converted_default(action))
        for key, value in self._defaults.items():
            setattr(found, key, value)
        positionals = [action for action in self._actions if not action.option_strings]
        seen, rest, loose = set(), [], []
        index = 0
        while index < len(words):
            word = words[index]
            index += 1
            name, equals, attached = word.partition("=")
            if name in self._help_names:
                self.print_help()
                sys.exit(0)
            action = next((known for known in self._actions if name in known.option_strings), None)
            if action is None:
                (rest if word.startswith("-") and len(word) > 1 and not word[1].isdigit() else loose).append(word)
                continue
            seen.add(action.dest)
            given = [attached] if equals else []
            if not equals:
                while index < len(words) and self._takes(action, len(given)) and not self._is_option(words[index]):
                    given.append(words[index])
                    index += 1
            self._apply(action, found, given, name)
        self._fill_positionals(positionals, loose, found, seen)
        missing = [action for action in self._actions if action.required and action.dest not in seen]
        if missing:
            self.error(f"the following arguments are required: {', '.join('/'.join(action.option_strings) or action.dest for action in missing)}")
        return found, rest + loose

    def _is_option(self, word):
        return any(word.partition("=")[0] in action.option_strings for action in self._actions)

    def _takes(self, action, count):
        if action.kind not in ("store", "append", "extend", "custom"):
            return False
        if action.nargs in (None, "?"):
            return count < 1
        return True if action.nargs in ("*", "+", "...") else count < action.nargs

    def _converted_default(self, action):
        if isinstance(action.default, str) and action.type is not None:
            return self._convert(action, action.default)
        return action.default

    def _convert(self, action, word):
        try:
            value = action.type(word) if action.type is not None else word
        except (ValueError, TypeError, ArgumentTypeError):
            name = getattr(action.type, "__name__", repr(action.type))
            self.error(f"argument {'/'.join(action.option_strings) or action.dest}: invalid {name} value: {word!r}")
        if action.choices is not None and value not in action.choices:
            listed = ", ".join(repr(choice) for choice in action.choices)
            self.error(f"argument {'/'.join(action.option_strings) or action.dest}: invalid choice: {value!r} (choose from {listed})")
        return value

    def _apply(self, action, found, given, name):
        if action.kind in ("store_true", "store_false"):
            return setattr(found, action.dest, action.kind == "store_true")
        if action.kind == "store_const":
            return setattr(found, action.dest, action.const)
        if action.kind == "count":
            return setattr(found, action.dest, (getattr(found, action.dest) or 0) + 1)
        values = [self._convert(action, word) for word in given]
        if action.nargs is None:
            if not values:
                self.error(f"argument {name}: expected one argument")
            values = values[0]
        elif action.nargs == "?":
            values = values[0] if values else action.const
        if action.kind == "append":
            return setattr(found, action.dest, list(getattr(found, action.dest) or []) + [values])
        if action.kind == "custom":
            return action(self, found, values, name)
        setattr(found, action.dest, values)

    def _fill_positionals(self, positionals, loose, found, seen):
        for position, action in enumerate(positionals):
            needed = sum(1 for other in positionals[position + 1:] if other.nargs in (None, "+"))
            if action.nargs in ("*", "+", "..."):
                count = max(0, len(loose) - needed)
            else:
                count = 1 if action.nargs in (None, "?") else action.nargs
            taken, loose[:count] = loose[:count], []
            if taken or action.nargs == "*":
                if taken:
                    self._apply(action, found, taken, action.dest)
                elif action.default is None:
                    setattr(found, action.dest, [])
                seen.add(action.dest)
            elif action.nargs not in ("?", "*"):
                self.error(f"the following arguments are required: {action.dest}")


def BooleanOptionalAction(*args, **kwargs):
    return Action(*args, **kwargs)


class FileType:
    def __init__(self, mode="r", bufsize=-1, encoding=None, errors=None):
        self._mode = mode

    def __call__(self, string):
        return open(string, self._mode)
