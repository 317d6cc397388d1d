"""Model: training, evaluation and prediction of a network."""
from mindspore import nn
from mindspore.common.api import jit
from mindspore.common.tensor import Tensor
from mindspore.nn.cell import Cell
from mindspore.train.callback.base import Callback, CallbackParameters, RunContext
from mindspore.train.loss_scale_manager import DynamicLossScaleManager
from mindspore.train.metrics import Loss, get_metrics


class _Callbacks(Callback):
    """Several callbacks as one."""

    def __init__(self, callbacks):
        super().__init__()
        if callbacks is None:
            callbacks = []
        self.all = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
        for callback in self.all:
            if not isinstance(callback, Callback):
                raise TypeError("When the 'callbacks' is a list or a tuple, its elements must be Callback functions, "
                                f"but got {type(callback)}.")

    def tell(self, event, run_context):
        for callback in self.all:
            getattr(callback, event)(run_context)


class Model:
    def __init__(self, network, loss_fn=None, optimizer=None, metrics=None, eval_network=None, eval_indexes=None,
                 amp_level="O0", boost_level="O0", **kwargs):
        if not isinstance(network, Cell):
            raise TypeError(f"For 'Model', the argument 'network' must be a Cell, but got {type(network)}.")
        self._network = network
        self._loss_fn = loss_fn
        self._optimizer = optimizer
        self._amp_level = amp_level
        self._loss_scale_manager = kwargs.get('loss_scale_manager')
        self._keep_bn_fp32 = kwargs.get('keep_batchnorm_fp32')
        self._metric_fns = get_metrics(metrics)
        self._eval_indexes = eval_indexes
        self._train_network = self._build_train_network()
        self._eval_network = self._build_eval_network(eval_network)
        self._steps = {}

    # Networks

    @property
    def train_network(self):
        return self._train_network

    @property
    def predict_network(self):
        return self._network

    @property
    def eval_network(self):
        return self._eval_network

    def _build_train_network(self):
        network = self._network
        if self._amp_level != 'O0':
            from mindspore.amp import auto_mixed_precision
            network = auto_mixed_precision(network, self._amp_level)
        if self._loss_fn is not None:
            network = nn.WithLossCell(network, self._loss_fn)
        if self._optimizer is None:
            return network
        manager = self._loss_scale_manager
        if manager is None:
            return nn.TrainOneStepCell(network, self._optimizer)
        update = manager.get_update_cell()
        if update is not None:
            return nn.TrainOneStepWithLossScaleCell(network, self._optimizer, update)
        return nn.TrainOneStepCell(network, self._optimizer, manager.get_loss_scale())

    def _build_eval_network(self, eval_network):
        if not self._metric_fns:
            return None
        if eval_network is not None:
            if self._eval_indexes is not None and len(self._eval_indexes) != 3:
                raise ValueError("The argument 'eval_indexes' must be three elements: loss, prediction, label.")
            return eval_network
        if self._loss_fn is None:
            raise ValueError("If `metrics` is set, `eval_network` or `loss_fn` must be set too.")
        self._eval_indexes = [0, 1, 2]
        return nn.WithEvalCell(self._network, self._loss_fn)

    def _step(self, network, training):
        """The network as a compiled function, in its mode."""
        if network.training != training:
            network.set_train(training)
        if network not in self._steps:
            self._steps[network] = jit(network)
        return self._steps[network]

    # Training

    def train(self, epoch, train_dataset, callbacks=None, dataset_sink_mode=False, sink_size=-1, initial_epoch=0):
        self._train(epoch, train_dataset, callbacks, initial_epoch, None)

    def fit(self, epoch, train_dataset, valid_dataset=None, valid_frequency=1, callbacks=None,
            dataset_sink_mode=False, valid_dataset_sink_mode=False, sink_size=-1, initial_epoch=0):
        validation = None if valid_dataset is None else (valid_dataset, valid_frequency)
        self._train(epoch, train_dataset, callbacks, initial_epoch, validation)

    def _train(self, epoch, dataset, callbacks, initial_epoch, validation):
        if not isinstance(epoch, int) or epoch < 1:
            raise ValueError(f"For 'Model.train', the argument 'epoch' must be a positive int, but got {epoch}.")
        told = _Callbacks(callbacks)
        params = CallbackParameters(
            train_network=self._train_network, network=self._network, epoch_num=epoch - initial_epoch,
            batch_num=dataset.get_dataset_size(), mode='train', loss_fn=self._loss_fn, optimizer=self._optimizer,
            parallel_mode='stand_alone', device_number=1, train_dataset=dataset, list_callback=told,
            dataset_sink_mode=False, cur_step_num=0, cur_epoch_num=initial_epoch, net_outputs=None)
        context = RunContext(params)
        told.tell('on_train_begin', context)
        for number in range(initial_epoch, epoch):
            params.cur_epoch_num = number + 1
            self._train_epoch(dataset, params, context, told)
            if validation is not None and self._is_due(number + 1, validation[1]):
                self._validate(validation[0], params, told)
            told.tell('on_train_epoch_end', context)
            params.pop('metrics', None)
            params.pop('eval_results', None)
            if context.get_stop_requested():
                break
        told.tell('on_train_end', context)

    def _train_epoch(self, dataset, params, context, told):
        told.tell('on_train_epoch_begin', context)
        for element in dataset.create_tuple_iterator(num_epochs=1):
            if self._loss_fn is not None and len(element) != 2:
                raise ValueError("When 'loss_fn' is not None, 'train_dataset' should return two elements, but got "
                                 f"{len(element)}, please check the number of elements returned by 'train_dataset'")
            params.cur_step_num += 1
            params.train_dataset_element = element
            told.tell('on_train_step_begin', context)
            params.net_outputs = self._step(self._train_network, True)(*element)
            self._update_loss_scale(params.net_outputs)
            told.tell('on_train_step_end', context)
            if context.get_stop_requested():
                break

    def _update_loss_scale(self, outputs):
        if isinstance(self._loss_scale_manager, DynamicLossScaleManager) and isinstance(outputs, (tuple, list)):
            self._loss_scale_manager.update_loss_scale(bool(outputs[1].asnumpy().all()))

    @staticmethod
    def _is_due(epoch, frequency):
        return epoch % frequency == 0 if isinstance(frequency, int) else epoch in frequency

    def _validate(self, dataset, params, told):
        kept = {name: params[name] for name in ('mode', 'cur_step_num', 'batch_num', 'net_outputs')}
        results = self._evaluate(dataset, params, told)
        params.update(kept)
        params.metrics = results
        params.eval_results = dict(results)

    # Evaluation

    def eval(self, valid_dataset, callbacks=None, dataset_sink_mode=False):
        if not self._metric_fns:
            raise ValueError("For Model.eval, the model argument 'metrics' can not be None or empty, you should set "
                             "the argument 'metrics' for model.")
        params = CallbackParameters(network=self._network, eval_network=self._eval_network,
                                    valid_dataset=valid_dataset, dataset_sink_mode=False, cur_epoch_num=1)
        return self._evaluate(valid_dataset, params, _Callbacks(callbacks))

    def _evaluate(self, dataset, params, told):
        params.mode = 'eval'
        params.cur_step_num = 0
        params.batch_num = dataset.get_dataset_size()
        context = RunContext(params)
        for metric in self._metric_fns.values():
            metric.clear()
        told.tell('on_eval_begin', context)
        told.tell('on_eval_epoch_begin', context)
        for element in dataset.create_tuple_iterator(num_epochs=1):
            params.cur_step_num += 1
            told.tell('on_eval_step_begin', context)
            params.net_outputs = self._step(self._eval_network, False)(*element)
            told.tell('on_eval_step_end', context)
            self._update_metrics(params.net_outputs)
        results = {name: metric.eval() for name, metric in self._metric_fns.items()}
        params.metrics = results
        params.eval_results = dict(results)
        told.tell('on_eval_epoch_end', context)
        told.tell('on_eval_end', context)
        return results

    def _update_metrics(self, outputs):
        outputs = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
        for metric in self._metric_fns.values():
            if self._eval_indexes is None or metric.indexes:
                metric.update(*outputs)
                continue
            loss, prediction, label = self._eval_indexes
            if isinstance(metric, Loss):
                metric.update(outputs[loss])
            else:
                metric.update(outputs[prediction], outputs[label])

    # Prediction

    def predict(self, *predict_data, backend=None, config=None):
        for item in predict_data:
            if not isinstance(item, (Tensor, tuple, list, dict, int, float, str, bool, type(None))):
                raise TypeError(f"For 'Model.predict', the data must be Tensors, but got {type(item)}.")
        return self._step(self._network, False)(*predict_data)

    def build(self, train_dataset=None, valid_dataset=None, sink_size=-1, epoch=1, sink_mode=True):
        return None
