"""A decoder-only transformer in the style of Llama 2: RMSNorm, rotary positions, grouped keys, gated feed-forward.

`Llama('70b')` describes the network without making its weights; `msc plan` reads it so:

    msc plan llama.py --entry "Llama('70b')" --input ids=1x4096:i32 --cluster 910b1:128x8 --global-batch 1024
"""
import math

import numpy as np
import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
from mindspore import Parameter, Tensor
from mindspore.common.initializer import initializer

CONFIGURATIONS = {
    # name: hidden, inner, layers, heads, key heads, vocabulary
    'tiny': (64, 176, 2, 4, 2, 96),
    '7b': (4096, 11008, 32, 32, 32, 32000),
    '13b': (5120, 13824, 40, 40, 40, 32000),
    '70b': (8192, 28672, 80, 64, 8, 32000),
}


class RmsNorm(nn.Cell):
    def __init__(self, hidden, epsilon=1e-5):
        super().__init__()
        self.weight = Parameter(initializer('ones', (hidden,), ms.float32))
        self.epsilon = epsilon

    def construct(self, x):
        mean = ops.mean(ops.square(x), -1, True)
        return x * ops.rsqrt(mean + self.epsilon) * self.weight


class Positions:
    """What all layers share: the angles of the rotary embedding, and the numbers of the tokens."""

    def __init__(self, head_size, length, base=10000.0):
        frequency = 1.0 / base ** (np.arange(0, head_size, 2) / head_size)
        angle = np.outer(np.arange(length), np.concatenate([frequency, frequency]))
        self.cosine = Tensor(np.cos(angle), ms.float32)
        self.sine = Tensor(np.sin(angle), ms.float32)
        self.numbers = Tensor(np.arange(length), ms.int32)


class Attention(nn.Cell):
    def __init__(self, hidden, heads, key_heads, positions):
        super().__init__()
        self.heads = heads
        self.key_heads = key_heads
        self.head_size = hidden // heads
        self.query = nn.Dense(hidden, hidden, has_bias=False)
        self.key = nn.Dense(hidden, key_heads * self.head_size, has_bias=False)
        self.value = nn.Dense(hidden, key_heads * self.head_size, has_bias=False)
        self.output = nn.Dense(hidden, hidden, has_bias=False)
        self.score = ops.BatchMatMul(transpose_b=True)
        self.mix = ops.BatchMatMul()
        self.cosine = positions.cosine
        self.sine = positions.sine
        self.numbers = positions.numbers

    def heads_of(self, x, heads):
        batch, length, _ = x.shape
        return x.reshape(batch, length, heads, self.head_size).transpose(0, 2, 1, 3)

    def rotate(self, x):
        """Turns pairs of elements of a head by an angle that grows with the position."""
        half = self.head_size // 2
        turned = ops.concat((-x[..., half:], x[..., :half]), -1)
        return x * self.cosine + turned * self.sine

    def construct(self, x):
        batch, length, hidden = x.shape
        query = self.rotate(self.heads_of(self.query(x), self.heads))
        key = self.rotate(self.heads_of(self.key(x), self.key_heads))
        value = self.heads_of(self.value(x), self.key_heads)
        groups = self.heads // self.key_heads
        if groups > 1:
            key = ops.repeat_interleave(key, groups, 1)
            value = ops.repeat_interleave(value, groups, 1)
        scores = self.score(query, key) * (1.0 / math.sqrt(self.head_size))
        future = self.numbers.reshape(1, length) > self.numbers.reshape(length, 1)
        weights = ops.softmax(ops.masked_fill(scores, future, -1e9), -1)
        mixed = self.mix(weights, value)
        return self.output(mixed.transpose(0, 2, 1, 3).reshape(batch, length, hidden))


class FeedForward(nn.Cell):
    def __init__(self, hidden, inner):
        super().__init__()
        self.gate = nn.Dense(hidden, inner, has_bias=False)
        self.up = nn.Dense(hidden, inner, has_bias=False)
        self.down = nn.Dense(inner, hidden, has_bias=False)

    def construct(self, x):
        return self.down(ops.silu(self.gate(x)) * self.up(x))


class Layer(nn.Cell):
    def __init__(self, hidden, inner, heads, key_heads, positions):
        super().__init__()
        self.attention_norm = RmsNorm(hidden)
        self.attention = Attention(hidden, heads, key_heads, positions)
        self.feed_forward_norm = RmsNorm(hidden)
        self.feed_forward = FeedForward(hidden, inner)

    def construct(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.feed_forward_norm(x))


class Llama(nn.Cell):
    """Token ids of shape [batch, length] to logits."""

    def __init__(self, name='tiny', length=4096):
        super().__init__()
        hidden, inner, layers, heads, key_heads, vocabulary = CONFIGURATIONS[name]
        self.embedding = nn.Embedding(vocabulary, hidden)
        positions = Positions(hidden // heads, length)
        self.layers = nn.CellList([Layer(hidden, inner, heads, key_heads, positions) for _ in range(layers)])
        self.norm = RmsNorm(hidden)
        self.head = nn.Dense(hidden, vocabulary, has_bias=False)

    def construct(self, ids):
        x = self.embedding(ids)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))
