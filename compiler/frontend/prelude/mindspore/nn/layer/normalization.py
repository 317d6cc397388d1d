"""Normalization layers."""
from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import initializer
from mindspore.common.parameter import Parameter
from mindspore.nn.cell import Cell
from mindspore.ops.function.norm import batch_norm_train
from mindspore._checkparam import check_positive_int, check_string


class _BatchNorm(Cell):
    ranks = (2, 3, 4, 5)

    def __init__(self, num_features, eps=1e-5, momentum=0.9, affine=True, gamma_init='ones', beta_init='zeros',
                 moving_mean_init='zeros', moving_var_init='ones', use_batch_statistics=None, data_format='NCHW',
                 dtype=mstype.float32):
        super().__init__()
        check_positive_int(num_features, 'num_features', self.cls_name)
        if momentum < 0 or momentum > 1:
            raise ValueError(f"For '{self.cls_name}', the 'momentum' must be a number in range [0, 1], "
                             f"but got {momentum}.")
        self.format = check_string(data_format, ['NCHW', 'NHWC'], 'format', self.cls_name)
        if use_batch_statistics is not None and not isinstance(use_batch_statistics, bool):
            raise ValueError(f"For '{self.cls_name}', the 'use_batch_statistics' must be a boolean value or None, "
                             f"but got {use_batch_statistics}.")
        self.use_batch_statistics = use_batch_statistics
        self.num_features = num_features
        self.eps = eps
        self.beta_init = beta_init
        self.gamma_init = gamma_init
        self.moving_mean_init = moving_mean_init
        self.moving_var_init = moving_var_init
        self.moving_mean = Parameter(initializer(moving_mean_init, num_features, dtype=dtype), name='mean',
                                     requires_grad=False)
        self.moving_variance = Parameter(initializer(moving_var_init, num_features, dtype=dtype), name='variance',
                                         requires_grad=False)
        self.gamma = Parameter(initializer(gamma_init, num_features, dtype=dtype), name='gamma', requires_grad=affine)
        self.beta = Parameter(initializer(beta_init, num_features, dtype=dtype), name='beta', requires_grad=affine)
        self.momentum = 1.0 - momentum
        self.bn_train = ops.BatchNorm(is_training=True, epsilon=self.eps, momentum=self.momentum,
                                      data_format=self.format)
        self.bn_infer = ops.BatchNorm(is_training=False, epsilon=self.eps, data_format=self.format)

    def construct(self, x):
        if x.ndim not in self.ranks:
            wanted = ' or '.join([str(rank) for rank in self.ranks])
            raise ValueError(f"For '{self.cls_name}', the must have {wanted} dims, but got {x.ndim}.")
        from_batch = self.training if self.use_batch_statistics is None else self.use_batch_statistics
        normalize = self.bn_train if from_batch else self.bn_infer
        return normalize(x, self.gamma, self.beta, self.moving_mean, self.moving_variance)[0]

    def extend_repr(self):
        return f'num_features={self.num_features}, eps={self.eps}, momentum={1.0 - self.momentum}, ' \
               f'gamma={self.gamma}, beta={self.beta}, moving_mean={self.moving_mean}, ' \
               f'moving_variance={self.moving_variance}'


class BatchNorm1d(_BatchNorm):
    ranks = (2, 3)


class BatchNorm2d(_BatchNorm):
    ranks = (4,)


class BatchNorm3d(_BatchNorm):
    ranks = (5,)

    def __init__(self, num_features, eps=1e-5, momentum=0.9, affine=True, gamma_init='ones', beta_init='zeros',
                 moving_mean_init='zeros', moving_var_init='ones', use_batch_statistics=None, dtype=mstype.float32):
        super().__init__(num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init,
                         moving_var_init, use_batch_statistics, dtype=dtype)


class SyncBatchNorm(_BatchNorm):
    ranks = (2, 4)

    def __init__(self, num_features, eps=1e-5, momentum=0.9, affine=True, gamma_init='ones', beta_init='zeros',
                 moving_mean_init='zeros', moving_var_init='ones', use_batch_statistics=None, process_groups=None,
                 dtype=mstype.float32):
        super().__init__(num_features, eps, momentum, affine, gamma_init, beta_init, moving_mean_init,
                         moving_var_init, use_batch_statistics, dtype=dtype)
        self.process_groups = process_groups
        self.bn_train = self._normalize_by_all

    def _normalize_by_all(self, x, gamma, beta, mean, variance):
        return batch_norm_train(x, gamma, beta, mean, variance, self.eps, self.momentum, 1)


