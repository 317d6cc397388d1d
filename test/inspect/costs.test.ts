/** Costs of ops by definition, of places and Cells, and what the summary and the terminal say of them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { InputSpecification } from '../../compiler/frontend/index.ts';
import { Block, integersOf, isAbsent, Operation, viewOf, walk, type Module } from '../../compiler/ir/index.ts';
import { Emitter, opTable, tensorOps, isTensorOp } from '../../compiler/ir/ops/index.ts';
import {
  costOf,
  elementsOf,
  flopsOf,
  matrixFlops,
  shapeOf,
  visitExecuted,
} from '../../compiler/passes/analysis/index.ts';
import { CostRecorder } from '../../tools/inspect/collect/costs/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import {
  type CostSection,
  type KernelSection,
  type LaunchFacts,
  lineCosts,
  type Report,
  type ReportHead,
} from '../../tools/inspect/report/index.ts';
import { reportText } from '../../tools/inspect/text/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { mainOf } from '../../tools/msc/parameters.ts';
import { runStages } from '../../tools/msc/pipeline.ts';
import { readAllOpCases } from '../op/opcase.ts';
import { compileFile, compileText, moduleOf } from '../frontend/harness.ts';

/** Every op of the op cases, once for each function. */
function caseOps(): readonly Operation[] {
  const ops: Operation[] = [];
  for (const module of new Set(readAllOpCases().map((opCase) => opCase.module)))
    walk(module.body, (op) => void (isTensorOp(op.name) && ops.push(op)));
  return ops;
}

/** Extent of each index of an op by its index notation. */
function extentsOf(op: Operation): ReadonlyMap<string, number> {
  const definition = isTensorOp(op.name) ? tensorOps[op.name] : null;
  if (definition === null || isAbsent(definition.axes)) throw new Error(`${op.name} has no index notation`);
  const { operands } = definition.axes(viewOf(op));
  return new Map(
    operands.flatMap((indices, at) => indices.map((index, axis) => [index, shapeOf(op.operands[at])[axis]] as const)),
  );
}

/** The ops that the definition of an op says it is made of. */
function partsOf(op: Operation): readonly Operation[] | null {
  const definition = isTensorOp(op.name) ? tensorOps[op.name] : null;
  if (definition === null || isAbsent(definition.decompose)) return null;
  const parts: Operation[] = [];
  const inside = new Block(op.operands.map(({ type }) => type));
  const emitter = new Emitter(
    {
      create: (name, operands, types, attributes = new Map()) => {
        const part = new Operation(name, operands, types, attributes, [], null);
        parts.push(part);
        return part;
      },
    },
    opTable,
  );
  definition.decompose(emitter, inside.arguments, viewOf(op));
  return parts;
}

describe('arithmetic of ops', () => {
  const ops = caseOps();

  it.each(['ms.matmul', 'ms.batch_matmul', 'ms.dense'])('%s is two for each point of its index space', (name) => {
    const found = ops.filter((op) => op.name === name);
    expect(found.length).toBeGreaterThan(1);
    for (const op of found) {
      const points = [...extentsOf(op)].filter(([index]) => index !== '_').reduce((all, [, extent]) => all * extent, 1);
      expect(matrixFlops(op), `${op.name} ${op.operands.map(({ type }) => type.key).join(' ')}`).toBe(2 * points);
    }
  });

  it('a convolution is a product for each element that it makes', () => {
    const found = ops.filter((op) => op.name === 'ms.conv2d');
    expect(found.length).toBeGreaterThan(4);
    for (const op of found) {
      const [, inner, height, width] = shapeOf(op.operands[1]); // inner channels are those of a group already
      const bias = op.operands.length === 3 ? elementsOf(op.results[0]) : 0;
      expect(flopsOf(op)).toBe(2 * elementsOf(op.results[0]) * inner * height * width + bias);
    }
  });

  it('composite activations, norms and reductions cost what their parts cost', () => {
    const families = new Set(['activation', 'norm', 'reduce']);
    const rows = ops.flatMap((op) => {
      const parts = isTensorOp(op.name) && families.has(tensorOps[op.name].family) ? partsOf(op) : null;
      return parts === null ? [] : [{ op, parts: parts.reduce((sum, part) => sum + flopsOf(part), 0) }];
    });
    expect(new Set(rows.map(({ op }) => op.name)).size).toBeGreaterThan(8);
    // Norms and softmax do a few operations for each row too, which the table leaves out.
    for (const { op, parts } of rows) {
      expect(flopsOf(op), op.name).toBeLessThanOrEqual(parts);
      expect(flopsOf(op), op.name).toBeGreaterThan(0.7 * parts);
    }
  });

  it('what moves or makes elements computes nothing', () => {
    for (const op of ops.filter(({ name }) => isTensorOp(name) && tensorOps[name].family === 'shape'))
      expect(flopsOf(op), op.name).toBe(0);
  });

  it('pooling looks at its window', () => {
    const op = ops.find(({ name }) => name === 'ms.max_pool2d');
    if (op === undefined) throw new Error('no case of ms.max_pool2d');
    const [height, width] = integersOf(op.attributes, 'kernel');
    expect(flopsOf(op)).toBe(height * width * elementsOf(op.results[0]));
  });
});

