/**
 * The tensor that Python code holds: known elements, a value of the graph being traced, numbers still to be drawn, or
 * elements that lie on the simulated device.
 */
import type { ElementArray, TensorType, Value } from '../../ir/index.ts';
import { elementCount } from '../../ir/index.ts';
import { PyObject, type PyClass, type Restorable } from '../eval/index.ts';
import type { Initializer } from './initializer.ts';

/** What a tensor is made of. `data` of one element stands for all elements (a splat). */
export type Payload =
  | { readonly kind: 'concrete'; readonly type: TensorType; readonly data: ElementArray }
  | { readonly kind: 'symbolic'; readonly type: TensorType; readonly value: Value }
  | { readonly kind: 'lazy'; readonly type: TensorType; readonly initializer: Initializer }
  /** Belongs to one parameter; whoever shares it takes the elements with `settled`, since the next step changes them. */
  | { readonly kind: 'device'; readonly type: TensorType; readonly read: () => KnownPayload };

export type KnownPayload = Extract<Payload, { kind: 'concrete' }>;

/** The payload with elements that lie on the device read from it. */
export const settled = (payload: Payload): Exclude<Payload, { kind: 'device' }> =>
  payload.kind === 'device' ? payload.read() : payload;

export class Tensor extends PyObject implements Restorable {
  payload: Payload;
  /** Set by `Parameter.__init__`: in a graph it is an argument of the function, not a constant. */
  isParameter = false;

  constructor(cls: PyClass, payload: Payload) {
    super(cls);
    this.payload = payload;
  }

  get type(): TensorType {
    return this.payload.type;
  }

  save(): () => void {
    const { payload } = this;
    return () => {
      this.payload = payload;
    };
  }
}

/** Extents as numbers; a symbolic extent is a mistake of the caller, who must have asked before. */
export function extentsOf(type: TensorType): readonly number[] {
  return type.shape.map((extent) => {
    if (typeof extent !== 'number') throw new Error(`dimension '${extent}' of ${type.key} is symbolic`);
    return extent;
  });
}

export const elementsOf = (type: TensorType): number => elementCount(extentsOf(type));

/** All elements of a concrete payload, a splat written out. */
export function allElements(payload: KnownPayload): ElementArray {
  const count = elementsOf(payload.type);
  if (payload.data.length === count) return payload.data;
  // The constructor of a typed array is that of its own kind.
  const full = new (payload.data.constructor as new (length: number) => ElementArray)(count);
  if (full instanceof BigInt64Array || full instanceof BigUint64Array) full.fill(BigInt(payload.data[0]));
  else full.fill(Number(payload.data[0]));
  return full;
}
