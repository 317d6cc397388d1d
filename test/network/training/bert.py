"""A 2-layer BERT: masked words and next sentence, tied embedding, AdamWeightDecay in groups, loss scale, clipped gradients."""
import math

import mindspore as ms
import numpy as np
from mindspore import Parameter, Tensor, nn, ops
from mindspore.ops import composite as C
from mindspore.ops import functional as F

VOCABULARY, LENGTH, WIDTH, HEADS, LAYERS, MASKED = 48, 12, 32, 4, 2, 3

INPUTS = {
    'input_ids': f'int32[2,{LENGTH}] below {VOCABULARY}',
    'token_type_ids': f'int32[2,{LENGTH}] below 2',
    'input_mask': f'int32[2,{LENGTH}] below 2',
    'masked_positions': f'int32[2,{MASKED}] below {LENGTH}',
    'masked_ids': f'int32[2,{MASKED}] below {VOCABULARY}',
    'next_sentence': 'int32[2] below 2',
}
STEPS = 4


class Embeddings(nn.Cell):
    def __init__(self):
        super().__init__()
        self.embedding_table = Parameter(Tensor(np.zeros((VOCABULARY, WIDTH), np.float32)), name='embedding_table')
        self.positions = nn.Embedding(LENGTH, WIDTH)
        self.segments = nn.Embedding(2, WIDTH, use_one_hot=True)
        self.norm = nn.LayerNorm((WIDTH,), epsilon=1e-6)
        self.index = Tensor(np.arange(LENGTH).reshape(1, LENGTH), ms.int32)

    def construct(self, ids, types):
        words = ops.Gather()(self.embedding_table, ids, 0)
        return self.norm(words + self.positions(self.index) + self.segments(types)), self.embedding_table.value()


