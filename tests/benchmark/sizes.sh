#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sizes.sh [COMPILER]
#
# What it costs to include each public header: non-blank lines and kilobytes of text after the
# preprocessor, as multiples of those of <chrono>, which every program that waits includes anyway;
# and the bytes of code and data of an object that does nothing else (-O2). Headers whose libraries
# are not there are skipped. Counts repeat exactly. A minute or two.
set -eu
cd -- "$(dirname -- "$0")/../../include"
compiler=${1:-g++}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# One line: header, lines, bytes, size of the object.
measure() {
    printf '#include <%s>\n' "$1" >"$scratch/one.cpp"
    "$compiler" -std=c++20 -O2 -E -P -I . "$scratch/one.cpp" 2>/dev/null |
        grep '[^[:space:]]' >"$scratch/one.ii" || true
    if "$compiler" -std=c++20 -O2 -x c++ -c -I . "$scratch/one.cpp" -o "$scratch/one.o" 2>/dev/null; then
        object=$(size -A "$scratch/one.o" | awk '
            /^\.(text|rodata|data|bss|init_array)/ { sum += $2 } END { print sum + 0 }')
        echo "$1 $(wc -l <"$scratch/one.ii") $(wc -c <"$scratch/one.ii") $object"
    else
        echo "$1 skipped"
    fi
}

"$compiler" --version | head -n 1
{
    measure chrono
    find bide -name '*.hpp' ! -path '*/detail/*' | awk -F / '{ print NF, $0 }' | sort -k1n -k2 |
        while read -r _ header; do measure "$header"; done
} | awk '
    BEGIN { printf "%-36s %8s %8s %8s %8s %8s\n", "", "lines", "chrono=1", "kB", "chrono=1", "object" }
    $2 == "skipped" { printf "%-36s skipped: does not compile here\n", "<" $1 ">"; next }
    $1 == "chrono" { lines = $2; bytes = $3 }
    { printf "%-36s %8d %8.2f %8.0f %8.2f %8d\n", "<" $1 ">", $2, $2 / lines, $3 / 1000, $3 / bytes, $4 }'
