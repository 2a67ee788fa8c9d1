#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sh cmake/readme.sh [--check [PROGRAMS]]
#
# Puts the examples into README.md, each into the block that follows `<!-- quoted: FILE -->`. With
# --check it only compares; with the folder of the built examples as well, it also compares what each
# program named by `<!-- output: FILE -->` prints.
set -eu
cd -- "$(dirname -- "$0")/.."

quoted() {
    awk '
        /^<!-- quoted: .* -->$/ { file = $3; print; next }
        file != "" && /^```/ {
            print
            while ((getline line < file) > 0) if (line !~ /^\/\/ SPDX-/) print line
            close(file)
            while ((getline line) > 0 && line !~ /^```/) ;
            print "```"
            file = ""
            next
        }
        { print }
    ' README.md
}

new=$(mktemp)
trap 'rm -f "$new"' EXIT
quoted >"$new"
if [ "${1-}" != --check ]; then
    cat "$new" >README.md
    exit 0
fi
if ! diff -u README.md "$new"; then
    echo 'readme: the code in README.md is not that of the examples; run sh cmake/readme.sh' >&2
    exit 1
fi
[ $# -lt 2 ] || sed -n 's|^<!-- output: examples/\(.*\)\.cpp -->$|\1|p' README.md | while read -r name; do
    said=$(awk -v mark="<!-- output: examples/$name.cpp -->" '
        $0 == mark { found = 1; next }
        found && /^```/ { if (++fences == 2) exit; next }
        found' README.md)
    if [ "$("$2/example_$name")" != "$said" ]; then
        echo "readme: example_$name does not print what README.md says" >&2
        exit 1
    fi
done
