"""Decoder-only transformer in the style of GPT-2: `Gpt` from token ids to logits, `GptStack` only the blocks."""
import math

import numpy as np
import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
from mindspore import Tensor
from mindspore.common.initializer import Normal


class CausalSelfAttention(nn.Cell):
    def __init__(self, hidden, heads, max_length):
        super().__init__()
        self.heads = heads
        self.head_size = hidden // heads
        self.scale = 1.0 / math.sqrt(self.head_size)
        self.qkv = nn.Dense(hidden, 3 * hidden)
        self.proj = nn.Dense(hidden, hidden)
        self.score = ops.BatchMatMul(transpose_b=True)
        self.mix = ops.BatchMatMul()
        self.softmax = nn.Softmax(axis=-1)
        hidden_future = np.triu(np.ones((max_length, max_length), np.float32), k=1)
        self.mask = Tensor(hidden_future * -1e4, ms.float32)

    def construct(self, x):
        batch, length, hidden = x.shape
        qkv = self.qkv(x).reshape(batch, length, 3, self.heads, self.head_size)
        qkv = qkv.transpose(2, 0, 3, 1, 4)
        query, key, value = qkv[0], qkv[1], qkv[2]
        scores = self.score(query, key) * self.scale + self.mask[:length, :length]
        mixed = self.mix(self.softmax(scores), value)
        mixed = mixed.transpose(0, 2, 1, 3).reshape(batch, length, hidden)
        return self.proj(mixed)


class FeedForward(nn.Cell):
    def __init__(self, hidden, expansion=4):
        super().__init__()
        self.fc = nn.Dense(hidden, expansion * hidden)
        self.act = nn.GELU()
        self.proj = nn.Dense(expansion * hidden, hidden)

    def construct(self, x):
        return self.proj(self.act(self.fc(x)))


class Block(nn.Cell):
    def __init__(self, hidden, heads, max_length):
        super().__init__()
        self.ln_1 = nn.LayerNorm((hidden,), epsilon=1e-5)
        self.attn = CausalSelfAttention(hidden, heads, max_length)
        self.ln_2 = nn.LayerNorm((hidden,), epsilon=1e-5)
        self.mlp = FeedForward(hidden)

    def construct(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GptStack(nn.Cell):
    """`layers` blocks and a last layer norm on x of shape [batch, length, hidden]."""

    def __init__(self, layers=3, hidden=96, heads=4, max_length=32):
        super().__init__()
        self.blocks = nn.CellList([Block(hidden, heads, max_length) for _ in range(layers)])
        self.ln_f = nn.LayerNorm((hidden,), epsilon=1e-5)

    def construct(self, x):
        for block in self.blocks:
            x = block(x)
        return self.ln_f(x)


class Gpt(nn.Cell):
    """Token and position embeddings, the stack, and logits through the tied token table."""

    def __init__(self, vocab=211, layers=3, hidden=96, heads=4, max_length=32):
        super().__init__()
        self.wte = nn.Embedding(vocab, hidden, embedding_table=Normal(0.02))
        self.wpe = nn.Embedding(max_length, hidden, embedding_table=Normal(0.01))
        self.stack = GptStack(layers, hidden, heads, max_length)
        self.positions = Tensor(np.arange(max_length), ms.int32)
        self.head = ops.MatMul(transpose_b=True)

    def construct(self, input_ids):
        batch, length = input_ids.shape
        x = self.wte(input_ids) + self.wpe(self.positions[:length])
        x = self.stack(x)
        logits = self.head(x.reshape(batch * length, -1), self.wte.embedding_table)
        return logits.reshape(batch, length, -1)
