"""Parameter: a named tensor that training changes. It stays lazy: its initializer is data until someone asks."""
from mindspore.common.tensor import Tensor
from _msc.tensor import mark_parameter, next_parameter_number, set_payload


class Parameter(Tensor):
    def __init__(self, default_input, name=None, requires_grad=True, layerwise_parallel=False, parallel_optimizer=True,
                 storage_format=""):
        super().__init__(default_input)
        mark_parameter(self)
        if name is None and isinstance(default_input, Parameter):
            name = default_input.name
        self.has_generated_name = name is None
        self._name = f'Parameter#{next_parameter_number()}' if name is None else name
        self.requires_grad = requires_grad
        self.layerwise_parallel = layerwise_parallel
        self.parallel_optimizer = parallel_optimizer
        self.storage_format = storage_format
        self.comm_fusion = 1
        self.pipeline_stage = None
        self.is_init = False
        self.key = None
        self.sliced = False

    @property
    def name(self):
        return self._name

    @name.setter
    def name(self, value):
        if value is not None and not isinstance(value, str):
            raise ValueError(f"The type of the Parameter's name should be 'string' or 'None', but got {type(value)}.")
        self._name = value
        self.has_generated_name = value is None

    @property
    def data(self):
        return self

    @property
    def param_info(self):
        return self

    @property
    def requires_aggr(self):
        return True

    def value(self):
        return self

    def set_data(self, data, slice_shape=False):
        if not isinstance(data, Tensor):
            data = Tensor(data, self.dtype)
        if not slice_shape and data.shape != self.shape:
            raise ValueError(f"Can not change the shape of Parameter which has been initialized. "
                             f"Current shape is {self.shape}, and incoming is {data.shape}.")
        set_payload(self, data, self.dtype)
        return self

    def assign_value(self, value):
        return self.set_data(value)

    def init_data(self, layout=None, set_sliced=False):
        return self

    def clone(self, init='same'):
        copied = Parameter(self, self.name, self.requires_grad)
        if init != 'same':
            from mindspore.common.initializer import initializer
            copied.set_data(initializer(init, self.shape, self.dtype))
        return copied

    def copy(self):
        return self.clone()

    def set_param_ps(self, init_in_server=False):
        return None

    def __repr__(self):
        return f'Parameter (name={self._name}, shape={self.shape}, dtype={self.dtype}, ' \
               f'requires_grad={self.requires_grad})'

    def __str__(self):
        return self.__repr__()


class ParameterTuple(tuple):
    def __new__(cls, iterable):
        items = tuple(iterable)
        for item in items:
            if not isinstance(item, Parameter):
                raise TypeError(f"For ParameterTuple initialization, ParameterTuple input should be "
                                f"'Parameter' collection, but got a {type(item)}.")
        return tuple.__new__(cls, items)

    def clone(self, prefix, init='same'):
        copies = []
        for item in self:
            copied = item.clone(init)
            copied.name = prefix + '.' + item.name
            copies.append(copied)
        return ParameterTuple(copies)
