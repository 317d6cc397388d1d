"""A 2-layer Llama: rotary positions, grouped queries, RMS norms, SwiGLU; value_and_grad, clipped gradients, cosine rate."""
import math

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops

VOCABULARY, LENGTH, WIDTH, HEADS, GROUPS, HIDDEN, LAYERS = 40, 10, 32, 4, 2, 48, 2
HEAD = WIDTH // HEADS

INPUTS = {'tokens': f'int32[2,{LENGTH + 1}] below {VOCABULARY}'}
STEPS = 4


class RmsNorm(nn.Cell):
    def __init__(self, width):
        super().__init__()
        self.weight = Parameter(Tensor(np.ones(width, np.float32)), name='weight')

    def construct(self, x):
        return x * ops.rsqrt(ops.mean(ops.square(x), -1, True) + 1e-5) * self.weight


def rotary_tables():
    angles = np.outer(np.arange(LENGTH), 1.0 / 10000 ** (np.arange(0, HEAD, 2) / HEAD))
    angles = np.concatenate([angles, angles], -1)
    return Tensor(np.cos(angles), ms.float32), Tensor(np.sin(angles), ms.float32)


class Attention(nn.Cell):
    def __init__(self):
        super().__init__()
        self.wq = nn.Dense(WIDTH, WIDTH, has_bias=False)
        self.wk = nn.Dense(WIDTH, GROUPS * HEAD, has_bias=False)
        self.wv = nn.Dense(WIDTH, GROUPS * HEAD, has_bias=False)
        self.wo = nn.Dense(WIDTH, WIDTH, has_bias=False)
        self.cos, self.sin = rotary_tables()
        self.mask = Tensor(np.triu(np.full((LENGTH, LENGTH), -1e9), 1), ms.float32)

    def heads(self, x, count):
        return x.reshape(x.shape[0], x.shape[1], count, HEAD).swapaxes(1, 2)

    def rotated(self, x):
        first, second = ops.split(x, HEAD // 2, -1)
        return x * self.cos + ops.concat((-second, first), -1) * self.sin

    def construct(self, x):
        query = self.rotated(self.heads(self.wq(x), HEADS))
        key = ops.repeat_interleave(self.rotated(self.heads(self.wk(x), GROUPS)), HEADS // GROUPS, 1)
        value = ops.repeat_interleave(self.heads(self.wv(x), GROUPS), HEADS // GROUPS, 1)
        scores = ops.matmul(query, key.swapaxes(-1, -2)) / math.sqrt(HEAD) + self.mask
        mixed = ops.matmul(ops.softmax(scores, -1), value)
        return self.wo(mixed.swapaxes(1, 2).reshape(x.shape))


class FeedForward(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w1 = nn.Dense(WIDTH, HIDDEN, has_bias=False)
        self.w2 = nn.Dense(HIDDEN, WIDTH, has_bias=False)
        self.w3 = nn.Dense(WIDTH, HIDDEN, has_bias=False)

    def construct(self, x):
        return self.w2(ops.silu(self.w1(x)) * self.w3(x))


class Block(nn.Cell):
    def __init__(self):
        super().__init__()
        self.attention_norm = RmsNorm(WIDTH)
        self.attention = Attention()
        self.ffn_norm = RmsNorm(WIDTH)
        self.feed_forward = FeedForward()

    def construct(self, x):
        x = x + self.attention(self.attention_norm(x))
        return x + self.feed_forward(self.ffn_norm(x))


class Llama(nn.Cell):
    def __init__(self):
        super().__init__()
        self.tok_embeddings = nn.Embedding(VOCABULARY, WIDTH)
        self.layers = nn.CellList([Block() for _ in range(LAYERS)])
        self.norm = RmsNorm(WIDTH)
        self.lm_head = nn.Dense(WIDTH, VOCABULARY, has_bias=False)
        for layer in self.layers:
            layer.recompute()

    def construct(self, tokens):
        x = self.tok_embeddings(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.lm_head(self.norm(x))


class TrainStep(nn.Cell):
    def __init__(self, network, optimizer):
        super().__init__(auto_prefix=False)
        self.network = network
        self.optimizer = optimizer
        self.gradient = ms.value_and_grad(self.loss, None, optimizer.parameters)

    def loss(self, tokens):
        logits = self.network(tokens[:, :-1])
        return ops.cross_entropy(logits.reshape(-1, VOCABULARY), tokens[:, 1:].reshape(-1))

    def construct(self, tokens):
        loss, grads = self.gradient(tokens)
        self.optimizer(ops.clip_by_global_norm(grads, 0.5))
        return loss


def step():
    network = Llama()
    network.set_train()
    rate = nn.cosine_decay_lr(0.001, 0.01, 10, 1, 8)
    return TrainStep(network, nn.Adam(network.trainable_params(), rate, beta2=0.95, weight_decay=0.1))


def networks(made):
    return [made.network]
