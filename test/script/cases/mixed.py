"""Loops, gradients, optimizers and indexing as scripts mix them."""
import mindspore as ms
import numpy as np
from mindspore import nn, ops, Tensor, Parameter
net = nn.Dense(2, 1, weight_init='ones', bias_init='zeros')
x = Tensor(np.array([[1., 2.], [3., 4.]], np.float32)); y = Tensor(np.array([[1.], [0.]], np.float32))
loss_fn = nn.MSELoss()
opt = nn.Momentum(net.trainable_params(), nn.exponential_decay_lr(0.01, 0.9, 10, 2, 1), 0.9)
def fwd(x, y): return loss_fn(net(x), y)
vg = ms.value_and_grad(fwd, None, opt.parameters)
for i in range(3):
    loss, grads = vg(x, y)
    grads = ops.clip_by_global_norm(grads, 1.0)
    opt(grads)
    print(f'{float(loss):.5f}', [g.shape for g in grads])
@ms.jit
def loop(x):
    while x.sum() < 100:
        x = x * 2
    return x
print(loop(x))
@ms.jit
def many(d, l):
    return d['a'] + l[0], [l[1] * 2]
print(many({'a': x}, [x, y]))
p = Parameter(Tensor([1.0, 2.0]), name='p')
p += 1
print(p.asnumpy(), (p * 2).asnumpy())
cell = nn.TrainOneStepCell(nn.WithLossCell(net, loss_fn), opt); cell.set_train()
print(f'{float(cell(x, y)):.5f}')
print(ms.ops.grad(lambda a: (a ** 3).sum())(x))
g2 = ms.grad(ms.grad(lambda a: (a ** 3).sum()))
try: print(g2(Tensor(2.0)))
except Exception as e: print(type(e))
print(ops.arange(5)[1:3], x.shape[0], isinstance(x, Tensor), np.asarray(x).sum(), x.numpy().dtype)
a = Tensor(np.zeros(3, np.float32)); 
for i in range(3): a[i] = i * 2
print(a, a.tolist(), max(a.tolist()))
print(ops.where(x > 2, x, 0), ops.topk(x, 1)[0], x.std(), ops.norm(x))
