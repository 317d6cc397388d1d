"""
LeNet-5 on 10,000 handwritten digits: 8,000 to learn from, 2,000 to be judged by.

    node digits.js && msc run train.py
    python train.py                        (real MindSpore; the losses are the same)
"""
import argparse
import os
import time

import numpy as np

import mindspore as ms
import mindspore.dataset as ds
from mindspore import nn
from mindspore.dataset import transforms, vision


class LeNet5(nn.Cell):
    """Two convolutions and three dense layers, after LeCun et al. 1998, with ReLU and max pooling."""

    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, pad_mode='same', has_bias=True)
        self.conv2 = nn.Conv2d(6, 16, 5, pad_mode='valid', has_bias=True)
        self.fc1 = nn.Dense(16 * 5 * 5, 120)
        self.fc2 = nn.Dense(120, 84)
        self.fc3 = nn.Dense(84, classes)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.flatten = nn.Flatten()

    def construct(self, x):
        x = self.pool(self.relu(self.conv1(x)))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.flatten(x)
        x = self.relu(self.fc1(x))
        x = self.relu(self.fc2(x))
        return self.fc3(x)


def draw_weights(net, seed):
    """The same first weights everywhere: uniform with the variance of He et al. 2015, biases 0."""
    random = np.random.RandomState(seed)
    for param in net.trainable_params():
        if param.name.endswith('bias'):
            values = np.zeros(param.shape)
        else:
            bound = np.sqrt(6 / np.prod(param.shape[1:]))
            values = random.uniform(-bound, bound, param.shape)
        param.set_data(ms.Tensor(values.astype(np.float32)))


def batches(folder, usage, size, order=None):
    """Digits as float32 of mean 0 and labels as int32, in the given order."""
    sampler = ds.SequentialSampler() if order is None else ds.SubsetSampler(order)
    digits = ds.MnistDataset(folder, usage, sampler=sampler)
    digits = digits.map([vision.Rescale(1 / 255, 0), vision.Normalize([0.1307], [0.3081]), vision.HWC2CHW()], 'image')
    digits = digits.map(transforms.TypeCast(ms.int32), 'label')
    return digits.batch(size)


def make_step(net, rates):
    """One step of training as one graph: forward, backward, update."""
    loss_fn = nn.CrossEntropyLoss()
    optimizer = nn.Momentum(net.trainable_params(), rates, 0.9)

    def forward(images, labels):
        return loss_fn(net(images), labels)

    gradients = ms.value_and_grad(forward, None, optimizer.parameters)

    @ms.jit
    def step(images, labels):
        loss, grads = gradients(images, labels)
        optimizer(grads)
        return loss

    return step


def accuracy(net, folder, size):
    net.set_train(False)
    right = 0
    total = 0
    for images, labels in batches(folder, 'test', size):
        right += int((net(images).argmax(1).astype(ms.int32) == labels).sum())
        total += labels.shape[0]
    return right / total


def main():
    parser = argparse.ArgumentParser(description='LeNet-5 on handwritten digits')
    parser.add_argument('--data', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), 'digits'))
    parser.add_argument('--epochs', type=int, default=8)
    parser.add_argument('--batch', type=int, default=50)
    parser.add_argument('--rate', type=float, default=0.02)
    parser.add_argument('--print-every', type=int, default=1)
    parser.add_argument('--steps', type=int, default=0, help='stop after so many steps')
    parser.add_argument('--checkpoint', default='lenet5.ckpt')
    args = parser.parse_args()
    if not os.path.isdir(args.data):
        parser.error(f'there are no digits in {args.data}; make them with: node digits.js')

    net = LeNet5()
    draw_weights(net, seed=1)
    steps = 8000 // args.batch
    step = make_step(net, nn.cosine_decay_lr(0.0, args.rate, args.epochs * steps, steps, args.epochs))
    order = np.random.RandomState(2)
    done = 0
    for epoch in range(1, args.epochs + 1):
        started = time.time()
        net.set_train(True)
        for images, labels in batches(args.data, 'train', args.batch, order.permutation(8000).tolist()):
            loss = float(step(images, labels))
            done += 1
            if done % args.print_every == 0:
                print(f'epoch {epoch} step {done} loss {loss:.6f}')
            if done == args.steps:
                return
        ms.save_checkpoint(net, args.checkpoint)
        print(f'epoch {epoch} took {time.time() - started:.1f} s, accuracy {accuracy(net, args.data, 200):.4f}')


if __name__ == '__main__':
    main()
