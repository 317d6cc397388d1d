/** Runs a program on the simulator: weights and inputs in, outputs out. */
import { diagnose, failure, ok } from '../../compiler/ir/support/index.ts';
import type { Diagnostic, Result } from '../../compiler/ir/support/index.ts';
import type { Engine, Instance, LaunchObserver, LoadProblem, RunFailure, ValueKind } from '../../runtime/host/index.ts';
import { createEngine, memoryLimit } from '../../runtime/host/index.ts';
import { faultText } from '../../runtime/machine/index.ts';
import type { MachineFault } from '../../runtime/machine/index.ts';
import type { Program, TensorSlot } from '../../runtime/program/index.ts';
import { tensorDtypeBytes } from '../../runtime/program/index.ts';
import { chips } from '../../runtime/target/index.ts';
import { tensorBytes, tensorFromBytes } from '../formats/index.ts';
import type { FileTensor } from '../formats/index.ts';
import type { ParameterReader } from './data.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { printsTo } from './printed.ts';

export interface ExecuteRequest {
  readonly program: Program;
  readonly inputs: ReadonlyMap<string, FileTensor>;
  readonly parameters: ParameterReader;
  readonly threads: number;
  /** False keeps multiply and add of float mad apart, for bit-exact runs. */
  readonly relaxedSimd: boolean;
  readonly begin?: (phase: string) => void;
  readonly observer?: LaunchObserver;
  /** Receives what the program prints. */
  readonly print?: (text: string) => void;
  /** Values that end the run when an op makes them. */
  readonly refuse?: readonly ValueKind[];
  readonly now: () => number;
}

export interface Execution {
  readonly outputs: ReadonlyMap<string, FileTensor>;
  /** New values of the parameters that the program changes. */
  readonly state: ReadonlyMap<string, FileTensor>;
  /** What control flow decided, in order. */
  readonly decisions: readonly boolean[];
  /** Of loading, of laying out the weights, and of the run itself. */
  readonly milliseconds: { readonly load: number; readonly prepare: number; readonly run: number };
}

/** Tells what no simulated memory can hold, before arrays of that size are made. */
export function limitProblem({ gmBytes }: Program): Diagnostic | null {
  return gmBytes <= memoryLimit ? null : diagnose(cliDiagnostics.simulatorLimit, null, [gmBytes, memoryLimit]);
}

/** The value of every parameter of a program, for tools that need them outside of an instance. */
export function readParameters(
  program: Program,
  read: ParameterReader,
): Result<ReadonlyMap<string, FileTensor>, readonly Diagnostic[]> {
  const values = new Map<string, FileTensor>();
  const problems: Diagnostic[] = [];
  for (const parameter of program.parameters) {
    const value = read(parameter);
    if (value.ok) values.set(parameter.name, value.value);
    else problems.push(value.error);
  }
  return problems.length > 0 ? failure(problems) : ok(values);
}

export async function execute(request: ExecuteRequest): Promise<Result<Execution, readonly Diagnostic[]>> {
  request.begin?.('load');
  const started = request.now();
  const engine = await createEngine({ threads: request.threads, relaxedSimd: request.relaxedSimd });
  try {
    return runOn(engine, request, started);
  } finally {
    await engine.close();
  }
}

function runOn(engine: Engine, request: ExecuteRequest, started: number): Result<Execution, readonly Diagnostic[]> {
  const { program, now } = request;
  const instance = engine.load(program);
  if ('kind' in instance) return failure([loadDiagnostic(instance)]);
  const problems = fill(instance, request);
  if (problems.length > 0) return failure(problems);
  const loaded = now();
  request.begin?.('prepare');
  const prepared = instance.prepare();
  if (!prepared.ok) return failure([failureDiagnostic(program, prepared.failure)]);
  const ready = now();
  request.begin?.('run');
  const { observer, refuse, print } = request;
  const decisions: boolean[] = [];
  const outcome = instance.run({
    decisions,
    ...(print ? printsTo(print) : {}),
    ...(observer ? { observer } : {}),
    ...(refuse && refuse.length > 0 ? { refuse } : {}),
  });
  if (!outcome.ok) return failure([failureDiagnostic(program, outcome.failure)]);
  const milliseconds = { load: loaded - started, prepare: ready - loaded, run: now() - ready };
  const read = (slots: readonly TensorSlot[]): ReadonlyMap<string, FileTensor> =>
    new Map(slots.map((slot) => [slot.name, denseTensor(slot, instance.read(slot))]));
  const state = program.parameters.filter(({ isState }) => isState === true);
  return ok({ outputs: read(program.outputs), state: read(state), decisions, milliseconds });
}

function fill(instance: Instance, { program, inputs, parameters }: ExecuteRequest): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const parameter of program.parameters) {
    const value = parameters(parameter);
    if (value.ok) instance.set(parameter.name, tensorBytes(value.value));
    else problems.push(value.error);
  }
  for (const { name } of program.inputs) {
    const value = inputs.get(name);
    if (value) instance.set(name, tensorBytes(value));
  }
  return problems;
}

/** A tensor from the bytes of its slot, which may be followed by padding. */
export function denseTensor({ dtype, shape }: Pick<TensorSlot, 'dtype' | 'shape'>, bytes: Uint8Array): FileTensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return tensorFromBytes(dtype, shape, bytes.slice(0, count * tensorDtypeBytes[dtype]));
}

export function loadDiagnostic(problem: LoadProblem): Diagnostic {
  switch (problem.kind) {
    case 'unknown target':
      return diagnose(cliDiagnostics.unknownTarget, null, [problem.target, chips.map(({ name }) => name)]);
    case 'simulator limit':
      return diagnose(cliDiagnostics.simulatorLimit, null, [problem.bytes, problem.limit]);
    case 'undecodable':
      return diagnose(cliDiagnostics.undecodable, null, [problem.kernel, problem.word]);
  }
}

/** Why a run ended early, as a diagnostic. */
export function failureDiagnostic(program: Program, failure: RunFailure): Diagnostic {
  const notes = placeNotes(program, failure.location);
  switch (failure.kind) {
    case 'fault':
      return machineDiagnostic(program, failure.fault, failure.location);
    case 'value': {
      const { value, element, dtype, kernel } = failure;
      return diagnose(cliDiagnostics.badValue, null, [value === 'nan' ? 'NaN' : value, element, dtype, kernel], notes);
    }
    case 'assertion':
      return diagnose(cliDiagnostics.assertionFailed, null, [failure.message], notes);
    case 'endless':
      return diagnose(cliDiagnostics.endlessLoop, null, [], notes);
    case 'alone': {
      const { step } = failure;
      return diagnose(
        cliDiagnostics.needsDevices,
        null,
        [step.kind === 'collective' ? step.operation : step.kind],
        notes,
      );
    }
  }
}

function placeNotes(program: Program, location: number | undefined): { readonly notes?: readonly string[] } {
  const place = location === undefined ? undefined : program.locations[location];
  return place === undefined ? {} : { notes: [`at ${place}`] };
}

/** A fault with the place of the user's op that was running. */
export function machineDiagnostic(program: Program, fault: MachineFault, location: number | undefined): Diagnostic {
  return diagnose(cliDiagnostics.fault, null, [faultText(fault)], placeNotes(program, location));
}
