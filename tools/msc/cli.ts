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
  const parsed =
    command === undefined ? await parse(listParser(io), argv) : await parse(commandParser(io, command), words);
  if (parsed.problem !== null) return refuseUsage(io, parsed.problem);
  if (parsed.output !== '') {
    io.write(`${parsed.output}\n`);
    return exitCodes.ok;
  }
  if (command === undefined)
    return refuseUsage(io, name === undefined ? 'no command is given' : `unknown command '${name}'`);
  const repeated = repeatedOption(command, parsed.arguments);
  return repeated === null ? runCommand(command, parsed.arguments, io) : refuseUsage(io, repeated);
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

/** What all parsers share. */
function parser(io: Io, usage: string): Argv {
  return yargs([])
    .scriptName('msc')
    .locale('en')
    .usage(usage)
    .parserConfiguration({
      'populate--': true,
      'camel-case-expansion': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
    })
    .version(version)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(WIDEST_HELP, Number(io.environment['COLUMNS'] ?? WIDEST_HELP) || WIDEST_HELP))
    .exitProcess(false)
    .strictOptions();
}

/** The parser of one command. It is no yargs command, since yargs would lay out the help page in every run of one. */
const commandParser = (io: Io, { name, usage, summary, options }: Command): Argv =>
  parser(io, `msc ${name} ${usage}\n\n${summary}`).options(options);

/** The parser that knows the commands by name alone: for help, version and misspelt commands. */
function listParser(io: Io): Argv {
  const list = parser(
    io,
    'msc compiles MindSpore networks for a simulated Ascend NPU\n\nmsc COMMAND [options]',
  ).strictCommands();
  return commands.reduce((all, { name, summary }) => all.command(name, summary), list);
}

/** An option that takes one value and got several; which one was meant is not known. */
function repeatedOption({ options }: Command, { values }: Arguments): string | null {
  const repeated = Object.keys(options).find((name) => Array.isArray(values[name]) && options[name].array !== true);
  return repeated === undefined ? null : `--${repeated} is given more than once`;
}

/** `--sanitize=nan` as a flag of its own, since `--sanitize` alone takes no value. */
const sanitizeFlag = (word: string): string =>
  word === '--sanitize=race' ? '--sanitize' : word.replace(/^--sanitize=/, '--sanitize-');

async function parse(argvParser: Argv, argv: readonly string[]): Promise<Parsed> {
  let output = '';
  let problem: string | null = null;
  const given = argv.map((word) => (word === '-' ? DASH : sanitizeFlag(word)));
  const found: Record<string, unknown> = await argvParser.parseAsync(given, {}, (error, _, text) => {
    if (error) problem = error.message;
    else output = text;
  });
  const values = Object.fromEntries(Object.entries(found).map(([name, value]) => [name, value === DASH ? '-' : value]));
  const listed = (name: string): readonly string[] => {
    const list = found[name];
    return Array.isArray(list) ? list.map((word) => (word === DASH ? '-' : String(word))) : [];
  };
  return { arguments: { words: listed('_'), rest: listed('--'), values }, output, problem };
}
