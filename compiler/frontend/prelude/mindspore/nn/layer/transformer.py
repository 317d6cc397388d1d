"""Attention and the encoder and decoder blocks built of it."""
import copy
import math

from mindspore import ops
from mindspore.common import dtype as mstype
from mindspore.common.initializer import HeUniform, Uniform, XavierNormal, XavierUniform, initializer
from mindspore.common.parameter import Parameter
from mindspore.nn.cell import Cell
from mindspore.nn.layer.basic import Dense, Dropout
from mindspore.nn.layer.container import CellList
from mindspore.nn.layer.normalization import LayerNorm


def _linear(x, weight, bias):
    flat = ops.MatMul(False, True)(x.reshape((-1, x.shape[-1])), weight)
    if bias is not None:
        flat = flat + bias
    return flat.reshape(x.shape[:-1] + (weight.shape[0],))


def _as_additive(mask, dtype):
    """A bool mask (True: may not be seen) as numbers to be added to the scores."""
    if mask is None or mask.is_floating_point():
        return mask
    return ops.select(mask.astype(mstype.bool_), ops.full(mask.shape, float('-inf'), dtype=dtype),
                      ops.zeros(mask.shape, dtype))


class MultiheadAttention(Cell):
    def __init__(self, embed_dim, num_heads, dropout=0.0, has_bias=True, add_bias_kv=False, add_zero_attn=False,
                 kdim=None, vdim=None, batch_first=False, dtype=mstype.float32):
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = kdim if kdim is not None else embed_dim
        self.vdim = vdim if vdim is not None else embed_dim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != embed_dim:
            raise ValueError("The init argument 'embed_dim' must be divisible by 'num_heads'.")
        dtype = mstype.float32 if dtype is None else dtype
        self.in_proj_weight = self.q_proj_weight = self.k_proj_weight = self.v_proj_weight = None
        if self._qkv_same_embed_dim:
            self.in_proj_weight = Parameter(initializer(XavierUniform(), (3 * embed_dim, embed_dim), dtype),
                                            'in_proj_weight')
        else:
            self.q_proj_weight = Parameter(initializer(XavierUniform(), (embed_dim, embed_dim), dtype), 'q_proj_weight')
            self.k_proj_weight = Parameter(initializer(XavierUniform(), (embed_dim, self.kdim), dtype), 'k_proj_weight')
            self.v_proj_weight = Parameter(initializer(XavierUniform(), (embed_dim, self.vdim), dtype), 'v_proj_weight')
        self.in_proj_bias = Parameter(initializer('zeros', 3 * embed_dim, dtype), 'in_proj_bias') if has_bias else None
        self.out_proj = Dense(embed_dim, embed_dim, has_bias=has_bias, weight_init=HeUniform(math.sqrt(5)),
                              bias_init=Uniform(1 / math.sqrt(embed_dim)), dtype=dtype)
        self.bias_k = Parameter(initializer(XavierNormal(), (1, 1, embed_dim), dtype), 'bias_k') if add_bias_kv else None
        self.bias_v = Parameter(initializer(XavierNormal(), (1, 1, embed_dim), dtype), 'bias_v') if add_bias_kv else None
        self.add_zero_attn = add_zero_attn
        self.dtype = dtype

    def _project(self, query, key, value):
        biases = (None, None, None)
        if self.in_proj_bias is not None:
            biases = ops.split(self.in_proj_bias, self.embed_dim, 0)
        if self._qkv_same_embed_dim and query is key and key is value:
            packed = _linear(query, self.in_proj_weight, self.in_proj_bias)
            return ops.split(packed, self.embed_dim, -1)
        if self._qkv_same_embed_dim:
            weights = ops.split(self.in_proj_weight, self.embed_dim, 0)
        else:
            weights = (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight)
        return tuple([_linear(x, weight, bias) for x, weight, bias in zip((query, key, value), weights, biases)])

    def _heads(self, x):
        """[length, batch, embed] to [batch * heads, length, head]."""
        return x.reshape((x.shape[0], x.shape[1] * self.num_heads, self.head_dim)).swapaxes(0, 1)

    def _mask(self, attn_mask, key_padding_mask, batch, source, dtype):
        attn_mask = _as_additive(attn_mask, dtype)
        if attn_mask is not None and attn_mask.ndim == 2:
            attn_mask = attn_mask.expand_dims(0)
        if key_padding_mask is None:
            return attn_mask
        padding = _as_additive(key_padding_mask, dtype).reshape((batch, 1, 1, source))
        padding = ops.broadcast_to(padding, (batch, self.num_heads, 1, source))
        padding = padding.reshape((batch * self.num_heads, 1, source))
        return padding if attn_mask is None else attn_mask + padding

    def construct(self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None,
                  average_attn_weights=True):
        batched = query.ndim == 3
        axis = 1 if not batched else 0 if self.batch_first else None
        if axis is not None:
            query, key, value = self._to_sequence_first(query, key, value, batched)
            if not batched and key_padding_mask is not None:
                key_padding_mask = key_padding_mask.expand_dims(0)
        target, batch, _ = query.shape
        q, k, v = self._project(query, key, value)
        if self.bias_k is not None:
            k = ops.concat((k, ops.tile(self.bias_k, (1, batch, 1))), 0)
            v = ops.concat((v, ops.tile(self.bias_v, (1, batch, 1))), 0)
        if self.add_zero_attn:
            zeros = ops.zeros((1, batch, self.embed_dim), k.dtype)
            k, v = ops.concat((k, zeros), 0), ops.concat((v, zeros), 0)
        added = k.shape[0] - key.shape[0]
        if added:
            attn_mask = None if attn_mask is None else ops.pad(_as_additive(attn_mask, q.dtype), (0, added))
            if key_padding_mask is not None:
                key_padding_mask = ops.pad(_as_additive(key_padding_mask, q.dtype), (0, added))
        q, k, v = self._heads(q), self._heads(k), self._heads(v)
        scale = math.sqrt(math.sqrt(self.head_dim))
        scores = ops.BatchMatMul(transpose_b=True)(q / scale, k / scale)
        mask = self._mask(attn_mask, key_padding_mask, batch, k.shape[1], q.dtype)
        if mask is not None:
            scores = scores + mask
        weights = ops.softmax(scores, -1)
        if self.training and self.dropout > 0:
            weights = ops.dropout(weights, self.dropout, True)
        output = ops.BatchMatMul()(weights, v).swapaxes(0, 1).reshape((target, batch, self.embed_dim))
        output = self.out_proj(output)
        if not batched:
            output = output.squeeze(1)
        elif self.batch_first:
            output = output.swapaxes(1, 0)
        if not need_weights:
            return (output,)
        weights = weights.reshape((batch, self.num_heads, target, weights.shape[-1]))
        if average_attn_weights:
            weights = weights.sum(1) / self.num_heads
        return output, weights if batched else weights.squeeze(0)

    def _to_sequence_first(self, query, key, value, batched):
        """Keeps `query is key is value`, so that one packed projection serves all three."""
        def turn(x):
            return x.swapaxes(1, 0) if batched else x.expand_dims(1)
        turned_query = turn(query)
        turned_key = turned_query if key is query else turn(key)
        return turned_query, turned_key, turned_key if value is key else turn(value)


