#!/usr/bin/env bash
# What of the house's style a script can hold, within seconds: layout of the C++, length of files, purposes of statements,
# arrows between capabilities. Says each fault in a line; ends with `N passed, N failed`.
set -uo pipefail
cd "$(dirname "$0")/.."
lines_max=500
# From the bottom up: a folder of src/ includes from itself and from those before it.
floors=(core store http notify audit identity directory booking record sharing visit incident connect demonstration serve)

files() { # FOLDER… -- ENDING…: what git knows or would take in
    local folders=(); while [ "$1" != -- ]; do folders+=("$1"); shift; done; shift
    git ls-files --cached --others --exclude-standard -- "${folders[@]}" | grep -E "\.($(IFS='|'; echo "$*"))\$" | sort -u |
        while read -r file; do [ ! -e "$file" ] || printf '%s\n' "$file"; done
}
layout() {
    files src tests bench -- cpp hpp | xargs clang-format-16 --dry-run -Werror 2>&1 | grep -E 'error' | cut -d: -f1 | sort -u |
        sed 's/.*/  clang-format-16 -i &/'
}
lengths() {
    files src web/src tests -- cpp hpp sql ts svelte css mjs | grep -vx web/src/api/schema.ts | xargs wc -l |
        awk -v max=$lines_max '$2 != "total" && $1 > max { print "  " $2 ": " $1 " lines" }'
}
purposes() {
    files src database -- sql | while read -r file; do
        head -n 1 "$file" | grep -qE '^-- [^ ].{9}' || echo "  $file"
    done
}
arrows() {
    files src -- cpp hpp | grep -E '^src/[a-z_]+/' | xargs grep -HnE '^#include "[a-z_]+/' | awk -F: -v order="${floors[*]}" '
        BEGIN { n = split(order, names, " "); for (i = 1; i <= n; ++i) floor[names[i]] = i }
        {
            split($1, from, "/"); match($3, /"[a-z_]+\//); to = substr($3, RSTART + 1, RLENGTH - 2)
            if (!(from[2] in floor)) print "  src/" from[2] " has no place in tools/style.sh"
            else if (!(to in floor)) print "  " $1 ":" $2 ": src/" to " has no place in tools/style.sh"
            else if (floor[to] > floor[from[2]]) print "  " $1 ":" $2 ": " from[2] " may not include from " to
        }' | sort -u
}

[ -n "$(files src -- cpp)" ] || { echo "tools/style.sh: git lists no files here"; echo "0 passed, 1 failed"; exit 1; }
passed=0 failed=0
check() { # WHAT A FAULT IS, function that prints the faults
    local faults; faults=$("$2")
    if [ -z "$faults" ]; then passed=$((passed + 1)); return; fi
    failed=$((failed + 1))
    printf '%s:\n%s\n' "$1" "$(head -n 40 <<<"$faults")"
}
check "not laid out as .clang-format has it" layout
check "more than $lines_max lines: a file holds one thing" lengths
check "an SQL file whose first line is not its purpose" purposes
check "an arrow that goes down the list" arrows
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ]
