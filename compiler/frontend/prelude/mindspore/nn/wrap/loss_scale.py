"""Training steps whose loss is scaled, and cells that move the scale."""
from mindspore import ops
from mindspore.amp.scaler import all_finite
from mindspore.common import dtype as mstype
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell
from mindspore.nn.wrap.cell_wrapper import TrainOneStepCell
from mindspore.ops.composite import MultitypeFuncGraph

_grad_scale = MultitypeFuncGraph('grad_scale')


@_grad_scale.register('Tensor', 'Tensor')
def tensor_grad_scale(scale, grad):
    return grad * ops.cast(ops.reciprocal(scale), grad.dtype)


class DynamicLossScaleUpdateCell(Cell):
    """Falls by `scale_factor` at an overflow, grows by it after `scale_window` steps without one."""

    def __init__(self, loss_scale_value, scale_factor, scale_window):
        super().__init__()
        self.scale_window = Tensor(scale_window, dtype=mstype.int32)
        self.scale_factor = Tensor(scale_factor, dtype=mstype.float32)
        self.loss_scale_value = loss_scale_value
        self.cur_iter = Parameter(Tensor(1, dtype=mstype.int32), name='current_iterator_step')
        self.last_overflow_iter = Parameter(Tensor(0, dtype=mstype.int32), name='last_overflow_iterator_step')
        self.minimum_loss_scale = Tensor(1.0, dtype=mstype.float32)

    def get_loss_scale(self):
        return self.loss_scale_value

    def construct(self, loss_scale, overflow):
        smaller = ops.maximum(loss_scale / self.scale_factor, self.minimum_loss_scale)
        waited = self.cur_iter - self.last_overflow_iter >= self.scale_window
        steady = ops.select(waited, loss_scale * self.scale_factor, loss_scale)
        restarts = ops.logical_or(overflow, waited)
        last = ops.select(restarts, self.cur_iter, self.last_overflow_iter)
        ops.assign(loss_scale, ops.select(overflow, smaller, steady))
        ops.assign(self.last_overflow_iter, last)
        ops.assign(self.cur_iter, self.cur_iter + 1)
        return overflow


class FixedLossScaleUpdateCell(Cell):
    def __init__(self, loss_scale_value):
        super().__init__()
        self.loss_scale_value = loss_scale_value

    def get_loss_scale(self):
        return self.loss_scale_value

    def construct(self, _, overflow):
        return overflow


class TrainOneStepWithLossScaleCell(TrainOneStepCell):
    """A step that leaves the parameters alone when a gradient overflows."""

    def __init__(self, network, optimizer, scale_sense):
        super().__init__(network, optimizer, sens=None)
        self.hyper_map = ops.HyperMap()
        self.base = Tensor(1, mstype.float32)
        self.base0 = Tensor(0, mstype.int32)
        self.reduce_sum = ops.ReduceSum(keep_dims=False)
        self.reduce_all = ops.ReduceAll(keep_dims=False)
        self.less_equal = ops.LessEqual()
        self.equal = ops.Equal()
        self.logic_not = ops.LogicalNot()
        self.is_distributed = self.parallel_mode != 'stand_alone'
        self.loss_scaling_manager = None
        if isinstance(scale_sense, Cell):
            self.loss_scaling_manager = scale_sense
            self.scale_sense = Parameter(Tensor(scale_sense.get_loss_scale(), dtype=mstype.float32), name='scale_sense')
        elif isinstance(scale_sense, Tensor):
            if scale_sense.shape not in ((1,), ()):
                raise ValueError("For 'TrainOneStepWithLossScaleCell', the shape of 'scale_sense' must be (1,) or (), "
                                 f"but got {scale_sense.shape}.")
            self.scale_sense = Parameter(scale_sense, name='scale_sense')
        else:
            raise TypeError("For 'TrainOneStepWithLossScaleCell', the 'scale_sense' must be Cell or Tensor, "
                            f"but got 'scale_sense' type: {type(scale_sense)}.")

    def construct(self, *inputs):
        loss = self.network(*inputs)
        scale = self.scale_sense + 0.0
        status, scale = self.start_overflow_check(loss, scale)
        filled = ops.ones_like(loss) * ops.cast(scale, loss.dtype)
        gradients = self.grad(self.network, self.weights)(*inputs, filled)
        gradients = self.hyper_map(ops.partial(_grad_scale, scale), gradients)
        gradients = self.grad_reducer(gradients)
        cond = self.get_overflow_status(status, gradients)
        overflow = self.process_loss_scale(cond)
        if not overflow:
            loss = ops.depend(loss, self.optimizer(gradients))
        return loss, cond, scale

    def set_sense_scale(self, sens):
        if not isinstance(sens, Tensor):
            raise TypeError("For 'TrainOneStepWithLossScaleCell', the type of 'sens' must be Tensor, "
                            f"but got {type(sens)}")
        self.scale_sense.set_data(sens)

    def start_overflow_check(self, pre_cond, compute_input):
        return Tensor([0] * 8, mstype.int32), compute_input

    def get_overflow_status(self, status, compute_output):
        return ops.logical_not(all_finite(compute_output))

    def process_loss_scale(self, overflow):
        if self.loss_scaling_manager is None:
            return overflow
        return self.loss_scaling_manager(self.scale_sense, overflow)
