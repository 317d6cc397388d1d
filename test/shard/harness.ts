/** Modules from text, for tests of this room. */
import { expect } from 'vitest';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { parseModule, verifyModule } from '../../compiler/ir/index.ts';
import type { Module } from '../../compiler/ir/index.ts';

/** A well-formed module. */
export function moduleOf(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'net.mlir', text }, opTable);
  expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([]);
  if (module === null) throw new Error('no module and no diagnostic');
  expect(verifyModule(module, opTable).map((diagnostic) => diagnostic.message)).toEqual([]);
  return module;
}
