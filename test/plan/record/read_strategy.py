"""Real MindSpore reads the strategy files of `msc plan` and cuts a checkpoint by them: read_strategy.py FILE.json STAGES FOLDER

Every slice is compared with the one that the device matrix and the tensor map of the file say. Recorded with MindSpore 2.7.0 in
spec/plan.md.
"""
import json
import os
import sys

import mindspore as ms
import mindspore.parallel as parallel
import numpy as np
from mindspore import Tensor

path, stages, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
layouts = json.load(open(path))['parallel_layout_item']
replicas, tensor = next(iter(layouts.values()))['dev_matrix']
assert len(parallel.build_searched_strategy(path)) == len(layouts)


def stage_and_name(key):
    return (int(key.split('-', 1)[0]), key.split('-', 1)[1]) if stages > 1 else (0, key)


random = np.random.default_rng(0)
whole = {stage_and_name(key)[1]: random.standard_normal(item['tensor_shape']).astype(np.float32)
         for key, item in layouts.items()}
os.makedirs(f'{folder}/source/rank_0')
os.makedirs(f'{folder}/target')
ms.save_checkpoint([{'name': name, 'data': Tensor(value)} for name, value in whole.items()],
                   f'{folder}/source/rank_0/whole.ckpt')
parallel.transform_checkpoints(f'{folder}/source', f'{folder}/target', 'part_', None, path)

compared = 0
for rank in range(replicas * tensor * stages):
    found = ms.load_checkpoint(f'{folder}/target/rank_{rank}/part_{rank}.ckpt')
    stage, local = divmod(rank, replicas * tensor)
    replica, part = divmod(local, tensor)
    for key, item in layouts.items():
        of_stage, name = stage_and_name(key)
        if of_stage != stage:
            continue
        expected = whole[name]
        for dimension, axis in enumerate(item['tensor_map']):
            if axis == 0:
                expected = np.split(expected, tensor, axis=dimension)[part]
        if item['opt_weight_shard_size'] > 0:
            index = replica if item['opt_weight_shard_step'] > 1 or tensor == 1 else local
            expected = np.split(expected, item['opt_weight_shard_size'], axis=0)[index]
        assert np.array_equal(expected, found[name].asnumpy()), (rank, name)
        compared += 1
print(f'{len(layouts)} layouts read, {compared} slices as planned')
