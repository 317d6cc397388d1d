"""Embedding layers."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import initializer
from mindspore.common.parameter import Parameter
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell
from mindspore._checkparam import check_positive_int


class Embedding(Cell):
    def __init__(self, vocab_size, embedding_size, use_one_hot=False, embedding_table='normal', dtype=mstype.float32,
                 padding_idx=None):
        super().__init__()
        self.vocab_size = check_positive_int(vocab_size, 'vocab_size', self.cls_name)
        self.embedding_size = check_positive_int(embedding_size, 'embedding_size', self.cls_name)
        self.use_one_hot = use_one_hot
        self.dtype = dtype
        self.init_tensor = initializer(embedding_table, [vocab_size, embedding_size])
        self.padding_idx = padding_idx
        if padding_idx is not None:
            if not 0 <= padding_idx < vocab_size:
                raise ValueError(f"For 'Embedding', the 'padding_idx' must be in [0, {vocab_size}), "
                                 f"but got {padding_idx}.")
            table = self.init_tensor.asnumpy()
            table[padding_idx] = 0
            self.init_tensor = Tensor(table, self.init_tensor.dtype)
        self.embedding_table = Parameter(self.init_tensor, name='embedding_table')
        self.expand = ops.ExpandDims()
        self.reshape_flat = ops.Reshape()
        self.shp_flat = (-1,)
        self.gather = ops.Gather()
        self.one_hot = ops.OneHot()
        self.on_value = Tensor(1.0, dtype)
        self.off_value = Tensor(0.0, dtype)
        self.array_mul = ops.MatMul()
        self.reshape = ops.Reshape()
        self.get_shp = ops.Shape()
        self.concat = ops.Concat()

    def construct(self, ids):
        if self.use_one_hot:
            flat_ids = self.reshape_flat(ids, self.shp_flat)
            one_hot_ids = self.one_hot(flat_ids, self.vocab_size, self.on_value, self.off_value)
            output = self.array_mul(one_hot_ids, self.embedding_table)
            return self.reshape(output, self.get_shp(ids) + (self.embedding_size,))
        return self.gather(self.embedding_table, ids, 0)

    def extend_repr(self):
        return f'vocab_size={self.vocab_size}, embedding_size={self.embedding_size}, ' \
               f'use_one_hot={self.use_one_hot}, dtype={self.dtype}, padding_idx={self.padding_idx}'


class EmbeddingExt(Cell):
    """mint's embedding: the table is called `weight`."""

    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0,
                 scale_grad_by_freq=False, sparse=False, _weight=None, _freeze=False, dtype=None):
        super().__init__()
        table = initializer('normal' if _weight is None else _weight, [num_embeddings, embedding_dim],
                            mstype.float32 if dtype is None else dtype)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = padding_idx
        self.weight = Parameter(table, name='weight', requires_grad=not _freeze)

    def construct(self, input):
        return ops.gather(self.weight, input, 0)


class EmbeddingLookup(Cell):
    def __init__(self, vocab_size, embedding_size, param_init='normal', target='CPU', slice_mode='batch_slice',
                 manual_shapes=None, max_norm=None, sparse=True, vocab_cache_size=0, dtype=mstype.float32):
        super().__init__()
        self.vocab_size = check_positive_int(vocab_size, 'vocab_size', self.cls_name)
        self.embedding_size = check_positive_int(embedding_size, 'embedding_size', self.cls_name)
        self.target = target
        self.embedding_table = Parameter(initializer(param_init, [vocab_size, embedding_size], dtype=dtype),
                                         name='embedding_table')
        self.max_norm = max_norm
        self.gather = ops.Gather()

    def construct(self, indices):
        output = self.gather(self.embedding_table, indices, 0)
        if self.max_norm is None:
            return output
        norm = ops.sqrt(ops.ReduceSum(True)(ops.square(output), tuple(range(indices.ndim, output.ndim))))
        return output * self.max_norm / ops.maximum(norm, self.max_norm)
