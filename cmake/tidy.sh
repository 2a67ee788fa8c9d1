#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sh cmake/tidy.sh [BUILD_DIR] [NAME...]
#
# clang-tidy 19 over every header and the examples; with names, over the files whose path contains
# one of them, for instance `tests/backoff/`. A header that include/bide/*.hpp includes is looked at
# through that one, the others alone: each header alone would take several times as long.
#
# BUILD_DIR (default build/tidy) only has to be configured: `cmake --preset tidy`. TIDY and JOBS may
# name another program and number of processes.
set -eu
cd -- "$(dirname -- "$0")/.."
build=${1:-build/tidy}
[ $# -eq 0 ] || shift
tidy=${TIDY:-clang-tidy-19}
jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN)}
if [ ! -f "$build/compile_commands.json" ]; then
    echo "tidy: no $build/compile_commands.json; run: cmake --preset tidy" >&2
    exit 2
fi

files=$(sed -n 's/^ *"file": "\(.*\)".*$/\1/p' "$build/compile_commands.json" | sort -u)
if [ $# -gt 0 ]; then
    patterns=$(printf '%s\n' "$@")
    files=$(printf '%s\n' "$files" | grep -F -e "$patterns")
else
    umbrellas=$(sed -n 's/^#include <\(bide\/.*\/.*\)>.*$/_verify_interface_header_sets\/\1.cxx/p' include/bide/*.hpp)
    files=$(printf '%s\n' "$files" | grep -e '_verify_interface_header_sets/' -e '/examples/' |
        grep -v -F -e "$umbrellas")
fi
printf 'tidy: %s files\n' "$(printf '%s\n' "$files" | wc -l)"
printf '%s\n' "$files" | xargs -P "$jobs" -n 1 "$tidy" -p "$build" --config-file=.clang-tidy --quiet 2>"$build/tidy.stderr" || {
    # Compile errors and crashes go there; "N warnings generated" does too, and says nothing.
    grep -v -e 'warnings\{0,1\} generated' -e '^Suppressed ' -e '^Use -header-filter' "$build/tidy.stderr" >&2 || true
    echo 'tidy: findings' >&2
    exit 1
}
echo 'tidy: clean'
