/** Whether a Python file is a program rather than a module of networks: its top level does something. */
import { parsePython, type Expr, type Stmt } from '../syntax/index.ts';

/** Calls that only set things up; files of networks have them too. */
const SETTINGS: ReadonlySet<string> = new Set([
  'set_context',
  'set_device',
  'set_seed',
  'set_auto_parallel_context',
  'set_deterministic',
  'seed',
  'filterwarnings',
  'simplefilter',
  'append',
  'insert',
  'basicConfig',
  'setrecursionlimit',
]);

const calledName = (callee: Expr): string => {
  if (callee.kind === 'Attribute') return callee.attr;
  return callee.kind === 'Name' ? callee.id : '';
};

const isWorkExpression = (value: Expr): boolean => value.kind === 'Call' && !SETTINGS.has(calledName(value.func));

function isWork(statement: Stmt): boolean {
  switch (statement.kind) {
    case 'Expr':
      return isWorkExpression(statement.value);
    case 'For':
    case 'While':
    case 'With':
      return true;
    case 'If':
      return [...statement.body, ...statement.orelse].some(isWork);
    case 'Try':
      return [...statement.body, ...statement.orelse, ...statement.finalbody].some(isWork);
    default:
      return false;
  }
}

/** Whether running the text as `__main__` does work: calls for their effect, loops, `with`. Text with errors does none. */
export function isScript(text: string, path: string): boolean {
  const { module, diagnostics } = parsePython(text, path);
  return diagnostics.length === 0 && module.body.some(isWork);
}
