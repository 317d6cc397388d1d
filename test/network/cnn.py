"""Convolutional network: every pad_mode, depthwise, grouped and dilated convolutions, batch norm, pooling, residuals."""
import mindspore.nn as nn
import mindspore.ops as ops


def conv_bn(in_channels, out_channels, kernel_size, stride=1, pad_mode="same", padding=0, dilation=1, group=1):
    return nn.SequentialCell([
        nn.Conv2d(in_channels, out_channels, kernel_size, stride=stride, pad_mode=pad_mode,
                  padding=padding, dilation=dilation, group=group),
        nn.BatchNorm2d(out_channels),
    ])


class InvertedResidual(nn.Cell):
    """1x1 expansion, depthwise convolution, 1x1 projection; the input is added where the shapes agree."""

    def __init__(self, in_channels, out_channels, stride, expansion=4):
        super().__init__()
        hidden = in_channels * expansion
        self.use_shortcut = stride == 1 and in_channels == out_channels
        self.expand = conv_bn(in_channels, hidden, 1, pad_mode="valid")
        self.depthwise = conv_bn(hidden, hidden, 3, stride=stride, pad_mode="pad", padding=1, group=hidden)
        self.project = conv_bn(hidden, out_channels, 1, pad_mode="valid")
        self.act = nn.ReLU6()

    def construct(self, x):
        y = self.act(self.expand(x))
        y = self.act(self.depthwise(y))
        y = self.project(y)
        if self.use_shortcut:
            y = y + x
        return y


class Cnn(nn.Cell):
    def __init__(self, in_channels=3, width=16, num_classes=10):
        super().__init__()
        self.stem = conv_bn(in_channels, width, 3, stride=2)
        self.pool = nn.MaxPool2d(kernel_size=3, stride=1, pad_mode="same")
        self.uneven = nn.Conv2d(width, width, (3, 5), pad_mode="pad", padding=(1, 0, 2, 1), has_bias=True)
        self.grouped = conv_bn(width, width, 3, pad_mode="same", group=4)
        self.blocks = nn.SequentialCell([
            InvertedResidual(width, width, stride=1),
            InvertedResidual(width, 2 * width, stride=2),
            InvertedResidual(2 * width, 2 * width, stride=1),
        ])
        self.dilated = conv_bn(2 * width, 2 * width, 3, pad_mode="same", dilation=2)
        self.valid = conv_bn(2 * width, 3 * width, 3, pad_mode="valid")
        self.avg = nn.AvgPool2d(kernel_size=2, stride=1)
        self.relu = nn.ReLU()
        self.flatten = nn.Flatten()
        self.classifier = nn.Dense(3 * width, num_classes)

    def construct(self, x):
        x = self.pool(self.relu(self.stem(x)))
        x = self.relu(self.uneven(x))
        x = self.relu(self.grouped(x)) + x
        x = self.blocks(x)
        x = self.relu(self.dilated(x)) + x
        x = self.relu(self.valid(x))
        features = self.avg(x)
        pooled = ops.mean(features, (2, 3), keep_dims=True)
        return self.classifier(self.flatten(pooled)), features
