/**
 * msc as a library: compile a network, run it on one device or a cluster, inspect it, plan its training, read and print IR
 * text. Everything that is wrong with the caller's input comes back as diagnostics; an exception is a bug of msc.
 */
import type { Diagnostic, Module, SourceFile } from '../../compiler/ir/index.ts';
import { parseModule as parseText, printModule as printText, verifyModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { InputSpecification } from '../../compiler/frontend/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { isProgramFileError, readProgram, writeProgram } from '../../runtime/program/index.ts';
import { chipByName, chips, defaultChip } from '../../runtime/target/index.ts';
import { diagnose } from '../../compiler/ir/support/index.ts';
import type { FileTensor } from '../formats/index.ts';
import { compileSource } from '../msc/compile.ts';
import { FORMULA, fitInputs, noInputs, openWeights } from '../msc/data.ts';
import { cliDiagnostics } from '../msc/diagnostics.ts';
import { execute } from '../msc/execute.ts';
import { runOnCluster, type ClusterNetwork } from './cluster.ts';
import { networkSource, type NetworkOptions, type RunOptions, type RunResult } from './options.ts';

export type { Diagnostic, Module, Program, InputSpecification };
export type { FileTensor as Tensor };
export type { ClusterNetwork, NetworkOptions, RunOptions, RunResult };
export { inspect, reportPage, type InspectOptions, type InspectResult } from './inspect.ts';
export { plan, type PlanOptions, type PlanResult } from './plan.ts';

/** What to compile, and for which chip. */
export interface CompileOptions extends NetworkOptions {
  /** Chip name; `ascend910b1` by default. */
  readonly target?: string;
}

/** A program, or null when a diagnostic is an error. */
export interface CompileResult {
  readonly program: Program | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a network of a Python file. Deep Python recursion needs a thread with a large stack, as the CLI has. */
export async function compile(options: CompileOptions): Promise<CompileResult> {
  const chip = options.target === undefined ? defaultChip : chipByName(options.target);
  if (!chip)
    return {
      program: null,
      diagnostics: [
        diagnose(cliDiagnostics.unknownTarget, null, [options.target ?? '', chips.map(({ name }) => name)]),
      ],
    };
  const { program, diagnostics } = await compileSource({
    source: networkSource(options),
    chip,
    to: 'program',
    now: () => performance.now(),
  });
  return { program, diagnostics };
}

/** Runs a program on the simulator, or a network on all devices of a cluster: a program for each is compiled then. */
export function run(program: Program | ClusterNetwork, options: RunOptions): Promise<RunResult> {
  return 'cluster' in program ? runOnCluster(program, options) : runProgram(program, options);
}

async function runProgram(program: Program, options: RunOptions): Promise<RunResult> {
  const isFormula = options.inputs === FORMULA;
  const arrays = options.inputs === FORMULA ? noInputs.arrays : options.inputs;
  const inputs = fitInputs(program.inputs, { ...noInputs, arrays }, isFormula);
  if (!inputs.ok) return { outputs: null, diagnostics: inputs.error };
  const weights = await openWeights(process.cwd(), options.weights ?? null, program.parameters, false);
  if (!weights.ok) return { outputs: null, diagnostics: weights.error };
  const result = await execute({
    program,
    inputs: inputs.value,
    parameters: weights.value.read,
    threads: options.threads ?? 1,
    relaxedSimd: true,
    now: () => performance.now(),
  });
  weights.value.close();
  return result.ok
    ? { outputs: result.value.outputs, diagnostics: weights.value.warnings }
    : { outputs: null, diagnostics: result.error };
}

/** The bytes of a program file; equal programs give equal bytes. */
export const encodeProgram = (program: Program): Uint8Array => writeProgram(program);

/** Reads a program file. */
export function decodeProgram(bytes: Uint8Array): CompileResult {
  const program = readProgram(bytes);
  if (!isProgramFileError(program)) return { program, diagnostics: [] };
  return {
    program: null,
    diagnostics: [diagnose(cliDiagnostics.badProgram, null, ['program', program.place, program.message])],
  };
}

/** Reads IR text and verifies it. */
export function parseModule(
  text: string,
  name = 'module.mlir',
): { readonly module: Module | null; readonly diagnostics: readonly Diagnostic[] } {
  const file: SourceFile = { name, text };
  const { module, diagnostics } = parseText(file, opTable);
  if (module === null) return { module, diagnostics };
  const problems = verifyModule(module, opTable, { sources: new Map([[name, file]]) });
  return { module: problems.length > 0 ? null : module, diagnostics: problems };
}

/** The text of a module: generic (MLIR's own form) or pretty. */
export const printModule = (module: Module, form: 'generic' | 'pretty' = 'generic'): string =>
  printText(module, opTable, { form, locations: false });
