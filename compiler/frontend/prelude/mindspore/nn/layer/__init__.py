from mindspore.nn.layer.activation import (
    CELU, ELU, FastGelu, GELU, GLU, HShrink, HSigmoid, HSwish, Hardtanh, LeakyReLU, LogSigmoid, LogSoftmax,
    LogSoftmaxExt, Mish, PReLU, ReLU, ReLU6, RReLU, SeLU, SiLU, Sigmoid, SoftShrink, Softmax, Softmax2d, Softmin,
    Softplus, Softsign, Tanh, Tanhshrink, Threshold, get_activation)
from mindspore.nn.layer.basic import (
    BiDense, ClipByNorm, Dense, Dropout, Dropout1d, Dropout2d, Dropout3d, DropoutExt, Flatten, Identity,
    L1Regularizer, Linear, Norm, OneHot, Pad, ResizeBilinear, Roll, Tril, Triu, Unflatten, Unfold, Upsample)
from mindspore.nn.layer.combined import Conv2dBnAct, DenseBnAct
from mindspore.nn.layer.container import CellDict, CellList, SequentialCell
from mindspore.nn.layer.conv import Conv1d, Conv1dTranspose, Conv2d, Conv2dTranspose, Conv3d
from mindspore.nn.layer.embedding import Embedding, EmbeddingExt, EmbeddingLookup
from mindspore.nn.layer.image import CentralCrop, ChannelShuffle, PixelShuffle, PixelUnshuffle
from mindspore.nn.layer.math import MatMul, Moments, ReduceLogSumExp
from mindspore.nn.layer.normalization import (
    BatchNorm1d, BatchNorm2d, BatchNorm3d, GroupNorm, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d, LayerNorm,
    LayerNormExt, RmsNorm, SyncBatchNorm)
from mindspore.nn.layer.padding import (
    ConstantPad1d, ConstantPad2d, ConstantPad3d, ReflectionPad1d, ReflectionPad2d, ReflectionPad3d,
    ReplicationPad1d, ReplicationPad2d, ReplicationPad3d, ZeroPad2d)
from mindspore.nn.layer.pooling import (
    AdaptiveAvgPool1d, AdaptiveAvgPool2d, AdaptiveMaxPool1d, AdaptiveMaxPool2d, AvgPool1d, AvgPool2d, MaxPool1d,
    MaxPool2d)
from mindspore.nn.layer.rnn_cells import GRUCell, LSTMCell, RNNCell
from mindspore.nn.layer.rnns import GRU, LSTM, RNN
from mindspore.nn.layer.transformer import (
    MultiheadAttention, Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder,
    TransformerEncoderLayer)
