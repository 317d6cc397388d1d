/** Random tensor programs for the backend, and the stages they go through. */
import type { Diagnostic, Module, OpDefinition, Type } from '../../compiler/ir/index.ts';
import { parseModule, printModule, tensorType } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { isScalar } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { assembleProgram, lowerToTile, scheduleModule, targetOps } from '../../compiler/backend-ascend/index.ts';
import { fuseModule } from '../../compiler/passes/fuse/index.ts';
import { instructionByMnemonic } from '../../runtime/isa/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { Genes } from './generator/genes.ts';
import { inputsFor } from './generator/inputs.ts';
import { generateModule } from './generator/module.ts';

/** Types whose shapes broadcast and multiply with each other. */
const argumentTypes = (rows: number, columns: number): readonly Type[] => [
  tensorType([rows, columns], 'f32'),
  tensorType([columns], 'f32'),
  tensorType([rows, 1], 'f32'),
  tensorType([columns, rows], 'f32'),
  tensorType([2, rows, columns], 'f32'),
  tensorType([1, 8, 6, 6], 'f32'),
  tensorType([rows, columns], 'i32'),
  tensorType([columns], 'i32'),
  tensorType([rows, columns], 'i1'),
  tensorType([rows, columns], 'f16'),
  tensorType([rows, columns], 'i8'),
  tensorType([rows, columns], 'i64'),
  tensorType([], 'f32'),
];

/** Rows that are no whole blocks, tiles of several rows, and rows of one block. */
const ARGUMENTS = [argumentTypes(6, 17), argumentTypes(75, 131), argumentTypes(200, 8)];

/** A program of tensor ops that a predicate accepts. */
export function programOf(values: readonly number[], accepts: (definition: OpDefinition) => boolean): Module {
  const isTensorOp = (definition: OpDefinition): boolean => definition.name.startsWith('ms.') && accepts(definition);
  const genes = new Genes(values);
  const types = genes.pick(ARGUMENTS);
  return generateModule(genes, {
    definitions: opTable,
    accepts: isTensorOp,
    arguments: types,
    regionDepth: 0,
  });
}

/** The inputs of a program: small integers. */
export function tensorInputs(module: Module, seed: number): readonly TensorValue[] {
  return inputsFor(module, seed).map((value) => {
    if (isScalar(value)) throw new Error('programs of the backend take tensors');
    return value;
  });
}

const PRINTED = { form: 'generic', locations: true } as const;

export function printed(module: Module): string {
  return printModule(module, opTable, PRINTED);
}

export function parsed(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
  if (!module) throw new Error(`${diagnostics.map(({ message }) => message).join('\n')}\n${text}`);
  return module;
}

/** @graph to @tile, on a copy; or what has no kernel. */
export function lowered(module: Module): Module | readonly Diagnostic[] {
  const copy = parsed(printed(module));
  fuseModule(copy, opTable, targetOps);
  const { module: tile, diagnostics } = lowerToTile(copy, defaultChip);
  return diagnostics.length > 0 ? diagnostics : tile;
}

/** @tile to @scheduled, in place. */
export function scheduled(tile: Module): Module {
  scheduleModule(tile, defaultChip);
  return tile;
}

export function assembled(module: Module): Program {
  return assembleProgram(module, 'test', instructionByMnemonic, () => ({ kind: 'supplied' }));
}

/** @graph to a program, or null when an op has no kernel. */
export function compiled(module: Module): Program | null {
  const tile = lowered(module);
  return 'body' in tile ? assembled(scheduled(tile)) : null;
}
