
# Bash cuts `--option=value` into three words, and takes a candidate with spaces, such as the name of a roster, for several: here the
# former is joined before the program is asked, and the latter quoted.
_kollektiv() {
    local place prefix at=0 joined=()
    for place in "${!COMP_WORDS[@]}"; do
        if (( place > 0 )) && [[ "${COMP_WORDS[place]}" == "=" || "${COMP_WORDS[place-1]}" == "=" ]]; then
            joined[${#joined[@]}-1]+="${COMP_WORDS[place]}"
        else
            joined+=("${COMP_WORDS[place]}")
        fi
        (( place == COMP_CWORD )) && at=$(( ${#joined[@]} - 1 ))
    done
    prefix="${joined[at]%"$2"}"
    local COMP_WORDS=("${joined[@]}") COMP_CWORD=$at
    _clap_complete_kollektiv "$1" "${joined[at]}" "$3"
    for place in "${!COMPREPLY[@]}"; do
        COMPREPLY[place]="${COMPREPLY[place]#"$prefix"}"
        if [[ "${COMPREPLY[place]}" == *[[:space:]\'\"\(\)\&\;\$]* ]]; then
            COMPREPLY[place]=$(printf '%q' "${COMPREPLY[place]}")
        fi
    done
}
complete -o nospace -o bashdefault -o nosort -F _kollektiv kollektiv 2>/dev/null ||
    complete -o nospace -o bashdefault -F _kollektiv kollektiv
