"""The training loop of MindSpore's own tutorial: eager, one call for the gradients and one for the optimizer."""
import mindspore
import mindspore.dataset as ds
import numpy as np
from mindspore import nn

random = np.random.RandomState(4)
points = random.uniform(-1, 1, (96, 2)).astype(np.float32)
classes = (points[:, 0] * points[:, 1] > 0).astype(np.int32)
train_dataset = ds.NumpySlicesDataset((points[:64], classes[:64]), ['data', 'label'], shuffle=False).batch(16)
test_dataset = ds.NumpySlicesDataset((points[64:], classes[64:]), ['data', 'label'], shuffle=False).batch(16)


class Network(nn.Cell):
    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.dense_relu_sequential = nn.SequentialCell(nn.Dense(2, 16), nn.ReLU(), nn.Dense(16, 2))

    def construct(self, x):
        x = self.flatten(x)
        logits = self.dense_relu_sequential(x)
        return logits


model = Network()
for param in model.get_parameters():
    param.set_data(mindspore.Tensor(random.uniform(-0.7, 0.7, param.shape).astype(np.float32)))
loss_fn = nn.CrossEntropyLoss()
optimizer = nn.Adam(model.trainable_params(), 5e-2)


def forward_fn(data, label):
    logits = model(data)
    loss = loss_fn(logits, label)
    return loss, logits


grad_fn = mindspore.value_and_grad(forward_fn, None, optimizer.parameters, has_aux=True)


def train_step(data, label):
    (loss, _), grads = grad_fn(data, label)
    optimizer(grads)
    return loss


def train(model, dataset):
    size = dataset.get_dataset_size()
    model.set_train()
    for batch, (data, label) in enumerate(dataset.create_tuple_iterator()):
        loss = train_step(data, label)
        if batch % 2 == 0:
            loss, current = loss.asnumpy(), batch
            print(f"loss: {loss:>7.4f}  [{current:>3d}/{size:>3d}]")


def test(model, dataset, loss_fn):
    num_batches = dataset.get_dataset_size()
    model.set_train(False)
    total, test_loss, correct = 0, 0, 0
    for data, label in dataset.create_tuple_iterator():
        pred = model(data)
        total += len(data)
        test_loss += loss_fn(pred, label).asnumpy()
        correct += (pred.argmax(1) == label).asnumpy().sum()
    test_loss /= num_batches
    correct /= total
    print(f"Test: \n Accuracy: {(100*correct):>0.1f}%, Avg loss: {test_loss:>8.4f} \n")


epochs = 8
for t in range(epochs):
    print(f"Epoch {t+1}\n-------------------------------")
    train(model, train_dataset)
    test(model, test_dataset, loss_fn)
print("Done!")

mindspore.save_checkpoint(model, "model.ckpt")
print("Saved Model to model.ckpt")
model = Network()
param_dict = mindspore.load_checkpoint("model.ckpt")
param_not_load, _ = mindspore.load_param_into_net(model, param_dict)
print(param_not_load)
model.set_train(False)
for data, label in test_dataset:
    pred = model(data)
    predicted = pred.argmax(1)
    print(f'Predicted: "{predicted[:10]}", Actual: "{label[:10]}"')
    break
