/** `msc completion`: scripts that complete commands, options and files. */
import type { ExitCode } from '../exit.ts';
import { exitCodes } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { commands } from '../commands.ts';
import { usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [shell = 'bash'] = args.words;
  if (shell !== 'bash' && shell !== 'zsh') return usageError(io, `completion is for bash and zsh, not for ${shell}`);
  io.write(shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bashScript()}` : bashScript());
  return exitCodes.ok;
}

function bashScript(): string {
  const cases = commands.map(({ name, options }) => {
    const words = [...Object.keys(options).map((option) => `--${option}`), '--help'];
    return `    ${name}) words="${words.join(' ')}" ;;`;
  });
  return `_msc() {
  local word="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map(({ name }) => name).join(' ')}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _msc msc
`;
}
