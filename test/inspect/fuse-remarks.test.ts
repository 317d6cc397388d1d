/** Why ops stay out of groups, blocks and patches; the flags that print remarks. */
import { describe, expect, it } from 'vitest';
import { processIo } from '../../tools/msc/io.ts';
import { optHelp } from '../../tools/msc/opt-help.ts';
import { runOpt } from '../../tools/msc/opt.ts';
import { dumpOptions } from '../../tools/msc/request.ts';
import { optFlags, parseOptArguments } from '../../tools/msc/opt-options.ts';
import { nothing, registry, log, missed, main, windows } from './remarks.ts';

describe('fuse says why', () => {
  const t = 'tensor<8x64xf32>';
  const maps = 'tensor<1x16x4x4xf32>';
  const blocked = `%c = ms.conv2d %x, %w ${windows} : (tensor<1x16x4x4xf32>, tensor<16x16x1x1xf32>) -> ${maps}`;

  it.each([
    [
      'relu of a product that others read',
      '%x: tensor<2x3xf32>, %w: tensor<4x3xf32>',
      [
        '%d = ms.dense %x, %w : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>',
        '%a = ms.relu %d : tensor<2x4xf32>',
        '%r = ms.mul %a, %d : tensor<2x4xf32>',
      ],
      'tensor<2x4xf32>',
      'the product has 2 uses, and its other users need it as it is',
    ],
    [
      'an op whose result is needed before its group runs',
      `%x: ${t}, %w: tensor<64x64xf32>`,
      [
        `%a = ms.exp %x : ${t}`,
        `%d = ms.dense %a, %w : (${t}, tensor<64x64xf32>) -> ${t}`,
        `%r = ms.add %a, %d : ${t}`,
      ],
      t,
      "'ms.dense' needs its result before the group of 'ms.add' runs",
    ],
    [
      'an op of another shape',
      `%x: ${t}, %y: tensor<64xf32>`,
      ['%a = ms.exp %y : tensor<64xf32>', `%r = ms.add %x, %a : (${t}, tensor<64xf32>) -> ${t}`],
      t,
      'its result [64] is no tile or column of [8, 64]',
    ],
    [
      'work on parameters',
      `%x: ${t}, %y: ${t} {ms.param = "w"}`,
      [`%a = ms.exp %y : ${t}`, `%r = ms.add %x, %a : ${t}`],
      t,
      'one depends on parameters alone and is computed once, the other for each input',
    ],
    [
      'a chain that is too long',
      `%x: ${t}`,
      [
        `%v0 = ms.exp %x : ${t}`,
        ...Array.from({ length: 49 }, (_, index) => `%v${index + 1} = ms.exp %v${index} : ${t}`),
      ],
      t,
      "the group of 'ms.exp' would hold 49 ops, more than 48",
    ],
    [
      'a logarithm of a map in blocks',
      `%x: ${maps}, %w: tensor<16x16x1x1xf32>`,
      [blocked, `%r = ms.log %c : ${maps}`],
      maps,
      "'ms.log' may leave the finite numbers on lanes past the last channel",
    ],
    [
      'a map that repeats along its channels',
      `%x: ${maps}, %w: tensor<16x16x1x1xf32>, %y: tensor<1x1x4x4xf32>`,
      [blocked, `%r = ms.add %c, %y : (${maps}, tensor<1x1x4x4xf32>) -> ${maps}`],
      maps,
      'its operand [1, 1, 4, 4] has not the 16 channels',
    ],
    [
      'a convolution of few channels with one tap',
      '%x: tensor<1x3x8x8xf32>, %w: tensor<16x3x1x1xf32>',
      [`%r = ms.conv2d %x, %w ${windows} : (tensor<1x3x8x8xf32>, tensor<16x3x1x1xf32>) -> tensor<1x16x8x8xf32>`],
      'tensor<1x16x8x8xf32>',
      'patches of 8 channels save less than half of 8 multiplications',
    ],
    [
      'a selection by a given condition',
      `%x: ${maps}, %y: ${maps}, %c: tensor<1x16x4x4xi1>`,
      [`%r = ms.select %c, %x, %y : (tensor<1x16x4x4xi1>, ${maps}, ${maps}) -> ${maps}`],
      maps,
      'not all of its condition is comparisons of floats within 4 steps',
    ],
  ] as const)('%s', (_, parameters, body, result, reason) => {
    expect(missed('fuse', main(parameters, body, result))).toContain(reason);
  });

  it('a composite op with a product in it is no group', () => {
    const q = 'tensor<1x2x4x8xf32>';
    const text = main(`%q: ${q}, %k: ${q}, %v: ${q}`, [`%r = ms.attention %q, %k, %v {scale = 1.0} : ${q}`], q);
    expect(missed('fuse', text)).toContain(
      "its part 'ms.batch_matmul' is neither elementwise nor a sum over last axes that are kept",
    );
  });

  it('a group has eight results and twenty tensors at most', () => {
    const names = Array.from({ length: 30 }, (_, index) => `%x${index}`);
    const sums = names.map(
      (name, index) => `%s${index} = ms.add ${index === 0 ? name : `%s${index - 1}`}, ${name} : ${t}`,
    );
    const text = main(names.map((name) => `${name}: ${t}`).join(', '), sums, t);
    expect(missed('fuse', text)).toContain('the group would read and write 21 tensors, more than 20');
    const results = Array.from({ length: 12 }, (_, index) => `%e${index}`);
    const chain = results.map((name, index) => `${name} = ms.exp ${index === 0 ? '%x' : `%e${index - 1}`} : ${t}`);
    const many = `module attributes {ms.stage = "graph"} {
  func.func @main(%x: ${t}) -> (${results.map(() => t).join(', ')}) {
    ${chain.join('\n    ')}
    return ${results.join(', ')} : ${results.map(() => t).join(', ')}
  }
}
`;
    expect(missed('fuse', many)).toContain("'func.return' needs its result too, and the group has 8 results already");
  });

  it('a convolution of three channels is computed over patches', () => {
    const types = '(tensor<1x3x14x14xf32>, tensor<8x3x7x7xf32>) -> tensor<1x8x8x8xf32>';
    const text = main(
      '%x: tensor<1x3x14x14xf32>, %w: tensor<8x3x7x7xf32>',
      [`%r = ms.conv2d %x, %w ${windows} : ${types}`],
      'tensor<1x8x8x8xf32>',
    );
    expect(log(text, '--fuse', '--pass-remarks-analysis')).toContain(
      '[Analysis] fuse: convolution over patches | ms.conv2d | 152 instead of 392 multiplications for each element',
    );
  });
});

