# Reports Swift files over 300 lines and functions over 50: awk -f scripts/sizes.awk FILE...
#
# A function ends at the first line that is a closing brace with the indentation of its `func`, `init`, `deinit` or `subscript`
# line: the formatter, which runs first, puts it there. Lines inside multi-line strings count like others.

FNR == 1 { finish() ; name = "" ; lines = 0 ; file = FILENAME }

{ lines = FNR }

name == "" && /^ *([a-z]+(\([a-z]+\))? |@[A-Za-z]+(\([^)]*\))? )*(func |init[?(<]|deinit |subscript[(<])/ && !/^ *\/\// {
    if ($0 ~ /\}$/) next  # on one line
    match($0, /^ */)
    indent = RLENGTH
    start = FNR
    name = $0
    sub(/^ */, "", name)
    next
}

name != "" {
    match($0, /^ */)
    # A requirement of a protocol has no body: the next declaration, or the end of the protocol, comes first.
    if (RLENGTH < indent && $0 !~ /^ *$/) { name = ""; next }
    if (RLENGTH == indent && substr($0, indent + 1) ~ /^\}/) {
        if (FNR - start + 1 > 50) printf "%s:%d: error: %d lines, 50 are allowed: %s\n", file, start, FNR - start + 1, name
        name = ""
    } else if (RLENGTH == indent && substr($0, indent + 1) ~ /^(\/\/\/|@|[a-z]+ )/ && $0 !~ /\{$/) {
        name = ""
    }
}

END { finish() }

function finish() {
    if (lines > 300) printf "%s:1: error: %d lines, 300 are allowed\n", file, lines
}
