"""A small convolutional network with batch statistics: SGD with momentum, label smoothing, a fixed loss scale."""
from mindspore import nn

INPUTS = {'data': 'float32[4,3,10,10]', 'label': 'int32[4] below 5'}
STEPS = 4


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2, pad_mode='pad', padding=1)
        self.bn1 = nn.BatchNorm2d(8, momentum=0.8)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(8, 8, 3, group=2, has_bias=True)
        self.bn2 = nn.BatchNorm2d(8, affine=False)
        self.bn3 = nn.BatchNorm2d(8, use_batch_statistics=False)
        self.average = nn.AvgPool2d(2, 1)
        self.flatten = nn.Flatten()
        self.fc = nn.Dense(8, 5)

    def construct(self, x):
        x = self.pool(self.relu(self.bn1(self.conv1(x))))
        x = self.average(self.relu(self.bn3(self.bn2(self.conv2(x)))))
        return self.fc(self.flatten(x))


def step():
    network = Network()
    loss = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = nn.SGD(network.trainable_params(), nn.exponential_decay_lr(0.05, 0.5, 8, 1, 2), momentum=0.9,
                       weight_decay=1e-2, loss_scale=16.0)
    made = nn.TrainOneStepCell(nn.WithLossCell(network, loss), optimizer, sens=16.0)
    made.set_train()
    return made


def networks(made):
    return [made.network]
