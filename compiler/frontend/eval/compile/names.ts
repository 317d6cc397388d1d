/** Loading, storing and deleting names. */
import { Cell } from '../objects/containers.ts';
import { nameError, unboundLocalError } from '../objects/exceptions.ts';
import type { Frame } from '../objects/functions.ts';
import { Pending } from '../objects/modules.ts';
import { dictType, type PyDict, type PyValue } from '../objects/object.ts';
import type { Machine } from '../protocol/machine.ts';
import { spanOf, type Context, type Evaluate, type Store } from './context.ts';
import { mangle, resolve } from './scope.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** A global or built-in name; undefined where there is none. */
export function findGlobal(py: Machine, globals: PyDict, name: string): PyValue | undefined {
  const found = globals.map.get(name);
  if (found !== undefined) return found instanceof Pending ? found.force() : found;
  const resolved = py.resolveGlobal(globals, name);
  return resolved !== undefined ? resolved : py.builtins.map.get(name);
}

function needGlobal(py: Machine, frame: Frame, name: string): PyValue {
  const found = findGlobal(py, frame.globals, name);
  if (found === undefined) throw nameError(`name '${name}' is not defined`);
  return found;
}

const cellAt = (frame: Frame, slot: number): Cell => frame.slots[slot] as Cell; // slots marked as cells hold nothing else

function unbound(name: string, isFree: boolean): never {
  if (isFree)
    throw nameError(`cannot access free variable '${name}' where it is not associated with a value in enclosing scope`);
  throw unboundLocalError(`cannot access local variable '${name}' where it is not associated with a value`);
}

export function compileLoad(context: Context, id: string, place: Place): Evaluate {
  const { py, scope } = context;
  const name = mangle(scope, id);
  const binding = resolve(scope, name);
  const at = spanOf(context, place);
  if (binding.kind === 'global') {
    return (frame) => {
      const found = frame.globals.map.get(name);
      if (found !== undefined && !(found instanceof Pending)) return found;
      frame.at = at;
      return needGlobal(py, frame, name);
    };
  }
  if (binding.kind === 'namespace') return compileNamespaceLoad(context, name, binding.slot, place);
  const { slot, isCell } = binding;
  if (isCell) {
    const isFree = scope.unit.free.some(([, here]) => here === slot);
    return (frame) => {
      const { value } = cellAt(frame, slot);
      if (value !== undefined) return value;
      frame.at = at;
      return unbound(name, isFree);
    };
  }
  return (frame) => {
    const value = frame.slots[slot];
    if (value !== undefined) return value;
    frame.at = at;
    return unbound(name, false);
  };
}

function compileNamespaceLoad(context: Context, name: string, slot: number, place: Place): Evaluate {
  const { py } = context;
  const at = spanOf(context, place);
  return (frame) => {
    const found = frame.namespace?.map.get(name);
    if (found !== undefined) return found instanceof Pending ? found.force() : found;
    if (slot >= 0) {
      const { value } = cellAt(frame, slot);
      if (value !== undefined) return value;
    }
    frame.at = at;
    return needGlobal(py, frame, name);
  };
}

export function compileStoreName(context: Context, id: string): Store {
  const { py, scope } = context;
  const name = mangle(scope, id);
  const binding = resolve(scope, name);
  if (binding.kind === 'slot') {
    const { slot, isCell } = binding;
    if (!isCell) return (frame, value) => void (frame.slots[slot] = value);
    return (frame, value) => {
      const cell = cellAt(frame, slot);
      py.touch(cell);
      cell.value = value;
    };
  }
  const isGlobal = binding.kind === 'global';
  return (frame, value) => {
    const namespace = isGlobal ? frame.globals : (frame.namespace ?? frame.globals);
    if (namespace.cls !== dictType) return py.setItem(namespace, name, value);
    py.touch(namespace);
    namespace.map.set(name, value);
  };
}

export function compileDeleteName(context: Context, id: string, place: Place): (frame: Frame) => void {
  const { scope } = context;
  const name = mangle(scope, id);
  const binding = resolve(scope, name);
  const load = compileLoad(context, id, place);
  if (binding.kind === 'slot') {
    const { slot, isCell } = binding;
    return (frame) => {
      load(frame);
      if (isCell) cellAt(frame, slot).value = undefined;
      else frame.slots[slot] = undefined;
    };
  }
  return (frame) => {
    load(frame);
    const namespace = binding.kind === 'global' ? frame.globals : (frame.namespace ?? frame.globals);
    namespace.map.delete(name);
  };
}

/** Fresh cells for the variables of a comprehension that starts. */
export function compileFreshCells(context: Context): (frame: Frame) => void {
  const { scope } = context;
  const slots = [...scope.slots.entries()]
    .filter(([name, slot]) => scope.bound.has(name) && scope.unit.cells.has(slot))
    .map(([, slot]) => slot);
  return (frame) => {
    for (const slot of slots) frame.slots[slot] = new Cell();
  };
}
