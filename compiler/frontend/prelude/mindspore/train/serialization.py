"""Checkpoints: parameters by name, in MindSpore's own file format or as safetensors."""
import os

from mindspore.common.absent import absent_function
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell
from _msc.files import read_arrays, write_arrays

export = absent_function('mindspore.export')
load = absent_function('mindspore.load')
load_mindir = absent_function('mindspore.load_mindir')


def _with_ending(name, format):
    if not isinstance(name, str):
        raise TypeError(f"For 'save_checkpoint', the parameter 'ckpt_file_name' must be a string, but got {name!r}.")
    return name if name.endswith('.' + format) else name + '.' + format


def _named_values(save_obj, choice_func):
    """What is saved, by name."""
    if isinstance(save_obj, Cell):
        values = {param.name: param for _, param in save_obj.parameters_and_names()}
    elif isinstance(save_obj, dict):
        values = dict(save_obj)
    elif isinstance(save_obj, (list, tuple)):
        values = {entry['name']: entry['data'] for entry in save_obj}
    else:
        raise TypeError("For 'save_checkpoint', the parameter 'save_obj' must be nn.Cell, list or dict, "
                        f"but got {type(save_obj)}.")
    if choice_func is not None:
        values = {name: value for name, value in values.items() if choice_func(name)}
    return values


def _as_array(value):
    if not isinstance(value, Tensor):
        value = Tensor(value)
    return value.asnumpy()


def save_checkpoint(save_obj, ckpt_file_name, integrated_save=True, async_save=False, append_dict=None, enc_key=None,
                    enc_mode="AES-GCM", choice_func=None, crc_check=False, format="ckpt", **kwargs):
    """Writes a file at once and whole: whoever interrupts keeps the file that was there."""
    if enc_key is not None:
        raise NotImplementedError("an encrypted checkpoint is not supported by this version of msc")
    if format not in ('ckpt', 'safetensors'):
        raise ValueError(f"For 'save_checkpoint', the format must be 'ckpt' or 'safetensors', but got {format}.")
    arrays = {name: _as_array(value) for name, value in _named_values(save_obj, choice_func).items()}
    for name, value in (append_dict or {}).items():
        if not isinstance(value, str):
            arrays[name] = _as_array(value)
    write_arrays(_with_ending(ckpt_file_name, format), format, arrays)


def load_checkpoint(ckpt_file_name, net=None, strict_load=False, filter_prefix=None, dec_key=None, dec_mode="AES-GCM",
                    specify_prefix=None, choice_func=None, crc_check=False, remove_redundancy=False, format="ckpt"):
    if dec_key is not None:
        raise NotImplementedError("an encrypted checkpoint is not supported by this version of msc")
    if not os.path.exists(ckpt_file_name):
        raise ValueError(f"For 'load_checkpoint', the checkpoint file: {ckpt_file_name} does not exist, please check "
                         "whether the 'ckpt_file_name' is correct.")
    _, arrays = read_arrays(ckpt_file_name)
    wanted = {name: value for name, value in arrays.items()
              if _is_wanted(name, filter_prefix, specify_prefix, choice_func)}
    if not wanted:
        raise ValueError(f"The loaded parameter dict is empty after filter or specify, please check whether "
                         f"'{ckpt_file_name}' holds what is asked for.")
    parameters = {name: Parameter(Tensor(value), name=name) for name, value in wanted.items()}
    if net is not None:
        load_param_into_net(net, parameters, strict_load)
    return parameters


def _is_wanted(name, filter_prefix, specify_prefix, choice_func):
    if choice_func is not None and not choice_func(name):
        return False
    if specify_prefix and not name.startswith(_prefixes(specify_prefix)):
        return False
    return not (filter_prefix and name.startswith(_prefixes(filter_prefix)))


def _prefixes(prefix):
    return (prefix,) if isinstance(prefix, str) else tuple(prefix)


def load_param_into_net(net, parameter_dict, strict_load=False, remove_redundancy=False):
    """Names that stay without a value, and names that the network does not have."""
    if not isinstance(net, Cell):
        raise TypeError(f"For 'load_param_into_net', the argument 'net' must be a Cell, but got {type(net)}.")
    missing = []
    used = set()
    for _, param in net.parameters_and_names():
        if param.name not in parameter_dict:
            missing.append(param.name)
            continue
        used.add(param.name)
        _load_one(param, parameter_dict[param.name], strict_load)
    return missing, [name for name in parameter_dict if name not in used]


def _load_one(param, value, strict_load):
    if not isinstance(value, Tensor):
        raise TypeError("For 'load_param_into_net', the element in the argument 'parameter_dict' should be a "
                        f"'Parameter' or 'Tensor', but got {type(value)}.")
    if value.shape != param.shape:
        raise RuntimeError(f"For 'load_param_into_net', {param.name} in the argument 'net' should have the same shape "
                           f"as {param.name} in the argument 'parameter_dict'. But got its shape {param.shape} in the "
                           f"argument 'net' and shape {value.shape} in the argument 'parameter_dict'.")
    if value.dtype != param.dtype:
        are_floats = value.is_floating_point() and param.is_floating_point()
        if strict_load or not are_floats:
            raise RuntimeError(f"For 'load_param_into_net', {param.name} in the argument 'net' should have the same "
                               f"type as {param.name} in the argument 'parameter_dict', but got its type {param.dtype} "
                               f"and {value.dtype}.")
    param.set_data(value)
