"""Parameter groups: what a group may say, and the order that `order_params` asks for."""
from mindspore.common.parameter import Parameter

_KEYS = ['params', 'lr', 'weight_decay', 'order_params', 'grad_centralization']


def check_groups(groups):
    seen = set()
    for group in groups:
        invalid = [key for key in group if key not in _KEYS]
        if invalid:
            raise KeyError(f"For 'Optimizer', the key in group params must be one of in {_KEYS}, but got {invalid}.")
        if 'order_params' in group:
            _check_order(group)
            continue
        if not group['params']:
            raise ValueError("For 'Optimizer', the argument group `params` must not be empty.")
        for index, item in enumerate(group['params']):
            if not isinstance(item, Parameter):
                raise TypeError("For 'Optimizer', the element in group parameters must be Parameter type, "
                                f"but got {type(item)} at index {index}.")
            if item.name in seen:
                raise RuntimeError(f"For 'Optimizer', the {item.name} parameter already exists, it does not "
                                   "support repeated setting. Please check whether the optimizer parameter "
                                   "has been set multiple times.")
            seen.add(item.name)


def _check_order(group):
    if len(group) > 1:
        raise ValueError("For 'Optimizer', the order params dict in group parameters should only "
                         f"include the 'order_params' key, but got {group.keys()}.")
    if not hasattr(group['order_params'], '__iter__'):
        raise TypeError("For 'Optimizer', the value of 'order_params' in group parameters should "
                        f"be Iterable type, but got {type(group['order_params'])}.")


def ordered_groups(parameters, ordered):
    """For each parameter of `ordered` its place among the parameters of all groups."""
    ordered = list(ordered)
    if len(ordered) != len(parameters):
        raise ValueError("For 'Optimizer', the length of order parameters must be the same as the length of group "
                         f"parameters, but got order parameters' length {len(ordered)}, "
                         f"group parameters' length {len(parameters)}.")
    names = [item.name for item in parameters]
    return [names.index(item.name) for item in ordered]
