/** Every diagnostic of this room has a program that gives it and one that does not; contradictions name both lines. */
import { describe, expect, it } from 'vitest';
import { partition, shardDiagnostics, verifyRanks } from '../../compiler/passes/shard/index.ts';
import { moduleOf } from './harness.ts';

function codesOf(text: string): readonly string[] {
  const module = moduleOf(text);
  const found = text.includes('"sharded"') ? verifyRanks([module]) : partition(module).diagnostics;
  return found.map(({ code }) => code);
}

describe('programs of the catalog', () => {
  it.each(Object.values(shardDiagnostics).map((row) => [row.code, row.wrong, row.right] as const))(
    '%s',
    (code, wrong, right) => {
      expect(codesOf(wrong ?? '')).toContain(code);
      expect(codesOf(right ?? '')).toEqual([]);
    },
  );
});

const main = (
  attributes: string,
  body: string,
) => `module attributes {ms.stage = "graph", dist.mesh = {axes = ["dp", "mp"], sizes = [2, 2]}} {
  func.func @main(%x: tensor<4x4xf32>, %w: tensor<4x4xf32> {ms.param = "w"${attributes}}) -> (tensor<4x4xf32>, tensor<4x4xf32> {ms.param = "w", dist.layout = [["mp"], []]}) {
    ${body}
  }
}`;
const messages = (text: string) => partition(moduleOf(text)).diagnostics;

describe('contradictions', () => {
  it('a parameter that two operations want otherwise: both lines', () => {
    const add = (result: string, layout: string, line: number) =>
      `%${result} = "ms.add"(%x, %w) {dist.in = [${layout}, ${layout}]} : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32> loc("net.py":${line}:9)`;
    const body = `${add('y', '[["dp"], []]', 7)}\n    ${add('z', '[[], ["dp"]]', 8)}\n    func.return %y, %z : tensor<4x4xf32>, tensor<4x4xf32>`;
    const [problem] = messages(main('', body).replace(', dist.layout = [["mp"], []]', ''));
    expect(problem.message).toBe('w is to lie as [_, dp] and as [dp, _]');
    expect(problem.notes).toEqual(['at "net.py":8:9', 'at "net.py":7:9']);
  });
  it('a parameter and its new value', () => {
    const [problem] = messages(
      main(', dist.layout = [[], ["mp"]]', 'func.return %x, %w : tensor<4x4xf32>, tensor<4x4xf32>'),
    );
    expect(problem.message).toBe('w is to lie as [_, mp] and as [mp, _]');
  });
});
