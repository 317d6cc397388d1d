"""Ops outside of graphs, one by one."""
import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

x = Tensor(np.array([[1.0, 2.0], [3.0, 4.0]], np.float32))
y = x + 1
print(y, ops.matmul(x, y).asnumpy().tolist(), (y > 2).any())
print(float(x[0, 1]), int(x.sum()), x.mean().item(), len(x), x.T.shape, bool((x > 0).all()))
x[0] = 5
x[1, 1] += 2
print(x, x[:, 0], x[-1])
print([row.asnumpy().tolist() for row in x])
print(ops.concat((x, y)).shape, ops.stack((x, y)).sum(), x.argmax(1), x.max(), x.reshape(4), x.astype(ms.int32))
print(ops.softmax(x, 1).sum(1).asnumpy().round(4), Tensor(3) + 4, Tensor(1.5) * Tensor([2.0]))

net = nn.SequentialCell(nn.Dense(2, 3, weight_init='ones', bias_init='zeros'), nn.ReLU())
print(net(x).asnumpy(), net[0].weight.asnumpy().sum())
net[0].weight.set_data(Tensor(np.full((3, 2), 2.0, np.float32)))
print(net(x).asnumpy()[0])


class Counting(nn.Cell):
    def __init__(self):
        super().__init__()
        self.count = ms.Parameter(Tensor(0, ms.int32), name='count', requires_grad=False)
        self.last = None

    def construct(self, x):
        self.count = self.count + 1
        self.last = x * 2
        return x + self.count


counting = Counting()
for _ in range(3):
    result = counting(Tensor([1.0, 2.0]))
print(result, counting.count.asnumpy(), counting.last)


class Reads(nn.Cell):
    """Needs the number in between, so it cannot be one graph."""

    def construct(self, x):
        print('runs')
        if float(x.sum()) > 3:
            return x * 2
        return x - 1


reads = Reads()
print(reads(Tensor([1.0, 2.0])), reads(Tensor([3.0, 4.0])))


@ms.jit
def scaled(x, factor):
    return {'x': x * factor, 'both': (x, x + factor)}


print(scaled(Tensor([1.0]), 2.0)['x'], scaled(Tensor([3.0]), 2.0)['both'][1], scaled(Tensor([1.0, 2.0]), 2.0)['x'])


def square(x):
    return (x * x).sum()


print(ms.grad(square)(Tensor([1.0, 3.0])), ms.value_and_grad(square)(Tensor([2.0, 0.5])))
