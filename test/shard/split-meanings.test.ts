/** Operations that are taken apart where something they need whole is cut, and only there. */
import { describe, expect, it } from 'vitest';
import { walk } from '../../compiler/ir/index.ts';
import { collectivesOf, expectEqualToWhole } from './harness.ts';

const net = (
  layout: string,
  body: string,
  type = 'tensor<4x6xf32>',
  weight = 'tensor<2x6xf32>',
) => `module attributes {ms.stage = "graph", dist.mesh = {axes = ["a"], sizes = [2]}} {
  func.func @main(%x: ${type} {dist.layout = ${layout}}, %w: ${weight}, %b: tensor<2xf32>) -> tensor<*> {
    ${body}
  }
}`;
const returning = (text: string, type: string) => text.replace('tensor<*>', type);
const namesOf = (found: ReturnType<typeof expectEqualToWhole>) => {
  const names: string[] = [];
  walk(found.ranks[0].body, ({ name }) => names.push(name));
  return names;
};

describe('taken apart where cut', () => {
  it('a product adds its bias once', () => {
    const body = `%y = "ms.dense"(%x, %w, %b) : (tensor<4x6xf32>, tensor<2x6xf32>, tensor<2xf32>) -> tensor<4x2xf32>
    func.return %y : tensor<4x2xf32>`;
    const found = expectEqualToWhole(returning(net('[[], ["a"]]', body), 'tensor<4x2xf32>'));
    expect(collectivesOf(found.ranks[0])).toEqual(['all_reduce']);
    expect(namesOf(found)).toContain('ms.add');
    expect(namesOf(expectEqualToWhole(returning(net('[["a"], []]', body), 'tensor<4x2xf32>')))).not.toContain('ms.add');
  });
  it('a mean of integers stays exact', () => {
    const body = `%y = "ms.reduce_mean"(%x) {axes = array<i64: 1>, keep_dims = false} : (tensor<4x6xf32>) -> tensor<4xf32>
    func.return %y : tensor<4xf32>`;
    expect(namesOf(expectEqualToWhole(returning(net('[[], ["a"]]', body), 'tensor<4xf32>')))).toContain('ms.div');
  });
  it('a convolution with a cut window is gathered: its kernel has no bias to take apart', () => {
    const x = 'tensor<1x2x6x6xf32>';
    const w = 'tensor<2x2x2x2xf32>';
    const body = `%y = "ms.conv2d"(%x, %w) {dilations = array<i64: 1, 1>, group = 1 : i64, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : (${x}, ${w}) -> tensor<1x2x5x5xf32>
    func.return %y : tensor<1x2x5x5xf32>`;
    const text = returning(net('[[], [], ["a"], []]', body, x, w), 'tensor<1x2x5x5xf32>');
    expect(collectivesOf(expectEqualToWhole(text).ranks[0])).toEqual(['all_gather']);
  });
});
