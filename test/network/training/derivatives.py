"""What the functions that take derivatives return: each case is a function of x and y."""
import mindspore as ms
from mindspore import Parameter, Tensor, nn, ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0, 3.0]), name='w')
        self.b = Parameter(Tensor([1.0, 0.5]), name='b')

    def construct(self, x, y):
        return x * self.w * y + self.b


class Tripled(nn.Cell):
    """x² with a wrong derivative, to see that it is used."""

    def construct(self, x):
        return x * x

    def bprop(self, x, out, dout):
        return (dout * x * 3 + out * 0.5,)


net = Net()
tripled = Tripled()


def product(x, y):
    return x * x * y


def pair(x, y):
    return x * x * y, x + y


def cube(x):
    return x ** 3


def sines(x):
    return ops.sin(x), x * 2


def scaled(x):
    return ms.ops.stop_gradient(x) * x


def larger(dout):
    return dout * 7


seven_times = ops.InsertGradientOf(larger)


def _pulled(made, *sens):
    return (made[0], made[1](*sens)) + tuple(made[2:])


def _both(get_all=False, get_by_list=False, sens_param=False):
    return ops.GradOperation(get_all, get_by_list, sens_param)


CASES = {
    'grad': lambda x, y: ms.grad(product)(x, y),
    'grad_positions': lambda x, y: ms.grad(product, (0, 1))(x, y),
    'grad_second': lambda x, y: ms.grad(product, 1)(x, y),
    'grad_aux': lambda x, y: ms.grad(pair, 0, None, True)(x, y),
    'grad_weight': lambda x, y: ms.grad(net, None, net.w)(x, y),
    'grad_weights': lambda x, y: ms.grad(net, None, net.trainable_params())(x, y),
    'grad_both': lambda x, y: ms.grad(net, 0, ms.ParameterTuple([net.w]))(x, y),
    'get_grad': lambda x, y: ms.get_grad(ms.grad(net, 0, net.trainable_params(), return_ids=True)(x, y), net.w),
    'get_grad_position': lambda x, y: ms.get_grad(ms.grad(net, (0, 1), None, return_ids=True)(x, y), 1),
    'value_and_grad_aux': lambda x, y: ms.value_and_grad(pair, 0, None, True)(x, y),
    'value_and_grad_outputs': lambda x, y: ms.value_and_grad(pair, 0)(x, y),
    'value_and_grad_weights': lambda x, y: ms.value_and_grad(net, None, net.trainable_params())(x, y),
    'operation': lambda x, y: _both()(product)(x, y),
    'operation_all': lambda x, y: _both(get_all=True)(product)(x, y),
    'operation_list': lambda x, y: _both(get_by_list=True)(net, ms.ParameterTuple(net.trainable_params()))(x, y),
    'operation_weight': lambda x, y: _both(get_by_list=True)(net, net.w)(x, y),
    'operation_both': lambda x, y: _both(True, True)(net, net.trainable_params())(x, y),
    'operation_sens': lambda x, y: _both(sens_param=True)(product)(x, y, ops.exp(y)),
    'operation_sens_outputs': lambda x, y: _both(sens_param=True)(pair)(x, y, (ops.exp(y), x)),
    'vjp': lambda x, y: _pulled(ms.vjp(product, x, y), y),
    'vjp_outputs': lambda x, y: _pulled(ms.vjp(sines, x), y, x),
    'vjp_weights': lambda x, y: _pulled(ms.vjp(net, x, y, weights=net.trainable_params()), y),
    'vjp_aux': lambda x, y: _pulled(ms.vjp(pair, x, y, has_aux=True), y),
    'jvp': lambda x, y: ms.jvp(product, (x, y), (y, x)),
    'jvp_outputs': lambda x, y: ms.jvp(sines, x, y),
    'jvp_aux': lambda x, y: ms.jvp(pair, (x, y), (y, x), has_aux=True),
    'jacrev': lambda x, y: ms.jacrev(pair, (0, 1))(x, y),
    'jacrev_aux': lambda x, y: ms.jacrev(pair, 0, True)(x, y),
    'jacfwd': lambda x, y: ms.jacfwd(pair, (0, 1))(x, y),
    'second': lambda x, y: ms.grad(ms.grad(cube))(x),
    'third': lambda x, y: ms.grad(ms.grad(ms.grad(lambda v: ops.sin(v) * v)))(x),
    'mixed': lambda x, y: ms.grad(ms.grad(product), 1)(x, y),
    'stop_gradient': lambda x, y: ms.grad(scaled)(x),
    'bprop': lambda x, y: ms.grad(lambda v: tripled(ops.sin(v)) * y)(x),
    'insert_gradient': lambda x, y: ms.grad(lambda v: seven_times(v * v) * y)(x),
}
