"""Assertions about arrays."""
import numpy as np


def _fail(what, actual, desired, err_msg):
    raise AssertionError(f"{what}{': ' + err_msg if err_msg else ''}\n ACTUAL: {actual}\n DESIRED: {desired}")


def assert_allclose(actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg='', verbose=True):
    if not np.allclose(np.asarray(actual), np.asarray(desired), rtol, atol, equal_nan):
        _fail(f"Not equal to tolerance rtol={rtol}, atol={atol}", actual, desired, err_msg)


def assert_array_equal(actual, desired, err_msg='', verbose=True):
    left, right = np.asarray(actual), np.asarray(desired)
    if left.shape != right.shape or not np.all(left == right):
        _fail("Arrays are not equal", actual, desired, err_msg)


def assert_equal(actual, desired, err_msg='', verbose=True):
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        assert_array_equal(actual, desired, err_msg)
    elif actual != desired:
        _fail("Items are not equal", actual, desired, err_msg)


def assert_array_almost_equal(actual, desired, decimal=6, err_msg='', verbose=True):
    left, right = np.asarray(actual), np.asarray(desired)
    if not np.all(np.abs(left - right) < 1.5 * 10 ** -decimal):
        _fail(f"Arrays are not almost equal to {decimal} decimals", actual, desired, err_msg)


def assert_almost_equal(actual, desired, decimal=7, err_msg='', verbose=True):
    assert_array_almost_equal(actual, desired, decimal, err_msg)
