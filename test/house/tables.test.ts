/** The grid is complete, and the catalog of diagnostics is sound. */
import { describe, expect, it } from 'vitest';
import { isAbsent } from '../../compiler/ir/index.ts';
import { evaluateOps } from '../../compiler/ir/evaluate/index.ts';
import { tensorOps } from '../../compiler/ir/ops/index.ts';
import { simplifyOps } from '../../compiler/passes/simplify/index.ts';
import { onnxRules } from '../../tools/formats/index.ts';
import { diagnosticCatalog } from '../../tools/msc/catalog.ts';

const names = Object.keys(tensorOps).toSorted();

describe('the grid', () => {
  it('has at least 60 tensor ops', () => {
    expect(names.length).toBeGreaterThanOrEqual(60);
  });

  it.each([
    ['evaluate', evaluateOps],
    ['simplify', simplifyOps],
    ['onnx', onnxRules],
  ] as const)('%s has a cell for each op, and absences say why', (_, column) => {
    expect(Object.keys(column).toSorted()).toEqual(names);
    for (const cell of Object.values(column)) if (isAbsent(cell)) expect(cell.absent.length).toBeGreaterThan(3);
  });
});

describe('the catalog of diagnostics', () => {
  it('has each code once, in the range of its room', () => {
    const codes = diagnosticCatalog.map(({ code }) => code);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(codes.filter((code) => !/^MSC0[1-9]\d\d$/.test(code))).toEqual([]);
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
