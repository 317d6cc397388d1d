"""Decorators that mark graph code. Tracing inlines every call, so they give back what they got."""
from mindspore.nn.cell import Cell


def jit(function=None, *, capture_mode="ast", jit_level="O0", dynamic=0, fullgraph=False, backend="", **options):
    if function is None:
        return lambda decorated: decorated
    return function


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
