"""nn.Cell: the unit of a network. Registration and naming rules are MindSpore 2.7's."""
import inspect
from collections import OrderedDict
from functools import partial

from mindspore.common.parameter import Parameter, ParameterTuple
from mindspore.common.tensor import Tensor
from mindspore.ops.primitive import Primitive
from _msc.autodiff import custom_vjp, recompute
from _msc.script import call_cell, is_alone, settings_changed
from _msc.trace import enter_cell, leave_cell


def _holds_parameters(value):
    return isinstance(value, (list, tuple)) and len(value) > 0 and all([isinstance(item, Parameter) for item in value])


class Cell:
    def __init__(self, auto_prefix=True, flags=None):
        put = self.__dict__
        put['_params'] = OrderedDict()
        put['_buffers'] = OrderedDict()
        put['_cells'] = OrderedDict()
        put['_primitives'] = OrderedDict()
        put['training'] = False
        put['requires_grad'] = False
        put['is_top_cell'] = False
        put['_auto_prefix'] = auto_prefix
        put['_param_prefix'] = ''
        put['cls_name'] = type(self).__name__
        put['_flags'] = dict(flags) if flags else {}
        put['_cast_type'] = None
        put['_inputs'] = None
        put['_pipeline_stage'] = None
        put['_recompute'] = None

    # Attributes

    def __getattr__(self, name):
        own = self.__dict__
        for table in ('_params', '_buffers', '_cells'):
            entries = own.get(table)
            if entries is not None and name in entries:
                return entries[name]
        raise AttributeError(f"The '{type(self).__name__}' object has no attribute '{name}'.")

    def __setattr__(self, name, value):
        own = self.__dict__
        if isinstance(value, Parameter):
            self._require_initialized(name)
            own.pop(name, None)
            self.insert_param_to_cell(name, value)
        elif isinstance(value, Cell):
            self._require_initialized(name)
            own.pop(name, None)
            if self._auto_prefix:
                value.update_parameters_name(name + '.')
            self.insert_child_to_cell(name, value)
        elif isinstance(value, ParameterTuple):
            self._insert_parameter_tuple(name, value)
        elif isinstance(value, Primitive):
            value.set_prim_instance_name(name)
            own['_primitives'][name] = value
            own[name] = value
        elif _holds_parameters(value):
            self._check_unique_names(value)
            own[name] = value
        else:
            self._set_object(name, value)

    def _require_initialized(self, name):
        if '_params' not in self.__dict__:
            raise AttributeError(f"For 'Cell', please call 'super().__init__()' before assigning '{name}'.")

    def _insert_parameter_tuple(self, name, value):
        self._require_initialized(name)
        self._check_unique_names(value)
        for item in value:
            self.insert_param_to_cell(item.name, item, check_name_contain_dot=False)
        self.__dict__[name] = value

    def _check_unique_names(self, parameters):
        names = {}
        for item in parameters:
            if names.get(item.name, item) is not item:
                raise ValueError(f"The name '{item.name}' of a parameter already exists. "
                                 "Please set a unique name for the parameter.")
            names[item.name] = item

    def _set_object(self, name, value):
        own = self.__dict__
        params = own.get('_params')
        if params is not None and name in params:
            if value is None:
                params[name] = None
            elif isinstance(value, (Tensor, int, float)) and params[name] is not None:
                params[name].set_data(value)
            else:
                raise TypeError(f"Parameter '{name}' already exists in network, "
                                f"can not assign this type: '{type(value)}' as a parameter.")
            return
        cells = own.get('_cells')
        if cells is not None and name in cells:
            if value is not None:
                raise TypeError(f"Sub cell '{name}' already exists in network, "
                                f"can not assign this type: '{type(value)}' as a cell.")
            cells[name] = None
            return
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        for table in ('_params', '_buffers', '_cells'):
            if name in self.__dict__[table]:
                del self.__dict__[table][name]
                return
        object.__delattr__(self, name)

    def __bool__(self):
        return True

    # Registration

    def insert_param_to_cell(self, param_name, param, check_name_contain_dot=True):
        if not param_name:
            raise KeyError("For 'insert_param_to_cell', the argument 'param_name' should not be None.")
        if check_name_contain_dot and '.' in param_name:
            raise KeyError("For 'insert_param_to_cell', the argument 'param_name' should not contain'.'")
        if param_name not in self._params and self._has_other(param_name, '_params'):
            raise KeyError(f"For 'insert_param_to_cell', the {param_name} parameter already exists in the network.")
        if isinstance(param, Parameter) and param.has_generated_name:
            param.name = param_name
        self._params[param_name] = param

    def insert_child_to_cell(self, child_name, child_cell):
        if not isinstance(child_name, str):
            raise TypeError(f"For 'insert_child_to_cell', the type of parameter 'child_name' must be str, "
                            f"but got {type(child_name)}.")
        if '.' in child_name or child_name == '':
            raise KeyError(f"For 'insert_child_to_cell', the parameter 'child_name' can not be '{child_name}'.")
        if child_name not in self._cells and self._has_other(child_name, '_cells'):
            raise KeyError(f"For 'insert_child_to_cell', the {child_name} child cell already exists in the network.")
        if not isinstance(child_cell, Cell) and child_cell is not None:
            raise TypeError(f"For 'insert_child_to_cell', the argument 'child_cell' must be 'Cell', "
                            f"but got {type(child_cell)}.")
        self._cells[child_name] = child_cell

    def _has_other(self, name, table):
        own = self.__dict__
        if name in own or hasattr(type(self), name):
            return True
        return any([name in own[other] for other in ('_params', '_cells') if other != table])

    def register_buffer(self, name, tensor, persistent=True):
        self._buffers[name] = tensor

    # Walks

    def cells_and_names(self, cells=None, name_prefix=''):
        found = []
        self._collect_cells(found, set(cells) if cells else set(), name_prefix)
        return iter(found)

    def _collect_cells(self, found, seen, prefix):
        if id(self) in seen:
            return
        seen.add(id(self))
        found.append((prefix, self))
        for name, cell in self._cells.items():
            if cell:
                cell._collect_cells(found, seen, prefix + '.' + name if prefix else name)

    def parameters_and_names(self, name_prefix='', expand=True):
        owners = self.cells_and_names(name_prefix=name_prefix) if expand else [(name_prefix, self)]
        found = []
        seen = set()
        for path, cell in owners:
            for key, param in cell._params.items():
                if param is not None and id(param) not in seen:
                    seen.add(id(param))
                    found.append((path + '.' + key if path else key, param))
        return iter(found)

    def cells(self):
        return self.name_cells().values()

    def name_cells(self):
        found = OrderedDict()
        for name, cell in self._cells.items():
            if cell is not None and cell not in found.values():
                found[name] = cell
        return found

    def get_sub_cell(self, target):
        cell = self
        for name in target.split('.') if target else []:
            cell = cell._cells[name]
        return cell

    def get_parameters(self, expand=True):
        return iter([param for _, param in self.parameters_and_names(expand=expand)])

    def parameters_dict(self, recurse=True):
        found = OrderedDict()
        for param in self.get_parameters(recurse):
            found[param.name] = param
        return found

    def trainable_params(self, recurse=True):
        return [param for param in self.get_parameters(recurse) if param.requires_grad]

    def untrainable_params(self, recurse=True):
        return [param for param in self.get_parameters(recurse) if not param.requires_grad]

    def buffers(self, recurse=True):
        return iter(self._buffers.values())

    def update_parameters_name(self, prefix='', recurse=True):
        for path, param in self.parameters_and_names(expand=recurse):
            param.name = prefix + path

    def check_names(self):
        seen = set()
        for _, param in self.parameters_and_names():
            if param.name in seen:
                raise ValueError(f"The value of {param} already exists in the network, name is {param.name}.")
            seen.add(param.name)

    def check_names_and_refcount_for_flatten_weights(self):
        self.check_names()

    def init_parameters_data(self, auto_parallel_mode=False):
        return {param: param for param in self.get_parameters()}

    def apply(self, fn):
        for cell in self.cells():
            cell.apply(fn)
        fn(self)
        return self

    # State

    def set_train(self, mode=True):
        self.add_flags_recursive(training=mode)
        return self

    def set_grad(self, requires_grad=True):
        self.requires_grad = requires_grad
        for cell in self.cells():
            cell.set_grad(requires_grad)
        return self

    def freeze(self):
        for param in self.get_parameters():
            param.requires_grad = False
        return self

    def to_float(self, dst_type):
        self._cast_type = dst_type
        for _, cell in self.cells_and_names():
            cell.__dict__['_cast_type'] = dst_type
        return self

    def add_flags(self, **flags):
        self._flags.update(flags)
        for name, value in flags.items():
            self.__setattr__(name, value)
        return self

    def add_flags_recursive(self, **flags):
        settings_changed()
        for _, cell in self.cells_and_names():
            cell.add_flags(**flags)
        return self

    def get_flags(self):
        return self._flags

    def recompute(self, **kwargs):
        """Values inside are computed again for the derivative instead of being kept."""
        self._recompute = kwargs

    def set_inputs(self, *inputs, **kwargs):
        self._inputs = inputs or tuple(kwargs.values())

    def get_inputs(self):
        return self._inputs

    def set_comm_fusion(self, fusion_type, recurse=True):
        return self

    def set_data_parallel(self):
        return self

    def set_jit_config(self, jit_config):
        return self

    def set_broadcast_flag(self, mode=True):
        return self

    def set_param_ps(self, recurse=True, init_in_server=False):
        return self

    def shard(self, in_strategy, out_strategy=None, parameter_plan=None):
        raise NotImplementedError("'mindspore.nn.Cell.shard' is not supported by this version of msc")

    def place(self, role, rank_id):
        return self

    def flatten_weights(self, fusion_size=0):
        return None

    def auto_parallel_parameters_broadcast(self):
        return None

    def compile(self, *args, **kwargs):
        return None

    @property
    def pipeline_stage(self):
        return self._pipeline_stage

    @pipeline_stage.setter
    def pipeline_stage(self, value):
        self._pipeline_stage = value
        for param in self.get_parameters():
            param.pipeline_stage = value

    @property
    def param_prefix(self):
        return self._param_prefix

    @property
    def bprop_debug(self):
        return False

    def update_cell_prefix(self):
        for path, cell in self.cells_and_names():
            cell.__dict__['_param_prefix'] = path

    # Running

    def __call__(self, *args, **kwargs):
        if is_alone(self):
            return call_cell(self, args, kwargs)
        enter_cell(self, self._cast_type, args)
        try:
            return self._construct(self.cast_inputs(args, self._cast_type), kwargs)
        finally:
            leave_cell(self)

    def _construct(self, args, kwargs):
        """With the backward rule that the class gives, or computing values again for the derivative."""
        own_backward = hasattr(type(self), 'bprop')
        if not own_backward and self._recompute is None:
            return self.construct(*args, **kwargs)
        call = partial(self.construct, **kwargs) if kwargs else self.construct
        return custom_vjp(call, self.bprop, args) if own_backward else recompute(call, args)

    def cast_inputs(self, inputs, dst_type):
        if dst_type is None:
            return inputs
        return [item.astype(dst_type) if isinstance(item, Tensor) and item.is_floating_point() else item
                for item in inputs]

    def cast_param(self, param):
        return param if self._cast_type is None else param.astype(self._cast_type)

    def construct(self, *args, **kwargs):
        raise AttributeError("For 'Cell', the method 'construct' is not defined.")

    def bprop_defined(self):
        return hasattr(self, 'bprop')

    # Text

    def extend_repr(self):
        return ''

    def __str__(self):
        return self.__repr__()

    def __repr__(self):
        lines = [f'({name}): {cell!r}'.replace('\n', '\n  ') for name, cell in self._cells.items()]
        extra = self.extend_repr()
        if not lines:
            return f'{type(self).__name__}({extra})' if extra else f'{type(self).__name__}()'
        body = ([extra] if extra else []) + lines
        return type(self).__name__ + '(\n  ' + '\n  '.join(body) + '\n)'


class GraphKernel(Cell):
    def construct(self):
        raise NotImplementedError
