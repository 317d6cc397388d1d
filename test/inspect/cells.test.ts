/** Every op knows the Cell whose construct made it, by the path that MindSpore's parameter names have. */
import { describe, expect, it } from 'vitest';
import {
  backwardLocation,
  cellLocation,
  cellOf,
  fileLocation,
  fusedLocation,
  isBackward,
  locationText,
  parseLocationText,
  parseModule,
  printModule,
  userPosition,
  walk,
  type Location,
  type Module,
} from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import { runStages } from '../../tools/msc/pipeline.ts';
import { compileText, moduleOf } from '../frontend/harness.ts';

const HEADER = `
import mindspore as ms
from mindspore import nn, ops
`;

/** `op path: Class` of each op that computes, in order, for a network that takes x of 2x4. */
function cellsOf(text: string, entry: string): readonly string[] {
  const network = compileText(HEADER + text, entry, [{ name: 'x', shape: [2, 4], dtype: 'f32' }]);
  const rows: string[] = [];
  walk(moduleOf(network).body, ({ name, location }) => {
    if (!name.startsWith('ms.') || name === 'ms.constant') return;
    const cell = cellOf(location);
    rows.push(`${name} ${cell === null ? '-' : `${cell.path}: ${cell.className}`}`);
  });
  return rows;
}

describe('paths of Cells', () => {
  it('the network itself has the empty path, functions belong to the Cell that calls them', () => {
    const rows = cellsOf(
      `
def twice(x):
    return ops.relu(x)

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.act = nn.ReLU()
    def construct(self, x):
        return twice(self.act(ops.exp(x)))
`,
      'Net()',
    );
    expect(rows).toEqual(['ms.exp : Net', 'ms.relu act: ReLU', 'ms.relu : Net']);
  });

  it('children of containers have their keys', () => {
    const rows = cellsOf(
      `
from collections import OrderedDict

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.row = nn.SequentialCell(nn.ReLU(), nn.SequentialCell(OrderedDict([('act', nn.Tanh())])))
        self.list = nn.CellList([nn.Sigmoid()])
        self.dict = nn.CellDict({'<b>: x': nn.GELU()})
    def construct(self, x):
        return self.dict['<b>: x'](self.list[0](self.row(x)))
`,
      'Net()',
    );
    expect(rows).toEqual([
      'ms.relu row.0: ReLU',
      'ms.tanh row.1.act: Tanh',
      'ms.sigmoid list.0: Sigmoid',
      'ms.gelu dict.<b>: x: GELU',
    ]);
  });

  it('a Cell in two places has the path of the first', () => {
    const rows = cellsOf(
      `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.first = nn.ReLU()
        self.second = nn.SequentialCell(self.first)
    def construct(self, x):
        return self.second(self.first(x))
`,
      'Net()',
    );
    expect(rows).toEqual(['ms.relu first: ReLU', 'ms.relu first: ReLU']);
  });

  it('Cells in plain lists and Cells made while running have a path too', () => {
    const rows = cellsOf(
      `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.acts = [nn.SequentialCell(nn.ReLU()), {'a': nn.Tanh()}]
        self.named = {'t': nn.Sigmoid()}
    def construct(self, x):
        x = self.acts[0](x)
        x = self.named['t'](x)
        return nn.GELU()(x)
`,
      'Net()',
    );
    expect(rows).toEqual(['ms.relu acts.0.0: ReLU', 'ms.sigmoid named.t: Sigmoid', 'ms.gelu GELU: GELU']);
  });

  it('in a function the first Cell is the network, others have the name of their class', () => {
    const rows = cellsOf(
      `
model = nn.SequentialCell(nn.Tanh())
loss = nn.ReLU()

def step(x):
    return ops.exp(loss(model(loss(model(x)))))
`,
      'step',
    );
    expect(rows).toEqual([
      'ms.tanh 0: Tanh',
      'ms.relu ReLU: ReLU',
      'ms.tanh 0: Tanh',
      'ms.relu ReLU: ReLU',
      'ms.exp -',
    ]);
  });

  it('a training step names the Cells below its wrappers', () => {
    const rows = cellsOf(
      `
class Loss(nn.Cell):
    def construct(self, y, label):
        return ops.square(y - label).mean()

net = nn.SequentialCell(nn.Dense(4, 4))
step = nn.TrainOneStepCell(nn.WithLossCell(net, Loss()), nn.SGD(net.trainable_params(), 0.1))

def train(x):
    return step(x, x)
`,
      'train',
    );
    expect(rows).toContain('ms.matmul network._backbone.0: Dense');
    expect(rows).toContain('ms.square network._loss_fn: Loss');
    expect(rows.some((row) => row.endsWith(' optimizer: SGD'))).toBe(true);
    expect(rows.filter((row) => row.endsWith('-'))).toEqual([]);
  });
});

/** The compiler's own stages up to `to`. */
function staged(text: string, to: 'graph' | 'fused'): Module {
  const module = moduleOf(compileText(HEADER + text, 'Net()', [{ name: 'x', shape: [1, 4, 8, 8], dtype: 'f32' }]));
  const { module: made, diagnostics } = runStages(module, { chip: defaultChip, to, now: () => 0 });
  expect(diagnostics).toEqual([]);
  return made;
}

const CONVOLUTION = `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 16, 3)
        self.norm = nn.BatchNorm2d(16)
    def construct(self, x):
        x = self.conv(x)
        x = self.norm(x)
        x = ops.relu(x)
        x = ops.exp(x)
        return ops.tanh(x)
`;

