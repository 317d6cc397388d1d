import numpy as np
import mindspore as ms
import mindspore.dataset as ds
from mindspore.dataset import transforms, vision
from mindspore import nn, train
class Source:
    def __init__(self): self.x = np.arange(20).reshape(10,2).astype(np.float32)
    def __getitem__(self, i): return self.x[i], i
    def __len__(self): return 10
d = ds.GeneratorDataset(Source(), ['x','y'], shuffle=False)
print(d.get_dataset_size(), d.get_col_names(), d.output_shapes())
d = d.map(lambda x: x*2, 'x').batch(4)
for x, y in d: print(x.shape, x.dtype, y)
for row in d.create_dict_iterator(output_numpy=True, num_epochs=1): print(row['x'].sum(), row['y'].dtype)
it = d.create_tuple_iterator(num_epochs=1)
print(next(it)[1])
d2 = ds.NumpySlicesDataset({'a': [1,2,3,4,5], 'b': [[1.,2.]]*5}, shuffle=False).skip(1).take(3).repeat(2).batch(2, drop_remainder=True)
print(d2.get_dataset_size(), d2.get_batch_size(), d2.get_repeat_count())
for a, b in d2: print(a, b.shape, b.dtype)
d3 = ds.NumpySlicesDataset((np.arange(4), np.arange(4)*10), ['p','q'], shuffle=False).filter(lambda p: p % 2 == 0, input_columns=['p']).project(['q'])
print([int(r[0]) for r in d3])
img = np.arange(28*28).reshape(28,28,1).astype(np.uint8)
r = vision.Rescale(1/255., -0.5)(img); print(r.dtype, r.sum())
r = vision.Resize((14,20), vision.Inter.NEAREST)(img); print(r.shape, r.astype(np.int64).sum())
print(vision.HWC2CHW()(img).shape, vision.ToTensor()(img).max(), vision.CenterCrop(20)(img).astype(int).sum(), vision.Pad(2)(img).shape)
print(vision.Normalize([10.],[2.])(img.astype(np.float32)).sum())
print(transforms.OneHot(4)(np.array(2)), transforms.TypeCast(ms.int32)(np.array([1.5,2.5])), transforms.Compose([vision.HWC2CHW(), transforms.TypeCast(ms.float16)])(img).dtype)
acc = train.Accuracy(); acc.update(ms.Tensor([[0.1,0.9],[0.8,0.2]]), ms.Tensor([1,1])); print(acc.eval())
p = nn.Precision(); p.update(ms.Tensor([[0.1,0.9],[0.8,0.2]]), ms.Tensor([1,1])); print(p.eval())
f = nn.F1(); f.update(ms.Tensor([[0.1,0.9],[0.8,0.2]]), ms.Tensor([1,1])); print(f.eval(True))
net = nn.SequentialCell(nn.Dense(3,2), nn.ReLU())
ms.save_checkpoint(net, 'net', append_dict={'epoch': 3})
c = ms.load_checkpoint('net.ckpt'); print(sorted(c.items())[0], list(c))
print(ms.load_param_into_net(nn.SequentialCell(nn.Dense(3,2)), c))
try: ms.load_param_into_net(nn.SequentialCell(nn.Dense(4,2)), c)
except RuntimeError as e: print(str(e).split('But')[0])
m = train.Model(net, metrics=None)
print(m.predict(ms.Tensor(np.ones((2,3),np.float32))).shape)
