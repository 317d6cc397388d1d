/** msc as a library, and what happens when msc itself is wrong. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, decodeProgram, encodeProgram, parseModule, printModule, run } from '../../tools/api/index.ts';
import { Folder, repository } from './harness.ts';

describe('the API', () => {
  it('compiles, stores, loads and runs', async () => {
    const { program, diagnostics } = await compile({
      file: 'examples/lenet5/lenet5.py',
      folder: repository,
      entry: 'LeNet5()',
      inputs: [{ name: 'x', shape: [1, 1, 32, 32], dtype: 'f32' }],
    });
    expect(diagnostics).toEqual([]);
    if (program === null) throw new Error('no program');
    const loaded = decodeProgram(encodeProgram(program));
    expect(loaded.diagnostics).toEqual([]);
    const [first, second] = [
      await run(program, { inputs: 'formula', weights: 'formula' }),
      await run(loaded.program ?? program, { inputs: 'formula', weights: 'formula', threads: 2 }),
    ];
    expect(first.diagnostics).toEqual([]);
    expect(first.outputs?.get('out0')?.shape).toEqual([1, 10]);
    expect(second.outputs).toEqual(first.outputs);
  });

  it('answers wrong input with diagnostics', async () => {
    expect((await compile({ file: 'absent.py' })).diagnostics[0].code).toBe('MSC0205');
    expect((await compile({ file: 'absent.py', target: 'abacus' })).diagnostics[0].code).toBe('MSC0706');
    expect(decodeProgram(new Uint8Array(10)).diagnostics[0].code).toBe('MSC0701');
    expect(parseModule('func.func @f(').diagnostics.length).toBeGreaterThan(0);
  });

  it('prints what it parses', () => {
    const text = 'func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {\n  func.return %x : tensor<2xf32>\n}\n';
    const { module } = parseModule(text);
    if (module === null) throw new Error('no module');
    const printed = printModule(module);
    const again = parseModule(printed).module;
    expect(again && printModule(again)).toBe(printed);
  });
});

describe('a bug of msc', () => {
  it('ends with 70 and a file that says how to see it again', async () => {
    const folder = new Folder();
    const fails = (): never => {
      throw new Error('the stream broke');
    };
    const { code, err } = await folder.runWith({ write: fails }, 'ops', 'relu');
    expect(code).toBe(70);
    expect(err).toMatch(/internal error: the stream broke\n.*bug of msc.* msc-crash-[0-9a-f]{8}\.txt/);
    expect(err).not.toMatch(/^ +at /m);
    const [name] = folder.files();
    expect(readFileSync(join(folder.path, name), 'utf8')).toMatch(/^msc \S+, node .*\nmsc ops relu\n/);
  });
});