/** Lines of the user's file, the main one first. */
function linesOf(module: Module, name: string): readonly (readonly number[])[] {
  const rows: (readonly number[])[] = [];
  walk(module.body, (op) => {
    const places = new PlaceTable(() => '');
    if (op.name === name) rows.push(places.places[places.number(op.location)].positions.map(({ line }) => line));
  });
  return rows;
}

describe('passes', () => {
  const line = (text: string): number => (HEADER + CONVOLUTION).split(text)[0].split('\n').length;
  const folded = [line('self.conv(x)'), line('self.norm(x)')];

  it('keep the Cell and line of what they fold, the main one first', () => {
    const module = staged(CONVOLUTION, 'graph');
    expect(linesOf(module, 'ms.conv2d')).toEqual([folded]);
    walk(module.body, ({ name, location }) => {
      if (name === 'ms.conv2d') expect(cellOf(location)).toEqual({ path: 'conv', className: 'Conv2d' });
    });
  });

  it('keep all lines of what they fuse', () => {
    const module = staged(CONVOLUTION, 'fused');
    expect(linesOf(module, 'ms.conv2d')).toEqual([[...folded, line('ops.relu')]]);
    expect(linesOf(module, 'ms.fused')).toContainEqual([line('ops.exp'), line('ops.tanh')]);
  });

  it('mark the backward pass of each line', () => {
    const module = staged(
      `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.act = nn.Tanh()
    def construct(self, x):
        return ms.grad(lambda x: ops.exp(self.act(x)).sum())(x)
`,
      'graph',
    );
    const rows: string[] = [];
    walk(module.body, ({ name, location }) => {
      if (name.startsWith('ms.') && name !== 'ms.constant')
        rows.push(`${name} ${isBackward(location)} ${cellOf(location)?.path}`);
    });
    expect(rows).toContain('ms.tanh false act');
    expect(rows.filter((row) => row.endsWith('true act')).length).toBeGreaterThan(1);
  });
});

describe('locations of Cells', () => {
  const here = fileLocation('net.py', 3, 5);
  const cell = { path: 'layer1.0', className: 'Conv2d' };

  it('are names that MLIR knows', () => {
    const location = cellLocation(cell, here);
    expect(locationText(location)).toBe('"layer1.0: Conv2d"("net.py":3:5)');
    expect(cellOf(location)).toEqual(cell);
    expect(userPosition(location)).toEqual(here);
  });

  it('are found through calls, fusions and other names', () => {
    const inner = cellLocation(cell, here);
    const outer = cellLocation({ path: '', className: 'Net' }, here);
    const cases: readonly Location[] = [
      { kind: 'callsite', callee: inner, caller: outer },
      { kind: 'callsite', callee: here, caller: inner },
      { kind: 'fused', locations: [here, inner, outer] },
      { kind: 'name', name: 'pass', child: inner },
    ];
    for (const location of cases) expect(cellOf(location)).toEqual(cell);
    expect(cellOf({ kind: 'name', name: 'pass', child: here })).toBeNull();
    expect(cellOf(null)).toBeNull();
  });

  it('say which ops are of a backward pass', () => {
    const inner = cellLocation(cell, here);
    const backward = backwardLocation(inner);
    expect(locationText(backward)).toBe('"backward"("layer1.0: Conv2d"("net.py":3:5))');
    expect(backwardLocation(backward)).toBe(backward);
    expect(cellOf(backward)).toEqual(cell);
    expect([inner, backward, null].map(isBackward)).toEqual([false, true, false]);
    expect(isBackward(fusedLocation([backward, inner]))).toBe(false);
    expect(isBackward(fusedLocation([backward, backwardLocation(here)]))).toBe(true);
    expect(isBackward({ kind: 'callsite', callee: backward, caller: here })).toBe(true);
  });

  it('join without repetition', () => {
    const inner = cellLocation(cell, here);
    expect(fusedLocation([inner, null, here, inner])).toEqual({ kind: 'fused', locations: [inner, here] });
    expect(fusedLocation([fusedLocation([inner, here]), here])).toEqual({ kind: 'fused', locations: [inner, here] });
    expect(fusedLocation([inner, inner])).toBe(inner);
    expect(fusedLocation([null])).toBeNull();
  });

  it('come back from their text', () => {
    const location = cellLocation({ path: 'a"b\n<i>', className: 'Net' }, here);
    expect(parseLocationText(locationText(location))).toEqual(location);
    expect(parseLocationText('unknown')).toBeNull();
    expect(parseLocationText('callsite(')).toBeNull();
    expect(parseLocationText('"a":1:2) extra')).toBeNull();
  });

  it('survive printing and parsing of a module', () => {
    const text = `${HEADER}\nclass Net(nn.Cell):\n    def construct(self, x):\n        return ops.relu(x)\n`;
    const module = moduleOf(compileText(text, 'Net()', [{ name: 'x', shape: [2], dtype: 'f32' }]));
    const printed = printModule(module, opTable, { form: 'generic', locations: true });
    expect(printed).toContain('loc(": Net"("/net.py":');
    const parsed = parseModule({ name: 'net.mlir', text: printed }, opTable);
    expect(parsed.diagnostics).toEqual([]);
    expect(parsed.module && printModule(parsed.module, opTable, { form: 'generic', locations: true })).toBe(printed);
  });
});

it('ops of one line in one Cell share their location', () => {
  const text = `${HEADER}
class Net(nn.Cell):
    def construct(self, x):
        for _ in range(2):
            x = ops.relu(x)
        return x
`;
  const module = moduleOf(compileText(text, 'Net()', [{ name: 'x', shape: [2, 4], dtype: 'f32' }]));
  const locations: Location[] = [];
  walk(module.body, ({ name, location }) => name === 'ms.relu' && locations.push(location));
  expect(locations).toHaveLength(2);
  expect(locations[0]).toBe(locations[1]);
});
