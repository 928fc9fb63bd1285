#!/usr/bin/env bash
# clang-tidy over the program's sources as .clang-tidy has it: `tools/tidy.sh` those changed since origin/main,
# `tools/tidy.sh all`, or the files named. Needs a build in build/. Ends with `N passed, N failed`, counted in files.
set -uo pipefail
cd "$(dirname "$0")/.."
case ${1:-changed} in
    all) files=$(git ls-files -- 'src/*.cpp') ;;
    changed)
        since=$(git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)
        files=$({ git diff --name-only --diff-filter=d "$since" -- 'src/*.cpp'
            git ls-files --others --exclude-standard -- 'src/*.cpp'; } | sort -u) ;;
    *) files=$(printf '%s\n' "$@") ;;
esac
[ -n "$files" ] || { echo "nothing to look at"; echo "0 passed, 0 failed"; exit 0; }
said=$(mktemp -d); trap 'rm -rf "$said"' EXIT
export said
# Told as it is found, once: a header's fault is found in every file that includes it.
# shellcheck disable=SC2016
xargs -P "$(nproc)" -I{} bash -c '
    out=$said/$(tr / _ <<<"$1")
    clang-tidy-16 -p build --quiet "$1" >"$out" 2>"$out.error" && exit
    touch "$out.failed"
    grep -hE "(error|warning): " "$out" || tail -n 3 "$out.error"' _ {} <<<"$files" | sed -u "s#$PWD/##" | awk '!seen[$0]++ { print; fflush() }'
failed=$(find "$said" -name '*.failed' | wc -l)
printf '%d passed, %d failed\n' $(($(wc -l <<<"$files") - failed)) "$failed"
[ "$failed" -eq 0 ]
