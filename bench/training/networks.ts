/** Training steps that are measured, and the same networks forward only. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NetworkSource } from '../../tools/msc/source.ts';

/** A network with what goes into a step of it. */
export interface TrainedNetwork {
  readonly name: string;
  readonly file: string;
  /** The network, as an expression in its file. */
  readonly network: string;
  /** Images of a batch, and an image. */
  readonly batch: number;
  readonly image: readonly number[];
  /** Folder with the package that the file belongs to. */
  readonly root: string | null;
}

/** LeNet-5, and resnet18 of a checkout of mindcv where there is one. */
export function trainedNetworks(mindcv: string | null): readonly TrainedNetwork[] {
  const train = fileURLToPath(new URL('../../../examples/mnist/train.py', import.meta.url));
  const lenet = { name: 'lenet5', file: train, network: 'LeNet5()', batch: 32, image: [1, 28, 28], root: null };
  if (mindcv === null) return [lenet];
  const resnet = { file: join(mindcv, 'mindcv/models/resnet.py'), network: 'resnet18()', batch: 8, root: mindcv };
  return [
    lenet,
    { ...resnet, name: 'resnet18_32', image: [3, 32, 32] },
    { ...resnet, name: 'resnet18_224', image: [3, 224, 224] },
  ];
}

/** Forward, backward and a momentum update as one graph. */
const STEP = `(lambda net: nn.TrainOneStepCell(
  nn.WithLossCell(net, nn.CrossEntropyLoss()),
  nn.Momentum(net.trainable_params(), 0.01, 0.9)).set_train())`;

export function stepSource(network: TrainedNetwork): NetworkSource {
  return source(network, `${STEP}(${network.network})`, [
    { name: 'data', shape: [network.batch, ...network.image], dtype: 'f32' },
    { name: 'label', shape: [network.batch], dtype: 'i32' },
  ]);
}

export function forwardSource(network: TrainedNetwork): NetworkSource {
  const shape = [network.batch, ...network.image];
  return source(network, network.network, [{ name: 'x', shape, dtype: 'f32' }]);
}

function source({ file, root }: TrainedNetwork, entry: string, inputs: NetworkSource['inputs']): NetworkSource {
  const roots = root === null ? [] : [root];
  return {
    kind: 'network',
    file,
    folder: process.cwd(),
    entry,
    inputs,
    roots,
    readable: roots,
    limits: {},
    scriptArguments: [],
    print: (text) => process.stderr.write(text),
  };
}
