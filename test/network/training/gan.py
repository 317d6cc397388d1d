"""A GAN with two optimizers: the discriminator's step sees the generator's images without their gradients."""
import mindspore as ms
from mindspore import nn, ops

INPUTS = {'real': 'float32[6,10]', 'noise': 'float32[6,4]'}
STEPS = 4


class Generator(nn.Cell):
    def __init__(self):
        super().__init__()
        self.model = nn.SequentialCell(nn.Dense(4, 16, has_bias=False), nn.BatchNorm1d(16), nn.LeakyReLU(0.2),
                                       nn.Dense(16, 10), nn.Tanh())

    def construct(self, noise):
        return self.model(noise)


class Discriminator(nn.Cell):
    def __init__(self):
        super().__init__()
        self.model = nn.SequentialCell(nn.Dense(10, 16), nn.LeakyReLU(0.2), nn.Dense(16, 1), nn.Sigmoid())

    def construct(self, image):
        return self.model(image)


class TrainStep(nn.Cell):
    def __init__(self, generator, discriminator):
        super().__init__()
        self.generator = generator
        self.discriminator = discriminator
        self.loss = nn.BCELoss(reduction='mean')
        self.optimizer_g = nn.Adam(generator.trainable_params(), 0.01, beta1=0.5, beta2=0.9)
        self.optimizer_d = nn.RMSProp(discriminator.trainable_params(), 0.005)
        self.optimizer_g.update_parameters_name('optim_g.')
        self.optimizer_d.update_parameters_name('optim_d.')
        self.grad_g = ms.value_and_grad(self.generator_forward, None, self.optimizer_g.parameters, has_aux=True)
        self.grad_d = ms.value_and_grad(self.discriminator_forward, None, self.optimizer_d.parameters)

    def generator_forward(self, noise):
        images = self.generator(noise)
        judged = self.discriminator(images)
        return self.loss(judged, ops.ones_like(judged)), images

    def discriminator_forward(self, real, images):
        judged = self.discriminator(real)
        faked = self.discriminator(ops.stop_gradient(images))
        return (self.loss(judged, ops.ones_like(judged)) + self.loss(faked, ops.zeros_like(faked))) / 2

    def construct(self, real, noise):
        (loss_g, images), grads_g = self.grad_g(noise)
        loss_g = ops.depend(loss_g, self.optimizer_g(grads_g))
        loss_d, grads_d = self.grad_d(real, images)
        loss_d = ops.depend(loss_d, self.optimizer_d(grads_d))
        return loss_g, loss_d


def step():
    made = TrainStep(Generator(), Discriminator())
    made.set_train()
    return made


def networks(made):
    return [made.generator, made.discriminator]
