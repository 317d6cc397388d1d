"""BERT-style encoder: token, position and segment embeddings, a padding mask, post-norm layers, a pooler."""
import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
from mindspore import Parameter, Tensor
from mindspore.common.initializer import TruncatedNormal, initializer


class BertEmbeddings(nn.Cell):
    def __init__(self, vocab, hidden, max_length, segments):
        super().__init__()
        self.word = nn.Embedding(vocab, hidden, embedding_table=TruncatedNormal(0.02))
        self.segment_table = Parameter(initializer(TruncatedNormal(0.02), [segments, hidden]), name="segment_table")
        self.position_table = Parameter(initializer(TruncatedNormal(0.02), [max_length, hidden]), name="position_table")
        self.one_hot = nn.OneHot(depth=segments)
        self.norm = nn.LayerNorm([hidden], epsilon=1e-12)
        self.dropout = nn.Dropout(p=0.1)

    def construct(self, input_ids, token_type_ids):
        _, length = input_ids.shape
        words = self.word(input_ids)
        segments = ops.matmul(self.one_hot(token_type_ids), self.segment_table)
        positions = ops.expand_dims(self.position_table[:length], 0)
        return self.dropout(self.norm(words + segments + positions))


class SelfAttention(nn.Cell):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads, self.head_size = heads, hidden // heads
        self.query = nn.Dense(hidden, hidden, weight_init=TruncatedNormal(0.02))
        self.key = nn.Dense(hidden, hidden, weight_init=TruncatedNormal(0.02))
        self.value = nn.Dense(hidden, hidden, weight_init=TruncatedNormal(0.02))
        self.dense = nn.Dense(hidden, hidden, weight_init=TruncatedNormal(0.02))
        self.transpose = ops.Transpose()
        self.softmax = ops.Softmax(axis=-1)
        self.dropout = nn.Dropout(p=0.1)

    def split_heads(self, x):
        batch, length, _ = x.shape
        x = x.view(batch, length, self.heads, self.head_size)
        return self.transpose(x, (0, 2, 1, 3))

    def construct(self, x, attention_bias):
        query = self.split_heads(self.query(x))
        key = self.split_heads(self.key(x))
        value = self.split_heads(self.value(x))
        scores = ops.matmul(query, key.swapaxes(-1, -2)) / ops.sqrt(Tensor(self.head_size, ms.float32))
        weights = self.dropout(self.softmax(scores + attention_bias))
        mixed = self.transpose(ops.matmul(weights, value), (0, 2, 1, 3))
        return self.dense(mixed.view(x.shape))


class BertLayer(nn.Cell):
    def __init__(self, hidden, heads, intermediate):
        super().__init__()
        self.attention = SelfAttention(hidden, heads)
        self.attention_norm = nn.LayerNorm([hidden], epsilon=1e-12)
        self.intermediate = nn.Dense(hidden, intermediate)
        self.output = nn.Dense(intermediate, hidden)
        self.output_norm = nn.LayerNorm([hidden], epsilon=1e-12)
        self.act = nn.GELU(approximate=False)

    def construct(self, x, attention_bias):
        x = self.attention_norm(x + self.attention(x, attention_bias))
        y = self.output(self.act(self.intermediate(x)))
        return self.output_norm(x + y)


class Bert(nn.Cell):
    """Returns the sequence [batch, length, hidden] and the pooled first token [batch, hidden]."""

    def __init__(self, vocab=199, layers=2, hidden=64, heads=4, intermediate=192, max_length=40, segments=2):
        super().__init__()
        self.embeddings = BertEmbeddings(vocab, hidden, max_length, segments)
        self.layers = nn.CellList([BertLayer(hidden, heads, intermediate) for _ in range(layers)])
        self.pooler = nn.Dense(hidden, hidden, activation="tanh")
        self.cast = ops.Cast()

    def construct(self, input_ids, token_type_ids, input_mask):
        attention_mask = self.cast(ops.expand_dims(ops.expand_dims(input_mask, 1), 1), ms.float32)
        attention_bias = (1.0 - attention_mask) * -10000.0
        x = self.embeddings(input_ids, token_type_ids)
        for layer in self.layers:
            x = layer(x, attention_bias)
        pooled = self.pooler(x[:, 0])
        return x, pooled
