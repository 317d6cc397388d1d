/** `msc explain`: what a diagnostic means, with a wrong and a right program. */
import { diagnosticCatalog } from '../catalog.ts';
import type { CatalogRow } from '../catalog.ts';
import type { ExitCode } from '../exit.ts';
import { exitCodes } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption } from '../options.ts';
import { jsonText } from '../text/json.ts';
import { usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [code] = args.words;
  if (code === undefined) return listAll(io, flagOption(args, 'json'));
  const wanted = /^\d+$/.test(code) ? `MSC${code.padStart(4, '0')}` : code.toUpperCase();
  const row = diagnosticCatalog.find((candidate) => candidate.code === wanted);
  if (row === undefined) return usageError(io, `there is no diagnostic '${code}'; msc explain lists them`);
  io.write(flagOption(args, 'json') ? jsonText({ ...rowJson(row) }) : explanation(row));
  return exitCodes.ok;
}

function rowJson({ code, severity, exitClass, title, explanation: text, wrong, right }: CatalogRow): object {
  return { code, severity, class: exitClass, title, explanation: text, wrong, right };
}

function listAll(io: Io, isJson: boolean): ExitCode {
  io.write(
    isJson
      ? jsonText({ diagnostics: diagnosticCatalog.map(rowJson) })
      : diagnosticCatalog.map(({ code, title }) => `${code}  ${title}\n`).join(''),
  );
  return exitCodes.ok;
}

const quoted = (program: string): string =>
  program
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`.trimEnd())
    .join('\n');

function explanation({ code, severity, title, explanation: text, wrong, right }: CatalogRow): string {
  const parts = [`${code} (${severity}): ${title}`, '', text];
  if (wrong !== null) parts.push('', 'Wrong:', '', quoted(wrong));
  if (right !== null) parts.push('', 'Right:', '', quoted(right));
  return `${parts.join('\n')}\n`;
}
