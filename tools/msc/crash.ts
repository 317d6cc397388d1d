/** Bugs of msc: what is printed, and the file that lets somebody else see the same. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Diagnostic } from '../../compiler/ir/support/index.ts';
import type { ExitCode } from './exit.ts';
import { exitCodes } from './exit.ts';
import { writeOutput } from './files.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** A program that msc compiled itself faulted or has a race. */
export class DefectFound extends Error {
  readonly findings: readonly Diagnostic[];

  constructor(findings: readonly Diagnostic[]) {
    super(findings.map(({ message }) => message).join('\n'));
    this.findings = findings;
  }
}

/** Writes a reproducer and says where. */
export function reportCrash(io: Io, argv: readonly string[], error: unknown): ExitCode {
  const text = reproducer(argv, error);
  const name = `msc-crash-${createHash('sha256').update(text).digest('hex').slice(0, 8)}.txt`;
  const path = writeOutput(io, name, text) === null ? name : join(tmpdir(), name);
  if (path !== name) writeOutput(io, path, text);
  const phase = error instanceof Error && 'phase' in error ? ` in ${String(error.phase)}` : '';
  io.log(
    `internal error${phase}: ${messageOf(error)}\nThis is a bug of msc. What is needed to see it again is in ${path}\n`,
  );
  return exitCodes.internal;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0];

function reproducer(argv: readonly string[], error: unknown): string {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause.stack ?? cause.message);
  const findings =
    error instanceof DefectFound ? error.findings.map(({ message, notes }) => [message, ...notes].join('\n  ')) : [];
  const words = argv.map((word) => (/^[\w./=:,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`));
  return [
    `msc ${version}, node ${process.version}, ${process.platform} ${process.arch}`,
    `msc ${words.join(' ')}`,
    '',
    ...findings,
    ...causes,
    '',
  ].join('\n');
}
