/** The native side of inspect, types, importlib and warnings. */
import {
  BoundMethod,
  getSetType,
  isRaised,
  methodType,
  moduleType,
  native,
  NativeFunction,
  nativeFunctionType,
  nativeModule,
  needText,
  PyFunction,
  PyModule,
  PyTuple,
  functionType,
  generatorType,
  cellType,
  ellipsisType,
  noneType,
  notImplementedType,
  textOf,
  type Interpreter,
  type Member,
  type PyValue,
  type Signature,
} from '../../eval/index.ts';
import { genericAliasType, unionType } from '../builtins/index.ts';

const kinds = {
  'positional-only': 0,
  'positional-or-keyword': 1,
  'var-positional': 2,
  'keyword-only': 3,
  'var-keyword': 4,
} as const;

/** The signature of a function with its defaults, or null for what has none. */
function signatureParts(
  callee: PyValue,
): { readonly signature: Signature; readonly defaults: readonly (PyValue | undefined)[] } | null {
  if (callee instanceof PyFunction) return { signature: callee.signature, defaults: callee.defaults };
  if (callee instanceof NativeFunction)
    return { signature: callee.signature, defaults: callee.signature.parameters.map((parameter) => parameter.default) };
  return null;
}

/** Parameters as tuples `(name, kind, default…)`; None when the object is no plain function. */
function parameters(callee: PyValue): PyValue {
  const parts = signatureParts(callee);
  if (!parts) return null;
  return new PyTuple(
    parts.signature.parameters.map(({ name, kind }, slot) => {
      const fallback = parts.defaults[slot];
      return new PyTuple(fallback === undefined ? [name, kinds[kind]] : [name, kinds[kind], fallback]);
    }),
  );
}

/** The source text of a function or class, where it came from a file. */
function source(value: PyValue): PyValue {
  const span = value instanceof PyFunction ? value.code.span : null;
  return span ? span.file.text.slice(span.start, span.end) : null;
}

export const inspection = nativeModule('_inspect', () => [
  native('parameters(function, /)', (_py, [callee]) => parameters(callee)),
  native('source(object, /)', (_py, [value]) => source(value)),
  native('is_function(object, /)', (_py, [value]) => value instanceof PyFunction),
  native(
    'is_native(object, /)',
    (_py, [value]) =>
      value instanceof NativeFunction || (value instanceof BoundMethod && value.callee instanceof NativeFunction),
  ),
  native('is_method(object, /)', (_py, [value]) => value instanceof BoundMethod),
  native('is_module(object, /)', (_py, [value]) => value instanceof PyModule),
  native('is_generator_function(object, /)', (_py, [value]) => value instanceof PyFunction && value.code.isGenerator),
  native('is_coroutine_function(object, /)', (_py, [value]) => value instanceof PyFunction && value.code.isAsync),
  native('file(object, /)', (_py, [value]) =>
    value instanceof PyFunction ? (value.code.span?.file.name ?? null) : null,
  ),
  native('caller_globals(depth=1, /)', (py) => py.currentGlobals()),
]);

export const typesCore = nativeModule('_types', (): Member[] => [
  ['FunctionType', functionType],
  ['LambdaType', functionType],
  ['MethodType', methodType],
  ['BuiltinFunctionType', nativeFunctionType],
  ['BuiltinMethodType', nativeFunctionType],
  ['ModuleType', moduleType],
  ['GeneratorType', generatorType],
  ['CellType', cellType],
  ['NoneType', noneType],
  ['EllipsisType', ellipsisType],
  ['NotImplementedType', notImplementedType],
  ['GenericAlias', genericAliasType],
  ['UnionType', unionType],
  ['GetSetDescriptorType', getSetType],
]);

/** The absolute name of `import_module('.x', package)`. */
function absoluteName(name: string, packageName: PyValue): string {
  const dots = /^\.*/.exec(name)?.[0].length ?? 0;
  if (dots === 0) return name;
  const parts = (textOf(packageName) ?? '').split('.');
  return [...parts.slice(0, parts.length - dots + 1), name.slice(dots)].filter((part) => part !== '').join('.');
}

function reload(_py: Interpreter, [module]: PyValue[]): PyValue {
  return module;
}

export const importlib = nativeModule('importlib', () => [
  native('import_module(name, package=None)', (py, [name, packageName]) =>
    py.importModule(absoluteName(needText(name), packageName)),
  ),
  native('reload(module)', reload),
  native('invalidate_caches()', () => null),
]);

export const importlibUtil = nativeModule('importlib.util', () => [
  native('find_spec(name, package=None)', (py, [name, packageName]) => {
    try {
      return py.importModule(absoluteName(needText(name), packageName));
    } catch (error) {
      if (isRaised(error, 'ImportError')) return null;
      throw error;
    }
  }),
]);
