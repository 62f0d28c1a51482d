# bash completion for infoplane: the program finds the candidates (src/cli/complete.h).
_infoplane() {
  # bash divides words at = and : too, which infoplane does not: join them up to the cursor.
  local rest=${COMP_LINE:0:COMP_POINT} words=() word i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $i == 0 || $rest == [[:space:]]* ]]; then
      rest=${rest#"${rest%%[![:space:]]*}"}
      words+=('')
    fi
    [[ $i == "$COMP_CWORD" ]] && word=$rest
    words[-1]+=$word
    rest=${rest#"$word"}
  done

  # Only what follows the last division is replaced: the rest is no part of the replies.
  local typed=${words[-1]} divided='' breaks=''
  [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
  [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
  [[ $breaks && $typed == *["$breaks"]* ]] && divided=${typed%"${typed##*["$breaks"]}"}
  local last=${typed#"$divided"}

  local candidates value file
  candidates=$("${words[0]/#\~/$HOME}" --complete "${words[@]:1}" 2>/dev/null) || return
  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    case $value in
      '') ;;
      :folders | :files*)
        compopt -o filenames 2>/dev/null
        while IFS= read -r file; do
          [[ -d $file || ($value != :folders && $file == *"${value#:files}") ]] && COMPREPLY+=("$file")
        done < <(compgen -f -- "$last")
        ;;
      *) COMPREPLY+=("${value#"$divided"}") ;;
    esac
  done <<<"$candidates"
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _infoplane infoplane
