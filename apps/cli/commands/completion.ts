import { EXIT, usageError } from '../exit.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import { writeLine } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

const BASH = `# pxa completion for bash. Load it with:  source <(pxa completion bash)
_pxa() {
  local IFS=$'\\n'
  COMPREPLY=($(pxa __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [ "\${#COMPREPLY[@]}" -eq 0 ]; then
    case "\${COMP_WORDS[COMP_CWORD-1]}" in
      --world|--faults|--ca-file) COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
    esac
  fi
  case "\${COMPREPLY[0]}" in /*) compopt -o nospace ;; esac
}
complete -F _pxa pxa`;

const ZSH = `#compdef pxa
# pxa completion for zsh. Load it with:  source <(pxa completion zsh)
_pxa() {
  local -a found
  case "\${words[CURRENT-1]}" in
    --world|--faults|--ca-file) _files; return ;;
  esac
  found=("\${(@f)$(pxa __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ "\${found[1]}" == /* ]]; then compadd -S '' -- $found; else compadd -- $found; fi
}
compdef _pxa pxa`;

const FISH = `# pxa completion for fish. Load it with:  pxa completion fish | source
function __pxa_complete
  set -l words (commandline -opc) (commandline -ct)
  pxa __complete -- $words[2..] 2>/dev/null
end
complete -c pxa -f -a '(__pxa_complete)'
complete -c pxa -l world -r -F
complete -c pxa -l faults -r -F
complete -c pxa -l ca-file -r -F`;

const SCRIPTS: Record<string, string> = { bash: BASH, zsh: ZSH, fish: FISH };

/** `pxa completion SHELL`: the script to load; it asks `pxa` itself at each Tab, so that it never grows old. */
export async function completion(io: Io, _options: GlobalOptions, operands: string[]): Promise<ExitCode> {
  const shell = operands[0] ?? '';
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined)
    throw usageError(`There is no completion for ${JSON.stringify(shell.slice(0, 40))}.`, 'bash, zsh or fish');
  writeLine(io.stdout, script);
  return EXIT.answered;
}
