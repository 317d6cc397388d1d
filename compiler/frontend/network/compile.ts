/** A network's source file to a @source module: run the file, build the network, trace its construct. */
import type { DType, Module, Diagnostic, ElementArray, Result, Span, Type } from '../../ir/index.ts';
import { Block, diagnose, failure, ok, tensorType } from '../../ir/index.ts';
import {
  createSession,
  PyFunction,
  BoundMethod,
  type Host,
  type Interpreter,
  type Limits,
  type ModuleDefinition,
  type PyValue,
  type Session,
  type Signature,
} from '../eval/index.ts';
import { standardBuiltins, stdlibModules } from '../library/stdlib/index.ts';
import { mindsporeModules } from '../library/mindspore/index.ts';
import { numpyModules } from '../library/numpy/index.ts';
import { tracingHooks } from '../trace/control.ts';
import { traceDiagnostics } from '../trace/diagnostics.ts';
import type { Initializer } from '../trace/initializer.ts';
import { parallelAttributes, useDevices, useLocalStatistics } from '../trace/placement.ts';
import { printing } from '../library/mindspore/printing.ts';
import { TensorSession } from '../trace/session.ts';
import { Tensor, type Payload } from '../trace/tensor.ts';
import { startTrace, type Trace } from '../trace/trace.ts';
import { watchingHooks, type TensorWatcher } from '../trace/watch.ts';
import { noScriptModules } from '../script/no-script.ts';
import { findEntry, isFunction } from './entry.ts';
import { finishModule, type InputArgument, type ParameterArgument, type ResultValue } from './finish.ts';
import { planArguments, type InputSpecification } from './inputs.ts';
import { flattenOutputs } from './outputs.ts';
import { withSuggestion } from './suggest.ts';

export interface NetworkRequest {
  readonly host: Host;
  readonly file: string;
  /** A Python expression in the file's namespace; null means the only Cell that needs no arguments. */
  readonly entry: string | null;
  readonly inputs: readonly InputSpecification[];
  /** The Python part of the library, see `preludeModules`. */
  readonly prelude: readonly ModuleDefinition[];
  /** Further folders in which packages are looked for. */
  readonly roots?: readonly string[];
  readonly limits?: Partial<Limits>;
  /** Batch normalization of data parallelism takes the statistics of each rank's slice, as MindSpore does. */
  readonly localStatistics?: boolean;
  /** Devices that a parallel context without a number of them means. */
  readonly devices?: number;
  /** Hears of the tensors that flow through the user's expressions. */
  readonly watch?: TensorWatcher;
}

/** A parameter of the network, used by the graph or not. */
export interface NetworkParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly requiresGrad: boolean;
  /** How its initial value is drawn; null where the program gave the elements. */
  readonly initializer: Initializer | null;
  /** The elements the program gave (one stands for all), null where they are drawn. */
  readonly data: ElementArray | null;
}