def _activation_of(activation):
    if activation == 'relu':
        return ops.relu
    if activation == 'gelu':
        return ops.gelu
    if isinstance(activation, str):
        raise ValueError(f"The activation must be relu/gelu, but get {activation}")
    return activation


class _TransformerLayer(Cell):
    """What encoder and decoder layers share: sizes, the feed-forward block, the settings a stack copies."""

    def _build(self, d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first,
               dtype):
        self.self_attn = MultiheadAttention(d_model, nhead, dropout=dropout, batch_first=batch_first, dtype=dtype)
        self._build_cross_attention(d_model, nhead, dropout, batch_first, dtype)
        self.dense1 = Dense(d_model, dim_feedforward, weight_init=HeUniform(math.sqrt(5)),
                            bias_init=Uniform(1 / math.sqrt(d_model)), dtype=dtype)
        self.dropout = Dropout(p=dropout)
        self.dense2 = Dense(dim_feedforward, d_model, weight_init=HeUniform(math.sqrt(5)),
                            bias_init=Uniform(1 / math.sqrt(dim_feedforward)), dtype=dtype)
        self.norm_first = norm_first
        self.norm1 = LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype)
        self.norm2 = LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype)
        self.dropout1 = Dropout(p=dropout)
        self.dropout2 = Dropout(p=dropout)
        self.activation1 = activation
        self.activation = _activation_of(activation)
        self.d_model = d_model
        self.nhead = nhead
        self.dim_feedforward = dim_feedforward
        self.dropout_num = dropout
        self.layernorm_eps = layer_norm_eps
        self.batch_first = batch_first
        self.dtype = dtype

    def _build_cross_attention(self, d_model, nhead, dropout, batch_first, dtype):
        return None

    def fresh_copy(self):
        return type(self)(self.d_model, self.nhead, self.dim_feedforward, self.dropout_num, self.activation1,
                          self.layernorm_eps, self.batch_first, self.norm_first, dtype=self.dtype)

    def _self_attention(self, x, mask, padding):
        return self.dropout1(self.self_attn(x, x, x, attn_mask=mask, key_padding_mask=padding, need_weights=False)[0])

    def _feed_forward(self, x):
        return self.dense2(self.dropout(self.activation(self.dense1(x))))


class TransformerEncoderLayer(_TransformerLayer):
    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = 0.1, activation='relu',
                 layer_norm_eps: float = 1e-5, batch_first: bool = False, norm_first: bool = False,
                 dtype=mstype.float32):
        super().__init__()
        self._build(d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first,
                    dtype)

    def construct(self, src, src_mask=None, src_key_padding_mask=None):
        if self.norm_first:
            src = src + self._self_attention(self.norm1(src), src_mask, src_key_padding_mask)
            return src + self.dropout2(self._feed_forward(self.norm2(src)))
        src = self.norm1(src + self._self_attention(src, src_mask, src_key_padding_mask))
        return self.norm2(src + self.dropout2(self._feed_forward(src)))


