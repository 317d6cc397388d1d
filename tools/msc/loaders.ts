/** The code of each command, imported when it runs. */
import type { CommandName } from './commands.ts';
import type { ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import type { Arguments } from './options.ts';

export interface CommandCode {
  readonly run: (args: Arguments, io: Io) => Promise<ExitCode>;
}

export const loaders: Readonly<Record<CommandName, () => Promise<CommandCode>>> = {
  compile: () => import('./commands/compile.ts'),
  run: () => import('./commands/run.ts'),
  check: () => import('./commands/check.ts'),
  plan: () => import('./commands/plan.ts'),
  inspect: () => import('./commands/inspect.ts'),
  opt: () => import('./commands/opt.ts'),
  reduce: () => import('./commands/reduce.ts'),
  asm: () => import('./commands/asm.ts'),
  disasm: () => import('./commands/disasm.ts'),
  ops: () => import('./commands/ops.ts'),
  explain: () => import('./commands/explain.ts'),
  lsp: () => import('./commands/lsp.ts'),
  doctor: () => import('./commands/doctor.ts'),
  completion: () => import('./commands/completion.ts'),
};
