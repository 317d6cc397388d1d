"""Decorators that mark graph code. Tracing inlines every call; in a script a marked function is a graph of its own."""
import functools

from _msc.script import call_graph, is_script
from mindspore.nn.cell import Cell


def jit(function=None, *, capture_mode="ast", jit_level="O0", dynamic=0, fullgraph=False, backend="", **options):
    """In a script: traced once for each signature of the arguments, then run without Python."""
    if function is None:
        return _staged
    return _staged(function)


def _staged(function):
    if not is_script() or getattr(function, '_is_staged', False):
        return function
    if isinstance(function, Cell):
        return lambda *args, **kwargs: call_graph(function, args, kwargs)

    @functools.wraps(function)
    def staged(*args, **kwargs):
        return call_graph(function, args, kwargs)
    staged._is_staged = True
    return staged


def ms_function(fn=None, input_signature=None, hash_args=None, jit_config=None):
    return jit(fn)


def jit_class(cls):
    return cls


def ms_class(cls):
    return cls


def lazy_inline(fn=None, attrs=None, policy=None):
    if fn is None:
        return lambda decorated: decorated
    return fn


def no_inline(fn=None):
    return fn


def cell_attr_register(fn=None, attrs=None):
    if fn is None:
        return lambda decorated: decorated
    return fn


def ms_memory_recycle():
    return None


def flops_collection(fn=None):
    return fn


def set_adapter_config(config):
    return None


class JitConfig:
    def __init__(self, jit_level="", exc_mode="auto", jit_syntax_level="", debug_level="RELEASE", infer_boost="off",
                 **kwargs):
        self.jit_config_dict = {'jit_level': jit_level, **kwargs}


def mutable(input_data, dynamic_len=False):
    return input_data


class _PynativeExecutor:
    """Ops outside of graphs are finished when they return."""

    def sync(self):
        return None

    def set_async_for_graph(self, flag):
        return None


_pynative_executor = _PynativeExecutor()
