/** The command line: words to a command, its exit code back. */
import yargs from 'yargs';
import type { Argv } from 'yargs';
import type { Command } from './commands.ts';
import { commands, laterCommands } from './commands.ts';
import type { ExitCode } from './exit.ts';
import { exitCodes } from './exit.ts';
import type { Io } from './io.ts';
import { loaders } from './loaders.ts';
import type { Arguments } from './options.ts';
import { version } from './version.ts';

/** Runs msc with these arguments. Never throws: an exception is a bug, which is reported as one. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const { reportCrash } = await import('./crash.ts');
    return reportCrash(io, argv, error);
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...words] = argv;
  if (name !== undefined && laterCommands.has(name)) return refuseUsage(io, `msc ${name} is not in this version`);
  const command = commands.find((candidate) => candidate.name === name);
  const isHelp = words.includes('--help') || words.includes('-h');
  // mlir-opt's flags are single words of their own; `opt` reads them itself.
  if (command?.name === 'opt' && !isHelp) return runCommand(command, { words, rest: [], values: {} }, io);
  const parsed = await parse(argv, io);
  if (parsed.problem !== null) return refuseUsage(io, parsed.problem);
  if (parsed.output !== '') {
    io.write(`${parsed.output}\n`);
    return exitCodes.ok;
  }
  if (command === undefined) return refuseUsage(io, name === undefined ? 'no command is given' : `unknown command '${name}'`);
  return runCommand(command, parsed.arguments, io);
}

async function runCommand(command: Command, args: Arguments, io: Io): Promise<ExitCode> {
  const { run } = await loaders[command.name]();
  return run(args, io);
}

async function refuseUsage(io: Io, message: string): Promise<ExitCode> {
  const { usageError } = await import('./usage.ts');
  return usageError(io, message);
}

interface Parsed {
  readonly arguments: Arguments;
  /** What yargs would print: a help page or the version. */
  readonly output: string;
  readonly problem: string | null;
}

/** What stands for a lone `-` inside yargs, which would drop it. */
const DASH = '\u0000';

const WIDEST_HELP = 110;

function declare(parser: Argv, { name, usage, summary, options }: Command): Argv {
  return parser
    .usage(`msc ${name} ${usage}\n\n${summary}`)
    .positional('words', { type: 'string', array: true, hidden: true })
    .options(options);
}

async function parse(argv: readonly string[], io: Io): Promise<Parsed> {
  let parser: Argv = yargs([])
    .scriptName('msc')
    .locale('en')
    .usage('msc compiles MindSpore networks for a simulated Ascend NPU\n\nmsc COMMAND [options]')
    .parserConfiguration({ 'populate--': true, 'camel-case-expansion': false, 'duplicate-arguments-array': false, 'greedy-arrays': false })
    .version(version)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(WIDEST_HELP, Number(io.environment['COLUMNS'] ?? WIDEST_HELP) || WIDEST_HELP))
    .exitProcess(false)
    .strictCommands()
    .strictOptions();
  for (const command of commands) parser = parser.command(`${command.name} [words..]`, command.summary, (one) => declare(one, command));
  let output = '';
  let problem: string | null = null;
  const given = argv.map((word) => (word === '-' ? DASH : word));
  const found: Record<string, unknown> = await parser.parseAsync(given, {}, (error, _, text) => {
    if (error) problem = error.message;
    else output = text;
  });
  const values = Object.fromEntries(Object.entries(found).map(([name, value]) => [name, value === DASH ? '-' : value]));
  const words = Array.isArray(values['words']) ? values['words'].map((word) => (word === DASH ? '-' : String(word))) : [];
  const rest = Array.isArray(values['--']) ? values['--'].map(String) : [];
  return { arguments: { words, rest, values }, output, problem };
}
