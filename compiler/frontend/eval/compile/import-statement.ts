/** `import` and `from … import`. */
import type { Stmt } from '../../syntax/index.ts';
import { NORMAL } from '../objects/interpreter.ts';
import type { ImportRequest } from '../protocol/machine.ts';
import { spanOf, type Context, type Execute } from './context.ts';
import { compileStoreName } from './names.ts';
import { mangle, resolve } from './scope.ts';

type Statement<Kind extends Stmt['kind']> = Extract<Stmt, { kind: Kind }>;

/** Names of modules are bound lazily: they live in a namespace that can hold a `Pending`. */
function compileBinding(context: Context, name: string, request: ImportRequest): Execute {
  const { py, scope } = context;
  const store = compileStoreName(context, name);
  const lazy = scope.kind === 'module' && resolve(scope, mangle(scope, name)).kind === 'global';
  return (frame) => {
    frame.at = request.span;
    store(frame, py.importFor(frame.globals, request, lazy));
    return NORMAL;
  };
}

function sequence(parts: readonly Execute[]): Execute {
  return (frame) => {
    for (const part of parts) part(frame);
    return NORMAL;
  };
}

export function compileImport(context: Context, node: Statement<'Import'>): Execute {
  return sequence(
    node.names.map((alias) =>
      compileBinding(context, alias.asname ?? alias.name.split('.')[0], {
        module: alias.name,
        level: 0,
        symbol: null,
        renamed: alias.asname !== null,
        checked: context.checkedImports,
        span: spanOf(context, alias),
      }),
    ),
  );
}

export function compileImportFrom(context: Context, node: Statement<'ImportFrom'>): Execute {
  const { py } = context;
  return sequence(
    node.names.map((alias) => {
      const request = {
        module: node.module ?? '',
        level: node.level,
        symbol: alias.name,
        renamed: false,
        checked: context.checkedImports,
        span: spanOf(context, alias),
      };
      if (alias.name !== '*') return compileBinding(context, alias.asname ?? alias.name, request);
      return (frame) => {
        frame.at = request.span;
        py.importAll(frame.globals, frame.namespace ?? frame.globals, request);
        return NORMAL;
      };
    }),
  );
}
