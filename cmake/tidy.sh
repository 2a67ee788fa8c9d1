#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sh cmake/tidy.sh [BUILD_DIR] [NAME...]
#
# clang-tidy 19 over every header and the examples; with names, over the files whose path contains
# one of them, for instance `tests/backoff/`. To parse the same library headers for each file is most
# of the work, so all headers go in one file, and the sources in the few of a unity build.
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

# A unity file includes sources; an exception that leaves main() ends an example with its message;
# CHECK(a == b) of Catch2 is a chained comparison.
checks=-bugprone-suspicious-include,-bugprone-exception-escape,-bugprone-chained-comparison
if [ $# -gt 0 ]; then
    files=$(find include examples tests -name '*.[ch]pp' | sort | grep -F -e "$(printf '%s\n' "$@")")
else
    headers=$build/tidy_headers.cpp
    find include -name '*.hpp' | LC_ALL=C sort | sed 's,^include/\(.*\)$,#include <\1>,' >"$headers"
    files=$(sed -n 's/^ *"file": "\(.*\/examples\/.*\)".*$/\1/p' "$build/compile_commands.json" | sort -u)
fi

# look CHECKS FILE...: the checks are those that are switched off besides.
look() {
    off=$1
    shift
    printf '%s\n' "$@" | xargs -P "$jobs" -n 1 "$tidy" -p "$build" --config-file=.clang-tidy --quiet \
        --header-filter='include/bide/|examples/.*[.]cpp$' --checks="$off" 2>>"$build/tidy.stderr"
}

: >"$build/tidy.stderr"
red=0
if [ $# -eq 0 ]; then
    look "" "$headers" || red=1
fi
# shellcheck disable=SC2086  # one word for each file
look "$checks" $files || red=1
if [ $red -ne 0 ]; then
    # Compile errors and crashes go there; "N warnings generated" does too, and says nothing.
    grep -v -e 'warnings\{0,1\} generated' -e '^Suppressed ' -e '^Use -header-filter' "$build/tidy.stderr" >&2 || true
    echo 'tidy: findings' >&2
    exit 1
fi
echo 'tidy: clean'
