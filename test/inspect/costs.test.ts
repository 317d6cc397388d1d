/** Costs of places and Cells, and what the terminal says of them. */
import { describe, expect, it } from 'vitest';
import { type Module, parseModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { CostRecorder } from '../../tools/inspect/collect/costs/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import {
  type CostSection,
  type KernelSection,
  type LaunchFacts,
  costsWithoutLine,
  lineCosts,
  type Report,
  type ReportHead,
} from '../../tools/inspect/report/index.ts';
import { reportText } from '../../tools/inspect/text/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { runStages } from '../../tools/msc/pipeline.ts';
import { compileText, moduleOf } from '../frontend/harness.ts';

const graphOf = (body: string, entry = 'Net()'): Module =>
  moduleOf(
    compileText(`import mindspore as ms\nfrom mindspore import nn, ops, Tensor, Parameter\n${body}`, entry, [
      { name: 'x', shape: [2, 4], dtype: 'f32' },
    ]),
  );

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

  it('tells what comes from no line of the user, so that all lines and the rest are the whole', () => {
    const at = (places: PlaceTable, line: number): number =>
      places.places.findIndex(({ positions }) => positions[0]?.line === line);
    const { section, head } = recorded((places) => [
      launch(
        0,
        [
          [at(places, LINES.relu), 1],
          [places.numberOfText('"prelude/adam.py":5:1'), 4],
        ],
        50,
      ),
    ]);
    const { cost, places } = costsWithoutLine(head, section);
    expect(cost).toMatchObject({ seconds: 4, bytes: 40 });
    expect(places.map((place) => head.places[place]?.text)).toContain('"prelude/adam.py":5:1');
    const lines = lineCosts(head, section).reduce((sum, { seconds }) => sum + seconds, 0);
    expect(lines + cost.seconds).toBe(section.total.seconds);
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

  const MATRIX = 'tensor<4x4xf32>';
  const square = (result: string, of: string): string =>
    `%${result} = ms.matmul %${of}, %${of} {transpose_a = false, transpose_b = false} : (${MATRIX}, ${MATRIX}) -> ${MATRIX}`;
  it.each([
    [
      'a function as often as it is called',
      `%0 = func.call @product(%x) : (${MATRIX}) -> ${MATRIX}\n%y = func.call @product(%0) : (${MATRIX}) -> ${MATRIX}`,
      2,
    ],
    [
      'a loop as often as it turns',
      `%c0 = arith.constant 0 : i64\n%c7 = arith.constant 7 : i64\n%c3 = arith.constant 3 : i64
%y = scf.for %i = %c0 to %c7 step %c3 iter_args(%acc = %x) -> (${MATRIX}) : i64 {\n${square('z', 'acc')}\nscf.yield %z : ${MATRIX}\n}`,
      3,
    ],
  ])('counts products of %s', (_, body, times) => {
    const text = `func.func @main(%x: ${MATRIX}) -> ${MATRIX} {\n${body}\nreturn %y : ${MATRIX}\n}
func.func @product(%x: ${MATRIX}) -> ${MATRIX} {\n${square('y', 'x')}\nreturn %y : ${MATRIX}\n}`;
    const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
    if (module === null) throw new Error(diagnostics[0]?.message);
    const recorder = new CostRecorder(new PlaceTable(() => null));
    recorder.visit('graph', module);
    const section = recorder.finish(null);
    expect([section?.multiplyAdds, section?.total.flops]).toEqual([times * 64, times * 128]);
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
