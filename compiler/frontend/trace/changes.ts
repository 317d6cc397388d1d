/** What running a piece of code changed: variables of the frame and contents of objects; to look at, undo and apply. */
import {
  Cell,
  newestSerial,
  PyDict,
  PyList,
  type FrameView,
  type Interpreter,
  type PyObject,
  type PyValue,
} from '../eval/index.ts';
import type { TensorSession } from './session.ts';
import { Tensor } from './tensor.ts';

/** The state of what a run changed, at its end. Keys of places are stable between two runs of one branch point. */
export interface Outcome<Completed> {
  readonly completion: Completed;
  readonly returned: PyValue;
  readonly variables: ReadonlyMap<string, PyValue>;
  /** Objects that changed, with the contents they ended with. */
  readonly contents: ReadonlyMap<PyObject, Contents>;
  /** The same of objects that the run made: nobody else knows them, so they keep their contents. */
  readonly made: ReadonlyMap<PyObject, Contents>;
}

/** The contents of a mutable object as places with values. */
export type Contents = ReadonlyMap<unknown, PyValue>;

/** The places of an object, or null for objects whose contents are no Python values. */
export function contentsOf(object: PyObject): Contents | null {
  if (object instanceof PyDict) return new Map(object.map);
  if (object instanceof PyList) return new Map(object.items.map((item, index) => [index, item]));
  if (object instanceof Cell) return new Map(object.value === undefined ? [] : [['value', object.value]]);
  if (object instanceof Tensor) return new Map([['payload', tensorOf(object)]]);
  return null;
}

/** The contents of an object that a branch or loop may change. A parameter is its value in the graph: a copy would be another one. */
export function presentContents(session: TensorSession, object: PyObject): Contents {
  if (object instanceof Tensor && object.isParameter)
    return new Map([['payload', session.symbolic(session.valueOf(object))]]);
  return contentsOf(object) ?? new Map<unknown, PyValue>();
}

/** A tensor with the payload of now, since the object itself will change. */
function tensorOf(tensor: Tensor): Tensor {
  const copy = new Tensor(tensor.cls, tensor.payload);
  copy.isParameter = tensor.isParameter && tensor.payload.kind !== 'symbolic';
  return copy;
}

/** Gives an object new contents. */
export function setContents(py: Interpreter, object: PyObject, contents: Contents): void {
  py.touch(object);
  if (object instanceof PyDict) {
    object.map.clear();
    // Keys come from `contentsOf` of a dict.
    for (const [key, value] of contents) object.map.set(key as string, value);
  } else if (object instanceof PyList) {
    object.items = [...contents.values()];
  } else if (object instanceof Cell) {
    object.value = contents.get('value');
  } else if (object instanceof Tensor) {
    const value = contents.get('payload');
    if (value instanceof Tensor) object.payload = value.payload;
  }
}

/** Runs code, notes what it changed, and puts everything back that was there before. */
export function observe<Completed>(
  py: Interpreter,
  frame: FrameView,
  run: () => Completed,
  returned: () => PyValue,
): Outcome<Completed> {
  const restore = frame.snapshot();
  const journal = py.beginJournal();
  const last = newestSerial();
  const made = new Map<PyObject, Contents>();
  try {
    const completion = run();
    const variables = new Map(
      frame.names().flatMap((name): readonly (readonly [string, PyValue])[] => {
        const value = frame.read(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const contents = new Map<PyObject, Contents>();
    for (const object of journal.entries.keys()) {
      // The journal holds the objects of the evaluator.
      const changed = object as PyObject;
      const found = contentsOf(changed);
      if (found) (changed.serial > last ? made : contents).set(changed, found);
    }
    return { completion, returned: returned(), variables, contents, made };
  } finally {
    py.endJournal(journal);
    py.rollBack(journal);
    restore();
    for (const [object, contents] of made) setContents(py, object, contents);
  }
}