const graphOf = (body: string, entry = 'Net()'): Module =>
  moduleOf(
    compileText(`import mindspore as ms\nfrom mindspore import nn, ops, Tensor, Parameter\n${body}`, entry, [
      { name: 'x', shape: [2, 4], dtype: 'f32' },
    ]),
  );

/** The costs section of a network before any pass. */
function sectionOf(file: string, entry: string, input: InputSpecification, roots: readonly string[] = []): CostSection {
  const recorder = new CostRecorder(new PlaceTable(() => null));
  recorder.visit('graph', moduleOf(compileFile(file, entry, [input], roots)));
  const section = recorder.finish(null);
  if (section === null) throw new Error('no section');
  return section;
}

describe('multiply-adds of known networks', () => {
  it('Llama: parameters of its products for each token, and scores and their sums for each pair of tokens', () => {
    const file = fileURLToPath(new URL('../../examples/llama/llama.py', import.meta.url));
    const tokens = 4096;
    const { multiplyAdds, total } = sectionOf(file, "Llama('tiny')", { name: 'ids', shape: [1, tokens], dtype: 'i32' });
    const [hidden, layers, vocabulary, norms] = [64, 2, 96, 5];
    const parameters = total.parameters - vocabulary * hidden - norms * hidden;
    expect(multiplyAdds).toBe(parameters * tokens + layers * 2 * tokens * tokens * hidden);
  });

  const mindcv = process.env.MSC_MINDCV ?? '';
  // Billions, as torchvision and the papers list them.
  it.skipIf(!existsSync(mindcv)).each([
    ['resnet50', 'resnet', 4.09],
    ['vit_b_16_224', 'vit', 17.57],
    ['densenet121', 'densenet', 2.85],
    ['efficientnet_b0', 'efficientnet', 0.39],
  ] as const)('%s', (name, file, billions) => {
    const image: InputSpecification = { name: 'x', shape: [1, 3, 224, 224], dtype: 'f32' };
    const { multiplyAdds } = sectionOf(`${mindcv}/mindcv/models/${file}.py`, `${name}()`, image, [mindcv]);
    expect(Math.abs(multiplyAdds / 1e9 / billions - 1)).toBeLessThan(0.02);
  });
});

describe('bytes of ops', () => {
  const cost = (body: string): readonly (readonly [string, number, number])[] => {
    const rows: (readonly [string, number, number])[] = [];
    walk(graphOf(`class Net(nn.Cell):\n    def construct(self, x):\n        ${body}\n`).body, (op) => {
      const found = op.name === 'ms.constant' ? null : costOf(op);
      if (found) rows.push([op.name, found.bytesRead, found.bytesWritten]);
    });
    return rows;
  };

  it('are those of distinct operands and of results', () => {
    expect(cost('return x * x')).toEqual([['ms.mul', 32, 32]]);
    expect(cost('return x + ops.exp(x)')).toEqual([
      ['ms.exp', 32, 32],
      ['ms.add', 64, 32],
    ]);
  });

  it('are none for a view, and what is taken for a slice', () => {
    expect(cost('return x.reshape(8)')).toEqual([['ms.reshape', 0, 0]]);
    expect(cost('return x[:, :2]')).toEqual([['ms.slice', 16, 16]]);
  });

  it('are unknown for what holds other ops', () => {
    let functions = 0;
    walk(graphOf('class Net(nn.Cell):\n    def construct(self, x):\n        return ops.exp(x)\n').body, (op) => {
      if (op.name !== 'func.func') return;
      functions++;
      expect(costOf(op)).toBeNull();
    });
    expect(functions).toBe(1);
  });
});

