"""Mixed precision of whole networks, and scaling of losses so that small gradients do not vanish."""
from mindspore.amp.cast import AMP_BLACK_LIST, AMP_WHITE_LIST, auto_mixed_precision, get_black_list, get_white_list
from mindspore.amp.scaler import DynamicLossScaler, LossScaler, StaticLossScaler, all_finite, init_status
from mindspore.amp.train_network import build_train_network
from mindspore.train.loss_scale_manager import DynamicLossScaleManager, FixedLossScaleManager, LossScaleManager
