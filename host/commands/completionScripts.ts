export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Each script asks the program what may follow, so that it never lags behind; without an answer, the shell completes file names. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Completion of unmingle for bash.
_unmingle() {
  local IFS=$'\\n'
  COMPREPLY=($(unmingle complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _unmingle unmingle`,

  zsh: `#compdef unmingle
# Completion of unmingle for zsh.
_unmingle() {
  local -a candidates
  candidates=("\${(@f)$(unmingle complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n $candidates[1] ]]; then
    compadd -U -Q -- "\${(@q)candidates}"
  else
    _files
  fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _unmingle unmingle`,

  fish: `# Completion of unmingle for fish.
function __unmingle_complete
    set -l words (commandline -opc)
    set -l partial (commandline -ct)
    set -l candidates (unmingle complete fish -- $words[2..-1] "$partial" 2>/dev/null)
    if test (count $candidates) -gt 0
        printf '%s\\n' $candidates
    else
        __fish_complete_path "$partial"
    end
end
complete -c unmingle -f -a '(__unmingle_complete)'`,
};
