/** Against MLIR itself: `MLIR_OPT=mlir-opt-19 npx vitest run test/ir/outside.test.ts`; skipped without it. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseModule, printModule, walk } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { Genes } from '../props/generator/genes.ts';
import { generateModule } from '../props/generator/module.ts';

const mlirOpt = process.env.MLIR_OPT;

function outside(text: string, ...flags: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(mlirOpt ?? '', ['--allow-unregistered-dialect', ...flags], {
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${stderr}\n${text}`);
  return stdout;
}

test.skipIf(!mlirOpt)('mlir-opt reads what we print, and we read what it prints', () => {
  const genes = fc.array(fc.nat(1000), { minLength: 5, maxLength: 150 });
  fc.assert(
    fc.property(
      genes,
      fc.constantFrom([], ['--mlir-print-op-generic'], ['--mlir-print-debuginfo']),
      (values, flags) => {
        const module = generateModule(new Genes(values), { definitions: opTable, accepts: () => true });
        const text = printModule(module, opTable, { form: 'generic', locations: true });
        const { module: back, diagnostics } = parseModule(
          { name: 'mlir.mlir', text: outside(text, ...flags) },
          opTable,
        );
        expect(diagnostics.map(({ message }) => message)).toEqual([]);
        if (back) walk(back.body, (op) => op.results.forEach((result) => (result.name = ''))); // mlir-opt names constants
        const again = back && printModule(back, opTable, { form: 'generic', locations: false });
        expect(again).toBe(printModule(module, opTable, { form: 'generic', locations: false }));
      },
    ),
    { seed: 20260101, numRuns: 60 },
  );
});
