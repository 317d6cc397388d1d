"""nn.Optimizer: what all optimizers share. Parameters, groups, rates, weight decay, and the step counter."""
import inspect
from functools import partial, wraps

from mindspore import ops
from mindspore import _checkparam as validator
from mindspore.common import dtype as mstype
from mindspore.common.initializer import initializer
from mindspore.common.parameter import Parameter, ParameterTuple
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell
from mindspore.nn.layer.container import CellList
from mindspore.nn.learning_rate_schedule import LearningRateSchedule
from mindspore.nn.optim.gradient import apply_decay, centralize, grad_scale
from mindspore.nn.optim.groups import check_groups, ordered_groups

_grad_scale = grad_scale
_apply_decay = apply_decay
_apply_grad_centralization = centralize


def opt_init_args_register(fn):
    """Keeps what an optimizer was built with, as `init_params` and `init_learning_rate`."""
    @wraps(fn)
    def build(self, *args, **kwargs):
        bound = inspect.signature(fn).bind(self, *args, **kwargs).arguments
        for name in ('params', 'learning_rate'):
            if name in bound:
                self.__dict__['init_' + name] = bound[name]
        fn(self, *args, **kwargs)
    return build


def _without_decay(parameter):
    return 'beta' in parameter.name or 'gamma' in parameter.name


