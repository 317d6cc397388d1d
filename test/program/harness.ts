/** IR text as a program on the engine, beside the oracle. */
import type { Module } from '../../compiler/ir/index.ts';
import { parseModule, verifyModule } from '../../compiler/ir/index.ts';
import { evaluateFunction, filled, isScalar } from '../../compiler/ir/evaluate/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { assembleProgram, lowerToTile, scheduleModule, targetOps } from '../../compiler/backend-ascend/index.ts';
import { fuseModule } from '../../compiler/passes/fuse/index.ts';
import { failureText, Instance } from '../../runtime/host/index.ts';
import type { Engine, RunOptions } from '../../runtime/host/index.ts';
import { instructionByMnemonic } from '../../runtime/isa/index.ts';
import type { Program, TensorSlot } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';

export function parsed(text: string): Module {
  const file = { name: 'net.mlir', text };
  const { module, diagnostics } = parseModule(file, opTable);
  const problems =
    module === null ? diagnostics : verifyModule(module, opTable, { sources: new Map([[file.name, file]]) });
  if (module === null || problems.length > 0)
    throw new Error(problems.map(({ code, message, notes }) => `${code} ${message} ${notes.join(' ')}`).join('\n'));
  return module;
}

/** A module of the @graph stage as a program. */
export function compiled(text: string): Program {
  const module = parsed(text);
  fuseModule(module, opTable, targetOps);
  const { module: tile, diagnostics } = lowerToTile(module, defaultChip);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  scheduleModule(tile, defaultChip);
  return assembleProgram(tile, 'test', instructionByMnemonic, () => ({ kind: 'supplied' }));
}

export function loaded(engine: Engine, program: Program): Instance {
  const instance = engine.load(program);
  if (!(instance instanceof Instance)) throw new Error(instance.kind);
  return instance;
}

export function succeed(outcome: ReturnType<Instance['run']>): void {
  if (!outcome.ok) throw new Error(failureText(outcome.failure));
}

/** The bytes of a slot as a value. */
export function valueOf(slot: TensorSlot, bytes: Uint8Array): TensorValue {
  const value = filled(slot.shape, slot.dtype, 0);
  const target = new Uint8Array(value.data.buffer);
  target.set(bytes.subarray(0, target.length));
  return value;
}

/** Inputs then parameters in the order of @main's arguments are `values`; the results in the order of the outputs. */
export function outputsOf(
  engine: Engine,
  program: Program,
  values: ReadonlyMap<string, TensorValue>,
  options: RunOptions = {},
): readonly TensorValue[] {
  const instance = loaded(engine, program);
  for (const { name } of [...program.inputs, ...program.parameters]) {
    const value = values.get(name);
    if (value) instance.set(name, value.data);
  }
  succeed(instance.prepare());
  succeed(instance.run(options));
  const outputs = program.outputs.map((slot) => valueOf(slot, instance.read(slot)));
  instance.dispose();
  return outputs;
}

/** What the oracle says about @main, all results. */
export function oracle(text: string, values: readonly TensorValue[]): readonly TensorValue[] {
  const result = evaluateFunction(parsed(text), 'main', values);
  if (!result.ok) throw new Error(result.error.message);
  return result.value.filter((value): value is TensorValue => !isScalar(value));
}
