"""mindcv's own optimizers on the parameters of optimizers.py."""
from mindcv.optim.adamw import AdamW
from mindcv.optim.adan import Adan
from mindcv.optim.lion import Lion
from mindcv.optim.nadam import NAdam
from optimizers import Step, _groups
from mindspore import nn

CASES = {
    'adamw': lambda w: AdamW(_groups(w, weight_decay=0.1), 0.01, weight_decay=0.05),
    'adamw_clip': lambda w: AdamW(w.trainable_params(), nn.WarmUpLR(0.1, 3), weight_decay=0.05, clip=True),
    'adan': lambda w: Adan(w.trainable_params(), 0.01, weight_decay=0.02),
    'lion': lambda w: Lion(_groups(w, lr=0.002), 0.001, weight_decay=0.1),
    'nadam': lambda w: NAdam(w.trainable_params(), 0.01, weight_decay=0.01),
}


def case(name):
    return Step(CASES[name])
