#!/usr/bin/env bash
# Builds the program and the front end into build/ (or the folder given): `tools/build.sh [--tests] [--bench] [FOLDER] [-D…]`.
# Says what it does in a line each; the compilers' words are shown only when something fails.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=build tests=OFF bench=OFF; options=()
for word in "$@"; do
    case $word in
        --tests) tests=ON ;;
        --bench) bench=ON ;;
        -D*) options+=("$word") ;;
        *) folder=$word ;;
    esac
done
mkdir -p "$folder"
log=$folder/build.log
say() { printf 'manent: %s\n' "$*" >&2; }
quietly() { "$@" >"$log" 2>&1 || { grep -E 'error|FAILED|warning' -A 3 "$log" | head -n 60 >&2; tail -n 15 "$log" >&2; exit 1; }; }

export CCACHE_SLOPPINESS=pch_defines,time_macros
quietly cmake -S . -B "$folder" -G Ninja -DCMAKE_C_COMPILER=clang-16 -DCMAKE_CXX_COMPILER=clang++-16 \
    -DMANENT_TESTS=$tests -DMANENT_BENCH=$bench "${options[@]}"
# Progress on a terminal, one line in ten elsewhere; nothing when there is little to do.
NINJA_STATUS='[%f/%t] ' ninja -C "$folder" 2>&1 | tee "$log" | awk -v tty="$([ -t 2 ] && echo 1 || echo 0)" '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
        split(substr($0, 2, RLENGTH - 2), at, "/")
        if (at[2] < 4) next
        if (!said++) print "manent: building the program (" at[2] " steps; a first build takes some minutes)" > "/dev/stderr"
        if (tty == 1) printf "\r  %s of %s   ", at[1], at[2] > "/dev/stderr"
        else if (++n % 10 == 0) print "  " at[1] " of " at[2] > "/dev/stderr"
        fflush("/dev/stderr")
    }
    END { if (tty == 1 && said) printf "\r%-24s\r", "" > "/dev/stderr" }' ||
    { grep -E 'error:|FAILED' -A 3 "$log" | head -n 60 >&2; exit 1; }

# The front end once a folder: its own stamp, so that a warm start costs nothing.
node=$(tools/node.sh)
node_folder=$(dirname "$node")
stamp=build/web.stamp
newest=$(find web words -path web/node_modules -prune -o -type f -newer "$stamp" -print -quit 2>/dev/null || echo changed)
if [ ! -e "$stamp" ] || [ ! -e build/share/manent/web/index.html ] || [ -n "$newest" ]; then
    say "building the front end"
    # install, not ci: a lock written without registry addresses leaves other platforms' optional packages without a
    # version, and ci refuses such a lock. Versions still come from the lock.
    if [ ! -d web/node_modules ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
        (cd web && PATH="$node_folder:$PATH" npm install --no-save --no-audit --no-fund) >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
    fi
    (cd web && PATH="$node_folder:$PATH" npm run --silent build) >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }
    touch "$stamp"
fi
