/** Costs of ops by definition: arithmetic, bytes, how often they run; multiply-adds of known networks. */
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
import { type CostSection } from '../../tools/inspect/report/index.ts';
import { mainOf } from '../../tools/msc/parameters.ts';
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
