/** Journals: what changed since a point, and how to put it back. Used to run both sides of a branch on a symbolic value. */
import { Cell, PyBytes, PyList, PySet } from './objects/containers.ts';
import type { Journal, Restorable } from './objects/interpreter.ts';
import { PyClass, PyDict, PyObject } from './objects/object.ts';

function isRestorable(object: object): object is Restorable {
  return 'save' in object && typeof object.save === 'function';
}

function saveDict(dict: PyDict): () => void {
  const map = new Map(dict.map);
  const originals = dict.originals && new Map(dict.originals);
  const buckets = dict.buckets && new Map([...dict.buckets].map(([hash, bucket]) => [hash, [...bucket]]));
  return () => {
    dict.map.clear();
    for (const [key, value] of map) dict.map.set(key, value);
    dict.originals = originals;
    dict.buckets = buckets;
  };
}

/** A function that gives an object its present contents back. */
function saveContents(object: PyObject): () => void {
  if (isRestorable(object)) return object.save();
  if (object instanceof PyDict) return saveDict(object);
  if (object instanceof PyList) {
    const items = [...object.items];
    return () => void (object.items = [...items]);
  }
  if (object instanceof PySet) return saveDict(object.table);
  if (object instanceof Cell) {
    const { value } = object;
    return () => void (object.value = value);
  }
  if (object instanceof PyBytes) {
    const data = object.data.slice();
    return () => void (object.data = data.slice());
  }
  if (object instanceof PyClass) return () => object.invalidate();
  return () => undefined;
}

class ActiveJournal implements Journal {
  readonly entries = new Map<object, () => void>();

  touch(object: PyObject): void {
    if (!this.entries.has(object)) this.entries.set(object, saveContents(object));
  }
}

/** The journals that are open, outermost first: a change is noted in all of them. */
export class Journals {
  private readonly open: ActiveJournal[] = [];

  begin(): Journal {
    const journal = new ActiveJournal();
    this.open.push(journal);
    return journal;
  }

  end(journal: Journal): void {
    const index = this.open.findIndex((candidate) => candidate === journal);
    if (index >= 0) this.open.splice(index, 1);
  }

  touch(object: PyObject): void {
    for (const journal of this.open) journal.touch(object);
  }

  /** Runs with the open journals put aside: what it changes stays when they are rolled back. */
  aside<Result>(run: () => Result): Result {
    const open = this.open.splice(0);
    try {
      return run();
    } finally {
      this.open.unshift(...open);
    }
  }
}

/** Puts every object of a journal back. The outer journals keep their own older state. */
export function rollBack(journal: Journal): void {
  for (const restore of journal.entries.values()) restore();
}
