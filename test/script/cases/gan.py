"""Two networks against each other, with two optimizers in one compiled step."""
import mindspore as ms
import numpy as np
from mindspore import Tensor, nn, ops

random = np.random.RandomState(0)


class Generator(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell(nn.Dense(4, 16), nn.LeakyReLU(0.2), nn.Dense(16, 8), nn.Tanh())

    def construct(self, z):
        return self.layers(z)


class Discriminator(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell(nn.Dense(8, 16), nn.LeakyReLU(0.2), nn.Dense(16, 1), nn.Sigmoid())

    def construct(self, x):
        return self.layers(x)


generator, discriminator = Generator(), Discriminator()
for param in list(generator.get_parameters()) + list(discriminator.get_parameters()):
    param.set_data(Tensor(random.uniform(-0.5, 0.5, param.shape).astype(np.float32)))
generator.update_parameters_name('g')
discriminator.update_parameters_name('d')
loss = nn.BCELoss()
generator_optimizer = nn.Adam(generator.trainable_params(), 1e-2, beta1=0.5)
discriminator_optimizer = nn.Adam(discriminator.trainable_params(), 1e-2, beta1=0.5)
generator_optimizer.update_parameters_name('og')
discriminator_optimizer.update_parameters_name('od')


def generator_loss(z, valid):
    fake = generator(z)
    return loss(discriminator(fake), valid), fake


def discriminator_loss(real, fake, valid, invalid):
    return (loss(discriminator(real), valid) + loss(discriminator(fake), invalid)) / 2


generator_gradients = ops.value_and_grad(generator_loss, None, generator_optimizer.parameters, has_aux=True)
discriminator_gradients = ops.value_and_grad(discriminator_loss, None, discriminator_optimizer.parameters)


@ms.jit
def step(real):
    valid = ops.ones((real.shape[0], 1), ms.float32)
    invalid = ops.zeros((real.shape[0], 1), ms.float32)
    (of_generator, fake), gradients = generator_gradients(real[:, :4] * 0.5, valid)
    generator_optimizer(gradients)
    of_discriminator, gradients = discriminator_gradients(real, ops.stop_gradient(fake), valid, invalid)
    discriminator_optimizer(gradients)
    return of_generator, of_discriminator


for _ in range(5):
    of_generator, of_discriminator = step(Tensor(random.uniform(-1, 1, (6, 8)).astype(np.float32)))
    print(f'{float(of_generator):.4f} {float(of_discriminator):.4f}')
first = generator.trainable_params()[0]
print(first.name, first.asnumpy()[0].round(4))
