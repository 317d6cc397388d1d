/** Comprehensions, which run inside the frame around them, and generator expressions, which have a frame of their own. */
import type { Comprehension, Expr } from '../../syntax/index.ts';
import { checkLength, PyList, PySet } from '../objects/containers.ts';
import { Frame, type Code } from '../objects/functions.ts';
import { PyGenerator, PyIterator, type Next } from '../objects/iterators.ts';
import { PyDict, type PyValue } from '../objects/object.ts';
import { generatorBody } from '../protocol/call.ts';
import { tableSet } from '../protocol/table.ts';
import { evaluator, spanOf, storer, type Context, type Evaluate } from './context.ts';
import { compileFreshCells } from './names.ts';
import { childScope } from './scope.ts';
import { freshSlots } from './slots.ts';

type Node<Kind extends Expr['kind']> = Extract<Expr, { kind: Kind }>;

/** One `for … in … if …` of a comprehension. */
interface Level {
  readonly items: (frame: Frame) => Next;
  readonly assign: (frame: Frame, item: PyValue) => void;
  readonly passes: (frame: Frame) => boolean;
}

function compileLevel(context: Context, generator: Comprehension, outer: Context): Level {
  const { py } = context;
  const iterable = evaluator(outer, generator.iter);
  const tests = generator.ifs.map((test) => evaluator(context, test));
  const at = spanOf(context, generator.iter);
  return {
    items: (frame) => {
      const value = iterable(frame);
      frame.at = at;
      return py.iterate(value);
    },
    assign: storer(context, generator.target),
    passes: (frame) => tests.every((test) => py.truth(test(frame))),
  };
}

function compileLevels(context: Context, inner: Context, generators: readonly Comprehension[]): Level[] {
  return generators.map((generator, index) => compileLevel(inner, generator, index === 0 ? context : inner));
}

/** Runs the nested loops and calls `emit` for each combination. */
function runLevels(context: Context, levels: readonly Level[], frame: Frame, emit: () => void): void {
  const { py } = context;
  const runFrom = (index: number): void => {
    if (index === levels.length) return emit();
    const { items, assign, passes } = levels[index];
    const next = items(frame);
    for (let item = next(); item !== undefined; item = next()) {
      if (++py.steps > py.nextCheck) py.checkBudgets();
      assign(frame, item);
      if (passes(frame)) runFrom(index + 1);
    }
  };
  runFrom(0);
}

function innerContext(context: Context, node: Expr): Context {
  return { ...context, scope: childScope(context.scope, node) };
}

export function compileListComprehension(context: Context, node: Node<'ListComp'>): Evaluate {
  const { py } = context;
  const inner = innerContext(context, node);
  const levels = compileLevels(context, inner, node.generators);
  const element = evaluator(inner, node.elt);
  const fresh = compileFreshCells(inner);
  return (frame) => {
    const items: PyValue[] = [];
    fresh(frame);
    runLevels(context, levels, frame, () => {
      items.push(element(frame));
      if ((items.length & 255) === 0) {
        py.reserve(256);
        checkLength(items.length);
      }
    });
    return new PyList(items);
  };
}

export function compileSetComprehension(context: Context, node: Node<'SetComp'>): Evaluate {
  const { py } = context;
  const inner = innerContext(context, node);
  const levels = compileLevels(context, inner, node.generators);
  const element = evaluator(inner, node.elt);
  const fresh = compileFreshCells(inner);
  return (frame) => {
    const set = new PySet();
    fresh(frame);
    runLevels(context, levels, frame, () => tableSet(py, set.table, element(frame), null));
    return set;
  };
}

export function compileDictComprehension(context: Context, node: Node<'DictComp'>): Evaluate {
  const { py } = context;
  const inner = innerContext(context, node);
  const levels = compileLevels(context, inner, node.generators);
  const [key, value] = [evaluator(inner, node.key), evaluator(inner, node.value)];
  const fresh = compileFreshCells(inner);
  return (frame) => {
    const dict = new PyDict();
    fresh(frame);
    runLevels(context, levels, frame, () => {
      const name = key(frame);
      tableSet(py, dict, name, value(frame));
    });
    return dict;
  };
}

/** The loops of a generator expression; the first iterable arrives in slot 0. */
function* generate(
  levels: readonly Level[],
  element: Evaluate,
  frame: Frame,
  index: number,
): Generator<PyValue, PyValue, unknown> {
  const { items, assign, passes } = levels[index];
  const first = frame.slots[0];
  const next = index === 0 && first instanceof PyIterator ? first.next : items(frame);
  for (let item = next(); item !== undefined; item = next()) {
    assign(frame, item);
    if (!passes(frame)) continue;
    if (index + 1 < levels.length) yield* generate(levels, element, frame, index + 1);
    else yield element(frame);
  }
  return null;
}

export function compileGenerator(context: Context, node: Node<'GeneratorExp'>): Evaluate {
  const { py } = context;
  const inner = innerContext(context, node);
  const { unit } = inner.scope;
  const firstIterable = evaluator(context, node.generators[0].iter);
  const levels = compileLevels(inner, inner, [
    {
      ...node.generators[0],
      iter: { kind: 'Constant', type: 'None', value: null, unicodePrefix: false, start: node.start, end: node.end },
    },
    ...node.generators.slice(1),
  ]);
  const element = evaluator(inner, node.elt);
  const code: Code = {
    name: '<genexpr>',
    qualifiedName: `${context.qualifier}<genexpr>`,
    slotNames: unit.slotNames,
    cells: [...unit.cells],
    free: unit.free,
    isGenerator: true,
    isAsync: false,
    span: spanOf(context, node),
    doc: null,
    run: () => null,
    start: (frame) => generate(levels, element, frame, 0),
  };
  const at = spanOf(context, node.generators[0].iter);
  return (outer) => {
    const iterable = firstIterable(outer);
    outer.at = at;
    const slots = freshSlots(code, outer);
    slots[0] = new PyIterator(py.iterate(iterable));
    const frame = new Frame(code, slots, outer.globals, outer.function, outer.namespace);
    return new PyGenerator('<genexpr>', generatorBody(py, frame));
  };
}