class Attention(nn.Cell):
    def __init__(self):
        super().__init__()
        self.query = nn.Dense(WIDTH, WIDTH)
        self.key = nn.Dense(WIDTH, WIDTH, has_bias=False)
        self.value = nn.Dense(WIDTH, WIDTH)
        self.dense = nn.Dense(WIDTH, WIDTH)
        self.norm = nn.LayerNorm((WIDTH,), epsilon=1e-6)
        self.softmax = nn.Softmax()

    def heads(self, x):
        return x.reshape(x.shape[0], x.shape[1], HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)

    def construct(self, x, bias):
        query, key, value = self.heads(self.query(x)), self.heads(self.key(x)), self.heads(self.value(x))
        scores = ops.BatchMatMul(transpose_b=True)(query, key) / math.sqrt(WIDTH // HEADS)
        mixed = ops.BatchMatMul()(self.softmax(scores + bias), value)
        return self.norm(x + self.dense(mixed.transpose(0, 2, 1, 3).reshape(x.shape)))


class Layer(nn.Cell):
    def __init__(self):
        super().__init__()
        self.attention = Attention()
        self.intermediate = nn.Dense(WIDTH, 4 * WIDTH, activation='gelu')
        self.output = nn.Dense(4 * WIDTH, WIDTH)
        self.norm = nn.LayerNorm((WIDTH,), epsilon=1e-6)

    def construct(self, x, bias):
        x = self.attention(x, bias)
        return self.norm(x + self.output(self.intermediate(x)))


class Bert(nn.Cell):
    def __init__(self):
        super().__init__()
        self.embeddings = Embeddings()
        self.layers = nn.CellList([Layer() for _ in range(LAYERS)])
        self.pooler = nn.Dense(WIDTH, WIDTH, activation='tanh')

    def construct(self, ids, types, mask):
        x, table = self.embeddings(ids, types)
        bias = (1.0 - F.cast(mask, ms.float32)).reshape(mask.shape[0], 1, 1, LENGTH) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x, self.pooler(x[:, 0]), table


class PretrainingLoss(nn.Cell):
    def __init__(self):
        super().__init__()
        self.bert = Bert()
        self.transform = nn.Dense(WIDTH, WIDTH, activation='gelu')
        self.norm = nn.LayerNorm((WIDTH,), epsilon=1e-6)
        self.output_bias = Parameter(Tensor(np.zeros(VOCABULARY, np.float32)), name='output_bias')
        self.sentence = nn.Dense(WIDTH, 2)
        self.onehot = ops.OneHot()
        self.on, self.off = Tensor(1.0, ms.float32), Tensor(0.0, ms.float32)

    def cross_entropy(self, logits, labels, depth):
        picked = self.onehot(labels.reshape(-1), depth, self.on, self.off)
        return -ops.ReduceSum()(ops.LogSoftmax()(logits) * picked, (-1,)).mean()

    def construct(self, ids, types, mask, positions, masked, following):
        sequence, pooled, table = self.bert(ids, types, mask)
        starts = Tensor(np.arange(2).reshape(2, 1) * LENGTH, ms.int32)
        rows = ops.Gather()(sequence.reshape(-1, WIDTH), (positions + starts).reshape(-1), 0)
        hidden = self.norm(self.transform(rows))
        words = ops.MatMul(transpose_b=True)(hidden, table) + self.output_bias
        return self.cross_entropy(words, masked, VOCABULARY) + self.cross_entropy(self.sentence(pooled), following, 2)


clip_grad = C.MultitypeFuncGraph('clip_grad')


@clip_grad.register('Number', 'Number', 'Tensor')
def _clip_grad(clip_type, clip_value, grad):
    if clip_type == 0:
        return ops.clip_by_value(grad, Tensor(-clip_value), Tensor(clip_value))
    return nn.ClipByNorm()(grad, F.cast(F.tuple_to_array((clip_value,)), grad.dtype))


grad_scale = C.MultitypeFuncGraph('grad_scale')


@grad_scale.register('Tensor', 'Tensor')
def _grad_scale(scale, grad):
    return grad * ops.Reciprocal()(scale)


class BertRate(nn.learning_rate_schedule.LearningRateSchedule):
    """Warm up, then a polynomial."""

    def __init__(self):
        super().__init__()
        self.warmup = nn.WarmUpLR(0.01, 2)
        self.decay = nn.PolynomialDecayLR(0.01, 0.001, 10, 1.0)
        self.steps = Tensor(np.array([2]).astype(np.float32))

    def construct(self, global_step):
        warm = F.cast(self.steps > global_step, ms.float32)
        return (1.0 - warm) * self.decay(global_step) + warm * self.warmup(global_step)


class TrainOneStep(nn.TrainOneStepWithLossScaleCell):
    def construct(self, input_ids, token_type_ids, input_mask, masked_positions, masked_ids, next_sentence):
        inputs = (input_ids, token_type_ids, input_mask, masked_positions, masked_ids, next_sentence)
        loss = self.network(*inputs)
        scale = self.scale_sense
        grads = self.grad(self.network, self.weights)(*inputs, F.cast(scale, ms.float32))
        grads = self.hyper_map(F.partial(grad_scale, scale), grads)
        grads = self.hyper_map(F.partial(clip_grad, 1, 1.0), grads)
        cond = ops.logical_not(ms.amp.all_finite(grads))
        overflow = self.process_loss_scale(cond)
        if not overflow:
            self.optimizer(grads)
        return loss


def step():
    network = PretrainingLoss()
    network.set_train()
    kept = [p for p in network.trainable_params() if 'norm' in p.name or 'bias' in p.name]
    decayed = [p for p in network.trainable_params() if not ('norm' in p.name or 'bias' in p.name)]
    groups = [{'params': decayed, 'weight_decay': 0.01}, {'params': kept, 'weight_decay': 0.0},
              {'order_params': network.trainable_params()}]
    optimizer = nn.AdamWeightDecay(groups, learning_rate=BertRate(), eps=1e-6)
    return TrainOneStep(network, optimizer, nn.DynamicLossScaleUpdateCell(2 ** 10, 2, 3))


def networks(made):
    return [made.network]
