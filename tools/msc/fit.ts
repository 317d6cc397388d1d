/** Memory of a program before its kernels are made, and whether it fits. */
import type { Diagnostic, Result, Value } from '../../compiler/ir/index.ts';
import {
  diagnose,
  dtypeBytes,
  elementCount,
  failure,
  locationText,
  Module,
  ok,
  stringAttribute,
  walk,
} from '../../compiler/ir/index.ts';
import { predictMemory, type MemoryPrediction } from '../../compiler/backend-ascend/index.ts';
import { bytesText, planDiagnostics } from '../../compiler/passes/plan/index.ts';
import { cloneBlock } from '../../compiler/passes/rewrite/index.ts';
import type { Chip } from '../../runtime/target/index.ts';
import { hasErrors } from './exit.ts';
import { runStages } from './pipeline.ts';

/** The memory of a @graph module's program; the module stays as it is. */
export function moduleMemory(module: Module, chip: Chip): Result<MemoryPrediction, readonly Diagnostic[]> {
  const copy = new Module(cloneBlock(module.body), module.attributes, module.location, module.name);
  copy.attributes = new Map([...copy.attributes, ['ms.stage', stringAttribute('graph')]]);
  const fused = runStages(copy, { chip, to: 'fused', now: () => 0 });
  if (hasErrors(fused.diagnostics)) return failure(fused.diagnostics);
  const { prediction, diagnostics } = predictMemory(fused.module, chip);
  return prediction === null ? failure(diagnostics) : ok(prediction);
}

/** Why the program of a @graph module does not fit into so many bytes, with the largest tensors; null when it fits. */
export function fitProblem(module: Module, chip: Chip, limit: number, what: string): Diagnostic | null {
  if (mostBytes(module) <= limit) return null;
  const predicted = moduleMemory(module, chip);
  if (!predicted.ok || predicted.value.bytes <= limit) return null;
  const { bytes, parts } = predicted.value;
  const named = parts
    .slice(0, LARGEST)
    .map(({ kind, name, bytes: size }) => `${kind} ${name} ${bytesText(size)}`)
    .join(', ');
  const notes = parts
    .slice(0, LARGEST)
    .flatMap(({ name, location }) => (location === null ? [] : [`${name}: ${locationText(location)}`]));
  return diagnose(planDiagnostics.programDoesNotFit, null, [what, bytesText(bytes), bytesText(limit), named], {
    notes,
  });
}

/** Tensors that a diagnostic names. */
const LARGEST = 5;

/** More than a program takes for each byte of a value: storage in blocks, workspaces, and a copy each. */
const MOST_PER_BYTE = 40;

/** A bound that costs one look at each operation: networks far from the limit need no more. */
function mostBytes(module: Module): number {
  let bytes = 0;
  const count = (values: readonly Value[]): void => {
    for (const { type } of values)
      if (type.kind === 'tensor') bytes += 512 + elementCount(type.shape.map(Number)) * dtypeBytes(type.dtype);
  };
  walk(module.body, (op) => {
    count(op.results);
    for (const region of op.regions) count(region.arguments);
  });
  return bytes * MOST_PER_BYTE;
}
