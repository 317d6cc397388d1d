/** The networks whose training steps are partitioned: an MLP, LeNet-5, a transformer block, a mixture of experts. */
import type { Value } from '../../compiler/ir/index.ts';
import {
  boolAttribute,
  floatAttribute,
  integerAttribute,
  integersAttribute,
  tensorType,
} from '../../compiler/ir/index.ts';
import type { Description, Network } from './training.ts';
import { shapeOf } from './training.ts';

const f32 = (...shape: readonly number[]) => tensorType(shape, 'f32');
const i32 = (...shape: readonly number[]) => tensorType(shape, 'i32');

/** Cross entropy of logits [.., classes] with labels [..], its mean. */
function crossEntropy(network: Network, logits: Value, labels: Value): Value {
  const rank = shapeOf(logits).length;
  const logarithms = network.op('ms.log_softmax', [logits], { axis: integerAttribute(rank - 1) });
  const hot = network.op('ms.one_hot', [labels, network.emit.scalar(1, 'f32'), network.emit.scalar(0, 'f32')], {
    axis: integerAttribute(rank - 1),
    depth: integerAttribute(shapeOf(logits)[rank - 1]),
  });
  const axes = Array.from({ length: rank - 1 }, (_, axis) => axis);
  const picked = network.reduce('sum', network.op('ms.mul', [logarithms, hot]), [rank - 1]);
  return network.op('ms.neg', [network.reduce('mean', picked, axes)]);
}

/** Linear layers with ReLU between and the sum of squares as loss: exact on small integers. */
export const mlp = (batch: number, widths: readonly number[]): Description => ({
  name: `mlp ${batch} x ${widths.join(' ')}`,
  inputs: { x: f32(batch, widths[0]), target: f32(batch, widths[widths.length - 1]) },
  weights: Object.fromEntries(widths.slice(1).map((width, at) => [`w${at}`, [widths[at], width]])),
  marks: Object.fromEntries(widths.slice(1).map((width, at) => [`h${at}`, [batch, width]])),
  exact: widths.length <= 3,
  optimizer: 'momentum',
  forward: (network, values, stages) => {
    const layers = widths.length - 1;
    let x = values.x;
    for (let layer = 0; layer < layers; layer++) {
      x = network.stage(Math.floor((layer * stages) / layers), () => {
        const product = network.mark(`h${layer}`, network.matmul(x, values[`w${layer}`]));
        return layer < layers - 1 ? network.op('ms.relu', [product]) : product;
      });
    }
    return network.reduce('sum', network.op('ms.square', [network.op('ms.sub', [x, values.target])]), [0, 1]);
  },
});

const windows = (kernel: number, stride: number) => ({
  kernel: integersAttribute([kernel, kernel]),
  strides: integersAttribute([stride, stride]),
  pads: integersAttribute([0, 0, 0, 0]),
  dilations: integersAttribute([1, 1]),
});

/** LeNet-5 on 16 by 16 images: two convolutions with pooling, three dense layers. */
export const lenet = (batch: number): Description => ({
  name: `lenet ${batch}`,
  inputs: { image: f32(batch, 1, 16, 16), label: i32(batch) },
  weights: {
    conv1: [4, 1, 5, 5],
    bias1: [4],
    conv2: [8, 4, 3, 3],
    fc1: [32, 32],
    b1: [32],
    fc2: [16, 32],
    b2: [16],
    fc3: [8, 16],
  },
  learningRate: 0.1,
  optimizer: 'momentum',
  forward: (network, values, stages) => {
    const { kernel: _, ...convolution } = windows(5, 1);
    const pool = (x: Value) => network.op('ms.max_pool2d', [x], { ...windows(2, 2), ceil_mode: boolAttribute(false) });
    const conv = (operands: readonly Value[]) =>
      network.op('ms.relu', [network.op('ms.conv2d', operands, { ...convolution, group: integerAttribute(1) })]);
    const features = network.stage(0, () => {
      const first = pool(conv([values.image, values.conv1, values.bias1]));
      return network.reshape(pool(conv([first, values.conv2])), [batch, 32]);
    });
    return network.stage(stages - 1, () => {
      const dense = (operands: readonly Value[]) => network.op('ms.dense', operands);
      const h1 = network.op('ms.relu', [dense([features, values.fc1, values.b1])]);
      const h2 = network.op('ms.relu', [dense([h1, values.fc2, values.b2])]);
      return crossEntropy(network, dense([h2, values.fc3]), values.label);
    });
  },
});

