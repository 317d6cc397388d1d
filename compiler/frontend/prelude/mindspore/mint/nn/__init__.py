"""mint.nn: layers with PyTorch's signatures."""
from mindspore.nn import (GELU, SiLU, Sigmoid, Tanh, ReLU, Mish, Identity)
from mindspore.nn.layer.basic import DropoutExt as Dropout, Flatten, Linear
from mindspore.nn.layer.embedding import EmbeddingExt as Embedding
from mindspore.nn.layer.normalization import LayerNormExt as LayerNorm
from mindspore.nn.layer.activation import LogSoftmaxExt as LogSoftmax, Softmax
from mindspore.nn.loss import BCELoss, CrossEntropyLoss, L1Loss, MSELoss, NLLLoss, SoftMarginLoss