describe('how often ops run', () => {
  const times = (text: string): readonly (readonly [string, number])[] => {
    const module = graphOf(text);
    const main = mainOf(module);
    if (main === null) throw new Error('no main');
    const rows: (readonly [string, number])[] = [];
    visitExecuted(module, main, (op, count) => {
      if (op.name === 'ms.exp' || op.name === 'ms.tanh') rows.push([op.name, count]);
    });
    return rows;
  };

  it('branches once each, loops of unknown length one round', () => {
    expect(
      times(`
class Net(nn.Cell):
    def construct(self, x):
        if x.sum() > 0:
            x = ops.exp(x)
        else:
            x = ops.tanh(x)
        while x.sum() < 9:
            x = ops.exp(x) + 1
        return x
`),
    ).toEqual([
      ['ms.exp', 1],
      ['ms.tanh', 1],
      ['ms.exp', 1],
    ]);
  });
});

const NETWORK = `
class Block(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(4, 4)
    def construct(self, x):
        return ops.relu(self.dense(x))

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.blocks = nn.CellList([Block(), Block()])
    def construct(self, x):
        for block in self.blocks:
            x = block(x)
        return ops.exp(x)
`;

const SOURCE = `import mindspore as ms\nfrom mindspore import nn, ops, Tensor, Parameter\n${NETWORK}`;
/** The line of the source that holds a text. */
const lineOf = (text: string): number => SOURCE.slice(0, SOURCE.indexOf(text)).split('\n').length;
const LINES = { relu: lineOf('ops.relu'), exp: lineOf('ops.exp') };

/** A launch of which only what costs are made of matters. */
const launch = (place: number, parts: readonly (readonly [place: number, seconds: number])[], bytes: number) =>
  ({
    kernel: 0,
    place,
    hbmBytes: bytes / 2,
    l2Bytes: bytes / 2,
    seconds: parts.map(([at, seconds]) => ({ place: at, seconds })),
    // The costs section reads no other column.
  }) as unknown as LaunchFacts;

function recorded(launches: (places: PlaceTable) => readonly LaunchFacts[] = () => []) {
  const places = new PlaceTable((name) => (name === '/net.py' ? SOURCE : null));
  const recorder = new CostRecorder(places);
  recorder.visit('graph', graphOf(NETWORK));
  const timed = launches(places);
  // The costs section reads no other column.
  const kernels = timed.length === 0 ? null : ({ kind: 'kernels', launches: timed } as unknown as KernelSection);
  const section = recorder.finish(kernels);
  if (section === null) throw new Error('no section');
  const head: ReportHead = {
    schema: 1,
    version: '0.0.0',
    subject: {
      command: 'inspect',
      file: '/net.py',
      entry: 'Net()',
      inputs: ['x=2x4'],
      target: 'ascend910b1',
      cluster: null,
    },
    facts: [],
    diagnostics: [],
    sources: places.sources,
    places: places.places,
  };
  return { section, head, places };
}

const cellsOf = ({ cells }: CostSection) => cells.map(({ path, className }) => `${path}: ${className}`);

