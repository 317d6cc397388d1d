"""Multilayer perceptron with three activations and a softmax head."""
import mindspore.nn as nn
import mindspore.ops as ops


class Mlp(nn.Cell):
    def __init__(self, in_features=64, hidden=(128, 96, 48), num_classes=10):
        super().__init__()
        self.fc1 = nn.Dense(in_features, hidden[0])
        self.fc2 = nn.Dense(hidden[0], hidden[1], activation="relu")
        self.fc3 = nn.Dense(hidden[1], hidden[2], has_bias=False)
        self.norm = nn.LayerNorm((hidden[2],))
        self.head = nn.Dense(hidden[2], num_classes)
        self.tanh = nn.Tanh()
        self.sigmoid = nn.Sigmoid()
        self.softmax = nn.Softmax(axis=-1)

    def construct(self, x):
        x = self.tanh(self.fc1(x))
        x = self.fc2(x)
        gate = self.sigmoid(self.fc3(x))
        x = self.norm(gate * gate + ops.exp(-gate))
        logits = self.head(x)
        return logits, self.softmax(logits)
