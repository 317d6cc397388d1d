import numpy as np


def show(label, value):
    print(label, [round(float(item), 9) for item in np.asarray(value).reshape(-1).tolist()])


np.random.seed(0)
show('rand', np.random.rand(2, 2))
show('randn', np.random.randn(3))
show('randint', np.random.randint(0, 10, 5))
show('randint wide', np.random.randint(0, 1 << 40, 2))
show('uniform', np.random.uniform(-1, 1, (2, 2)))
show('normal', np.random.normal(2.0, 0.5, 3))
show('permutation', np.random.permutation(6))
show('again', np.random.rand(1))
np.random.seed(1234)
show('seed', np.random.random(3))
order = [1, 2, 3, 4, 5]
np.random.shuffle(order)
print(order)
