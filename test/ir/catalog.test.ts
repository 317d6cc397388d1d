/** Every message of the IR and pass rooms has a program that triggers it and one that does not. */
import { describe, expect, test } from 'vitest';
import { irTextDiagnostics, verifyDiagnostics } from '../../compiler/ir/index.ts';
import { parsePipeline, passDiagnostics } from '../../compiler/passes/pass/index.ts';
import { DEFAULT_OPT_OPTIONS } from '../../tools/msc/opt-options.ts';
import { runOpt } from '../../tools/msc/opt.ts';
import { passes } from '../../tools/msc/pipeline-registry.ts';

/** Codes that no text can trigger, and why. */
const WITHOUT_PROGRAM: Readonly<Record<string, string>> = {
  MSC0409: 'the program would be long; test/props tries it',
  MSC0420: 'the parser finds it first',
  MSC0421: 'only a pass can break use counts',
  MSC0428: 'the constraints of the ops find it first',
  MSC0504: 'needs a pass with stages',
  MSC0505: 'needs passes with an order',
  MSC0506: 'needs a broken pass',
};

const codesOf = (text: string): readonly string[] =>
  runOpt({ name: 'example.mlir', text }, DEFAULT_OPT_OPTIONS, passes, () => 0).diagnostics.map(({ code }) => code);

function pipelineCodes(text: string): readonly string[] {
  const parsed = parsePipeline(text, passes);
  return parsed.ok ? [] : parsed.error.map(({ code }) => code);
}

const rows = [
  ...Object.values({ ...irTextDiagnostics, ...verifyDiagnostics }).map((row) => ({ row, codes: codesOf })),
  ...Object.values(passDiagnostics).map((row) => ({ row, codes: pipelineCodes })),
];

describe('diagnostic catalog', () => {
  test.each(rows.map(({ row, codes }) => [row.code, row, codes] as const))('%s', (code, row, codes) => {
    if (row.wrong === null || row.right === null) {
      expect(WITHOUT_PROGRAM[code]).toBeTypeOf('string');
      return;
    }
    expect(codes(row.wrong)).toContain(code);
    expect(codes(row.right)).toEqual([]);
  });

  test('codes are unique', () => {
    const codes = rows.map(({ row }) => row.code);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
