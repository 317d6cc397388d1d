/** Type parameters (`def f[T]`) and type aliases: names for annotations, without meaning at run time. */
import type { Stmt } from '../../syntax/index.ts';
import { NORMAL } from '../objects/interpreter.ts';
import type { PyValue } from '../objects/object.ts';
import { evaluator, type Context, type Execute } from './context.ts';
import { compileStoreName } from './names.ts';

type Parameterized = Extract<Stmt, { kind: 'FunctionDef' | 'ClassDef' }>;

/** `typing.TypeVar(name)`, or the name itself where there is no typing module. */
function typeVariable(context: Context, kind: string, name: string): PyValue {
  const { py } = context;
  const typing = py.importModule('typing');
  const maker = py.findAttribute(typing, kind);
  return maker === undefined ? name : py.call(maker, [name]);
}

/** Binds the type parameters of a definition before it runs. */
export function compileTypeParameters(context: Context, node: Parameterized, define: Execute): Execute {
  if (node.type_params.length === 0) return define;
  const parameters = node.type_params.map(({ kind, name }) => ({ kind, name, store: compileStoreName(context, name) }));
  return (frame) => {
    for (const { kind, name, store } of parameters) store(frame, typeVariable(context, kind, name));
    return define(frame);
  };
}

export function compileTypeAlias(context: Context, node: Extract<Stmt, { kind: 'TypeAlias' }>): Execute {
  const parameters = node.type_params.map(({ kind, name }) => ({ kind, name, store: compileStoreName(context, name) }));
  const value = evaluator(context, node.value);
  const store = compileStoreName(context, node.name.id);
  return (frame) => {
    for (const { kind, name, store: bind } of parameters) bind(frame, typeVariable(context, kind, name));
    store(frame, value(frame));
    return NORMAL;
  };
}
