/** Assignment targets, deletion, augmented and annotated assignment. */
import type { Expr, Stmt } from '../../syntax/index.ts';
import { PyList, PyTuple } from '../objects/containers.ts';
import { typeError, valueError } from '../objects/exceptions.ts';
import type { Frame } from '../objects/functions.ts';
import { NORMAL } from '../objects/interpreter.ts';
import { classOf, PyDict, type PyValue } from '../objects/object.ts';
import { operators } from './operation.ts';
import { evaluator, spanOf, storer, type Context, type Evaluate, type Execute, type Store } from './context.ts';
import { compileAnnotation } from './function.ts';
import { compileDeleteName, compileLoad, compileStoreName } from './names.ts';
import { mangle } from './scope.ts';

type Statement<Kind extends Stmt['kind']> = Extract<Stmt, { kind: Kind }>;

/** The items to unpack into `count` targets (at least `count` when a starred target takes the rest). */
function unpackItems(context: Context, value: PyValue, count: number, starred: boolean): readonly PyValue[] {
  const isSequence = (value instanceof PyTuple || value instanceof PyList) && value.cls.builtIn;
  const items = isSequence ? value.items : takeItems(context, value, starred ? Infinity : count + 1);
  if (items.length < count)
    throw valueError(
      `not enough values to unpack (expected ${starred ? 'at least ' : ''}${count}, got ${items.length})`,
    );
  if (items.length > count && !starred) throw valueError(`too many values to unpack (expected ${count})`);
  return items;
}

/** At most `limit` items of an iterable. */
function takeItems(context: Context, value: PyValue, limit: number): PyValue[] {
  const { py } = context;
  const isIterable =
    typeof value === 'string' ||
    py.findAttribute(value, '__iter__') !== undefined ||
    py.findAttribute(value, '__getitem__') !== undefined;
  if (!isIterable) throw typeError(`cannot unpack non-iterable ${classOf(value).name} object`);
  const next = py.iterate(value);
  const items: PyValue[] = [];
  while (items.length < limit) {
    const item = next();
    if (item === undefined) break;
    items.push(item);
    py.spend(1);
  }
  return items;
}

function compileUnpack(context: Context, targets: readonly Expr[]): Store {
  const stores = targets.map((target) => storer(context, target.kind === 'Starred' ? target.value : target));
  const star = targets.findIndex((target) => target.kind === 'Starred');
  if (star < 0) {
    return (frame, value) => {
      const items = unpackItems(context, value, stores.length, false);
      for (let index = 0; index < stores.length; index++) stores[index](frame, items[index]);
    };
  }
  const after = stores.length - star - 1;
  return (frame, value) => {
    const items = unpackItems(context, value, stores.length - 1, true);
    for (let index = 0; index < star; index++) stores[index](frame, items[index]);
    stores[star](frame, new PyList(items.slice(star, items.length - after)));
    for (let index = 0; index < after; index++) stores[star + 1 + index](frame, items[items.length - after + index]);
  };
}

/** A target of `=`, `for`, `with … as` and so on. */
export function compileStore(context: Context, target: Expr): Store {
  const { py } = context;
  const at = spanOf(context, target);
  switch (target.kind) {
    case 'Name':
      return compileStoreName(context, target.id);
    case 'Attribute': {
      const object = evaluator(context, target.value);
      const name = mangle(context.scope, target.attr);
      return (frame, value) => {
        const owner = object(frame);
        frame.at = at;
        py.setAttribute(owner, name, value);
      };
    }
    case 'Subscript': {
      const [object, key] = [evaluator(context, target.value), evaluator(context, target.slice)];
      return (frame, value) => {
        const container = object(frame);
        const index = key(frame);
        frame.at = at;
        py.setItem(container, index, value);
      };
    }
    case 'Tuple':
    case 'List': {
      const unpack = compileUnpack(context, target.elts);
      return (frame, value) => {
        frame.at = at;
        unpack(frame, value);
      };
    }
    default:
      throw new Error(`the parser let ${target.kind} through as an assignment target`);
  }
}

export function compileAssign(context: Context, node: Statement<'Assign'>): Execute {
  const value = evaluator(context, node.value);
  const at = spanOf(context, node);
  const stores = node.targets.map((target) => storer(context, target));
  if (stores.length === 1) {
    const [store] = stores;
    return (frame) => {
      frame.at = at;
      store(frame, value(frame));
      return NORMAL;
    };
  }
  return (frame) => {
    frame.at = at;
    const result = value(frame);
    for (const store of stores) store(frame, result);
    return NORMAL;
  };
}

