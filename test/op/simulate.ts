/** Op cases on the machine: compiled like a network, run by the reference interpreter under the race check and by the wasm engine. */
import { Block, Module, parseModule, printModule, stringAttribute } from '../../compiler/ir/index.ts';
import type { Diagnostic } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { filled } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { assembleProgram, lowerToTile, scheduleModule, targetOps } from '../../compiler/backend-ascend/index.ts';
import { fuseModule } from '../../compiler/passes/fuse/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { Instance, failureText } from '../../runtime/host/index.ts';
import { instructionByMnemonic } from '../../runtime/isa/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import type { OpCase } from './opcase.ts';

/** The function of a case alone, as @main of a module of its own. */
export function mainOf(opCase: OpCase): Module {
  const isCase = (name: unknown): boolean => name === opCase.function;
  const functions = opCase.module.body.operations.filter((op) => {
    const name = op.attribute('sym_name');
    return name?.kind === 'string' && isCase(name.value);
  });
  const block = new Block();
  block.operations = [...functions];
  const text = printModule(new Module(block), opTable, { form: 'generic', locations: true });
  const { module, diagnostics } = parseModule({ name: opCase.file, text }, opTable);
  if (!module) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const [main] = module.body.operations;
  main.attributes = new Map([...main.attributes, ['sym_name', stringAttribute('main')]]);
  return module;
}

/** @graph to a program, or why not. */
export function compileModule(module: Module): Program | readonly Diagnostic[] {
  fuseModule(module, opTable, targetOps);
  const tile = lowerToTile(module, defaultChip);
  if (tile.diagnostics.length > 0) return tile.diagnostics;
  scheduleModule(tile.module, defaultChip);
  return assembleProgram(tile.module, 'test', instructionByMnemonic, () => ({ kind: 'supplied' }));
}

/** The outputs of a program on the wasm engine, inputs and parameters by position. */
export function runOnEngine(engine: Engine, program: Program, values: readonly TensorValue[]): readonly TensorValue[] {
  const instance = engine.load(program);
  if (!(instance instanceof Instance)) throw new Error(`the engine refuses the program: ${instance.kind}`);
  try {
    [...program.inputs, ...program.parameters].forEach((slot, index) => instance.set(slot.name, values[index].data));
    for (const outcome of [instance.prepare(), instance.run()]) {
      if (!outcome.ok) throw new Error(failureText(outcome.failure));
    }
    return program.outputs.map((slot) => {
      const result = filled(slot.shape, slot.dtype, 0);
      new Uint8Array(result.data.buffer).set(instance.output(slot.name).subarray(0, result.data.byteLength));
      return result;
    });
  } finally {
    instance.dispose();
  }
}
