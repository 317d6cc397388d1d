/**
 * Derivatives as region ops of the graph: `ms.vjp` around the traced function, `ms.custom_vjp` around a function with its
 * own backward rule, `ms.recompute` around one whose values are not kept. `passes/grad` removes them.
 */
import {
  Block,
  integerAttribute,
  isFloat,
  type AttributeMap,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.ts';
import { PyTuple, type Interpreter, type PyValue } from '../eval/index.ts';
import { realValue } from '../eval/protocol/numbers.ts';
import { traceDiagnostics } from './diagnostics.ts';
import { callInside, Escapes, escapingChanges, replaceTensors, tensorsIn, type InnerCall } from './inner.ts';
import { inBlock } from './region.ts';
import type { TensorSession } from './session.ts';
import { Tensor, type Payload } from './tensor.ts';

/** What is differentiated and with respect to what. */
export interface DerivativeRequest {
  readonly callee: PyValue;
  readonly args: readonly PyValue[];
  /** Which arguments get a gradient. */
  readonly positions: readonly number[];
  /** Parameters that get a gradient. */
  readonly weights: readonly Tensor[];
  /** The cotangents of the outputs, null for ones. */
  readonly sens: PyValue;
  /** True when only the first output is differentiated and the others are passed on. */
  readonly hasAux: boolean;
  /** False for a function that was called before: what it changes was changed then. */
  readonly isFirstCall: boolean;
}

export interface Derivative {
  readonly value: PyValue;
  /** One for each position, built like the argument. */
  readonly inputs: readonly PyValue[];
  readonly weights: readonly Tensor[];
}

/** Integers have gradients as in MindSpore; only truth values have none. */
const hasGradient = (tensor: Tensor): boolean => tensor.type.dtype !== 'i1';

/** The value of a function and its vector-Jacobian products; the graph is being traced. */
export function vectorJacobianProduct(session: TensorSession, py: Interpreter, request: DerivativeRequest): Derivative {
  const args = [...request.args];
  for (const position of request.positions) args[position] = numberAsTensor(session, args[position]);
  const leaves = request.positions.flatMap((position) => tensorsIn(args[position]).filter(hasGradient));
  const primals = [...leaves, ...request.weights].map((tensor) => session.valueOf(tensor));
  const block = new Block(primals.map(({ type }) => type));
  const inside = argumentsInside(session, args, request.positions, block);
  const { call, outputs } = withWeights(session, request.weights, block.arguments.slice(leaves.length), () => {
    const inner = withDifferentiation(session, () =>
      callInside(session, py, block, () => py.call(request.callee, [...inside])),
    );
    return { call: inner, outputs: differentiatedOutputs(session, block, request, inner.returned) };
  });
  const escapes = new Escapes(session, block, outputs);
  const changes = escapingChanges(py, escapes, call);
  const value = escapes.outside(numberAsTensor(session, call.returned));
  const op = finishRegion(session, block, escapes, {
    name: 'ms.vjp',
    operands: [...primals, ...cotangents(session, request.sens, outputs)],
    moreResults: primals.map(({ type }) => type),
    attributes: new Map([
      ['primals', integerAttribute(primals.length)],
      ['outputs', integerAttribute(outputs.length)],
    ]),
    more: [],
  });
  if (request.isFirstCall) changes.apply();
  const gradients = op.results.slice(escapes.yields.length).map((result) => session.symbolic(result));
  return {
    value,
    inputs: gradientsLike(
      session,
      request.positions.map((position) => args[position]),
      gradients,
    ),
    weights: gradients.slice(leaves.length),
  };
}

/** A function with a backward rule of its own: called plainly unless a derivative of it is being traced. */
export function customDerivative(
  session: TensorSession,
  py: Interpreter,
  callee: PyValue,
  bprop: PyValue,
  args: readonly PyValue[],
): PyValue {
  if (!session.trace || session.differentiating === 0) return py.call(callee, [...args]);
  const inputs = args.flatMap(tensorsIn);
  const types = inputs.map(({ type }) => type);
  const forward = new Block(types);
  const call = callInside(session, py, forward, () => py.call(callee, [...within(session, args, forward.arguments)]));
  const outputTensors = tensorsIn(call.returned);
  const outputs = outputTensors.map((tensor) => inBlock(session, forward, () => session.valueOf(tensor)));
  const escapes = new Escapes(session, forward, outputs);
  const changes = escapingChanges(py, escapes, call);
  const value = escapes.outside(call.returned);
  const outputTypes = outputs.map(({ type }) => type);
  const backward = new Block([...types, ...outputTypes, ...outputTypes]);
  traceBackward(session, py, bprop, args, call.returned, backward, inputs);
  finishRegion(session, forward, escapes, {
    name: 'ms.custom_vjp',
    operands: inputs.map((tensor) => session.valueOf(tensor)),
    moreResults: [],
    attributes: new Map([['outputs', integerAttribute(outputs.length)]]),
    more: [backward],
  });
  changes.apply();
  return value;
}

/** A function whose values are computed again for its derivative. */
export function recomputed(
  session: TensorSession,
  py: Interpreter,
  callee: PyValue,
  args: readonly PyValue[],
): PyValue {
  if (!session.trace || session.differentiating === 0) return py.call(callee, [...args]);
  const inputs = args.flatMap(tensorsIn);
  const block = new Block(inputs.map(({ type }) => type));
  const call = callInside(session, py, block, () => py.call(callee, [...within(session, args, block.arguments)]));
  const escapes = new Escapes(session, block, []);
  const changes = escapingChanges(py, escapes, call);
  const value = escapes.outside(call.returned);
  finishRegion(session, block, escapes, {
    name: 'ms.recompute',
    operands: inputs.map((tensor) => session.valueOf(tensor)),
    moreResults: [],
    attributes: new Map(),
    more: [],
  });
  changes.apply();
  return value;
}

interface RegionOp {
  readonly name: string;
  readonly operands: readonly Value[];
  /** Types of the results behind those that the region yields. */
  readonly moreResults: readonly Type[];
  readonly attributes: AttributeMap;
  /** Regions behind the first. */
  readonly more: readonly Block[];
}

function finishRegion(session: TensorSession, block: Block, escapes: Escapes, made: RegionOp): Operation {
  inBlock(session, block, () => session.builder().create('scf.yield', escapes.yields, []));
  const types = [...escapes.yields.map(({ type }) => type), ...made.moreResults];
  const op = session.builder().create(made.name, made.operands, types, made.attributes, [block, ...made.more]);
  escapes.bind(op);
  return op;
}

/** Runs with the functions that have backward rules traced as such. */
function withDifferentiation<Result>(session: TensorSession, run: () => Result): Result {
  session.differentiating++;
  try {
    return run();
  } finally {
    session.differentiating--;
  }
}

/** Runs with parameters standing for arguments of the region; afterwards they hold what they held before. */
function withWeights<Result>(
  session: TensorSession,
  weights: readonly Tensor[],
  values: readonly Value[],
  run: () => Result,
): Result {
  const before: readonly Payload[] = weights.map((weight) => weight.payload);
  weights.forEach((weight, index) => session.replace(weight, session.symbolic(values[index]).payload));
  try {
    return run();
  } finally {
    weights.forEach((weight, index) => session.replace(weight, before[index]));
  }
}

/** The arguments as the region sees them: tensors of numbers at the positions are its block arguments. */
function argumentsInside(
  session: TensorSession,
  args: readonly PyValue[],
  positions: readonly number[],
  block: Block,
): readonly PyValue[] {
  const inside = [...args];
  let next = 0;
  for (const position of positions)
    inside[position] = replaceTensors(args[position], (tensor) =>
      hasGradient(tensor) ? session.symbolic(block.arguments[next++]) : tensor,
    );
  return inside;
}

/** The arguments with each tensor standing for the next of `values`. */
function within(session: TensorSession, args: readonly PyValue[], values: readonly Value[]): readonly PyValue[] {
  let next = 0;
  return args.map((arg) => replaceTensors(arg, () => session.symbolic(values[next++])));
}

function numberAsTensor(session: TensorSession, value: PyValue): PyValue {
  const number = value instanceof Tensor || typeof value === 'boolean' ? undefined : realValue(value);
  return number === undefined ? value : session.scalar(number, 'f32');
}

function differentiatedOutputs(
  session: TensorSession,
  block: Block,
  { hasAux }: DerivativeRequest,
  returned: PyValue,
): readonly Value[] {
  if (hasAux && !(returned instanceof PyTuple))
    session.stop(traceDiagnostics.unsupportedUse, ['has_aux=True with a function that returns no tuple']);
  const value = hasAux && returned instanceof PyTuple ? (returned.items[0] ?? null) : returned;
  const outputs = tensorsIn(numberAsTensor(session, value)).filter(hasGradient);
  if (outputs.length === 0) session.stop(traceDiagnostics.nothingToDifferentiate, [described(session, value)]);
  return outputs.map((tensor) => inBlock(session, block, () => session.valueOf(tensor)));
}

const described = (session: TensorSession, value: PyValue): string =>
  value instanceof Tensor ? value.type.key : value === null ? 'None' : session.py.repr(value);

function cotangents(session: TensorSession, sens: PyValue, outputs: readonly Value[]): readonly Value[] {
  if (sens === null) {
    return outputs.map(({ type }) => {
      if (type.kind !== 'tensor') throw new Error(`an output of type ${type.key}`);
      return session.valueOf(session.splat(1, type));
    });
  }
  const given = tensorsIn(numberAsTensor(session, sens)).filter(hasGradient);
  const fits =
    given.length === outputs.length && given.every((tensor, index) => tensor.type.key === outputs[index].type.key);
  if (!fits)
    session.stop(traceDiagnostics.cotangentDoesNotFit, [
      given.map(({ type }) => type.key).join(', ') || 'nothing',
      outputs.map(({ type }) => type.key).join(', '),
    ]);
  return given.map((tensor) => session.valueOf(tensor));
}

/** Gradients built like the arguments; truth values have gradient zero. */
function gradientsLike(
  session: TensorSession,
  args: readonly PyValue[],
  gradients: readonly Tensor[],
): readonly PyValue[] {
  let next = 0;
  return args.map((arg) =>
    replaceTensors(arg, (tensor) => (hasGradient(tensor) ? gradients[next++] : session.splat(0, tensor.type))),
  );
}

/** Traces `bprop(*args, out, dout)` and checks that it gives one gradient of the right type for each input. */
function traceBackward(
  session: TensorSession,
  interpreter: Interpreter,
  bprop: PyValue,
  args: readonly PyValue[],
  returned: PyValue,
  backward: Block,
  inputs: readonly Tensor[],
): void {
  const places = backward.arguments;
  const outputs = tensorsIn(returned).length;
  const inside = within(session, args, places);
  const out = within(session, [returned], places.slice(inputs.length));
  const dout = within(session, [returned], places.slice(inputs.length + outputs));
  const call: InnerCall = callInside(session, interpreter, backward, () =>
    interpreter.call(bprop, [...inside, ...out, ...dout]),
  );
  const tensors = [...call.contents.keys()].filter((object) => object instanceof Tensor);
  if (tensors.length > 0) session.stop(traceDiagnostics.unsupportedUse, ['storing into a tensor in bprop']);
  const gradients = backwardResults(session, args, call.returned);
  inputs.forEach((input, index) => {
    const gradient = gradients[index];
    if (gradient !== null && gradient.type.key !== input.type.key)
      session.stop(traceDiagnostics.bpropDoesNotFit, [`gradient ${index} is ${gradient.type.key}`, input.type.key]);
  });
  const values = inBlock(session, backward, () =>
    inputs.map((input, index) => session.valueOf(gradients[index] ?? session.splat(0, input.type))),
  );
  inBlock(session, backward, () => session.builder().create('scf.yield', values, []));
}

/** One gradient for each tensor of the arguments, null for those that a bprop may leave out (integers). */
function backwardResults(
  session: TensorSession,
  args: readonly PyValue[],
  returned: PyValue,
): readonly (Tensor | null)[] {
  const items = returned instanceof PyTuple ? returned.items : [returned];
  if (items.length !== args.length)
    session.stop(traceDiagnostics.bpropDoesNotFit, [
      `it returns ${items.length} ${items.length === 1 ? 'value' : 'values'}`,
      `one for each of the ${args.length} inputs`,
    ]);
  return args.flatMap((arg, index): readonly (Tensor | null)[] => {
    const wanted = tensorsIn(arg);
    const item = items[index];
    const given = tensorsIn(numberAsTensor(session, item));
    if (given.length === wanted.length)
      return given.map((tensor, at) => {
        const gradient = broadcastNumber(session, tensor, wanted[at]);
        return isFloat(wanted[at].type.dtype) || gradient.type.key === wanted[at].type.key ? gradient : null;
      });
    if (wanted.every((tensor) => !isFloat(tensor.type.dtype))) return wanted.map(() => null);
    return session.stop(traceDiagnostics.bpropDoesNotFit, [
      `gradient ${index} is ${described(session, item)}`,
      wanted.map(({ type }) => type.key).join(', '),
    ]);
  });
}

/** A Python number as gradient stands for a tensor of that number. */
const broadcastNumber = (session: TensorSession, given: Tensor, like: Tensor): Tensor =>
  given.payload.kind === 'concrete' && given.type.shape.length === 0 && like.type.shape.length > 0
    ? session.splat(Number(given.payload.data[0]), like.type)
    : given;
