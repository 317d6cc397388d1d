/** Runs Python text on the evaluator with files in memory. */
import {
  createSession,
  type Hooks,
  type Host,
  type Limits,
  type ModuleDefinition,
  type PyModule,
  type Session,
} from '../../compiler/frontend/eval/index.ts';
import { standardBuiltins, stdlibModules } from '../../compiler/frontend/library/stdlib/index.ts';
import { lineColumn, type Diagnostic } from '../../compiler/ir/index.ts';

export interface Files {
  readonly [path: string]: string;
}

/** A Host whose files are a record; output is collected. */
export function memoryHost(files: Files, output: { text: string; errors: string }): Host {
  const isDirectory = (path: string): boolean => Object.keys(files).some((name) => name.startsWith(`${path}/`));
  return {
    readFile: (path) =>
      Object.hasOwn(files, path)
        ? { ok: true, value: new TextEncoder().encode(files[path]) }
        : {
            ok: false,
            error: {
              kind: path.startsWith('/secret') ? 'refused' : 'missing',
              message: 'outside of the folders that may be read',
            },
          },
    kindOf: (path) => (Object.hasOwn(files, path) ? 'file' : isDirectory(path) ? 'directory' : 'absent'),
    listDirectory: (path) => Object.keys(files).filter((name) => name.startsWith(`${path}/`)),
    writeOutput: (text) => void (output.text += text),
    writeError: (text) => void (output.errors += text),
    now: () => 0,
    environment: new Map(),
    arguments: ['main.py'],
    workingDirectory: '/home',
  };
}

export interface Outcome {
  readonly output: string;
  readonly errors: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly session: Session;
  readonly module: PyModule | null;
}

export interface RunOptions {
  readonly files?: Files;
  readonly limits?: Partial<Limits>;
  readonly hooks?: Hooks;
  readonly modules?: readonly ModuleDefinition[];
  readonly mode?: 'entry' | 'script';
}

export function runPython(text: string, options: RunOptions = {}): Outcome {
  const collected = { text: '', errors: '' };
  const host = memoryHost(options.files ?? {}, collected);
  const session = createSession({
    host,
    builtins: standardBuiltins,
    modules: [...stdlibModules, ...(options.modules ?? [])],
    ...(options.hooks ? { hooks: options.hooks } : {}),
    ...(options.limits ? { limits: options.limits } : {}),
  });
  const result = session.importText(text, 'main.py', options.mode ?? 'script');
  return {
    output: collected.text,
    errors: collected.errors,
    diagnostics: result.ok ? [] : result.error,
    session,
    module: result.ok ? result.value : null,
  };
}

/** `code line:column message` of a diagnostic. */
export function describeDiagnostic(diagnostic: Diagnostic): string {
  if (!diagnostic.span) return `${diagnostic.code} ${diagnostic.message}`;
  const { line, column } = lineColumn(diagnostic.span.file, diagnostic.span.start);
  return `${diagnostic.code} ${line}:${column} ${diagnostic.message}`;
}
