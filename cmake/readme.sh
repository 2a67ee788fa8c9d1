#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sh cmake/readme.sh [--check [PROGRAMS]]
#
# Puts the examples into README.md, each into the block that follows `<!-- quoted: FILE -->`: the whole
# file, or what stands between its lines `// README: begin` and `// README: end`. Of a FILE that ends
# in .md what stands between such comments goes before `<!-- end of quote -->`. With --check it only
# compares; with the folder of the built examples as well, it also compares what each
# program named by `<!-- output: FILE -->` prints, and each picture `<!-- drawn: FILE -->` with what
# bide-herd draws.
set -eu
cd -- "$(dirname -- "$0")/.."

quoted() {
    awk '
        function quote(file,    line, all, part, marked, inside) {
            while ((getline line < file) > 0) {
                if (line ~ /^(\/\/|<!--) README: end/) inside = 0
                if (inside) part = part line "\n"
                if (line ~ /^(\/\/|<!--) README: begin/) inside = marked = 1
                if (line !~ /^\/\/ SPDX-/) all = all line "\n"
            }
            close(file)
            printf "%s", marked ? part : all
        }
        /^<!-- quoted: .*\.md -->$/ {
            print
            quote($3)
            while ((more = (getline line)) > 0 && line != "<!-- end of quote -->") ;
            if (more <= 0) exit 1
            print line
            next
        }
        /^<!-- quoted: .* -->$/ { file = $3; print; next }
        file != "" && /^```/ {
            print
            quote(file)
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
if ! quoted >"$new"; then
    echo 'readme: a quote in README.md has no end' >&2
    exit 1
fi
if [ "${1-}" != --check ]; then
    cat "$new" >README.md
    exit 0
fi
if ! diff -u README.md "$new"; then
    echo 'readme: README.md quotes what is not there any more; run sh cmake/readme.sh' >&2
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
[ $# -lt 2 ] || sed -n 's|^<!-- drawn: \(.*\) -->$|\1|p' README.md | while read -r picture; do
    if [ ! -x "$2/bide-herd" ]; then
        echo "readme: $picture is not compared, bide-herd was not built"
        continue
    fi
    "$2/bide-herd" "$(basename "$picture" .svg)" --svg "$new" >/dev/null
    if ! cmp "$picture" "$new"; then
        echo "readme: bide-herd $(basename "$picture" .svg) --svg $picture draws it anew" >&2
        exit 1
    fi
done
