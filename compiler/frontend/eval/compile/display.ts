/** List, tuple, set and dict displays, and f-strings. */
import type { Expr } from '../../syntax/index.ts';
import { PyList, PySet, PyTuple } from '../objects/containers.ts';
import { typeError } from '../objects/exceptions.ts';
import { classOf, PyDict, type PyValue } from '../objects/object.ts';
import type { Machine } from '../protocol/machine.ts';
import { tableEntries, tableSet } from '../protocol/table.ts';
import { reprText } from '../protocol/text.ts';
import { compilePositional } from './call-expression.ts';
import { evaluator, spanOf, type Context, type Evaluate } from './context.ts';

type Node<Kind extends Expr['kind']> = Extract<Expr, { kind: Kind }>;

export function compileList(context: Context, node: Node<'List'>): Evaluate {
  const items = compilePositional(context, node.elts);
  return (frame) => new PyList(items(frame));
}

export function compileTuple(context: Context, node: Node<'Tuple'>): Evaluate {
  const items = compilePositional(context, node.elts);
  return (frame) => new PyTuple(items(frame));
}

export function compileSet(context: Context, node: Node<'Set'>): Evaluate {
  const { py } = context;
  const items = compilePositional(context, node.elts);
  return (frame) => {
    const set = new PySet();
    for (const item of items(frame)) tableSet(py, set.table, item, null);
    return set;
  };
}

/** Copies a mapping into a dict. */
export function mergeMapping(py: Machine, into: PyDict, mapping: PyValue): void {
  if (mapping instanceof PyDict && mapping.cls.builtIn) {
    for (const [key, value] of tableEntries(mapping)) tableSet(py, into, key, value);
    return;
  }
  if (py.findAttribute(mapping, 'keys') === undefined)
    throw typeError(`'${classOf(mapping).name}' object is not a mapping`);
  for (const key of py.collect(py.callMethod(mapping, 'keys'))) tableSet(py, into, key, py.getItem(mapping, key));
}

export function compileDict(context: Context, node: Node<'Dict'>): Evaluate {
  const { py } = context;
  const keys = node.keys.map((key) => key && evaluator(context, key));
  const values = node.values.map((value) => evaluator(context, value));
  const at = spanOf(context, node);
  return (frame) => {
    const dict = new PyDict();
    for (let index = 0; index < values.length; index++) {
      const key = keys[index];
      if (key) {
        const name = key(frame);
        tableSet(py, dict, name, values[index](frame));
      } else {
        const mapping = values[index](frame);
        frame.at = at;
        mergeMapping(py, dict, mapping);
      }
    }
    return dict;
  };
}

/** `!r`, `!s`, `!a`. */
function converted(py: Machine, value: PyValue, conversion: number): PyValue {
  if (conversion < 0) return value;
  const letter = String.fromCharCode(conversion);
  if (letter === 's') return py.str(value);
  const text = py.repr(value);
  return letter === 'r' ? text : reprText(text, true).slice(1, -1).replaceAll("\\'", "'").replaceAll('\\\\', '\\');
}

export function compileFormatted(context: Context, node: Node<'FormattedValue'>): Evaluate {
  const { py } = context;
  const value = evaluator(context, node.value);
  const specification = node.format_spec && evaluator(context, node.format_spec);
  const at = spanOf(context, node);
  return (frame) => {
    const subject = converted(py, value(frame), node.conversion);
    const text = specification ? String(specification(frame)) : '';
    frame.at = at;
    return py.format(subject, text);
  };
}

export function compileJoined(context: Context, node: Node<'JoinedStr'>): Evaluate {
  const parts = node.values.map((value) => evaluator(context, value));
  return (frame) => {
    let text = '';
    for (const part of parts) text += String(part(frame));
    return text;
  };
}
