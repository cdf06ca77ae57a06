/** A shell that completion knows. */
export type Shell = 'bash' | 'zsh' | 'fish';

/**
 * The scripts only hand the words before the cursor to `mirolive __complete`, which knows the tree of commands and asks
 * the daemon for rooms and ids: so they never grow old. A line `:files` in its answer asks for names of files.
 */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `_mirolive() {
  local current=\${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = :files ]; then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return
    fi
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [[ \${COMPREPLY-} == *= ]] && compopt -o nospace 2>/dev/null
}
complete -F _mirolive mirolive
`,
  zsh: `#compdef mirolive
_mirolive() {
  local line
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      _files
      return
    fi
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe mirolive candidates
}
if [ "\${funcstack[1]}" = _mirolive ]; then
  _mirolive "$@"
else
  compdef _mirolive mirolive
fi
`,
  fish: `function __mirolive_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l answer ($words[1] __complete $words[2..-1] 2>/dev/null)
    if test "$answer" = :files
        __fish_complete_path (commandline -ct)
    else
        string join -- \\n $answer
    end
end
complete -c mirolive -f -a '(__mirolive_complete)'
`,
};
