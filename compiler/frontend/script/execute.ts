/**
 * Python calls of a script that run as one graph each: traced, compiled, run. What leaves the call (its value, tensors stored
 * in objects, new values of parameters) are results of the graph.
 */
import type { TensorType, Value } from '../../ir/index.ts';
import type { Journal, PyObject, PyValue } from '../eval/index.ts';
import { finishModule, type ParameterArgument, type ResultValue } from '../network/finish.ts';
import { contentsOf } from '../trace/changes.ts';
import { tensorsIn } from '../trace/inner.ts';
import type { TensorSession } from '../trace/session.ts';
import { startTrace, type Trace } from '../trace/trace.ts';
import { Tensor, type KnownPayload, type Payload } from '../trace/tensor.ts';
import { payloadFor, type GraphStore, type ResidentGraph } from './graph.ts';

/** A traced call: its graph, and which tensors go in and out. */
export interface TracedCall {
  readonly graph: ResidentGraph;
  /** Known tensors from outside of the call, by argument. */
  readonly data: readonly (readonly [argument: string, payload: KnownPayload])[];
  /** Parameters that the graph reads, by argument. */
  readonly parameters: readonly (readonly [argument: string, parameter: Tensor])[];
  /** Parameters that get new values, by argument. */
  readonly updates: readonly (readonly [argument: string, parameter: Tensor])[];
  /** The result that stands for each value of the trace. */
  readonly resultOf: ReadonlyMap<Value, number>;
  readonly resultTypes: readonly TensorType[];
}

/** Arguments whose payloads change from call to call. */
export type Bindings = readonly (readonly [argument: string, payload: Payload])[];

/** Runs a traced call; gives the payloads of its results, and the parameters their new values. */
export function runCall(session: TensorSession, call: TracedCall, bindings: Bindings): readonly KnownPayload[] {
  const { graph } = call;
  for (const [argument, parameter] of call.parameters) graph.bind(argument, payloadFor(session, parameter));
  for (const [argument, payload] of [...call.data, ...bindings]) graph.bind(argument, payload);
  graph.run(session);
  const results = call.resultTypes.map((type, index) => graph.result(index, type));
  for (const [argument, parameter] of call.updates) {
    session.py.touch(parameter);
    parameter.payload = graph.updated(argument, parameter.type);
  }
  return results;
}

/** Names for the parameters of a graph: their own, made different where they are not. */
function parameterNames(session: TensorSession, parameters: readonly Tensor[]): ReadonlyMap<Tensor, string> {
  const taken = new Set<string>();
  return new Map(
    parameters.map((parameter) => {
      const own = String(session.py.getAttribute(parameter, 'name'));
      let name = own;
      for (let copy = 2; taken.has(name); copy++) name = `${own}#${copy}`;
      taken.add(name);
      return [parameter, name] as const;
    }),
  );
}

/** Compiles a finished trace whose results are `values`. `inputs` are arguments by name, as the caller will bind them. */
export function compileTrace(
  session: TensorSession,
  store: GraphStore,
  trace: Trace,
  inputs: readonly (readonly [argument: string, value: Value])[],
  values: readonly Value[],
): TracedCall {
  const updated = [...trace.before.keys()].filter(({ payload }) => payload.kind === 'symbolic');
  const names = parameterNames(session, [...new Set([...trace.parameters.keys(), ...updated])]);
  const nameOf = (parameter: Tensor): string => names.get(parameter) ?? '';
  const data = [...(trace.data ?? [])].map(([payload, value], index) => ({ argument: `data${index}`, payload, value }));
  const parameters = [...trace.parameters].map(([parameter, value]): ParameterArgument & { parameter: Tensor } => ({
    name: nameOf(parameter),
    value,
    // The script gives all values; the module is the same for any.
    initial: { kind: 'symbolic', type: parameter.type, value },
    requiresGrad: true,
    parameter,
  }));
  const distinct = [...new Set(values)];
  const results: readonly ResultValue[] = [
    ...distinct.map((value): ResultValue => ({ value, parameter: null })),
    ...updated.map((parameter): ResultValue => ({ value: session.valueOf(parameter), parameter: nameOf(parameter) })),
  ];
  const module = finishModule(
    trace,
    [
      ...inputs.map(([name, value]) => ({ name, value })),
      ...data.map(({ argument, value }) => ({ name: argument, value })),
    ],
    parameters,
    results,
  );
  return {
    graph: store.graphOf(module),
    data: data.map(({ argument, payload }) => [argument, payload]),
    parameters: parameters.map(({ name, parameter }) => [name, parameter]),
    updates: updated.map((parameter) => [nameOf(parameter), parameter]),
    resultOf: new Map(distinct.map((value, index) => [value, index])),
    resultTypes: distinct.map(({ type }) => type as TensorType), // results of a trace are tensors
  };
}

/** Tensors whose values belong to a trace, in a value and in the objects that a call changed. */
export function escapingTensors(returned: PyValue, journal: Journal): readonly Tensor[] {
  const stored = [...journal.entries.keys()].flatMap((object) => {
    if (object instanceof Tensor) return [object];
    // The journal holds the objects of the evaluator.
    const contents = contentsOf(object as PyObject);
    return contents === null ? [] : [...contents.values()].flatMap(tensorsIn);
  });
  return [...new Set([...tensorsIn(returned), ...stored])].filter(
    ({ payload, isParameter }) => payload.kind === 'symbolic' && !isParameter,
  );
}

/** Traces a call as a graph of its own. On a failure everything that it changed is as before. */
export function tracedAlone<Result>(
  session: TensorSession,
  kind: 'constants' | 'data',
  trace: (trace: Trace, journal: Journal) => Result,
): Result {
  const { py } = session;
  const started = startTrace(kind);
  const restoreSeeds = session.saveSeeds();
  const journal = py.beginJournal();
  session.trace = started;
  let isDone = false;
  try {
    const result = trace(started, journal);
    isDone = true;
    return result;
  } finally {
    session.trace = null;
    py.endJournal(journal);
    if (!isDone) {
      py.rollBack(journal);
      restoreSeeds();
    }
    for (const [parameter, payload] of started.before) parameter.payload = payload;
  }
}

/** `TensorSession.execute`: a thunk as one graph, run at once; tensors that it made hold the results. */
export function executor(session: TensorSession, store: GraphStore): (thunk: () => PyValue) => PyValue {
  return (thunk) => {
    const { value, call, tensors } = tracedAlone(session, 'data', (trace, journal) => {
      const returned = thunk();
      const escaping = escapingTensors(returned, journal);
      const values = escaping.map((tensor) => session.valueOf(tensor));
      return {
        value: returned,
        call: compileTrace(session, store, trace, [], values),
        tensors: escaping.map((tensor, index) => [tensor, values[index]] as const),
      };
    });
    const results = runCall(session, call, []);
    for (const [tensor, symbol] of tensors) tensor.payload = results[call.resultOf.get(symbol) ?? 0];
    return value;
  };
}