class LayerNorm(Cell):
    def __init__(self, normalized_shape, begin_norm_axis=-1, begin_params_axis=-1, gamma_init='ones',
                 beta_init='zeros', epsilon=1e-7, dtype=mstype.float32):
        super().__init__()
        if not isinstance(normalized_shape, (tuple, list)):
            raise TypeError(f"For '{self.cls_name}', the type of 'normalized_shape' must be tuple[int] or list[int], "
                            f"but got {normalized_shape} and the type is {type(normalized_shape)}.")
        if not normalized_shape:
            raise ValueError(f"Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one "
                             f"element, but got normalized_shape = {normalized_shape}")
        self.normalized_shape = normalized_shape
        self.begin_norm_axis = begin_norm_axis
        self.begin_params_axis = begin_params_axis
        self.epsilon = epsilon
        self.gamma = Parameter(initializer(gamma_init, normalized_shape, dtype=dtype), name='gamma')
        self.beta = Parameter(initializer(beta_init, normalized_shape, dtype=dtype), name='beta')
        self.layer_norm = ops.LayerNorm(begin_norm_axis=begin_norm_axis, begin_params_axis=begin_params_axis,
                                        epsilon=epsilon)

    def construct(self, input_x):
        y, _, _ = self.layer_norm(input_x, self.gamma.astype(input_x.dtype), self.beta.astype(input_x.dtype))
        return y

    def extend_repr(self):
        return f'normalized_shape={self.normalized_shape}, begin_norm_axis={self.begin_norm_axis}, ' \
               f'begin_params_axis={self.begin_params_axis}, gamma={self.gamma}, beta={self.beta}'


class LayerNormExt(Cell):
    """mint's layer norm: over the last len(normalized_shape) axes."""

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True, bias=True, dtype=None):
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        dtype = mstype.float32 if dtype is None else dtype
        self.normalized_shape = shape
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(initializer('ones', shape, dtype), name='weight', requires_grad=elementwise_affine)
        self.bias = Parameter(initializer('zeros', shape, dtype), name='bias', requires_grad=elementwise_affine)

    def construct(self, input):
        return ops.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)


class RmsNorm(Cell):
    def __init__(self, dim, epsilon=1e-6, dtype=mstype.float32):
        super().__init__()
        self.weight = Parameter(initializer('ones', (dim,), dtype), name='weight')
        self.rms_norm = ops.RmsNorm(epsilon)

    def construct(self, x):
        return self.rms_norm(x, self.weight)[0]


class GroupNorm(Cell):
    def __init__(self, num_groups, num_channels, eps=1e-5, affine=True, gamma_init='ones', beta_init='zeros',
                 dtype=mstype.float32):
        super().__init__()
        self.num_groups = check_positive_int(num_groups, 'num_groups', self.cls_name)
        self.num_channels = check_positive_int(num_channels, 'num_channels', self.cls_name)
        if num_channels % num_groups != 0:
            raise ValueError(f"For '{self.cls_name}', the 'num_channels' must be divided by 'num_groups', "
                             f"but got 'num_channels': {num_channels}, 'num_groups': {num_groups}.")
        self.eps = eps
        self.affine = affine
        self.gamma = Parameter(initializer(gamma_init, num_channels, dtype=dtype), name='gamma', requires_grad=affine)
        self.beta = Parameter(initializer(beta_init, num_channels, dtype=dtype), name='beta', requires_grad=affine)

    def construct(self, x):
        return ops.group_norm(x, self.num_groups, self.gamma.to(x.dtype), self.beta.to(x.dtype), self.eps)

    def extend_repr(self):
        return f'num_groups={self.num_groups}, num_channels={self.num_channels}'


class _InstanceNorm(Cell):
    rank = 4

    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, gamma_init='ones', beta_init='zeros',
                 dtype=mstype.float32):
        super().__init__()
        check_positive_int(num_features, 'num_features', self.cls_name)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.moving_mean = Parameter(initializer('zeros', num_features, dtype=dtype), name='mean', requires_grad=False)
        self.moving_variance = Parameter(initializer('ones', num_features, dtype=dtype), name='variance',
                                         requires_grad=False)
        self.gamma = Parameter(initializer(gamma_init, num_features, dtype=dtype), name='gamma', requires_grad=affine)
        self.beta = Parameter(initializer(beta_init, num_features, dtype=dtype), name='beta', requires_grad=affine)

    def construct(self, x):
        if x.ndim != self.rank:
            raise ValueError(f"For '{self.cls_name}', the in_shape must have {self.rank} dims, but got {x.ndim}.")
        return ops.group_norm(x, self.num_features, self.gamma, self.beta, self.eps)


class InstanceNorm1d(_InstanceNorm):
    rank = 3


class InstanceNorm2d(_InstanceNorm):
    rank = 4


class InstanceNorm3d(_InstanceNorm):
    rank = 5
