"""A factorization machine: gradients of look-ups, a step in the style of MindSpore 1.x (Fill as sens, loss scale in Adam)."""
from mindspore import ParameterTuple, nn
from mindspore.ops import composite as C
from mindspore.ops import functional as F
from mindspore.ops import operations as P

INPUTS = {'ids': 'int32[6,4] below 20', 'values': 'float32[6,4]', 'label': 'float32[6,1]'}
STEPS = 4


class Loss(nn.Cell):
    def __init__(self):
        super(Loss, self).__init__()
        self.linear = nn.Embedding(20, 1)
        self.factors = nn.Embedding(20, 8)
        self.deep = nn.SequentialCell([nn.Dense(32, 8, activation='relu'), nn.Dense(8, 1)])
        self.cross_entropy = P.SigmoidCrossEntropyWithLogits()
        self.mean = P.ReduceMean(keep_dims=False)
        self.sum = P.ReduceSum()
        self.l2 = P.L2Loss()

    def construct(self, ids, values, label):
        weights = P.ExpandDims()(values, 2)
        linear = self.sum(self.linear(ids) * weights, 1)
        factors = self.factors(ids) * weights
        pairs = 0.5 * self.sum(P.Square()(self.sum(factors, 1)) - self.sum(P.Square()(factors), 1), 1)
        logits = linear + P.Reshape()(pairs, (-1, 1)) + self.deep(P.Reshape()(factors, (-1, 32)))
        loss = self.mean(self.cross_entropy(logits, (label > 0.0).astype('float32')))
        return loss + 1e-3 * (self.l2(self.linear.embedding_table) + self.l2(self.factors.embedding_table))


class TrainStep(nn.Cell):
    def __init__(self, network, learning_rate=0.01, eps=1e-8, loss_scale=1000.0):
        super(TrainStep, self).__init__(auto_prefix=False)
        self.network = network
        self.network.set_train()
        self.weights = ParameterTuple(network.trainable_params())
        self.optimizer = nn.Adam(self.weights, learning_rate=learning_rate, eps=eps, loss_scale=loss_scale)
        self.hyper_map = C.HyperMap()
        self.grad = C.GradOperation(get_by_list=True, sens_param=True)
        self.sens = loss_scale

    def construct(self, ids, values, label):
        weights = self.weights
        loss = self.network(ids, values, label)
        sens = P.Fill()(P.DType()(loss), P.Shape()(loss), self.sens)
        grads = self.grad(self.network, weights)(ids, values, label, sens)
        return F.depend(loss, self.optimizer(grads))


def step():
    return TrainStep(Loss())


def networks(made):
    return [made.network]
