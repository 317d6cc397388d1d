/** What the evaluator says to the user. Uncaught Python exceptions become `uncaughtException`. */
import { diagnose, type Diagnostic, type DiagnosticDefinition, type RelatedSpan, type Span } from '../../ir/index.ts';
import { Stop } from './objects/interpreter.ts';

type Row<Parameters extends readonly unknown[]> = Omit<
  DiagnosticDefinition<Parameters>,
  'severity' | 'exitClass' | 'help'
> & {
  readonly exitClass?: DiagnosticDefinition<Parameters>['exitClass'];
  readonly severity?: DiagnosticDefinition<Parameters>['severity'];
  readonly help?: (...parameters: Parameters) => string;
};

function row<Parameters extends readonly unknown[]>(definition: Row<Parameters>): DiagnosticDefinition<Parameters> {
  return { severity: 'error', exitClass: 'user-error', help: null, ...definition };
}

export const evaluatorDiagnostics = {
  uncaughtException: row({
    code: 'MSC0201',
    title: 'a Python exception was not caught',
    message: (cls: string, text: string) => (text === '' ? cls : `${cls}: ${text}`),
    explanation: 'The Python code raised an exception and nothing caught it. The notes show the calls that led there.',
    wrong: 'class Net:\n    pass\n\nNet().missing\n',
    right: 'class Net:\n    missing = 1\n\nNet().missing\n',
  }),
  outOfSteps: row({
    code: 'MSC0202',
    title: 'the step budget is used up',
    message: (limit: number) => `the Python code ran for more than ${limit} steps`,
    help: (limit: number) => `if the loop does end, raise the budget: --max-steps ${limit * 10}`,
    explanation:
      'Python code runs with a budget of steps, so that an endless loop ends with a message instead of a hang.',
    wrong: 'while True:\n    pass\n',
    right: 'for _ in range(10):\n    pass\n',
  }),
  outOfMemory: row({
    code: 'MSC0203',
    title: 'the memory budget is used up',
    message: (limit: number) => `the Python code needs more than ${Math.round(limit / 1048576)} MiB`,
    help: () => 'raise the budget with --max-memory',
    explanation: 'The estimated size of the lists, strings and numbers that Python code makes is limited.',
    wrong: 'x = [0] * 10**12\n',
    right: 'x = [0] * 10**3\n',
  }),
  valueTooLarge: row({
    code: 'MSC0206',
    title: 'a value is too large',
    message: () => 'a number, text or list becomes larger than msc can hold',
    explanation:
      'Single values are limited by the JavaScript engine: 2^30 bits for a number, 2^29 characters for a text.',
    wrong: "text = 'a'\nwhile True:\n    text += text\n",
    right: "text = 'a'\nfor _ in range(10):\n    text += text\n",
  }),
  scriptExit: row({
    code: 'MSC0207',
    title: 'the script ended with an error code',
    message: (code: string) => `the script called sys.exit(${code})`,
    explanation: 'A script that calls sys.exit with something other than 0 or None has failed.',
    wrong: 'import sys\nsys.exit(3)\n',
    right: 'import sys\nsys.exit(0)\n',
  }),
  unsupported: row({
    code: 'MSC0204',
    title: 'a construct that msc does not run',
    exitClass: 'unsupported',
    message: (what: string) => `msc does not run ${what}`,
    explanation:
      'The whole Python grammar parses, but a few constructs have no meaning for a network and are not evaluated.',
    wrong: 'async def f():\n    pass\n\nf()\n',
    right: 'def f():\n    pass\n\nf()\n',
  }),
  noSuchFile: row({
    code: 'MSC0205',
    title: 'a source file cannot be read',
    message: (path: string, reason: string) => `cannot read ${path}: ${reason}`,
    explanation: 'The file does not exist, is no text, or lies outside of the folders that may be read.',
    wrong: null,
    right: null,
  }),
} as const;

/** Throws the diagnostic for a construct that is not run. */
export function notAvailable(span: Span | null, what: string): never {
  throw new Stop(diagnose(evaluatorDiagnostics.unsupported, span, [what]));
}

/** The diagnostic of an uncaught exception: the innermost line of the user is the primary span, the calls are related spans. */
export function exceptionDiagnostic(
  cls: string,
  text: string,
  traceback: readonly { readonly functionName: string; readonly span: Span | null }[],
  isUserFile: (name: string) => boolean,
  notes: readonly string[],
): Diagnostic {
  const placed = traceback.flatMap(({ functionName, span }) => (span ? [{ functionName, span }] : []));
  const primary = placed.find(({ span }) => isUserFile(span.file.name)) ?? placed.at(0);
  const callers = placed.filter((entry) => entry !== primary && isUserFile(entry.span.file.name));
  const distinct = callers.filter(({ span }, index) => index === 0 || callers[index - 1].span !== span);
  const shown = distinct.length > 8 ? [...distinct.slice(0, 4), ...distinct.slice(-4)] : distinct;
  const related: RelatedSpan[] = shown.map(({ functionName, span }) => ({
    span,
    message: functionName === '<module>' ? 'reached from here' : `called from ${functionName}`,
  }));
  const inner =
    primary && placed[0] !== primary ? [`raised in ${placed[0].functionName} of ${placed[0].span.file.name}`] : [];
  const omitted = callers.length > shown.length ? [`${callers.length - shown.length} more calls are not shown`] : [];
  const help = adviceFor(cls, text);
  return diagnose(evaluatorDiagnostics.uncaughtException, primary?.span ?? null, [cls, text], {
    related,
    notes: [...inner, ...omitted, ...notes],
    ...(help ? { help } : {}),
  });
}

/** What helps against exceptions that a flag can prevent. */
function adviceFor(cls: string, text: string): string | null {
  if (cls === 'RecursionError') return 'if the recursion does end, raise the limit with --max-depth';
  if (cls === 'PermissionError' && text.includes('a script writes only there'))
    return 'give a path below the current folder, or run the script in another one';
  if (cls === 'PermissionError') return 'allow reading a folder with --allow-read DIR';
  if (cls === 'ModuleNotFoundError') return 'add the folder that contains the package with --path DIR';
  return null;
}
