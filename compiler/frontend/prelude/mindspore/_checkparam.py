"""Argument checks that layers and user code call."""
import numbers

EQ, NE, LT, LE, GT, GE = 1, 2, 3, 4, 5, 6
INC_NEITHER, INC_LEFT, INC_RIGHT, INC_BOTH = 7, 8, 9, 10
IN, NOT_IN = 11, 12

_SIGNS = {EQ: '==', NE: '!=', LT: '<', LE: '<=', GT: '>', GE: '>='}


def _label(arg_name, prim_name):
    return f"For '{prim_name}', the '{arg_name}'" if prim_name else f"The '{arg_name or 'input'}'"


def _holds(value, limit, rel):
    return {EQ: value == limit, NE: value != limit, LT: value < limit, LE: value <= limit, GT: value > limit,
            GE: value >= limit}[rel]


def _within(value, lower, upper, rel):
    above = value >= lower if rel in (INC_LEFT, INC_BOTH) else value > lower
    below = value <= upper if rel in (INC_RIGHT, INC_BOTH) else value < upper
    return above and below


def _require_int(arg_value, arg_name, prim_name):
    if not isinstance(arg_value, int) or isinstance(arg_value, bool):
        raise TypeError(f"{_label(arg_name, prim_name)} must be int, but got '{arg_value}' with type "
                        f"'{type(arg_value).__name__}'.")


def check_number(arg_value, value, rel, arg_type=int, arg_name=None, prim_name=None):
    if not _holds(arg_value, value, rel):
        raise ValueError(f"{_label(arg_name, prim_name)} must be {arg_type.__name__} and must {_SIGNS[rel]} {value}, "
                         f"but got '{arg_value}' with type '{type(arg_value).__name__}'.")
    return arg_value


def check_is_number(arg_value, arg_type, arg_name=None, prim_name=None):
    if not isinstance(arg_value, arg_type) or isinstance(arg_value, bool):
        raise TypeError(f"{_label(arg_name, prim_name)} must be {arg_type.__name__}, but got "
                        f"'{type(arg_value).__name__}'.")
    return arg_value


def check_int(arg_value, value, rel, arg_name=None, prim_name=None):
    _require_int(arg_value, arg_name, prim_name)
    return check_number(arg_value, value, rel, int, arg_name, prim_name)


def check_is_int(arg_value, arg_name=None, prim_name=None):
    _require_int(arg_value, arg_name, prim_name)
    return arg_value


def check_equal_int(arg_value, value, arg_name=None, prim_name=None):
    return check_int(arg_value, value, EQ, arg_name, prim_name)


def check_positive_int(arg_value, arg_name=None, prim_name=None):
    return check_int(arg_value, 0, GT, arg_name, prim_name)


def check_non_negative_int(arg_value, arg_name=None, prim_name=None):
    return check_int(arg_value, 0, GE, arg_name, prim_name)


def check_positive_int_sequence(sequence, arg_name=None, prim_name=None):
    for item in sequence:
        check_positive_int(item, arg_name, prim_name)
    return sequence


def check_is_float(arg_value, arg_name=None, prim_name=None):
    return check_is_number(arg_value, float, arg_name, prim_name)


def check_positive_float(arg_value, arg_name=None, prim_name=None):
    check_is_float(arg_value, arg_name, prim_name)
    return check_number(arg_value, 0, GT, float, arg_name, prim_name)


def check_non_negative_float(arg_value, arg_name=None, prim_name=None):
    check_is_float(arg_value, arg_name, prim_name)
    return check_number(arg_value, 0, GE, float, arg_name, prim_name)


def check_number_range(arg_value, lower_limit, upper_limit, rel, value_type, arg_name=None, prim_name=None):
    if not _within(arg_value, lower_limit, upper_limit, rel):
        raise ValueError(f"{_label(arg_name, prim_name)} must be in range of [{lower_limit}, {upper_limit}], "
                         f"but got {arg_value}.")
    return arg_value


def check_int_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    _require_int(arg_value, arg_name, prim_name)
    return check_number_range(arg_value, lower_limit, upper_limit, rel, int, arg_name, prim_name)


def check_float_range(arg_value, lower_limit, upper_limit, rel, arg_name=None, prim_name=None):
    return check_number_range(arg_value, lower_limit, upper_limit, rel, float, arg_name, prim_name)


def check_bool(arg_value, arg_name=None, prim_name=None):
    if not isinstance(arg_value, bool):
        raise TypeError(f"{_label(arg_name, prim_name)} must be a bool, but got {type(arg_value).__name__}.")
    return arg_value


def check_string(arg_value, valid_values, arg_name=None, prim_name=None):
    if not isinstance(arg_value, str) or arg_value not in valid_values:
        raise ValueError(f"{_label(arg_name, prim_name)} must be str and must be in '{valid_values}', "
                         f"but got '{arg_value}'.")
    return arg_value


def check_value_type(arg_name, arg_value, valid_types, prim_name=None):
    types = tuple(valid_types) if isinstance(valid_types, (list, tuple)) else (valid_types,)
    if isinstance(arg_value, bool) and bool not in types or not isinstance(arg_value, types):
        raise TypeError(f"{_label(arg_name, prim_name)} must be {[item.__name__ for item in types]}, "
                        f"but got '{type(arg_value).__name__}'.")
    return arg_value


def check_isinstance(arg_name, arg_value, classes):
    if not isinstance(arg_value, classes):
        raise ValueError(f"The parameter '{arg_name}' must be isinstance of {classes}, but got {arg_value}.")
    return arg_value


def check_subclass(arg_name, type_, template_types, prim_name, addition_error_info=None):
    return type_


def check_value_on_integer(arg_name, arg_value, value, rel, prim_name):
    return check_number(arg_value, value, rel, int, arg_name, prim_name)


def check_axis_in_range(axis, ndim):
    if not -ndim <= axis < ndim:
        raise ValueError(f"axis {axis} is out of bounds for array of dimension {ndim}")
    return axis % ndim


def twice(value):
    if isinstance(value, int):
        return value, value
    return tuple(value) * 2 if len(value) == 1 else tuple(value)


def args_type_check(*type_args, **type_kwargs):
    def decorate(function):
        return function
    return decorate
