/** The shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** The name of a shell. */
export type Shell = (typeof SHELLS)[number];

/**
 * The script that makes a shell complete our command line. It asks the command line itself, which knows its commands, its config and the
 * kinds of source; where that has nothing to offer, the shell offers files.
 */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

/** Each passes the words after `tardy`, the one being written last, and gets lines of a candidate, a tab and what it is. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: String.raw`# bash: eval "$(tardy completion bash)"
_tardy() {
  local line IFS=$'\n' words current
  words=("${'$'}{COMP_WORDS[@]:1:COMP_CWORD}")
  # readline splits at colons, sources contain them: put them together again.
  if declare -F _get_comp_words_by_ref >/dev/null; then
    local cword cur
    _get_comp_words_by_ref -n : -w words -i cword -c cur
    words=("${'$'}{words[@]:1:cword}")
  fi
  current="${'$'}{words[${'$'}{#words[@]}-1]}"
  COMPREPLY=()
  while read -r line; do
    COMPREPLY+=("${'$'}{line%%$'\t'*}")
  done < <(tardy __complete -- "${'$'}{words[@]}" 2>/dev/null)
  # A kind of source wants more behind its colon.
  [[ ${'$'}{COMPREPLY[0]} == *: ]] && compopt -o nospace
  if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$current"; fi
}
complete -o default -F _tardy tardy
`,
  zsh: String.raw`#compdef tardy
# zsh: tardy completion zsh > "${'$'}{fpath[1]}/_tardy"
_tardy() {
  local -a candidates
  local line
  while IFS= read -r line; do
    local value="${'$'}{line%%$'\t'*}" about="${'$'}{line#*$'\t'}"
    candidates+=("${'$'}{value//:/\\:}:$about")
  done < <(tardy __complete -- "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)
  if (( ${'$'}{#candidates} )); then _describe -t tardy 'tardy' candidates; else _files; fi
}
if [ "$funcstack[1]" = "_tardy" ]; then _tardy "$@"; else compdef _tardy tardy; fi
`,
  fish: String.raw`# fish: tardy completion fish > ~/.config/fish/completions/tardy.fish
function __tardy_complete
  set -l words (commandline -opc) (commandline -ct)
  tardy __complete -- $words[2..-1] 2>/dev/null
end
complete -c tardy -a '(__tardy_complete)'
`,
  powershell: String.raw`# PowerShell: tardy completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName tardy -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -eq '') { $words += '' }
  tardy __complete -- @words 2>$null | ForEach-Object {
    $value, $about = $_ -split "${'`'}t", 2
    if (-not $about) { $about = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}
`,
};
