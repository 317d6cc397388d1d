"""What has a gradient, what is called once, and what a derivative of integers is."""
import mindspore as ms
from mindspore import Parameter, Tensor, nn, ops
from mindspore.ops import GradOperation

ms.set_context(mode=ms.GRAPH_MODE)


class Scaled(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([2.0]), name='w')

    def construct(self, x, y):
        return x * y * self.w


class Counting(nn.Cell):
    def __init__(self):
        super().__init__()
        self.calls = Parameter(Tensor([0.0]), name='calls')

    def construct(self, x):
        self.calls = self.calls + 1
        return x * x


class Pulled(nn.Cell):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def construct(self, x):
        out, pull = ops.vjp(self.net, x)
        return pull(out), pull(out * 2)


net = Scaled()
print(ms.grad(net)(3.0, 4.0), GradOperation()(net)(3.0, 4.0))
print(ms.grad(net, (0, 1), net.trainable_params())(3.0, 4.0))
print(ms.grad(net, (0, 1))(3.0, Tensor([4.0])), ms.grad(net, 0)(3.0, Tensor([4.0])))
print(GradOperation(get_all=True)(net)(3.0, Tensor([4.0])))
try:
    ms.grad(net, ())(Tensor([3.0]), Tensor([4.0]))
except RuntimeError:
    print('no position')
counting = Counting()
print(Pulled(counting)(Tensor([3.0])), counting.calls.asnumpy())
