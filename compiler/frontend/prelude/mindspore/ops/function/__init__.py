"""Functions made of other functions; the API tables name them."""
from mindspore.ops.function import activation, array, einsum, image, math, norm, statistics