class Optimizer(Cell):
    _support_parallel_optimizer = False

    def __init__(self, learning_rate, parameters, weight_decay=0.0, loss_scale=1.0):
        super().__init__(auto_prefix=False)
        parameters = self._parameters_base_check(parameters, 'parameters')
        if not all([isinstance(item, Parameter) for item in parameters]) and \
                not all([isinstance(item, dict) for item in parameters]):
            raise TypeError("For 'Optimizer', all elements of the argument 'parameters' must be 'Parameter' or 'dict',"
                            " please check the 'parameters'.")
        loss_scale = float(loss_scale) if isinstance(loss_scale, int) else loss_scale
        validator.check_value_type('loss_scale', loss_scale, [float], self.cls_name)
        self.loss_scale = validator.check_positive_float(loss_scale, 'loss_scale', self.cls_name)
        self.param_rank = None
        self.dynamic_lr = False
        self.dynamic_weight_decay = False
        self.grad_centralization = False
        self.is_group = isinstance(parameters[0], dict)
        self.is_group_lr = False
        self.is_group_params_ordered = False
        self.use_parallel = False
        self._unique = True
        self._target = 'Ascend'
        self._is_device = True
        self._use_flattened_params = False
        self._grad_fusion_size = 0
        self.assignadd = ops.AssignAdd()
        self.global_step = Parameter(initializer(0, [1], mstype.int32), name='global_step')
        rate = self._preprocess_single_lr(learning_rate)
        if self.is_group:
            self._init_group_params(parameters, rate, weight_decay)
            self._take_groups()
        else:
            self._take_parameters(parameters, rate, weight_decay)
        self._init_constants()

    # Parameters and groups

    @staticmethod
    def _parameters_base_check(parameters, param_info):
        if parameters is None:
            raise ValueError(f"For 'Optimizer', the argument {param_info} can not be None.")
        if not hasattr(parameters, '__iter__'):
            raise TypeError(f"For 'Optimizer', the argument {param_info} must be Iterable type, "
                            f"but got {type(parameters)}.")
        parameters = list(parameters)
        if not parameters:
            raise ValueError(f"For 'Optimizer', the argument {param_info} must not be empty.")
        return parameters

    def _take_parameters(self, parameters, rate, weight_decay):
        decay = self._preprocess_weight_decay(weight_decay)
        self.learning_rate = self._build_single_lr(rate, 'learning_rate')
        self.parameters = ParameterTuple(parameters)
        self._parameters = self.parameters
        self.decay_flags = tuple([not _without_decay(item) for item in parameters])
        self.dynamic_decay_flags = isinstance(decay, Cell)
        self.exec_weight_decay = self.dynamic_decay_flags or decay > 0
        self.weight_decay = decay if self.dynamic_decay_flags else Tensor(decay, mstype.float32)

    def _init_group_params(self, groups, rate, weight_decay):
        check_groups(groups)
        self.is_group_params_ordered = any(['order_params' in group for group in groups])
        groups = [group for group in groups if 'order_params' not in group] + \
                 [group for group in groups if 'order_params' in group]
        own = [group for group in groups if 'params' in group]
        rates = [self._preprocess_single_lr(group['lr']) if 'lr' in group else None for group in own]
        self.is_group_lr = any(['lr' in group for group in own])
        default_rate = self._build_single_lr(rate, 'learning_rate')
        self.group_params, self.group_lr = [], []
        self.group_weight_decay, self.group_grad_centralization = [], []
        for number, group in enumerate(own):
            found = default_rate if rates[number] is None else \
                self._build_single_lr(rates[number], 'learning_rate_group_' + str(number))
            decay = self._preprocess_weight_decay(group.get('weight_decay', weight_decay))
            if 'grad_centralization' in group:
                self.grad_centralization = self._preprocess_grad_centralization(group['grad_centralization'])
            members = list(group['params'])
            self.group_params += members
            self.group_lr += [found] * len(members)
            self.group_weight_decay += [decay] * len(members)
            self.group_grad_centralization += [group.get('grad_centralization', False)] * len(members)
        if self.is_group_params_ordered:
            self._order_and_adjust_group_params(groups[-1]['order_params'])

    def _order_and_adjust_group_params(self, ordered_parameters):
        order = ordered_groups(self.group_params, ordered_parameters)
        for name in ('group_params', 'group_lr', 'group_weight_decay', 'group_grad_centralization'):
            values = getattr(self, name)
            setattr(self, name, [values[index] for index in order])

    def _take_groups(self):
        if not self.is_group_lr:
            self.learning_rate = self.group_lr[0]
        elif self.dynamic_lr:
            self.learning_rate = CellList(self.group_lr, auto_prefix=False)
        else:
            self.learning_rate = ParameterTuple(self.group_lr)
        self.parameters = ParameterTuple(self.group_params)
        self._parameters = self.parameters
        decays = self.group_weight_decay
        self.dynamic_decay_flags = tuple([isinstance(decay, Cell) for decay in decays])
        self.decay_flags = tuple([isinstance(decay, Cell) or decay > 0 for decay in decays])
        self.weight_decay = tuple([decay if isinstance(decay, Cell) else Tensor(decay, mstype.float32)
                                   for decay in decays])
        self.exec_weight_decay = any(self.decay_flags)
        self.grad_centralization_flags = tuple(self.group_grad_centralization)

    def _init_constants(self):
        self.param_length = len(self._parameters)
        self.optim_filter = (True,) * self.param_length
        self.ps_parameters = (False,) * self.param_length
        self.cache_enable = (False,) * self.param_length
        self.reciprocal_scale = Tensor(1.0 / self.loss_scale, mstype.float32)
        self.need_scale = self.loss_scale != 1.0
        self.global_step_increase_tensor = Tensor([1], mstype.int32)
        self.map_ = ops.Map()
        self.map_reverse = ops.Map(None, True)
        self.hyper_map = ops.HyperMap()
        self.hyper_map_reverse = ops.HyperMap(None, True)

    @staticmethod
    def _preprocess_grad_centralization(grad_centralization):
        if not isinstance(grad_centralization, bool):
            raise TypeError("For 'Optimizer', the 'gradients_centralization' must be bool type, "
                            f"but got {type(grad_centralization)}.")
        return grad_centralization

    def _preprocess_weight_decay(self, weight_decay):
        """Gradients carry the loss scale, so decay added to them carries it too."""
        if isinstance(weight_decay, (float, int)):
            return validator.check_non_negative_float(float(weight_decay), 'weight_decay', self.cls_name) * \
                self.loss_scale
        if isinstance(weight_decay, Cell):
            self.dynamic_weight_decay = True
            return _WrappedWeightDecay(weight_decay, self.loss_scale)
        raise TypeError("For 'Optimizer', the argument 'Weight_decay' must be int, float or Cell."
                        f"but got {type(weight_decay)}")

    # Rates

    def _preprocess_single_lr(self, learning_rate):
        """A float, a scalar tensor, a list of rates as a tensor, or a schedule; the last two make the rate dynamic."""
        if isinstance(learning_rate, (float, int)):
            return validator.check_non_negative_float(float(learning_rate), 'learning rate', self.cls_name)
        if isinstance(learning_rate, Tensor) and learning_rate.ndim == 0:
            return learning_rate.astype(mstype.float32)
        self.dynamic_lr = True
        if isinstance(learning_rate, Tensor):
            if learning_rate.ndim > 1:
                raise ValueError("For 'Optimizer', if 'learning_rate' is Tensor type, then the dimension of it should "
                                 f"be 0 or 1, but got {learning_rate.ndim}.")
            return learning_rate.astype(mstype.float32)
        if isinstance(learning_rate, LearningRateSchedule):
            return learning_rate
        if hasattr(learning_rate, '__iter__'):
            return Tensor([float(rate) for rate in learning_rate], mstype.float32)
        raise TypeError("For 'Optimizer', the argument 'learning_rate' must be int, float, Tensor, Iterable or "
                        f"LearningRateSchedule, but got {type(learning_rate)}.")

    def _build_single_lr(self, learning_rate, name):
        if isinstance(learning_rate, Tensor) and learning_rate.ndim == 1:
            return _IteratorLearningRate(learning_rate, name)
        if isinstance(learning_rate, (float, Tensor)):
            rate = Parameter(Tensor(learning_rate, mstype.float32), name)
            return _ConvertToCell(rate) if self.is_group_lr and self.dynamic_lr else rate
        return learning_rate

    def get_lr(self):
        """The rate of this step; where groups have their own, one for each parameter."""
        if not self.dynamic_lr:
            return self.learning_rate
        if self.is_group_lr:
            return tuple([rate(self.global_step).reshape(()) for rate in self.learning_rate])
        return self.learning_rate(self.global_step).reshape(())

    def get_weight_decay(self):
        if not self.dynamic_weight_decay:
            return self.weight_decay
        if self.is_group:
            return tuple([decay(self.global_step) if dynamic else decay
                          for decay, dynamic in zip(self.weight_decay, self.dynamic_decay_flags)])
        return self.weight_decay(self.global_step)

    def get_lr_parameter(self, param):
        if not isinstance(param, (Parameter, list)):
            raise TypeError("For 'get_lr_parameter', the 'param' must be 'Parameter' or 'list' type, "
                            f"but got {type(param)}.")
        found = []
        places = [id(item) for item in self._parameters]
        for item in param if isinstance(param, list) else [param]:
            if id(item) not in places:
                raise ValueError(f"For 'get_lr_parameter', the parameter {item.name} is not in optimizer, please check "
                                 "whether the argument 'param' is correct.")
            rate = self.learning_rate[places.index(id(item))] if self.is_group_lr else self.learning_rate
            found.append(rate.learning_rate if isinstance(rate, (_ConvertToCell, _IteratorLearningRate)) else rate)
        return found if isinstance(param, list) else found[0]

    def _is_dynamic_lr_or_weight_decay(self):
        return self.dynamic_lr or self.dynamic_weight_decay

    # Gradients before the update

    def flatten_gradients(self, gradients):
        return gradients

    def decay_weight(self, gradients):
        if not self.exec_weight_decay:
            return gradients
        decay = self.get_weight_decay()
        if self.is_group:
            return self.map_(apply_decay, decay, self.decay_flags, self._parameters, gradients)
        return self.map_(partial(apply_decay, decay), self.decay_flags, self._parameters, gradients)

    def gradients_centralization(self, gradients):
        if not self.is_group:
            return gradients
        return self.map_(centralize, self.grad_centralization_flags, gradients)

    def scale_grad(self, gradients):
        if not self.need_scale:
            return gradients
        return self.map_(partial(grad_scale, self.reciprocal_scale), gradients)

    def _grad_sparse_indices_deduplicate(self, gradients):
        return gradients

    # One step, as the optimizers of this folder take it

    def _prepare(self, gradients):
        if len(gradients) != self.param_length:
            raise ValueError(f"For '{self.cls_name}', there must be one gradient for each of the {self.param_length} "
                             f"parameters, but got {len(gradients)}.")
        gradients = self.decay_weight(self.flatten_gradients(gradients))
        return self.scale_grad(self.gradients_centralization(gradients))

    def _take_step(self):
        """The rate of each parameter for this step; then the step is counted."""
        rates = self.get_lr()
        self.assignadd(self.global_step, self.global_step_increase_tensor)
        return rates if self.is_group_lr else (rates,) * self.param_length

    def _decays(self):
        """The weight decay of each parameter."""
        decay = self.get_weight_decay()
        return decay if self.is_group else (decay,) * self.param_length

    def construct(self, *hyper_params):
        raise NotImplementedError

    # Settings of other targets

    @property
    def unique(self):
        return self._unique

    @unique.setter
    def unique(self, value):
        if not isinstance(value, bool):
            raise TypeError(f"For 'Optimizer', the property 'unique' must be bool, but got {type(value)}.")
        self._unique = value

    @property
    def target(self):
        return self._target

    @target.setter
    def target(self, value):
        if value not in ('CPU', 'Ascend', 'GPU'):
            raise ValueError("For 'Optimizer', the property 'target' must be one of ['CPU', 'Ascend' ,'GPU'], "
                             f"but got {value}")
        self._target = value

    def broadcast_params(self, optim_result):
        return optim_result


class _ConvertToCell(LearningRateSchedule):
    """A constant rate among schedules."""

    def __init__(self, learning_rate):
        super().__init__()
        self.learning_rate = learning_rate

    def construct(self, global_step):
        return self.learning_rate + 0.0


class _IteratorLearningRate(LearningRateSchedule):
    """One rate for each step."""

    def __init__(self, learning_rate, name):
        super().__init__()
        self.learning_rate = Parameter(learning_rate, name)
        self.gather = ops.Gather()

    def construct(self, global_step):
        return self.gather(self.learning_rate, global_step, 0)


class _WrappedWeightDecay(Cell):
    """A decay that depends on the step, times the loss scale."""

    def __init__(self, weight_decay, loss_scale=1.0):
        super().__init__()
        self.weight_decay = weight_decay
        self.loss_scale = Tensor(loss_scale, mstype.float32)

    def construct(self, global_step):
        return self.weight_decay(global_step) * self.loss_scale
