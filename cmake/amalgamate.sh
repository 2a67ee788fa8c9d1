#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sh cmake/amalgamate.sh [HEADER...] >bide.hpp
#
# One header from many: those named (`bide/bide.hpp bide/http.hpp`, for instance; the core if none is),
# and what they include of bide, each once and after what it needs. Above them stand the version, the
# licence and the standard headers, sorted.
#
# The guards stay, so the result may meet another one, or include/ itself, in the same source.
set -eu
cd -- "$(dirname -- "$0")/../include"
[ $# -gt 0 ] || set -- bide/bide.hpp

awk -v names="$*" '
    function fail(text) {
        print "amalgamate: " text >"/dev/stderr"
        failed = 1
        exit 1
    }
    # Locals come after the parameters. Inside the guard depth is 1; what stands deeper is conditional,
    # and its includes stay where they are.
    function add(header, from,    line, depth, blank, included, text, count) {
        if (header in seen) return
        seen[header] = 1
        while ((count = (getline line <header)) > 0) {
            if (line ~ /^[ \t]*#[ \t]*if/) ++depth
            if (line ~ /^[ \t]*#[ \t]*endif/) --depth
            if (line ~ /^\/\/ SPDX-License-Identifier/) continue
            if (line ~ /^[ \t]*#[ \t]*include/) {
                included = line
                sub(/^[^<"]*[<"]/, "", included)
                sub(/[>"].*$/, "", included)
                if (included ~ /^bide\//) {
                    if (depth != 1) fail(header ": the include of " included " is conditional")
                    add(included, header)
                    continue
                }
                if (depth == 1) {
                    standard["#include <" included ">"] = 1
                    continue
                }
            }
            if (line == "") {
                blank = 1
                continue
            }
            if (blank && text != "") text = text "\n"
            blank = 0
            text = text line "\n"
        }
        if (count < 0) fail("there is no " header (from == "" ? "" : ", which " from " includes"))
        close(header)
        body = body "\n// ---- " header " ----\n\n" text
    }
    function version(    line, part) {
        while ((getline line <"bide/version.hpp") > 0)
            if (split(line, part, " ") == 3 && part[2] ~ /^BIDE_VERSION_(MAJOR|MINOR|PATCH)$/)
                version_text = version_text (version_text == "" ? "" : ".") part[3]
        close("bide/version.hpp")
    }
    BEGIN {
        count = split(names, roots, " ")
        for (i = 1; i <= count; ++i) add(roots[i], "")
        version()
        print "// SPDX-License-Identifier: MIT"
        print "//"
        print "// bide " version_text " in one header: " names
        print "// Made by cmake/amalgamate.sh; do not edit."
        print "//"
        while ((getline line <"../LICENSE") > 0) print (line == "" ? "//" : "// " line)
        print ""
        fflush()  # before another process writes
        sorted = "LC_ALL=C sort"
        for (line in standard) print line | sorted
        close(sorted)
        printf "%s", body
    }
    END { exit failed }
'