/** How an augmented target is read once and then stored: its object and key are evaluated only once. */
interface Augmented {
  readonly read: (frame: Frame) => { readonly value: PyValue; readonly store: (value: PyValue) => void };
}

function compileAugmentedTarget(context: Context, target: Statement<'AugAssign'>['target']): Augmented {
  const { py } = context;
  switch (target.kind) {
    case 'Name': {
      const [load, store] = [compileLoad(context, target.id, target), compileStoreName(context, target.id)];
      return { read: (frame) => ({ value: load(frame), store: (value) => store(frame, value) }) };
    }
    case 'Attribute': {
      const object = evaluator(context, target.value);
      const name = mangle(context.scope, target.attr);
      return {
        read: (frame) => {
          const owner = object(frame);
          return { value: py.getAttribute(owner, name), store: (value) => py.setAttribute(owner, name, value) };
        },
      };
    }
    case 'Subscript': {
      const [object, key] = [evaluator(context, target.value), evaluator(context, target.slice)];
      return {
        read: (frame) => {
          const [container, index] = [object(frame), key(frame)];
          return { value: py.getItem(container, index), store: (value) => py.setItem(container, index, value) };
        },
      };
    }
  }
}

export function compileAugmented(context: Context, node: Statement<'AugAssign'>): Execute {
  const { py } = context;
  const operator = operators[node.op];
  const operand = evaluator(context, node.value);
  const at = spanOf(context, node);
  if (node.target.kind === 'Name') {
    const [load, store] = [
      compileLoad(context, node.target.id, node.target),
      compileStoreName(context, node.target.id),
    ];
    return (frame) => {
      const left = load(frame);
      const right = operand(frame);
      frame.at = at;
      store(frame, py.inPlace(operator, left, right));
      return NORMAL;
    };
  }
  const target = compileAugmentedTarget(context, node.target);
  return (frame) => {
    frame.at = at;
    const { value, store } = target.read(frame);
    const right = operand(frame);
    frame.at = at;
    store(py.inPlace(operator, value, right));
    return NORMAL;
  };
}

/** In a class body an annotated name goes into `__annotations__`, where it is evaluated when it is read. */
function compileAnnotationStore(context: Context, node: Statement<'AnnAssign'>): ((frame: Frame) => void) | null {
  const { target } = node;
  if (target.kind !== 'Name' || node.simple === 0 || context.scope.kind !== 'class') return null;
  const name = mangle(context.scope, target.id);
  const annotation = compileAnnotation(context, node.annotation);
  return (frame) => {
    const namespace = frame.namespace ?? frame.globals;
    const known = namespace.map.get('__annotations__');
    const annotations = known instanceof PyDict ? known : new PyDict();
    namespace.map.set('__annotations__', annotations);
    annotations.map.set(name, annotation(frame));
  };
}

export function compileAnnotated(context: Context, node: Statement<'AnnAssign'>): Execute {
  const annotate = compileAnnotationStore(context, node);
  const value: Evaluate | null = node.value && evaluator(context, node.value);
  const store = storer(context, node.target);
  const at = spanOf(context, node);
  return (frame) => {
    frame.at = at;
    if (value) store(frame, value(frame));
    annotate?.(frame);
    return NORMAL;
  };
}

export function compileDelete(context: Context, target: Expr): (frame: Frame) => void {
  const { py } = context;
  const at = spanOf(context, target);
  switch (target.kind) {
    case 'Name':
      return compileDeleteName(context, target.id, target);
    case 'Attribute': {
      const object = evaluator(context, target.value);
      const name = mangle(context.scope, target.attr);
      return (frame) => {
        const owner = object(frame);
        frame.at = at;
        py.deleteAttribute(owner, name);
      };
    }
    case 'Subscript': {
      const [object, key] = [evaluator(context, target.value), evaluator(context, target.slice)];
      return (frame) => {
        const [container, index] = [object(frame), key(frame)];
        frame.at = at;
        py.deleteItem(container, index);
      };
    }
    case 'Tuple':
    case 'List': {
      const parts = target.elts.map((part) => compileDelete(context, part));
      return (frame) => parts.forEach((part) => part(frame));
    }
    default:
      throw new Error(`the parser let ${target.kind} through as a target of del`);
  }
}