export interface NetworkTensor {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

/** What tracing a network gives. `module` is null exactly when there is an error among the diagnostics. */
export interface CompiledNetwork {
  readonly module: Module | null;
  readonly diagnostics: readonly Diagnostic[];
  /** In MindSpore's order. */
  readonly parameters: readonly NetworkParameter[];
  readonly inputs: readonly NetworkTensor[];
  readonly outputs: readonly NetworkTensor[];
}

const nothing = (diagnostics: readonly Diagnostic[]): CompiledNetwork => ({
  module: null,
  diagnostics,
  parameters: [],
  inputs: [],
  outputs: [],
});

/** The Python run and the tensors in it. */
export interface Runtime {
  readonly python: Session;
  readonly tensors: TensorSession;
}

/** Makes an interpreter that knows MindSpore and NumPy; `script` gives it a device to run on. */
export function createRuntime(
  request: Pick<NetworkRequest, 'host' | 'prelude' | 'roots' | 'limits' | 'watch'>,
  script: (session: TensorSession) => readonly ModuleDefinition[] = () => noScriptModules,
): Runtime {
  const tensors = new TensorSession();
  const python = createSession({
    host: request.host,
    builtins: standardBuiltins,
    modules: [
      ...stdlibModules,
      ...numpyModules(),
      ...mindsporeModules(tensors),
      ...script(tensors),
      ...request.prelude,
    ],
    hooks: {
      ...tracingHooks(tensors),
      ...(request.watch ? watchingHooks(request.watch, () => tensors.cells.at(-1)?.path ?? '') : {}),
    },
    ...(request.limits ? { limits: request.limits } : {}),
    ...(request.roots ? { roots: request.roots } : {}),
  });
  tensors.attach(python.interpreter);
  return { python, tensors };
}

/** Compiles the network that `entry` names to a module of stage @source. */
export function compileNetwork(request: NetworkRequest): CompiledNetwork {
  const runtime = createRuntime(request);
  const compiled = compileWith(runtime, request);
  const { interpreter } = runtime.python;
  const told = compiled.diagnostics.map((diagnostic) =>
    withSuggestion(interpreter, runtime.tensors.tensorClass, diagnostic),
  );
  return { ...compiled, diagnostics: told };
}

function compileWith(runtime: Runtime, request: NetworkRequest): CompiledNetwork {
  const { python } = runtime;
  const { localStatistics, devices } = request;
  const set = python.guard((py) => {
    if (localStatistics) useLocalStatistics(py);
    if (devices !== undefined && devices > 1) useDevices(py, devices);
  });
  if (!set.ok) return nothing(set.error);
  const module = python.importFile(request.file, 'entry');
  if (!module.ok) return nothing(module.error);
  const entry = findEntry(python, module.value, request.entry);
  if (!entry.ok) return nothing(entry.error);
  const traced = python.guard((py) => traceNetwork(runtime.tensors, py, entry.value, request.inputs));
  const warnings = python.interpreter.diagnostics;
  if (!traced.ok) return nothing([...warnings, ...traced.error]);
  return traced.value.ok
    ? { ...traced.value.value, diagnostics: [...warnings] }
    : nothing([...warnings, ...traced.value.error]);
}

/** The signature of what will be called, and how many of its parameters are bound already. */
function signatureFor(
  py: Interpreter,
  network: PyValue,
): { readonly signature: Signature; readonly skip: number; readonly span: Span | null } | null {
  const callee = isFunction(network) ? network : py.getAttribute(network, 'construct');
  const bound = callee instanceof BoundMethod;
  const fn = bound ? callee.callee : callee;
  return fn instanceof PyFunction ? { signature: withDefaults(fn), skip: bound ? 1 : 0, span: fn.code.span } : null;
}

/** The signature with the defaults of this function object. */
const withDefaults = (fn: PyFunction): Signature => ({
  ...fn.signature,
  parameters: fn.signature.parameters.map((parameter, index) => {
    const value = fn.defaults[index];
    return value === undefined ? parameter : { ...parameter, default: value };
  }),
});

type Traced = Result<Omit<CompiledNetwork, 'diagnostics'>, readonly Diagnostic[]>;

export function traceNetwork(
  tensors: TensorSession,
  py: Interpreter,
  network: PyValue,
  inputs: readonly InputSpecification[],
): Traced {
  const called = signatureFor(py, network);
  if (!called) return failure([diagnose(traceDiagnostics.entryIsNoNetwork, null, ['entry', py.repr(network)])]);
  const plan = planArguments(called.signature, called.skip, inputs);
  if (typeof plan === 'string') return failure([diagnose(traceDiagnostics.inputsDoNotMatch, called.span, [plan])]);
  const symbolicDimension = inputs.find(({ shape }) => shape.some((extent) => typeof extent === 'string'));
  if (symbolicDimension)
    return failure([
      diagnose(traceDiagnostics.unsupportedUse, null, [`the symbolic dimension of input '${symbolicDimension.name}'`]),
    ]);

  const known = isFunction(network) ? [] : parametersOf(py, network);
  const trace = startTrace('constants');
  trace.printed = printing(tensors);
  const inputArguments: InputArgument[] = [];
  const values = plan.map((argument): PyValue => {
    if (argument.kind === 'default') return argument.value;
    const value = new Block([tensorType(argument.input.shape, argument.input.dtype)]).arguments[0];
    inputArguments.push({ name: argument.input.name, value });
    return tensors.symbolic(value);
  });
  tensors.trace = trace;
  try {
    const outputs = flattenOutputs(tensors, py.call(network, values), called.span);
    const updated = [...trace.before.keys()].filter((parameter) => parameter.payload.kind === 'symbolic');
    const results: readonly ResultValue[] = [
      ...outputs.map((output): ResultValue => ({ value: tensors.valueOf(output), parameter: null })),
      ...updated.map((parameter): ResultValue => ({
        value: tensors.valueOf(parameter),
        parameter: nameOf(py, parameter),
      })),
    ];
    const parameters = parameterArguments(tensors, py, trace, known);
    return ok({
      module: finishModule(trace, inputArguments, parameters, results, parallelAttributes(tensors, py)),
      parameters: [...new Set([...known, ...trace.parameters.keys()])].map((parameter) =>
        describeParameter(py, parameter, initialOf(trace, parameter)),
      ),
      inputs: inputArguments.map(({ name, value }) => describe(name, value.type)),
      outputs: outputs.map((output, index) => describe(`out${index}`, output.type)),
    });
  } finally {
    for (const [parameter, payload] of trace.before) parameter.payload = payload;
    tensors.trace = null;
  }
}

const initialOf = (trace: Trace, parameter: Tensor): Payload => trace.before.get(parameter) ?? parameter.payload;

/** The parameters of a cell in MindSpore's order. */
function parametersOf(py: Interpreter, network: PyValue): readonly Tensor[] {
  return py.collect(py.callMethod(network, 'get_parameters')).filter((item): item is Tensor => item instanceof Tensor);
}

function nameOf(py: Interpreter, parameter: Tensor): string {
  return String(py.getAttribute(parameter, 'name'));
}

/** The parameters that the graph uses: those of the network in its order, then others. Names must differ. */
function parameterArguments(
  tensors: TensorSession,
  py: Interpreter,
  trace: Trace,
  known: readonly Tensor[],
): readonly ParameterArgument[] {
  const ordered = [
    ...known.filter((parameter) => trace.parameters.has(parameter)),
    ...[...trace.parameters.keys()].filter((parameter) => !known.includes(parameter)),
  ];
  const names = new Set<string>();
  return ordered.map((parameter) => {
    const name = nameOf(py, parameter);
    if (names.has(name)) tensors.stop(traceDiagnostics.duplicateParameterName, [name]);
    names.add(name);
    const value = trace.parameters.get(parameter);
    if (!value) throw new Error(`parameter ${name} has no value`);
    return {
      name,
      value,
      initial: initialOf(trace, parameter),
      requiresGrad: py.truth(py.getAttribute(parameter, 'requires_grad')),
    };
  });
}

function describeParameter(py: Interpreter, parameter: Tensor, initial: Payload): NetworkParameter {
  return {
    name: nameOf(py, parameter),
    shape: parameter.type.shape.map(Number),
    dtype: parameter.type.dtype,
    requiresGrad: py.truth(py.getAttribute(parameter, 'requires_grad')),
    initializer: initial.kind === 'lazy' ? initial.initializer : null,
    data: initial.kind === 'concrete' ? initial.data : null,
  };
}

function describe(name: string, type: Type): NetworkTensor {
  if (type.kind !== 'tensor') throw new Error(`${name} is no tensor`);
  return { name, shape: type.shape, dtype: type.dtype };
}