export interface TransformerSize {
  readonly batch: number;
  readonly length: number;
  readonly width: number;
  readonly heads: number;
  readonly vocabulary: number;
  readonly layers: number;
}

/** Token embedding, pre-norm blocks of causal attention and GELU, output logits. */
export const transformer = ({ batch, length, width, heads, vocabulary, layers }: TransformerSize): Description => {
  const weights: Record<string, readonly number[]> = {
    embedding: [vocabulary, width],
    position: [length, width],
    head: [width, vocabulary],
  };
  for (let layer = 0; layer < layers; layer++) {
    for (const name of ['query', 'key', 'value', 'out']) weights[`${name}${layer}`] = [width, width];
    Object.assign(weights, { [`up${layer}`]: [width, 4 * width], [`down${layer}`]: [4 * width, width] });
    for (const name of ['gamma1', 'beta1', 'gamma2', 'beta2']) weights[`${name}_${layer}`] = [width];
  }
  return {
    name: `transformer ${batch}x${length}x${width}, ${layers} layers`,
    inputs: { tokens: i32(batch, length), labels: i32(batch, length) },
    weights,
    marks: Object.fromEntries(
      Array.from({ length: layers }, (_, layer) =>
        ['norm1', 'norm2', 'down', 'block'].map((name) => [`${name}_${layer}`, [batch, length, width]] as const),
      ).flat(),
    ),
    learningRate: 0.1,
    forward: (network, values, stages) => {
      let x = network.stage(0, () =>
        network.op('ms.add', [
          network.op('ms.gather', [values.embedding, values.tokens], { axis: integerAttribute(0) }),
          values.position,
        ]),
      );
      for (let layer = 0; layer < layers; layer++)
        x = network.stage(Math.floor((layer * stages) / layers), () => block(network, values, x, layer, heads));
      return network.stage(stages - 1, () => crossEntropy(network, network.matmul(x, values.head), values.labels));
    },
  };
};

function block(
  network: Network,
  values: Readonly<Record<string, Value>>,
  x: Value,
  layer: number,
  heads: number,
): Value {
  const norm = (value: Value, at: number) =>
    network.mark(
      `norm${at}_${layer}`,
      network.op('ms.layer_norm', [value, values[`gamma${at}_${layer}`], values[`beta${at}_${layer}`]], {
        begin_axis: integerAttribute(2),
        epsilon: floatAttribute(1e-3),
      }),
    );
  const attended = network.op('ms.add', [x, attention(network, values, norm(x, 1), layer, heads)]);
  const up = network.op('ms.gelu', [network.matmul(norm(attended, 2), values[`up${layer}`])], {
    approximate: { kind: 'string', value: 'tanh' },
  });
  const down = network.mark(`down_${layer}`, network.matmul(up, values[`down${layer}`]));
  return network.mark(`block_${layer}`, network.op('ms.add', [attended, down]));
}

function attention(
  network: Network,
  values: Readonly<Record<string, Value>>,
  x: Value,
  layer: number,
  heads: number,
): Value {
  const [batch, length, width] = shapeOf(x);
  const depth = width / heads;
  const split = (name: string) =>
    network.transpose(
      network.reshape(network.matmul(x, values[`${name}${layer}`]), [batch, length, heads, depth]),
      [0, 2, 1, 3],
    );
  const scores = network.scaled(network.matmul(split('query'), split('key'), { b: true }), 1 / Math.sqrt(depth));
  const causal = network.emit.stated('ms.triangle', [], tensorType([length, length], 'i1'), {
    diagonal: integerAttribute(0),
    part: { kind: 'string', value: 'lower' },
  });
  const masked = network.op('ms.select', [causal, scores, network.emit.scalar(-1e4, 'f32')]);
  const weights = network.op('ms.softmax', [masked], { axis: integerAttribute(3) });
  const joined = network.reshape(network.transpose(network.matmul(weights, split('value')), [0, 2, 1, 3]), [
    batch,
    length,
    width,
  ]);
  return network.matmul(joined, values[`out${layer}`]);
}

