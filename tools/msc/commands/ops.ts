/** `msc ops`: the tensor ops and the instructions, from their tables. */
import { renderOpsManual, renderOpsTable, tensorOps } from '../../../compiler/ir/ops/index.ts';
import { targetOps } from '../../../compiler/backend-ascend/index.ts';
import { instructions, renderIsaManual } from '../../../runtime/isa/index.ts';
import type { ExitCode } from '../exit.ts';
import { exitCodes } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption } from '../options.ts';
import { jsonText } from '../text/json.ts';
import { usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [name, ...more] = args.words;
  if (more.length > 0) return usageError(io, 'ops takes at most one name');
  if (flagOption(args, 'json')) return answerJson(io, flagOption(args, 'isa'));
  if (name !== undefined) return describe(io, name, flagOption(args, 'isa') ? renderIsaManual() : renderOpsManual());
  io.write(`${flagOption(args, 'isa') ? renderIsaManual() : renderOpsTable()}\n`);
  return exitCodes.ok;
}

function answerJson(io: Io, isIsa: boolean): ExitCode {
  const rows = isIsa
    ? instructions.map(({ mnemonic, opcode, pipe, cores, summary }) => ({ mnemonic, opcode, pipe, cores, summary }))
    : Object.values(tensorOps).map((row) => ({
        name: row.name,
        family: row.family,
        summary: row.summary,
        hasKernel: targetOps.whole.has(row.name),
      }));
  io.write(jsonText(isIsa ? { instructions: rows } : { ops: rows }));
  return exitCodes.ok;
}

/** The part of a manual under the heading of one op or instruction. */
function describe(io: Io, name: string, manual: string): ExitCode {
  const wanted = new Set([name, `ms.${name}`]);
  const lines = manual.split('\n');
  const heading = /^#{2,4} (\S+)$/;
  const start = lines.findIndex((line) => wanted.has(heading.exec(line)?.[1] ?? ''));
  const row = lines.find((line) => line.includes(`| \`${name}\` |`));
  if (start < 0 && row === undefined) return usageError(io, `there is no op '${name}'; msc ops lists them`);
  const after = lines.slice(start + 1);
  const length = after.findIndex((line) => heading.test(line) || line.startsWith('## '));
  const part = start < 0 ? [] : [lines[start], ...(length < 0 ? after : after.slice(0, length))];
  io.write(`${[...(row === undefined ? [] : [row]), ...part].join('\n').trimEnd()}\n`);
  return exitCodes.ok;
}
