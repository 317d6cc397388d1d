/** Functions that are traced once for each signature of their arguments and then run without Python. */
import { Block, type Value } from '../../ir/index.ts';
import { PyDict, PyFloat, PyList, PyObject, PyTuple, type PyValue } from '../eval/index.ts';
import { printing } from '../library/mindspore/printing.ts';
import { NdArray } from '../library/numpy/index.ts';
import { replaceTensors, tensorsIn } from '../trace/inner.ts';
import type { TensorSession } from '../trace/session.ts';
import { Tensor, type KnownPayload } from '../trace/tensor.ts';
import { compileTrace, escapingTensors, runCall, tracedAlone, type TracedCall } from './execute.ts';
import { payloadFor, type GraphStore } from './graph.ts';

/** One signature of a function. */
interface Specialization {
  readonly call: TracedCall;
  /** What the call returned while it was traced: its tensors stand for results. */
  readonly returned: PyValue;
}

const isData = (tensor: Tensor): boolean => !tensor.isParameter;

export class JitFunctions {
  private readonly session: TensorSession;
  private readonly store: GraphStore;
  private readonly known = new Map<string, Specialization>();
  /** Grows when something changes that traces depend on and no argument shows, such as `set_train`. */
  generation = 0;

  constructor(session: TensorSession, store: GraphStore) {
    this.session = session;
    this.store = store;
  }

  /** Calls a function as a graph. Inside of a graph it is called plainly. */
  call(fn: PyValue, args: PyTuple, keywords: PyDict): PyValue {
    if (this.session.trace) return this.callPlainly(fn, args, keywords);
    const key = [this.generation, this.describe(fn), this.describe(args), this.describe(keywords)].join(' ');
    const given = [...tensorsIn(args), ...tensorsIn(keywords)].filter(isData);
    const specialization = this.known.get(key) ?? this.specialize(fn, args, keywords);
    this.known.set(key, specialization);
    const { call, returned } = specialization;
    const results = runCall(
      this.session,
      call,
      given.map((tensor, index) => [`in${index}`, payloadFor(this.session, tensor)] as const),
    );
    const known = (tensor: Tensor): Tensor => this.resultFor(tensor, call, results);
    return replaceTensors(returned, known);
  }

  private callPlainly(fn: PyValue, args: PyTuple, keywords: PyDict): PyValue {
    // Keys of keyword arguments are strings.
    return this.session.py.call(fn, [...args.items], new Map([...keywords.map] as [string, PyValue][]));
  }

  private resultFor(tensor: Tensor, { resultOf }: TracedCall, results: readonly KnownPayload[]): Tensor {
    const { payload } = tensor;
    const index = payload.kind === 'symbolic' ? resultOf.get(payload.value) : undefined;
    return index === undefined ? tensor : this.session.tensor(results[index]);
  }

  private specialize(fn: PyValue, args: PyTuple, keywords: PyDict): Specialization {
    const { session, store } = this;
    const inputs: (readonly [argument: string, value: Value])[] = [];
    const symbolic = (tensor: Tensor): Tensor => {
      if (!isData(tensor)) return tensor;
      const value = new Block([tensor.type]).arguments[0];
      inputs.push([`in${inputs.length}`, value]);
      return session.symbolic(value);
    };
    return tracedAlone(session, 'constants', (trace, journal) => {
      trace.printed = printing(session);
      const values = replaceTensors(args, symbolic);
      const named = replaceTensors(keywords, symbolic);
      // `replaceTensors` keeps the kind of what it is given.
      const returned = this.callPlainly(fn, values as PyTuple, named as PyDict);
      const escaping = escapingTensors(returned, journal);
      const call = compileTrace(
        session,
        store,
        trace,
        inputs,
        escaping.map((tensor) => session.valueOf(tensor)),
      );
      return { call, returned };
    });
  }

  /** What a trace may depend on: types of tensors, plain values, the identity of everything else. */
  private describe(value: PyValue): string {
    if (value instanceof Tensor)
      return value.isParameter ? `parameter ${this.session.identity(value)}` : value.type.key;
    if (value instanceof PyTuple || value instanceof PyList)
      return `[${value.items.map((item) => this.describe(item)).join(', ')}]`;
    if (value instanceof PyDict)
      return `{${[...value.map].map(([key, item]) => `${String(key)}: ${this.describe(item)}`).join(', ')}}`;
    if (value instanceof PyFloat) return `float ${value.value}`;
    // Arrays become constants, and their elements can change in place.
    if (value instanceof NdArray) return `array ${value.dtype} [${value.shape.join()}] ${value.elements().join()}`;
    if (value instanceof PyObject) return `#${this.session.identity(value)}`;
    return `${typeof value} ${String(value)}`;
  }
}