/** Groups of tokens, each token to its best expert, at most `capacity` of a group to one expert (GShard). */
export const mixture = (
  groups: number,
  tokens: number,
  width: number,
  experts: number,
  capacity: number,
): Description => ({
  name: `mixture ${groups}x${tokens}x${width}, ${experts} experts`,
  inputs: { x: f32(groups, tokens, width), target: f32(groups, tokens, width) },
  marks: { arrived: [experts, groups, capacity, width], returned: [groups, experts, capacity, width] },
  weights: { gate: [width, experts], up: [experts, width, 2 * width], down: [experts, 2 * width, width] },
  learningRate: 0.1,
  forward: (network, values) => {
    const axis = { axis: integerAttribute(2) };
    const gates = network.op('ms.softmax', [network.matmul(values.x, values.gate)], axis);
    const best = network.op('ms.argmax', [gates], { ...axis, keep_dims: boolAttribute(false) });
    const [one, zero] = [network.emit.scalar(1, 'f32'), network.emit.scalar(0, 'f32')];
    const mask = network.op('ms.one_hot', [best, one, zero], {
      axis: integerAttribute(2),
      depth: integerAttribute(experts),
    });
    const before = network.op('ms.cumsum', [mask], {
      axis: integerAttribute(1),
      exclusive: boolAttribute(true),
      reverse: boolAttribute(false),
    });
    const places = network.reduce('sum', network.op('ms.mul', [before, mask]), [2]);
    const slot = network.op('ms.one_hot', [network.emit.stated('ms.cast', [places], i32(groups, tokens)), one, zero], {
      axis: integerAttribute(2),
      depth: integerAttribute(capacity),
    });
    const route = network.op('ms.mul', [
      network.reshape(mask, [groups, tokens, experts, 1]),
      network.reshape(slot, [groups, tokens, 1, capacity]),
    ]);
    const flat = network.reshape(route, [groups, tokens, experts * capacity]);
    const sent = network.reshape(network.matmul(flat, values.x, { a: true }), [groups, experts, capacity, width]);
    const arrived = network.mark('arrived', network.transpose(sent, [1, 0, 2, 3]));
    const rows = network.reshape(arrived, [experts, groups * capacity, width]);
    const inner = network.op('ms.relu', [network.matmul(rows, values.up)]);
    const made = network.reshape(network.matmul(inner, values.down), [experts, groups, capacity, width]);
    const back = network.mark('returned', network.transpose(made, [1, 0, 2, 3]));
    const weight = network.reduce('sum', network.op('ms.mul', [gates, mask]), [2], true);
    const joined = network.matmul(flat, network.reshape(back, [groups, experts * capacity, width]));
    const y = network.op('ms.mul', [joined, weight]);
    return network.reduce('mean', network.op('ms.square', [network.op('ms.sub', [y, values.target])]), [0, 1, 2]);
  },
});

/** Convolution, batch normalization in training (statistics of the whole batch), ReLU, mean over space, dense. */
export const normalized = (batch: number): Description => ({
  name: `normalized ${batch}`,
  inputs: { image: f32(batch, 2, 6, 6), label: i32(batch) },
  weights: { conv: [4, 2, 3, 3], gamma: [4, 1, 1], beta: [4, 1, 1], fc: [4, 4] },
  learningRate: 0.1,
  optimizer: 'momentum',
  forward: (network, values) => {
    const { kernel: _, ...convolution } = windows(3, 1);
    const maps = network.op('ms.conv2d', [values.image, values.conv], { ...convolution, group: integerAttribute(1) });
    const centred = network.op('ms.sub', [maps, network.reduce('mean', maps, [0, 2, 3], true)]);
    const variance = network.reduce('mean', network.op('ms.square', [centred]), [0, 2, 3], true);
    const scale = network.op('ms.rsqrt', [network.op('ms.add', [variance, network.emit.scalar(1e-3, 'f32')])]);
    const normal = network.op('ms.mul', [network.op('ms.mul', [centred, scale]), values.gamma]);
    const active = network.op('ms.relu', [network.op('ms.add', [normal, values.beta])]);
    return crossEntropy(
      network,
      network.op('ms.dense', [network.reduce('mean', active, [2, 3]), values.fc]),
      values.label,
    );
  },
});
