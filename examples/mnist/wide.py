"""
A wider network on the same digits, with shifted images and dropout, trained by `Model`.

    node digits.js && msc run wide.py
    python wide.py                         (real MindSpore)
"""
import argparse
import os

import mindspore as ms
import mindspore.dataset as ds
from mindspore import nn, train
from mindspore.dataset import transforms, vision


class Wide(nn.Cell):
    """Two convolutions of 16 and 32 channels with batch normalization, and two dense layers with dropout between."""

    def __init__(self, classes=10):
        super().__init__()
        self.features = nn.SequentialCell(
            nn.Conv2d(1, 16, 5, pad_mode='same'), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2, 2),
            nn.Conv2d(16, 32, 3, pad_mode='same'), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2, 2))
        self.classifier = nn.SequentialCell(
            nn.Flatten(), nn.Dense(32 * 7 * 7, 128), nn.ReLU(), nn.Dropout(p=0.3), nn.Dense(128, classes))

    def construct(self, x):
        return self.classifier(self.features(x))


def digits(folder, usage, size):
    """Batches of float32 images and int32 labels; those to learn from are mixed and shifted by up to two pixels."""
    learns = usage == 'train'
    data = ds.MnistDataset(folder, usage, shuffle=learns)
    if learns:
        data = data.map(vision.RandomCrop(28, padding=2), 'image')
    data = data.map([vision.Rescale(1 / 255, 0), vision.Normalize([0.1307], [0.3081]), vision.HWC2CHW()], 'image')
    data = data.map(transforms.TypeCast(ms.int32), 'label')
    return data.batch(size)


def main():
    parser = argparse.ArgumentParser(description='a wide network on handwritten digits')
    parser.add_argument('--data', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), 'digits'))
    parser.add_argument('--epochs', type=int, default=16)
    parser.add_argument('--batch', type=int, default=50)
    parser.add_argument('--checkpoints', default='checkpoints')
    args = parser.parse_args()
    if not os.path.isdir(args.data):
        parser.error(f'there are no digits in {args.data}; make them with: node digits.js')

    ms.set_seed(1)
    net = Wide()
    train_digits = digits(args.data, 'train', args.batch)
    steps = train_digits.get_dataset_size()
    rates = nn.cosine_decay_lr(0.0, 2e-3, args.epochs * steps, steps, args.epochs)
    model = train.Model(net, nn.CrossEntropyLoss(), nn.Adam(net.trainable_params(), rates), metrics={'accuracy'})
    saving = train.CheckpointConfig(save_checkpoint_steps=steps, keep_checkpoint_max=2)
    model.train(args.epochs, train_digits,
                callbacks=[train.LossMonitor(40), train.TimeMonitor(),
                           train.ModelCheckpoint('wide', args.checkpoints, saving)])
    print(f"accuracy {model.eval(digits(args.data, 'test', 200))['accuracy']:.4f}")


if __name__ == '__main__':
    main()
