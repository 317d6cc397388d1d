/**
 * A Python call whose ops go into a region of its own. What leaves the call (the returned value, tensors stored in objects,
 * new values of parameters) still names values of the region; each such value becomes a result of the region's operation.
 */
import { Block, walk, type Operation, type Value } from '../../ir/index.ts';
import { PyDict, PyList, PyTuple, type Interpreter, type PyObject, type PyValue } from '../eval/index.ts';
import { observe, setContents, type Contents } from './changes.ts';
import { inBlock } from './region.ts';
import type { TensorSession } from './session.ts';
import { Tensor } from './tensor.ts';

/** What a call into a region gave, before the region's operation exists. */
export interface InnerCall {
  readonly block: Block;
  readonly returned: PyValue;
  /** Objects that the call changed, with the contents they ended with. */
  readonly contents: ReadonlyMap<PyObject, Contents>;
}

/** Runs `call` with its ops going into `block`; all its changes are noted and undone. */
export function callInside(session: TensorSession, py: Interpreter, block: Block, call: () => PyValue): InnerCall {
  const frame = py.currentFrame();
  if (!frame) throw new Error('a call into a region outside of a frame');
  const outcome = inBlock(session, block, () => observe(py, frame, call, () => null));
  return { block, returned: outcome.completion, contents: new Map([...outcome.contents, ...outcome.made]) };
}

/** The values of a region that are seen outside of it: those of `yields`, in that order. */
export class Escapes {
  readonly yields: Value[];
  private readonly session: TensorSession;
  private readonly inner: ReadonlySet<Value>;
  private readonly tensors: (readonly [tensor: Tensor, index: number])[] = [];
  private readonly indexOf = new Map<Value, number>();

  /** `first` are values that the region yields before all others. */
  constructor(session: TensorSession, block: Block, first: readonly Value[]) {
    this.session = session;
    this.yields = [...first];
    first.forEach((value, index) => this.indexOf.set(value, index));
    const inner = new Set<Value>(block.arguments);
    for (const op of block.operations) for (const result of op.results) inner.add(result);
    this.inner = inner;
  }

  /** The value as it is outside. Its tensors hold results once `bind` was called. */
  outside(value: PyValue): PyValue {
    return replaceTensors(value, (tensor) => this.leaf(tensor));
  }

  private leaf(tensor: Tensor): Tensor {
    const { payload } = tensor;
    if (payload.kind !== 'symbolic' || !(this.inner.has(payload.value) || this.indexOf.has(payload.value)))
      return tensor;
    const index = this.indexOf.get(payload.value) ?? this.yields.push(payload.value) - 1;
    this.indexOf.set(payload.value, index);
    const made = this.session.tensor(payload);
    this.tensors.push([made, index]);
    return made;
  }

  /** Lets the tensors of `outside` stand for the results of the finished operation. */
  bind(op: Operation): void {
    for (const [tensor, index] of this.tensors) tensor.payload = this.session.symbolic(op.results[index]).payload;
  }
}

/** Applies the changes of a call outside of its region; call `apply` once the operation exists. */
export function escapingChanges(py: Interpreter, escapes: Escapes, call: InnerCall): { readonly apply: () => void } {
  const made = [...call.contents].map(
    ([object, contents]) =>
      [object, new Map([...contents].map(([key, value]) => [key, escapes.outside(value)]))] as const,
  );
  return { apply: () => made.forEach(([object, contents]) => setContents(py, object, contents)) };
}

/** The value with each tensor in its tuples, lists and dicts replaced; the value itself when nothing was. */
export function replaceTensors(value: PyValue, replace: (tensor: Tensor) => Tensor): PyValue {
  if (value instanceof Tensor) return replace(value);
  if (value instanceof PyTuple) {
    const items = replaceItems(value.items, replace);
    return items === value.items ? value : new PyTuple(items, value.cls);
  }
  if (value instanceof PyList) {
    const items = replaceItems(value.items, replace);
    return items === value.items ? value : new PyList([...items]);
  }
  if (value instanceof PyDict) return replaceEntries(value, replace);
  return value;
}

function replaceItems(items: readonly PyValue[], replace: (tensor: Tensor) => Tensor): readonly PyValue[] {
  const made = items.map((item) => replaceTensors(item, replace));
  return made.some((item, index) => item !== items[index]) ? made : items;
}

function replaceEntries(dict: PyDict, replace: (tensor: Tensor) => Tensor): PyDict {
  const entries = [...dict.map].map(([key, value]) => [key, replaceTensors(value, replace)] as const);
  if (entries.every(([key, value]) => dict.map.get(key) === value)) return dict;
  const made = new PyDict(dict.cls);
  for (const [key, value] of entries) made.map.set(key, value);
  return made;
}

/** The tensors of a value in order: those in tuples, lists and dicts too. */
export function tensorsIn(value: PyValue): readonly Tensor[] {
  const found: Tensor[] = [];
  replaceTensors(value, (tensor) => {
    found.push(tensor);
    return tensor;
  });
  return found;
}

/** Whether ops of a block, or of regions below it, say or stop something. */
export const hasEffect = (session: TensorSession, block: Block): boolean => {
  let found = false;
  walk(block, (op) => (found ||= session.definitions.get(op.name)?.traits.includes('effect') ?? false));
  return found;
};