describe('the costs section', () => {
  it('sums places up to the total', () => {
    const { section } = recorded();
    for (const name of ['ops', 'flops', 'tensorBytes', 'parameters', 'parameterBytes'] as const)
      expect(section.places.reduce((sum, place) => sum + place[name], 0)).toBe(section.total[name]);
    expect(section.total).toMatchObject({ parameters: 2 * (16 + 4), parameterBytes: 160, seconds: 0, bytes: 0 });
    expect(section.multiplyAdds).toBe(2 * 2 * 4 * 4);
    expect(section.timed).toBe(false);
  });

  it('has the tree of Cells, parents first, with what is in each', () => {
    const { section } = recorded();
    expect(cellsOf(section)).toEqual([
      ': Net',
      'blocks: ',
      'blocks.0: Block',
      'blocks.0.dense: Dense',
      'blocks.1: Block',
      'blocks.1.dense: Dense',
    ]);
    const [net, blocks, first] = section.cells;
    expect([net.parent, blocks.parent, first.parent]).toEqual([-1, 0, 1]);
    expect(net.total).toEqual(section.total);
    expect(net.own.ops).toBe(1);
    expect(blocks.own.ops).toBe(0);
    expect(first.own).toMatchObject({ ops: 1, flops: 8, parameters: 0 });
    expect(first.total.parameters).toBe(20);
  });

  it('divides seconds and bytes of launches among their places', () => {
    const at = (places: PlaceTable, line: number): number =>
      places.places.findIndex(({ positions }) => positions[0]?.line === line);
    const { section, head } = recorded((places) => [
      launch(at(places, LINES.exp), [[at(places, LINES.exp), 3]], 100),
      launch(
        0,
        [
          [at(places, LINES.relu), 1],
          [at(places, LINES.exp), 3],
        ],
        80,
      ),
    ]);
    expect(section.timed).toBe(true);
    expect(section.total).toMatchObject({ seconds: 7, bytes: 180 });
    const lines = lineCosts(head, section);
    expect(lines.map(({ line, seconds, bytes }) => [line, seconds, bytes])).toEqual([
      [LINES.relu, 1, 20],
      [LINES.exp, 6, 160],
    ]);
  });

  it('counts parameters where the network uses them, folded or differentiated', () => {
    const body = `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(4, 3)
        self.norm = nn.BatchNorm1d(3)
    def construct(self, x):
        return self.norm(self.dense(x)).sum()
net = Net()
def step(x):
    return ms.value_and_grad(net, None, net.trainable_params())(x)
`;
    for (const entry of ['Net()', 'step']) {
      const recorder = new CostRecorder(new PlaceTable(() => null));
      const module = graphOf(body, entry);
      runStages(module, {
        chip: defaultChip,
        to: 'graph',
        now: () => 0,
        visit: (stage, made) => recorder.visit(stage, made),
      });
      const { cells, total } = recorder.finish(null) ?? { cells: [], total: null };
      const counts = cells.map(({ path, own }) => [path, own.parameters]);
      expect(counts).toContainEqual(['dense', 4 * 3 + 3]);
      expect(counts).toContainEqual(['norm', 4 * 3]);
      expect(total?.parameters).toBe(4 * 3 + 3 + 4 * 3);
    }
  });

  it('is made again without counting twice', () => {
    const places = new PlaceTable(() => null);
    const recorder = new CostRecorder(places);
    recorder.visit('graph', graphOf(NETWORK));
    recorder.visit('fused', graphOf(NETWORK));
    expect(recorder.finish(null)).toEqual(recorder.finish(null));
    recorder.visit('graph', graphOf(NETWORK));
    expect(recorder.finish(null)).toEqual(recorded().section);
    expect(new CostRecorder(places).finish(null)).toBeNull();
  });
});

describe('costs in a terminal', () => {
  const report = (head: ReportHead, section: CostSection): Report => ({ head, sections: { costs: section } });

  it('annotate the lines of the source', () => {
    const { section, head } = recorded();
    const text = reportText(report(head, section), { color: false, width: 100 });
    const line = text.split('\n').find((row) => row.includes('ops.relu'));
    expect(line).toMatch(/^95\.2 % +544 B +160 +9 {10}return ops\.relu\(self\.dense\(x\)\)$/);
    expect(text).not.toContain('import mindspore');
    expect(text).toContain('0: Block');
  });

  it('fit the width and obey no control character', () => {
    const { section, head } = recorded();
    const sources = [{ name: 'a\u001b[2Jb.py', text: SOURCE.replace('ops.relu(', '\u001b[31mrelu\u202e(') }];
    const text = reportText(report({ ...head, sources }, section), { color: false, width: 60 });
    expect(text).not.toMatch(/[\u001b\u202e]/);
    for (const row of text.split('\n')) expect(row.length).toBeLessThanOrEqual(60);
  });

  it('are coloured only where asked', () => {
    const { section, head } = recorded();
    expect(reportText(report(head, section), { color: true, width: 80 })).toContain('\u001b[31m');
    expect(reportText(report(head, section), { color: false, width: 80 })).not.toContain('\u001b');
  });
});
