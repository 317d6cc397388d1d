/** Which network of a file is meant: the value of the entry expression, or the only Cell that needs no arguments. */
import { diagnose, failure, ok, type Diagnostic, type Result } from '../../ir/index.ts';
import {
  classOf,
  PyClass,
  PyFunction,
  BoundMethod,
  NativeFunction,
  type Interpreter,
  type PyModule,
  type PyValue,
  type Session,
} from '../eval/index.ts';
import { traceDiagnostics } from '../trace/diagnostics.ts';

export function findEntry(
  python: Session,
  module: PyModule,
  entry: string | null,
): Result<PyValue, readonly Diagnostic[]> {
  if (entry !== null) return checkedEntry(python, entry, python.evaluateExpression(entry, module));
  const found = python.guard((py) => candidates(py, module));
  if (!found.ok) return found;
  const free = found.value.filter(({ needs }) => needs.length === 0);
  if (free.length !== 1) {
    const list = found.value.map(({ cls, needs }) => `${cls.name}(${needs.join(', ')})`).join(', ');
    return failure([diagnose(traceDiagnostics.noEntry, null, [list || 'no Cell at all'])]);
  }
  return python.guard((py) => py.call(free[0].cls));
}

interface Candidate {
  readonly cls: PyClass;
  /** Parameters of the constructor without a default. */
  readonly needs: readonly string[];
}

/** The Cell classes that the file itself defines. */
function candidates(py: Interpreter, module: PyModule): readonly Candidate[] {
  module.complete?.();
  const cell = py.getAttribute(py.importModule('mindspore.nn.cell'), 'Cell');
  return [...module.attributes.map.values()]
    .filter((value): value is PyClass => value instanceof PyClass && value !== cell && py.isSubclass(value, cell))
    .filter((cls) => cls.namespace.map.get('__module__') === module.name)
    .map((cls) => ({ cls, needs: required(cls) }));
}

function required(cls: PyClass): readonly string[] {
  const init = cls.lookup('__init__');
  if (!(init instanceof PyFunction)) return [];
  return init.signature.parameters
    .slice(1)
    .filter(
      ({ kind, default: value }, index) =>
        value === undefined &&
        init.defaults[index + 1] === undefined &&
        kind !== 'var-positional' &&
        kind !== 'var-keyword',
    )
    .map(({ name }) => name);
}

function checkedEntry(
  python: Session,
  entry: string,
  value: Result<PyValue, readonly Diagnostic[]>,
): Result<PyValue, readonly Diagnostic[]> {
  if (!value.ok) return value;
  if (isFunction(value.value) || cellOf(python, value.value)) return ok(value.value);
  return failure([
    diagnose(traceDiagnostics.entryIsNoNetwork, null, [
      entry,
      value.value === null ? 'None' : classOf(value.value).name,
    ]),
  ]);
}

export const isFunction = (value: PyValue): value is PyFunction | BoundMethod | NativeFunction =>
  value instanceof PyFunction || value instanceof BoundMethod || value instanceof NativeFunction;

const isCell = (py: Interpreter, value: PyValue): boolean =>
  py.isInstance(value, py.getAttribute(py.importModule('mindspore.nn.cell'), 'Cell'));

function cellOf(python: Session, value: PyValue): boolean {
  const checked = python.guard((py) => isCell(py, value));
  return checked.ok && checked.value;
}
