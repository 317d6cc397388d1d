"""The tensor type; its methods come from the API tables."""
from _msc.tensor import Tensor

tensor = Tensor
