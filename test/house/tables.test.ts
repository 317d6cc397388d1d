/** The grid is complete, and the catalog of diagnostics is sound. */
import { describe, expect, it } from 'vitest';
import { BACKEND_DIAGNOSTICS } from '../../compiler/backend-ascend/index.ts';
import { evaluatorDiagnostics, traceDiagnostics } from '../../compiler/frontend/index.ts';
import { syntaxDiagnostics } from '../../compiler/frontend/syntax/index.ts';
import { irTextDiagnostics, isAbsent, verifyDiagnostics } from '../../compiler/ir/index.ts';
import { evaluateOps } from '../../compiler/ir/evaluate/index.ts';
import { tensorOps } from '../../compiler/ir/ops/index.ts';
import { gradDiagnostics, gradOps } from '../../compiler/passes/grad/index.ts';
import { shardDiagnostics } from '../../compiler/passes/shard/index.ts';
import { planDiagnostics } from '../../compiler/passes/plan/index.ts';
import { passDiagnostics } from '../../compiler/passes/pass/index.ts';
import { simplifyOps } from '../../compiler/passes/simplify/index.ts';
import { onnxRules } from '../../tools/formats/index.ts';
import { diagnosticCatalog } from '../../tools/msc/catalog.ts';
import { cliDiagnostics } from '../../tools/msc/diagnostics.ts';
import { planFileDiagnostics } from '../../tools/msc/plan/diagnostics.ts';

const names = Object.keys(tensorOps).toSorted();

describe('the grid', () => {
  it('has at least 60 tensor ops', () => {
    expect(names.length).toBeGreaterThanOrEqual(60);
  });

  it.each([
    ['evaluate', evaluateOps],
    ['simplify', simplifyOps],
    ['grad', gradOps],
    ['onnx', onnxRules],
  ] as const)('%s has a cell for each op, and absences say why', (_, column) => {
    expect(Object.keys(column).toSorted()).toEqual(names);
    for (const cell of Object.values(column)) if (isAbsent(cell)) expect(cell.absent.length).toBeGreaterThan(3);
  });
});

type Catalog = Readonly<Record<string, { readonly code: string }>>;

/** The range of codes of each room, and its catalogs. */
const rooms: readonly (readonly [range: RegExp, ...catalogs: readonly Catalog[]])[] = [
  [/^MSC01\d\d$/, syntaxDiagnostics],
  [/^MSC02\d\d$/, evaluatorDiagnostics],
  [/^MSC03\d\d$/, traceDiagnostics],
  [/^MSC04\d\d$/, irTextDiagnostics, verifyDiagnostics],
  [/^MSC05\d\d$/, passDiagnostics, gradDiagnostics, shardDiagnostics, planDiagnostics],
  [/^MSC06\d\d$/, BACKEND_DIAGNOSTICS],
  [/^MSC0[789]\d\d$/, cliDiagnostics, planFileDiagnostics],
];

describe('the catalog of diagnostics', () => {
  it('has each code once, in the range of its room', () => {
    const codes = diagnosticCatalog.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    const wrong = rooms.flatMap(([range, ...catalogs]) =>
      catalogs.flatMap((catalog) => Object.values(catalog)).filter(({ code }) => !range.test(code)),
    );
    expect(wrong.map(({ code }) => code)).toEqual([]);
    expect(rooms.flatMap(([, ...catalogs]) => catalogs.flatMap((catalog) => Object.keys(catalog))).length).toBe(
      codes.length,
    );
  });

  it('explains each code in sentences', () => {
    expect(
      diagnosticCatalog.filter(({ title, explanation }) => title.length < 5 || !/[.!?)]$/.test(explanation.trim())),
    ).toEqual([]);
  });

  it('shows a right program with every wrong one', () => {
    expect(
      diagnosticCatalog.filter(({ wrong, right }) => (wrong === null) !== (right === null)).map(({ code }) => code),
    ).toEqual([]);
  });
});