describe('the flags', () => {
  const text = `func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = ms.neg %x : tensor<2xf32> loc("net.py":7:3)
  %1 = ms.neg %0 : tensor<2xf32> loc("net.py":8:3)
  return %1 : tensor<2xf32>
}
`;

  it('name the user’s line, the pass, the rule, and what the operation became', () => {
    expect(log(text, '--canonicalize', '--pass-remarks')).toBe(
      'net.py:8:3: remark: [Passed] canonicalize: undoes ms.neg | ms.neg | replaced by values that were there\n' +
        'net.py:7:3: remark: [Passed] canonicalize: dead operation | ms.neg | removed\n',
    );
  });

  it('take an expression over names of passes', () => {
    expect(log(text, '--canonicalize', '--pass-remarks=cse|inline')).toBe('');
    expect(log(text, '--canonicalize', '--pass-remarks=canon')).not.toBe('');
    expect(parseOptArguments(['--pass-remarks=('], registry)).toEqual({
      ok: false,
      error: "--pass-remarks: '(' is no regular expression",
    });
  });

  it('of compile and run choose passes too; a text that is no expression is looked for as it is', () => {
    const said = (name: string, expression: string, pass: string): string => {
      const lines: string[] = [];
      const io = { ...processIo(), log: (line: string) => void lines.push(line) };
      const { instrumentation } = dumpOptions(io, { words: [], rest: [], values: { [name]: expression } });
      const remark = { kind: 'missed', rule: 'some rule', reason: 'too wide', op: '', location: null } as const;
      for (const { remark: hear } of instrumentation) hear?.({ ...nothing, name: pass }, remark);
      return lines.join('');
    };
    expect(said('pass-remarks-missed', 'fu', 'fuse')).toBe('remark: [Missed] fuse: some rule | too wide\n');
    expect(said('pass-remarks-missed', 'fu', 'cse')).toBe('');
    expect(said('pass-remarks', 'fu', 'fuse')).toBe('');
    expect(said('pass-remarks-missed', 'f(', 'my-f(use')).not.toBe('');
  });

  it('are all in the help', () => {
    expect(Object.keys(optHelp).toSorted()).toEqual([...optFlags].sort());
  });

  it('without them nothing is printed, and the result is the same', () => {
    expect(log(text, '--canonicalize')).toBe('');
    const run = (flags: readonly string[]) => {
      const parsed = parseOptArguments(flags, registry);
      return parsed.ok ? runOpt({ name: 'net.mlir', text }, parsed.options, registry, () => 0).output : '';
    };
    expect(run(['--canonicalize', '--remarks'])).toBe(run(['--canonicalize']));
  });
});
