/** Partitioned programs compute what one device computes, and communicate as expected. */
import { describe, expect, it } from 'vitest';
import { collectivesOf, expectEqualToWhole } from './harness.ts';

const mesh = (axes: string, sizes: string) =>
  `module attributes {ms.stage = "graph", dist.mesh = {axes = [${axes}], sizes = array<i64: ${sizes}>}MORE} {`;

/** A linear layer with squared loss and one step of SGD: x [8, 4], w [4, 6], t [8, 6]. */
const step = (header: string, x: string, w: string) => `${header}
  func.func @main(%x: tensor<8x4xf32> {${x}}, %t: tensor<8x6xf32>, %w: tensor<4x6xf32> {ms.param = "w"${w}}, %m: tensor<4x6xf32> {ms.param = "m"}) -> (tensor<f32>, tensor<4x6xf32> {ms.param = "w"}, tensor<4x6xf32> {ms.param = "m"}) {
    %y = "ms.matmul"(%x, %w) {transpose_a = false, transpose_b = false} : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
    %d = "ms.sub"(%y, %t) : (tensor<8x6xf32>, tensor<8x6xf32>) -> tensor<8x6xf32>
    %s = "ms.square"(%d) : (tensor<8x6xf32>) -> tensor<8x6xf32>
    %loss = "ms.reduce_sum"(%s) {axes = array<i64: 0, 1>, keep_dims = false} : (tensor<8x6xf32>) -> tensor<f32>
    %dw = "ms.matmul"(%x, %d) {transpose_a = true, transpose_b = false} : (tensor<8x4xf32>, tensor<8x6xf32>) -> tensor<4x6xf32>
    %m1 = "ms.add"(%m, %dw) : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x6xf32>
    %w1 = "ms.sub"(%w, %m1) : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<4x6xf32>
    func.return %loss, %w1, %m1 : tensor<f32>, tensor<4x6xf32>, tensor<4x6xf32>
  }
}`;
const DP2 = mesh('"dp"', '2');
const BATCH = 'dist.layout = [["dp"], []]';
const named = (header: string, more = '') => header.replace('MORE', more);

describe('a training step', () => {
  it('data parallel: the gradient and the loss are summed', () => {
    const { ranks } = expectEqualToWhole(step(named(DP2), BATCH, ''));
    expect(collectivesOf(ranks[0])).toEqual(['all_reduce', 'all_reduce']);
  });
  it('tensor parallel by columns: only the loss is summed', () => {
    const { ranks } = expectEqualToWhole(step(named(mesh('"mp"', '2')), '', ', dist.layout = [[], ["mp"]]'));
    expect(collectivesOf(ranks[0])).toEqual(['all_reduce']);
  });
  it('tensor parallel by rows: the product is summed', () => {
    const { ranks } = expectEqualToWhole(step(named(mesh('"mp"', '2')), '', ', dist.layout = [["mp"], []]'));
    expect(collectivesOf(ranks[0])).toEqual(['all_reduce']);
  });
  it('both at once on 4 devices', () => {
    expectEqualToWhole(step(named(mesh('"dp", "mp"', '2, 2')), BATCH, ', dist.layout = [[], ["mp"]]'));
  });
  it.each([
    [1, ['all_reduce', 'all_reduce', 'all_gather']],
    [2, ['all_reduce', 'reduce_scatter', 'all_gather']],
    [3, ['all_gather', 'all_reduce', 'reduce_scatter']],
  ])('ZeRO %i', (level, expected) => {
    const { ranks, arguments: taken } = expectEqualToWhole(step(named(DP2, `, dist.zero = ${level} : i64`), BATCH, ''));
    expect([...collectivesOf(ranks[0])].sort()).toEqual([...expected].sort());
    expect(taken[3].layout.dimensions).toEqual([['dp'], []]);
    expect(taken[2].layout.dimensions).toEqual([level === 3 ? ['dp'] : [], []]);
  });
});

const header = named(mesh('"dp"', '2'));

describe('what needs a rule of its own', () => {
  it('dropout: one stream of random numbers, whatever the number of devices', () => {
    expectEqualToWhole(`${header}
  func.func @main(%x: tensor<8x4xf32> {${BATCH}}, %state: tensor<4xui32> {ms.param = "state"}) -> (tensor<8x4xf32>, tensor<4xui32> {ms.param = "state"}) {
    %y, %mask, %next = "ms.dropout"(%x, %state) {keep_prob = 0.5 : f32} : (tensor<8x4xf32>, tensor<4xui32>) -> (tensor<8x4xf32>, tensor<8x4xi1>, tensor<4xui32>)
    func.return %y, %next : tensor<8x4xf32>, tensor<4xui32>
  }
}`);
  });
  it('a loop that carries slices, and joins inside', () => {
    const { ranks } = expectEqualToWhole(`${header}
  func.func @main(%x: tensor<8x4xf32> {${BATCH}}, %total: tensor<4xf32>) -> (tensor<8x4xf32>, tensor<4xf32>) {
    %lower = "arith.constant"() {value = 0 : index} : () -> index
    %upper = "arith.constant"() {value = 3 : index} : () -> index
    %step = "arith.constant"() {value = 1 : index} : () -> index
    %y, %sum = "scf.for"(%lower, %upper, %step, %x, %total) ({
      ^bb0(%i: index, %a: tensor<8x4xf32>, %b: tensor<4xf32>):
      %part = "ms.reduce_sum"(%a) {axes = array<i64: 0>, keep_dims = false} : (tensor<8x4xf32>) -> tensor<4xf32>
      %next = "ms.add"(%b, %part) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %less = "ms.sub"(%a, %next) : (tensor<8x4xf32>, tensor<4xf32>) -> tensor<8x4xf32>
      "scf.yield"(%less, %next) : (tensor<8x4xf32>, tensor<4xf32>) -> ()
    }) : (index, index, index, tensor<8x4xf32>, tensor<4xf32>) -> (tensor<8x4xf32>, tensor<4xf32>)
    func.return %y, %sum : tensor<8x4xf32>, tensor<4xf32>
  }
}`);
    expect(collectivesOf(ranks[0])).toEqual(['all_reduce']);
  });
  it('a branch on a value of the whole batch', () => {
    expectEqualToWhole(`${header}
  func.func @main(%x: tensor<8x4xf32> {${BATCH}}) -> tensor<8x4xf32> {
    %most = "ms.reduce_max"(%x) {axes = array<i64: 0, 1>, keep_dims = false} : (tensor<8x4xf32>) -> tensor<f32>
    %zero = "ms.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
    %above = "ms.greater"(%most, %zero) : (tensor<f32>, tensor<f32>) -> tensor<i1>
    %taken = "tensor.extract"(%above) : (tensor<i1>) -> i1
    %y = "scf.if"(%taken) ({
      %n = "ms.neg"(%x) : (tensor<8x4xf32>) -> tensor<8x4xf32>
      "scf.yield"(%n) : (tensor<8x4xf32>) -> ()
    }, {
      "scf.yield"(%x) : (tensor<8x4xf32>) -> ()
    }) : (i1) -> tensor<8x4xf32>
    func.return %y : tensor<8x4xf32>
  }
}`);
  });
});
