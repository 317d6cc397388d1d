"""RNN, GRU, LSTM over whole sequences: the input projection of all steps is one matmul, then one step after another."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import Uniform, initializer
from mindspore.common.parameter import Parameter, ParameterTuple
from mindspore.nn.cell import Cell
from mindspore.nn.layer.basic import Dropout
from mindspore.nn.layer.rnn_cells import gru_step, lstm_step, rnn_relu_step, rnn_tanh_step
from mindspore._checkparam import check_bool, check_positive_int

_STEPS = {'LSTM': (lstm_step, 4), 'GRU': (gru_step, 3), 'RNN_TANH': (rnn_tanh_step, 1), 'RNN_RELU': (rnn_relu_step, 1)}


class _RNNBase(Cell):
    def __init__(self, mode, input_size, hidden_size, num_layers=1, has_bias=True, batch_first=False, dropout=0.,
                 bidirectional=False, dtype=mstype.float32):
        super().__init__()
        check_positive_int(hidden_size, "hidden_size", self.cls_name)
        check_positive_int(input_size, "input_size", self.cls_name)
        check_positive_int(num_layers, "num_layers", self.cls_name)
        if not 0 <= dropout < 1:
            raise ValueError(f"For '{self.cls_name}', the 'dropout' must be a number in range [0, 1) representing the "
                             f"probability of an element being zeroed, but got {dropout}.")
        self.mode = mode
        self.hidden_size = hidden_size
        self.batch_first = check_bool(batch_first, "batch_first", self.cls_name)
        self.num_layers = num_layers
        self.dropout = dropout
        self.dropout_op = Dropout(p=float(dropout))
        self.bidirectional = check_bool(bidirectional, "bidirectional", self.cls_name)
        self.has_bias = check_bool(has_bias, "has_bias", self.cls_name)
        self.is_lstm = mode == 'LSTM'
        gates = _STEPS[mode][1] * hidden_size
        init = Uniform(1 / hidden_size ** 0.5)
        directions = ('', '_reverse') if bidirectional else ('',)
        w_ih, w_hh, b_ih, b_hh = [], [], [], []
        for layer in range(num_layers):
            width = input_size if layer == 0 else hidden_size * len(directions)
            for suffix in directions:
                ending = f'_l{layer}{suffix}'
                w_ih.append(Parameter(initializer(init, (gates, width), dtype), name='weight_ih' + ending))
                w_hh.append(Parameter(initializer(init, (gates, hidden_size), dtype), name='weight_hh' + ending))
                if has_bias:
                    b_ih.append(Parameter(initializer(init, (gates,), dtype), name='bias_ih' + ending))
                    b_hh.append(Parameter(initializer(init, (gates,), dtype), name='bias_hh' + ending))
        self.w_ih_list = ParameterTuple(w_ih)
        self.w_hh_list = ParameterTuple(w_hh)
        self.b_ih_list = ParameterTuple(b_ih)
        self.b_hh_list = ParameterTuple(b_hh)

    def _run_direction(self, x, state, index, backward, seq_length):
        """One direction of one layer over x [time, batch, features]: outputs for each step and the last state."""
        step = _STEPS[self.mode][0]
        b_ih = self.b_ih_list[index] if self.has_bias else None
        b_hh = self.b_hh_list[index] if self.has_bias else None
        w_ih, w_hh = self.w_ih_list[index], self.w_hh_list[index]
        time, batch = x.shape[0], x.shape[1]
        projected = ops.MatMul(False, True)(x.reshape((time * batch, x.shape[2])), w_ih)
        if b_ih is not None:
            projected = projected + b_ih
        gates = ops.unstack(projected.reshape((time, batch, projected.shape[1])), 0)
        outputs = [None] * time
        for position in reversed(range(time)) if backward else range(time):
            fresh = step(gates[position], state, w_hh, b_hh)
            if seq_length is not None:
                state, outputs[position] = self._keep_within(fresh, state, position, seq_length)
            else:
                state = fresh
                outputs[position] = fresh[0] if self.is_lstm else fresh
        return ops.stack(outputs, 0), state

    def _keep_within(self, fresh, state, position, seq_length):
        """Beyond its own length a sequence keeps its state and gives zeros."""
        inside = (seq_length > position).reshape((-1, 1))
        if self.is_lstm:
            kept = tuple([ops.select(inside, new, old) for new, old in zip(fresh, state)])
            return kept, ops.select(inside, fresh[0], ops.zeros_like(fresh[0]))
        return ops.select(inside, fresh, state), ops.select(inside, fresh, ops.zeros_like(fresh))

    def _state(self, hx, index):
        return (hx[0][index], hx[1][index]) if self.is_lstm else hx[index]

    def _zero_state(self, x):
        directions = 2 if self.bidirectional else 1
        zeros = ops.zeros((self.num_layers * directions, x.shape[1], self.hidden_size), x.dtype)
        return (zeros, zeros) if self.is_lstm else zeros

    def construct(self, x, hx=None, seq_length=None):
        if self.batch_first:
            x = x.transpose((1, 0, 2))
        if hx is None:
            hx = self._zero_state(x)
        states = []
        for layer in range(self.num_layers):
            if self.bidirectional:
                forward, last = self._run_direction(x, self._state(hx, 2 * layer), 2 * layer, False, seq_length)
                backward, other = self._run_direction(x, self._state(hx, 2 * layer + 1), 2 * layer + 1, True,
                                                      seq_length)
                x = ops.concat((forward, backward), 2)
                states += [last, other]
            else:
                x, last = self._run_direction(x, self._state(hx, layer), layer, False, seq_length)
                states.append(last)
            if self.dropout != 0 and layer < self.num_layers - 1:
                x = self.dropout_op(x)
        if self.is_lstm:
            final = (ops.stack([state[0] for state in states], 0), ops.stack([state[1] for state in states], 0))
        else:
            final = ops.stack(states, 0)
        if self.batch_first:
            x = x.transpose((1, 0, 2))
        return x, final


class RNN(_RNNBase):
    def __init__(self, *args, **kwargs):
        nonlinearity = kwargs.pop('nonlinearity', 'tanh')
        if nonlinearity not in ('tanh', 'relu'):
            raise ValueError(f"For '{type(self).__name__}', the 'nonlinearity' must be in ['tanh', 'relu'], "
                             f"but got {nonlinearity}.")
        super().__init__('RNN_TANH' if nonlinearity == 'tanh' else 'RNN_RELU', *args, **kwargs)


class GRU(_RNNBase):
    def __init__(self, *args, **kwargs):
        super().__init__('GRU', *args, **kwargs)


class LSTM(_RNNBase):
    def __init__(self, *args, **kwargs):
        super().__init__('LSTM', *args, **kwargs)
