/** `msc lsp`: the language server for editors, over standard input and output. */
import { serve } from '../../lsp/index.ts';
import type { ExitCode } from '../exit.ts';
import { exitCodes } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  if (args.words.length > 0) return usageError(io, 'lsp takes no file: editors start it as msc lsp');
  // Standard output belongs to the protocol: whatever a library prints goes to the log of the editor.
  for (const name of ['log', 'info', 'debug'] as const) console[name] = console.error;
  const code = await serve({ input: process.stdin, output: process.stdout });
  process.stdin.destroy();
  return code === 0 ? exitCodes.ok : exitCodes.userError;
}
