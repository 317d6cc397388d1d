"""Checkpoints while training: NAME-EPOCH_STEP.ckpt, the newest few of them kept."""
import os
import time

from mindspore.train.callback.base import Callback, step_in_epoch
from mindspore.train.serialization import save_checkpoint


class CheckpointConfig:
    def __init__(self, save_checkpoint_steps=1, save_checkpoint_seconds=0, keep_checkpoint_max=5,
                 keep_checkpoint_per_n_minutes=0, integrated_save=True, async_save=False, saved_network=None,
                 append_info=None, enc_key=None, enc_mode='AES-GCM', exception_save=False, crc_check=False,
                 remove_redundancy=False, format="ckpt", **kwargs):
        if not save_checkpoint_steps and not save_checkpoint_seconds and not keep_checkpoint_max \
                and not keep_checkpoint_per_n_minutes:
            raise ValueError("For 'CheckpointConfig', the arguments 'save_checkpoint_steps', "
                             "'save_checkpoint_seconds', 'keep_checkpoint_max' and 'keep_checkpoint_per_n_minutes' "
                             "can't be all None or 0.")
        self.save_checkpoint_steps = save_checkpoint_steps
        self.save_checkpoint_seconds = save_checkpoint_seconds
        self.keep_checkpoint_max = keep_checkpoint_max
        self.integrated_save = integrated_save
        self.async_save = async_save
        self.saved_network = saved_network
        self.append_info = append_info or []
        self.enc_key = enc_key
        self.enc_mode = enc_mode
        self.crc_check = crc_check
        self.format = format

    def get_checkpoint_policy(self):
        return {'save_checkpoint_steps': self.save_checkpoint_steps,
                'save_checkpoint_seconds': self.save_checkpoint_seconds,
                'keep_checkpoint_max': self.keep_checkpoint_max, 'saved_network': self.saved_network}


class ModelCheckpoint(Callback):
    def __init__(self, prefix='CKP', directory=None, config=None):
        super().__init__()
        if not callable(prefix) and (not isinstance(prefix, str) or '/' in prefix):
            raise ValueError("For 'ModelCheckpoint', the argument 'prefix' for checkpoint file name is invalid, it "
                             f"must be callable or string that does not contain '/', but got {prefix}.")
        self._prefix = prefix
        self._directory = directory
        self._config = CheckpointConfig() if config is None else config
        self._last_step = 0
        self._last_time = time.time()
        self._files = []
        self._latest_ckpt_file_name = ''

    @property
    def latest_ckpt_file_name(self):
        return self._latest_ckpt_file_name

    def step_end(self, run_context):
        params = run_context.original_args()
        if self._is_due(params):
            self._save(params)

    def end(self, run_context):
        params = run_context.original_args()
        if params.cur_step_num != self._last_step:
            self._save(params)

    def on_eval_step_end(self, run_context):
        return None

    def on_eval_end(self, run_context):
        return None

    def _is_due(self, params):
        config = self._config
        if config.save_checkpoint_steps:
            return params.cur_step_num >= self._last_step + config.save_checkpoint_steps
        if config.save_checkpoint_seconds and time.time() - self._last_time > config.save_checkpoint_seconds:
            self._last_time = time.time()
            return True
        return False

    def _save(self, params):
        config = self._config
        folder = self._directory(params) if callable(self._directory) else self._directory
        folder = folder or '.'
        if callable(self._prefix):
            name = self._prefix(params)
        else:
            name = f'{self._prefix}-{params.cur_epoch_num}_{step_in_epoch(params)}'
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f'{name}.{config.format}')
        self._last_step = params.cur_step_num
        save_checkpoint(config.saved_network or params.train_network, path, append_dict=self._appended(params),
                        format=config.format)
        self._latest_ckpt_file_name = path
        self._keep(path)

    def _appended(self, params):
        numbers = {'epoch_num': params.cur_epoch_num, 'step_num': params.cur_step_num}
        more = {}
        for entry in self._config.append_info:
            if isinstance(entry, dict):
                more.update(entry)
            else:
                more[entry] = numbers[entry]
        return more

    def _keep(self, path):
        """Removes the oldest files of this run beyond the wanted number."""
        self._files.append(path)
        most = self._config.keep_checkpoint_max
        while most and len(self._files) > most:
            oldest = self._files.pop(0)
            if os.path.exists(oldest):
                os.remove(oldest)
