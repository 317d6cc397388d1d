/** Commands that do not start: wrong arguments (exit 2), or what the arguments name cannot be used. */
import type { ExitCode } from './exit.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import type { Arguments } from './options.ts';
import { flagOption } from './options.ts';
import { finish, isColored } from './report.ts';
import type { Refusal } from './request.ts';
import { fileSources } from './text/locate.ts';
import { paintFor } from './text/render.ts';

export function usageError(io: Io, message: string): ExitCode {
  const paint = paintFor(isColored(io));
  io.log(
    `${paint.severity.error('error')}${paint.bold(`: ${message}`)}\n${paint.help('help')}: msc --help shows the commands, msc COMMAND --help its options\n`,
  );
  return exitCodes.usage;
}

export function refuse(io: Io, args: Arguments, refusal: Refusal): ExitCode {
  if ('usage' in refusal) return usageError(io, refusal.usage);
  return finish(io, flagOption(args, 'json'), fileSources(io.folder), { diagnostics: refusal.diagnostics, json: {} });
}
