/** Iterators. The whole evaluator iterates with a `Next`: a function that gives the next value, or undefined at the end. */
import { builtInClass, objectType, PyObject, type PyClass, type PyValue } from './object.ts';

/** Gives the next value, or undefined when there is none. */
export type Next = () => PyValue | undefined;

export const iteratorType = builtInClass('iterator', objectType);
export const generatorType = builtInClass('generator', objectType);

/** A Python iterator over a `Next`. `cls` names its kind in messages (`list_iterator`, `zip`, …). */
export class PyIterator extends PyObject {
  readonly next: Next;

  constructor(next: Next, cls: PyClass = iteratorType) {
    super(cls);
    this.next = next;
  }
}

/** What is sent into a suspended generator. */
export type Resume = { readonly value: PyValue } | { readonly raise: unknown };

/** A generator object around a JavaScript generator that yields Python values. */
export class PyGenerator extends PyObject {
  readonly name: string;
  readonly body: Generator<PyValue, PyValue, Resume>;
  state: 'created' | 'suspended' | 'running' | 'finished' = 'created';

  constructor(name: string, body: Generator<PyValue, PyValue, Resume>, cls: PyClass = generatorType) {
    super(cls);
    this.name = name;
    this.body = body;
  }
}

/** A `Next` over JavaScript values. */
export function nextOf(values: Iterable<PyValue>): Next {
  const iterator = values[Symbol.iterator]();
  return () => {
    const step = iterator.next();
    return step.done ? undefined : step.value;
  };
}
