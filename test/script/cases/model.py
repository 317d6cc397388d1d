"""Model: training with callbacks, evaluation, prediction, a checkpoint read again."""
import os

import mindspore as ms
import mindspore.dataset as ds
import numpy as np
from mindspore import nn, train

points = np.random.RandomState(1).uniform(-1, 1, (24, 3)).astype(np.float32)
values = (points @ np.array([[1.0], [-2.0], [0.5]], np.float32) + 0.25).astype(np.float32)


def dataset():
    return ds.NumpySlicesDataset((points, values), ['x', 'y'], shuffle=False).batch(8)


class Steps(train.Callback):
    def on_train_step_end(self, run_context):
        params = run_context.original_args()
        print('step', params.cur_step_num, f'{float(params.net_outputs):.4f}')

    def on_train_epoch_end(self, run_context):
        if run_context.original_args().cur_epoch_num == 3:
            run_context.request_stop()


net = nn.Dense(3, 1, weight_init='zeros', bias_init='zeros')
optimizer = nn.SGD(net.trainable_params(), 0.5)
model = train.Model(net, nn.MSELoss(), optimizer, metrics={'loss': train.Loss(), 'mae': train.MAE()})
checkpoints = train.ModelCheckpoint('fit', 'saved', train.CheckpointConfig(save_checkpoint_steps=2, keep_checkpoint_max=2))
model.train(5, dataset(), callbacks=[Steps(), checkpoints])
print({name: f'{value:.4f}' for name, value in model.eval(dataset()).items()})
print(model.predict(ms.Tensor(points[:2])).asnumpy().round(3))
print(sorted(name for name in os.listdir('saved') if name.endswith('.ckpt')))
other = nn.Dense(3, 1)
print(ms.load_param_into_net(other, ms.load_checkpoint('saved/fit-3_3.ckpt')))
print(other(ms.Tensor(points[:2])).asnumpy().round(3))
