#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sh cmake/format.sh [--check]
#
# Formats every C++ file of the project with clang-format 19, or only names those that differ. The
# version is pinned: others disagree with it about concepts and comments after inline namespaces.
set -eu
cd -- "$(dirname -- "$0")/.."
program=${CLANG_FORMAT:-clang-format-19}
files=$(find include tests examples -name '*.hpp' -o -name '*.cpp' | sort)
case "${1-}" in
    '')
        printf '%s\n' "$files" | xargs "$program" -i
        ;;
    --check)
        red=0
        for file in $files; do # no name has a space in it
            "$program" "$file" | cmp -s - "$file" || {
                echo "$file: not formatted"
                red=1
            }
        done
        [ "$red" -eq 0 ] || echo 'format: to be repaired with: sh cmake/format.sh' >&2
        exit "$red"
        ;;
    *)
        echo 'usage: sh cmake/format.sh [--check]' >&2
        exit 2
        ;;
esac
