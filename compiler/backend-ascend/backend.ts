/**
 * The stages of the backend as one straight function each: @fused → @tile → @scheduled → program.
 */
import type { Module, Operation } from '../ir/index.ts';
import { stringAttribute } from '../ir/index.ts';
import type { TargetOps } from '../passes/fuse/index.ts';
import type { PassObserver } from '../passes/rewrite/index.ts';
import type { Chip } from '../../runtime/target/index.ts';
import { instructionByMnemonic } from '../../runtime/isa/index.ts';
import { onChipCapacities } from './lower/capacities.ts';
import { lowerModule } from './lower/module.ts';
import type { LoweredModule } from './lower/lowering.ts';
import { ELEMENTWISE } from './lower/rowwise/arithmetic.ts';
import { RULES, ruleOf } from './lower/table.ts';
import { planKernelMemory } from './schedule/memory.ts';
import { multiplyBuffers } from './schedule/multi-buffer.ts';
import { synchronizeKernel } from './schedule/synchronize.ts';

/** Composite ops that the backend has kernels for, so that they are not decomposed. */
export const targetOps: TargetOps = { whole: new Set([...Object.keys(ELEMENTWISE), ...Object.keys(RULES)]) };

/** @fused to @tile: kernels and launches. */
export function lowerToTile(module: Module, chip: Chip, observer: PassObserver | null = null): LoweredModule {
  return lowerModule(module, chip, ruleOf, observer);
}

/** @tile to @scheduled: addresses and flags, in place. */
export function scheduleModule(module: Module, chip: Chip): void {
  const capacities = onChipCapacities(chip);
  for (const kernel of module.body.operations.filter(isKernel)) {
    multiplyBuffers(kernel);
    const plan = planKernelMemory(kernel, capacities);
    if ('space' in plan)
      throw new Error(`a kernel needs more ${plan.space} than there is; lowering chose its tiles wrongly`);
    synchronizeKernel(kernel, instructionByMnemonic);
  }
  module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute('scheduled')]]);
}

export function isKernel(op: Operation): boolean {
  return op.name === 'func.func' && op.attributes.has('npu.core');
}
