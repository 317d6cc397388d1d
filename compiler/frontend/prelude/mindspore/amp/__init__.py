"""Mixed precision of whole networks: absent except for the levels that change nothing."""
from mindspore.common.absent import absent, absent_function

DynamicLossScaler = absent('mindspore.amp.DynamicLossScaler')
StaticLossScaler = absent('mindspore.amp.StaticLossScaler')
LossScaler = absent('mindspore.amp.LossScaler')
all_finite = absent_function('mindspore.amp.all_finite')
init_status = absent_function('mindspore.amp.init_status')
build_train_network = absent_function('mindspore.amp.build_train_network')


def auto_mixed_precision(network, amp_level="O0", dtype=None):
    if amp_level != "O0":
        raise NotImplementedError(f"auto_mixed_precision with amp_level '{amp_level}' is not supported by this "
                                  "version of msc")
    return network
