"""Primitive: an op with its attributes bound; and the decorators around it."""
from _msc.ops import Primitive


class PrimitiveWithInfer(Primitive):
    pass


class PrimitiveWithCheck(Primitive):
    pass


class _RunOpHook:
    current = None


def prim_attr_register(fn):
    return fn


def prim_arg_register(fn):
    return fn


def constexpr(fn=None, get_instance=True, name=None, reuse_result=True, check=True):
    """Host code that runs while a graph is traced: here every function can."""
    if fn is None:
        return lambda decorated: decorated
    return fn


def _primexpr(fn=None, get_instance=True, name=None, reuse_result=True):
    return constexpr(fn)
