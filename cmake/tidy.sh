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
# CHECK(a == b) of Catch2 is a chained comparison; co_await calls on an object what may be static; in files that include nlohmann_json, values as
# parameters take as long as all other checks together.
checks=-bugprone-suspicious-include,-bugprone-exception-escape,-bugprone-chained-comparison
checks=$checks,-performance-unnecessary-value-param,-readability-static-accessed-through-instance
headers=
if [ $# -gt 0 ]; then
    files=$(find include examples tests -name '*.[ch]pp' | sort | grep -F -e "$(printf '%s\n' "$@")")
else
    headers=$build/tidy_headers.cpp  # the longest, so it begins first
    find include -name '*.hpp' | LC_ALL=C sort | sed 's,^include/\(.*\)$,#include <\1>,' >"$headers"
    built=$(sed -n 's/^ *"file": "\(.*\/examples\/.*\)".*$/\1/p' "$build/compile_commands.json" | sort -u)
    files=$(printf '%s\n' "$built" | grep '/CMakeFiles/bide_')
    # Each small example and each main.cpp is a program. All in one file, each in a namespace, since
    # what they include is there already.
    mains=
    for file in examples/*.cpp examples/*/main.cpp; do
        case $built in *"/$file"* | *"/bide-$(basename "$(dirname "$file")").dir/"*) mains="$mains $file" ;; esac
    done
    together=$build/tidy_examples.cpp
    for file in $mains; do grep -h '^#include' "$file"; done | LC_ALL=C sort -u >"$together"
    for file in $mains; do
        printf 'namespace program_%s {\n#include "%s"\n}\n' "$(printf %s "$file" | tr -c '[:alnum:]' _)" "$PWD/$file"
    done >>"$together"
fi

# Lines "CHECKS FILE", where the checks are those that are switched off besides.
list=$(printf '%s\n' "$files" | sed "s|^|$checks |")
[ -z "$headers" ] || list="-none $headers
$checks,-misc-use-internal-linkage $together
$list"

: >"$build/tidy.stderr"
red=0
# shellcheck disable=SC2016  # the inner shell expands it
printf '%s\n' "$list" | xargs -P "$jobs" -n 2 sh -c '
    exec "$0" -p "$1" --config-file=.clang-tidy --quiet --checks="$2" \
        --extra-arg="-I$PWD/examples" --header-filter="include/bide/|examples/.*[.]cpp$" "$3"' "$tidy" "$build" 2>>"$build/tidy.stderr" || red=1
if [ $red -ne 0 ]; then
    # Compile errors and crashes go there; "N warnings generated" does too, and says nothing.
    grep -v -e 'warnings\{0,1\} generated' -e '^Suppressed ' -e '^Use -header-filter' "$build/tidy.stderr" >&2 || true
    echo 'tidy: findings' >&2
    exit 1
fi
echo 'tidy: clean'
