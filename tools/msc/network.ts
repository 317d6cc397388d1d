/** The frontend with its host: apart, since IR text and program files do without it. */
import type { Diagnostic, Module } from '../../compiler/ir/index.ts';
import { compileNetwork, preludeModules } from '../../compiler/frontend/index.ts';
import type { NetworkSource } from './source.ts';
import { fileHost, preludeReader } from './host.ts';

/** The @source module of a network, or what is wrong with it. */
export function traceNetwork(source: NetworkSource): {
  readonly module: Module | null;
  readonly diagnostics: readonly Diagnostic[];
} {
  const files = fileHost({
    ...source,
    readable: [...source.readable, ...source.roots],
    writeOutput: source.print,
    writeError: source.print,
  });
  const host = source.wrapHost?.(files) ?? files;
  return compileNetwork({ ...source, host, prelude: preludeModules(preludeReader()) });
}
