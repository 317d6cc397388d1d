"""One step of each recurrent network."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import Uniform, initializer
from mindspore.common.parameter import Parameter
from mindspore.nn.cell import Cell
from mindspore._checkparam import check_positive_int, check_string


def _linear(x, weight, bias):
    product = ops.MatMul(False, True)(x, weight)
    return product if bias is None else product + bias


def rnn_tanh_step(gates, hidden, w_hh, b_hh):
    return ops.tanh(gates + _linear(hidden, w_hh, b_hh))


def rnn_relu_step(gates, hidden, w_hh, b_hh):
    return ops.relu(gates + _linear(hidden, w_hh, b_hh))


def lstm_step(gates, state, w_hh, b_hh):
    hidden, memory = state
    ingate, forgetgate, cellgate, outgate = ops.Split(1, 4)(gates + _linear(hidden, w_hh, b_hh))
    memory = ops.sigmoid(forgetgate) * memory + ops.sigmoid(ingate) * ops.tanh(cellgate)
    return ops.sigmoid(outgate) * ops.tanh(memory), memory


def gru_step(gates, hidden, w_hh, b_hh):
    i_r, i_z, i_n = ops.Split(1, 3)(gates)
    h_r, h_z, h_n = ops.Split(1, 3)(_linear(hidden, w_hh, b_hh))
    reset = ops.sigmoid(i_r + h_r)
    update = ops.sigmoid(i_z + h_z)
    fresh = ops.tanh(i_n + reset * h_n)
    return fresh + update * (hidden - fresh)


class RNNCellBase(Cell):
    def __init__(self, input_size, hidden_size, has_bias, num_chunks, dtype=mstype.float32):
        super().__init__()
        self.input_size = check_positive_int(input_size, 'input_size', self.cls_name)
        self.hidden_size = check_positive_int(hidden_size, 'hidden_size', self.cls_name)
        self.has_bias = has_bias
        init = Uniform(1 / hidden_size ** 0.5)
        gates = num_chunks * hidden_size
        self.weight_ih = Parameter(initializer(init, (gates, input_size), dtype))
        self.weight_hh = Parameter(initializer(init, (gates, hidden_size), dtype))
        self.bias_ih = Parameter(initializer(init, (gates,), dtype)) if has_bias else None
        self.bias_hh = Parameter(initializer(init, (gates,), dtype)) if has_bias else None


class RNNCell(RNNCellBase):
    def __init__(self, input_size: int, hidden_size: int, has_bias: bool = True, nonlinearity: str = "tanh",
                 dtype=mstype.float32):
        super().__init__(input_size, hidden_size, has_bias, num_chunks=1, dtype=dtype)
        self.nonlinearity = check_string(nonlinearity, ['tanh', 'relu'], 'nonlinearity', self.cls_name)

    def construct(self, x, hx):
        step = rnn_tanh_step if self.nonlinearity == 'tanh' else rnn_relu_step
        return step(_linear(x, self.weight_ih, self.bias_ih), hx, self.weight_hh, self.bias_hh)


class LSTMCell(RNNCellBase):
    def __init__(self, input_size: int, hidden_size: int, has_bias: bool = True, dtype=mstype.float32):
        super().__init__(input_size, hidden_size, has_bias, num_chunks=4, dtype=dtype)

    def construct(self, x, hx):
        return lstm_step(_linear(x, self.weight_ih, self.bias_ih), hx, self.weight_hh, self.bias_hh)


class GRUCell(RNNCellBase):
    def __init__(self, input_size: int, hidden_size: int, has_bias: bool = True, dtype=mstype.float32):
        super().__init__(input_size, hidden_size, has_bias, num_chunks=3, dtype=dtype)

    def construct(self, x, hx):
        return gru_step(_linear(x, self.weight_ih, self.bias_ih), hx, self.weight_hh, self.bias_hh)
