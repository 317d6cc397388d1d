"""Checkpoints from inside a program: absent; `msc run --weights` reads them."""
from mindspore.common.absent import absent_function

load_checkpoint = absent_function('mindspore.load_checkpoint')
load_param_into_net = absent_function('mindspore.load_param_into_net')
save_checkpoint = absent_function('mindspore.save_checkpoint')
export = absent_function('mindspore.export')
load = absent_function('mindspore.load')
load_mindir = absent_function('mindspore.load_mindir')
