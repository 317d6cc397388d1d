import numpy as np


def show(label, value):
    array = np.asarray(value)
    numbers = [round(float(item), 6) for item in array.reshape(-1).tolist()]
    print(label, str(array.dtype), array.shape, numbers)


a = np.arange(12).reshape(3, 4)
show('slice', a[1:, ::2])
show('negative step', a[::-1, 2::-1])
show('new axis', a[:, None, 1])
show('ellipsis', a[..., -1])
show('index array', a[[2, 0]])
show('two index arrays', a[[0, 1], [1, 3]])
show('mask', a[a % 3 == 0])
show('transpose view', a.T[1])
b = a.transpose(1, 0)
b[0] += 100
show('view writes through', a)
b[b > 50] = -1
show('mask store', a)
a[1, [0, 2]] = 7
show('index store', a)
c = np.zeros((2, 3, 2))
c[:, 1:, 0] = np.arange(2)
c[0, ..., 1] -= 0.5
show('broadcast store', c)
windows = np.zeros((1, 4, 4, 1))
count = 0
for h in (slice(0, -2), slice(-2, None)):
    for w in (slice(0, -2), slice(-2, None)):
        windows[:, h, w, :] = count
        count += 1
show('slice objects', windows)
show('sum', a.sum(axis=0))
show('mean keepdims', a.mean(axis=1, keepdims=True))
show('max', a.max())
show('argmax', a.argmax(axis=1))
show('prod', np.prod((2, 3, 4)))
show('cumsum', np.cumsum(a, axis=1))
show('std', np.std(a, axis=0))
show('any', np.any(a < 0, axis=1))
show('divide', a / 2)
show('floor divide', a // -4)
show('mod', a % -4)
show('power', a ** 2)
show('mixed', np.float32(0.1) * np.ones(3, np.float32))
show('promote', np.ones(2, np.float32) + np.arange(2))
show('scalar keeps', np.ones(2, np.float32) * 2.5)
show('bool sum', np.array([True, False, True]).sum())
show('linspace', np.linspace(0, 0.3, 4))
show('arange', np.arange(0, 1, 0.3))
show('concatenate', np.concatenate([a, a[:1]], axis=0))
show('stack', np.stack([np.arange(3), np.arange(3)], axis=1))
show('tile', np.tile(np.array([[1, 2]]), (2, 2)))
show('repeat', np.repeat(np.arange(3), 2))
show('repeat axis', a.repeat(2, axis=1)[0])
show('meshgrid', np.stack(np.meshgrid(np.arange(2), np.arange(3), indexing='ij')))
show('where', np.where(a > 5, a, 0))
show('clip', np.clip(a, 0, 5))
show('tril', np.tril(np.ones((3, 3)), -1))
show('triu', np.triu(np.ones((3, 3)), k=1))
show('eye', np.eye(2, 3))
show('pad', np.pad(np.arange(3), (1, 2), mode='reflect'))
show('pad constant', np.pad(np.ones((2, 2)), ((1, 0), (0, 1)), constant_values=3))
show('roll', np.roll(np.arange(5), 2))
show('flip', np.flip(a, 1))
show('split', np.split(np.arange(6), 3)[1])
show('einsum', np.einsum('ij,kj->ik', a, a))
show('matmul', np.ones((2, 3)) @ np.arange(3))
show('outer', np.outer(np.arange(2), np.arange(3)))
show('sort', np.sort(np.array([3, 1, 2])))
show('argsort', np.argsort(np.array([3, 1, 2])))
show('unique', np.unique(np.array([3, 1, 3])))
show('round', np.round(np.array([0.5, 1.5, 2.567]), 2))
show('expand dims', np.expand_dims(a, (0, 2)).shape)
show('squeeze', np.ones((1, 2, 1)).squeeze().shape)
show('log', np.log(np.array([1.0, 10.0])))
show('astype', np.array([1.7, -1.7]).astype(np.int32))
show('half', np.array([1 / 3], np.float16))
show('finfo', np.finfo(np.float32).eps)
show('lcm', np.lcm(4, 6))
show('nonzero', np.nonzero(np.array([0, 3, 0, 4]))[0])
print(a.shape, a.ndim, a.size, a.dtype == np.int64, a.dtype, isinstance(a, np.ndarray), len(a))
print(int(a.max()), float(np.float32(0.5)), a.tolist()[0], a[0, 0].item())
print(np.allclose(np.float32(1), np.ones(2)), np.allclose([np.inf], [np.inf]), np.allclose([np.nan], [np.nan]))
print(np.allclose([np.nan], [np.nan], equal_nan=True), np.array_equal(np.ones(2), np.ones(3)))
np.testing.assert_allclose(np.ones(3), np.ones(3) + 1e-9)
try:
    np.testing.assert_array_equal(np.ones(2), np.zeros(2))
except AssertionError as error:
    print('AssertionError', 'ACTUAL' in str(error) or 'x' in str(error).lower())
