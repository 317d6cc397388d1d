"""Parameters, signatures and bound arguments, as `inspect` shows them."""
from enum import IntEnum


class _Empty:
    pass


class _ParameterKind(IntEnum):
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4

    def __str__(self):
        return self.name


class Parameter:
    POSITIONAL_ONLY = _ParameterKind.POSITIONAL_ONLY
    POSITIONAL_OR_KEYWORD = _ParameterKind.POSITIONAL_OR_KEYWORD
    VAR_POSITIONAL = _ParameterKind.VAR_POSITIONAL
    KEYWORD_ONLY = _ParameterKind.KEYWORD_ONLY
    VAR_KEYWORD = _ParameterKind.VAR_KEYWORD
    empty = _Empty

    def __init__(self, name, kind, *, default=_Empty, annotation=_Empty):
        self.name = name
        self.kind = _ParameterKind(kind)
        self.default = default
        self.annotation = annotation

    def replace(self, **changes):
        parts = {"name": self.name, "kind": self.kind, "default": self.default, "annotation": self.annotation}
        parts.update(changes)
        return Parameter(parts["name"], parts["kind"], default=parts["default"], annotation=parts["annotation"])

    def __str__(self):
        text = self.name
        if self.annotation is not _Empty:
            text += f": {formatannotation(self.annotation)}"
        if self.default is not _Empty:
            text += f" = {self.default!r}" if self.annotation is not _Empty else f"={self.default!r}"
        if self.kind == _ParameterKind.VAR_POSITIONAL:
            return "*" + text
        return "**" + text if self.kind == _ParameterKind.VAR_KEYWORD else text

    def __repr__(self):
        return f'<Parameter "{self}">'

    def __eq__(self, other):
        return isinstance(other, Parameter) and (self.name, self.kind, self.default) == (other.name, other.kind, other.default)

    def __hash__(self):
        return hash((self.name, self.kind))


def formatannotation(annotation):
    if isinstance(annotation, type):
        return annotation.__qualname__ if annotation.__module__ in ("builtins", "__main__") else f"{annotation.__module__}.{annotation.__qualname__}"
    return repr(annotation).replace("typing.", "")


class BoundArguments:
    def __init__(self, signature, arguments):
        self.signature = signature
        self.arguments = arguments

    @property
    def args(self):
        values = []
        for name, parameter in self.signature.parameters.items():
            if parameter.kind in (Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY) or name not in self.arguments:
                break
            if parameter.kind == Parameter.VAR_POSITIONAL:
                values.extend(self.arguments[name])
            else:
                values.append(self.arguments[name])
        return tuple(values)

    @property
    def kwargs(self):
        values = {}
        for name, parameter in self.signature.parameters.items():
            if name in self.arguments and parameter.kind == Parameter.VAR_KEYWORD:
                values.update(self.arguments[name])
            elif name in self.arguments and parameter.kind == Parameter.KEYWORD_ONLY:
                values[name] = self.arguments[name]
        return values

    def apply_defaults(self):
        complete = {}
        for name, parameter in self.signature.parameters.items():
            if name in self.arguments:
                complete[name] = self.arguments[name]
            elif parameter.default is not _Empty:
                complete[name] = parameter.default
            elif parameter.kind == Parameter.VAR_POSITIONAL:
                complete[name] = ()
            elif parameter.kind == Parameter.VAR_KEYWORD:
                complete[name] = {}
        self.arguments = complete


class Signature:
    empty = _Empty

    def __init__(self, parameters=None, *, return_annotation=_Empty):
        self.parameters = {parameter.name: parameter for parameter in parameters or ()}
        self.return_annotation = return_annotation

    @classmethod
    def from_callable(cls, obj, **options):
        return signature(obj)

    def replace(self, *, parameters=None, return_annotation=_Empty):
        kept = list(self.parameters.values()) if parameters is None else parameters
        return Signature(kept, return_annotation=self.return_annotation if return_annotation is _Empty else return_annotation)

    def bind(self, *args, **kwargs):
        return self._bind(args, kwargs, False)

    def bind_partial(self, *args, **kwargs):
        return self._bind(args, kwargs, True)

    def _bind(self, args, kwargs, partial):
        values = {}
        rest = list(args)
        named = dict(kwargs)
        for name, parameter in self.parameters.items():
            kind = parameter.kind
            if kind == Parameter.VAR_POSITIONAL:
                if rest:
                    values[name] = tuple(rest)
                rest = []
            elif kind == Parameter.VAR_KEYWORD:
                if named:
                    values[name] = named
                named = {}
            elif rest and kind != Parameter.KEYWORD_ONLY:
                values[name] = rest.pop(0)
                if name in named and kind != Parameter.POSITIONAL_ONLY:
                    raise TypeError(f"multiple values for argument {name!r}")
            elif name in named and kind != Parameter.POSITIONAL_ONLY:
                values[name] = named.pop(name)
            elif parameter.default is _Empty and not partial:
                raise TypeError(f"missing a required argument: {name!r}")
        if rest:
            raise TypeError("too many positional arguments")
        if named:
            raise TypeError(f"got an unexpected keyword argument {next(iter(named))!r}")
        return BoundArguments(self, values)

    def __eq__(self, other):
        return isinstance(other, Signature) and list(self.parameters.values()) == list(other.parameters.values())

    def __hash__(self):
        return hash(tuple(self.parameters))

    def __str__(self):
        parts = []
        seen_positional_only = False
        star_shown = False
        for parameter in self.parameters.values():
            if seen_positional_only and parameter.kind != Parameter.POSITIONAL_ONLY:
                parts.append("/")
                seen_positional_only = False
            if parameter.kind == Parameter.POSITIONAL_ONLY:
                seen_positional_only = True
            if parameter.kind == Parameter.VAR_POSITIONAL:
                star_shown = True
            if parameter.kind == Parameter.KEYWORD_ONLY and not star_shown:
                parts.append("*")
                star_shown = True
            parts.append(str(parameter))
        if seen_positional_only:
            parts.append("/")
        text = f"({', '.join(parts)})"
        if self.return_annotation is not _Empty:
            text += f" -> {formatannotation(self.return_annotation)}"
        return text

    def __repr__(self):
        return f"<Signature {self}>"
