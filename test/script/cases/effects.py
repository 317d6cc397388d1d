import mindspore as ms
from mindspore import Tensor
@ms.jit
def f(x, n):
    print("start {x}", x.shape)
    i = ms.Tensor(0, ms.int32)
    while i < n:
        print("turn", i, x)
        if x.sum() > 10:
            print("big", x.sum())
            x = x - 1
        else:
            print("small", (x, i))
            x = x * 3
        i = i + 1
    for k in range(2):
        print("k", k, x[0])
    return x
print(f(Tensor([1.0, 2.0]), Tensor(3, ms.int32)))
print(f(Tensor([[1, 2],[3, 4]]).astype(ms.float16), Tensor(1, ms.int32)))
@ms.jit
def g(x):
    print("before")
    assert x.sum() > 0, "the sum is not positive"
    print("after", x > 1)
    return x * 2
print(g(Tensor([1.0, 2.0])))
def loss(x):
    print("loss of", x)
    return (x * x).sum()
@ms.jit
def step(x):
    return ms.grad(loss)(x)
print(step(Tensor([1.0, 2.0])))
try:
    g(Tensor([-1.0]))
except AssertionError as error:
    print("caught", error)
@ms.jit
def doubled(x, y):
    total = y
    if x < y:
        total += x
    else:
        total -= x
    i = Tensor(0, ms.int32)
    while i < 3:
        total += x * total
        i += 1
    return total
print(ms.grad(doubled, (0, 1))(Tensor(2, ms.int32), Tensor(5, ms.int32)))