class TransformerDecoderLayer(_TransformerLayer):
    def __init__(self, d_model: int, nhead: int, dim_feedforward: int = 2048, dropout: float = 0.1, activation='relu',
                 layer_norm_eps: float = 1e-5, batch_first: bool = False, norm_first: bool = False,
                 dtype=mstype.float32):
        super().__init__()
        self._build(d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first,
                    dtype)
        self.norm3 = LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype)
        self.dropout3 = Dropout(p=dropout)

    def _build_cross_attention(self, d_model, nhead, dropout, batch_first, dtype):
        self.multihead_attn = MultiheadAttention(d_model, nhead, dropout=dropout, batch_first=batch_first, dtype=dtype)

    def _cross_attention(self, x, memory, mask, padding):
        return self.dropout2(self.multihead_attn(x, memory, memory, attn_mask=mask, key_padding_mask=padding,
                                                 need_weights=False)[0])

    def construct(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
                  memory_key_padding_mask=None):
        if self.norm_first:
            tgt = tgt + self._self_attention(self.norm1(tgt), tgt_mask, tgt_key_padding_mask)
            tgt = tgt + self._cross_attention(self.norm2(tgt), memory, memory_mask, memory_key_padding_mask)
            return tgt + self.dropout3(self._feed_forward(self.norm3(tgt)))
        tgt = self.norm1(tgt + self._self_attention(tgt, tgt_mask, tgt_key_padding_mask))
        tgt = self.norm2(tgt + self._cross_attention(tgt, memory, memory_mask, memory_key_padding_mask))
        return self.norm3(tgt + self.dropout3(self._feed_forward(tgt)))


class TransformerEncoder(Cell):
    def __init__(self, encoder_layer, num_layers, norm=None):
        super().__init__()
        layer = encoder_layer.fresh_copy()
        self.layers = CellList([copy.deepcopy(layer) for _ in range(num_layers)])
        self.num_layers = num_layers
        self.norm = norm

    def construct(self, src, src_mask=None, src_key_padding_mask=None):
        for layer in self.layers:
            src = layer(src, src_mask=src_mask, src_key_padding_mask=src_key_padding_mask)
        return src if self.norm is None else self.norm(src)


class TransformerDecoder(Cell):
    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        layer = decoder_layer.fresh_copy()
        self.layers = CellList([copy.deepcopy(layer) for _ in range(num_layers)])
        self.num_layers = num_layers
        self.norm = norm

    def construct(self, tgt, memory, tgt_mask=None, memory_mask=None, tgt_key_padding_mask=None,
                  memory_key_padding_mask=None):
        for layer in self.layers:
            tgt = layer(tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
                        tgt_key_padding_mask=tgt_key_padding_mask, memory_key_padding_mask=memory_key_padding_mask)
        return tgt if self.norm is None else self.norm(tgt)


class Transformer(Cell):
    def __init__(self, d_model: int = 512, nhead: int = 8, num_encoder_layers: int = 6, num_decoder_layers: int = 6,
                 dim_feedforward: int = 2048, dropout: float = 0.1, activation='relu', custom_encoder=None,
                 custom_decoder=None, layer_norm_eps: float = 1e-5, batch_first: bool = False,
                 norm_first: bool = False, dtype=mstype.float32):
        super().__init__()
        settings = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first)
        if custom_encoder is None:
            custom_encoder = TransformerEncoder(TransformerEncoderLayer(*settings, dtype=dtype), num_encoder_layers,
                                                LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype))
        if custom_decoder is None:
            custom_decoder = TransformerDecoder(TransformerDecoderLayer(*settings, dtype=dtype), num_decoder_layers,
                                                LayerNorm((d_model,), epsilon=layer_norm_eps, dtype=dtype))
        self.encoder = custom_encoder
        self.decoder = custom_decoder
        for _, param in self.parameters_and_names():
            if param.ndim > 1:
                param.set_data(initializer('xavier_uniform', param.shape, param.dtype))
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def construct(self, src, tgt, src_mask=None, tgt_mask=None, memory_mask=None, src_key_padding_mask=None,
                  tgt_key_padding_mask=None, memory_key_padding_mask=None):
        if src.shape[-1] != self.d_model or tgt.shape[-1] != self.d_model:
            raise ValueError("The number of features for 'src' and 'tgt' must be equal to `d_model`.")
        memory = self.encoder(src, src_mask=src_mask, src_key_padding_mask=src_key_padding_mask)
        return self.decoder(tgt, memory, tgt_mask=tgt_mask, memory_mask=memory_mask,
                            tgt_key_padding_mask=tgt_key_padding_mask,
                            memory_key_padding_mask=memory_key_padding_mask)
