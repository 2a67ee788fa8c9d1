#!/bin/sh
# SPDX-License-Identifier: MIT
# weight.sh COMPILER INCLUDE_DIR HEADER PERCENT
#
# Fails if HEADER, preprocessed, has more than PERCENT percent of the non-blank lines or of their
# bytes of <chrono>, which every program that waits includes anyway.
set -eu
compiler=$1 include_dir=$2 header=$3 limit=$4

preprocessed() {
    printf '#include <%s>\n' "$1" | "$compiler" -std=c++20 -E -P -I "$include_dir" -x c++ - |
        grep '[^[:space:]]'
}
ratio() { printf '%d.%02d' "$(($1 / $2))" "$(($1 * 100 / $2 % 100))"; }

base_lines=$(preprocessed chrono | wc -l)
base_bytes=$(preprocessed chrono | wc -c)
lines=$(preprocessed "$header" | wc -l)
bytes=$(preprocessed "$header" | wc -c)
echo "<chrono>: $base_lines lines, $base_bytes bytes"
echo "<$header>: $lines lines ($(ratio "$lines" "$base_lines")), $bytes bytes ($(ratio "$bytes" "$base_bytes"))"
if [ "$lines" -eq 0 ] || [ "$base_lines" -eq 0 ]; then
    echo "the compiler printed nothing" >&2
    exit 1
fi
if [ $((lines * 100)) -gt $((base_lines * limit)) ] || [ $((bytes * 100)) -gt $((base_bytes * limit)) ]; then
    echo "more than $limit percent of <chrono>" >&2
    exit 1
fi
