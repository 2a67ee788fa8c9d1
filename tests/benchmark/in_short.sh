#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     in_short.sh FOLDER
#
# One line for each figure that is claimed elsewhere, computed from what the parts of results.sh
# printed, which FOLDER holds by their titles. README.md quotes the first ones, see cmake/readme.sh.
# shellcheck disable=SC2016  # the backquotes are Markdown
set -eu
said=$1

# claim TITLE PROGRAM: what awk makes of the part, or that it is not there.
claim() {
    if [ -f "$said/$1" ] && line=$(awk "$2" "$said/$1") && [ -n "$line" ]; then
        printf '%s\n' "$line"
    else
        echo "- **Missing**: $1."
    fi
}

printf '\n## In short\n\n<!-- README: begin -->\n'
claim Instructions '
    /^g\+\+/ { ours = 1 }
    /^[^ ]/ && !/^g\+\+/ { ours = 0 }
    ours && $1 == "loop" { loop = $2 }
    ours && $1 == "retry" { retry = $2 }
    END {
        if (retry) printf "- A call that succeeds at once: %.0f instructions with g++, %.0f in a hand-written loop.\n", retry, loop
    }'
claim Gates '
    { of[$1] = $4 }
    END {
        if (of["token_bucket"] && of["quota_pacer"])
            printf "- A gate that lets go at once: %.1f times a pair of mutex lock and unlock for a token bucket, %.1f for the\n  quota pacer.\n", of["token_bucket"], of["quota_pacer"]
    }'
claim Client '
    function note(which, of) {
        if (!(which in most) || of < least[which]) least[which] = of
        if (of > most[which]) most[which] = of
    }
    /^ in flight/ { ++table }
    table == 1 && /client, one lane/ { note("epoll", $7 + 0); note("better", $8 + 0) }
    /^beyond the value/ { bytes = $4 }
    END {
        if (table && bytes) {
            printf "- `curl::client`: %.2f to %.2f times the requests per second of a bare loop of curl_multi_socket_action and\n", least["epoll"], most["epoll"]
            printf "  epoll, %.2f to %.2f times those of the better of that and one of curl_multi_perform; a request that waits\n", least["better"], most["better"]
            printf "  takes %.0f bytes besides its value.\n", bytes
        }
    }'
printf '<!-- README: end -->\n'
claim Outage '
    /^default/ { without = $(NF - 4) }
    /retry_budget/ { with = $(NF - 4) }
    END {
        if (with) printf "- An outage in which everything fails: %.1f tries of each call by the default policy, %.1f with a `retry_budget`.\n", without, with
    }'
claim Client '
    /^curl::perform/ { printf "- `curl::perform`: %.2f times the time of curl_easy_perform, %.2f times its CPU.\n", $6, $8 }'
claim 'Reading responses' '
    /^  curl_easy_nextheader:/ && !fields { fields = $(NF - 1) }
    /^  the same and read:/ && !all { all = $(NF - 1) }
    END {
        if (all) printf "- What a response with `Retry-After: 30` means: %.0f ns, beside %.0f ns in which libcurl hands out its fields.\n", all - fields, fields
    }'
claim Simulator '
    $NF ~ /^[0-9]+$/ { if (!least || $NF < least) least = $NF }
    END { if (least) printf "- The simulator: at least %.1f million tries per second.\n", least / 1e6 }'
claim Sizes '
    $1 == "<bide/bide.hpp>" { printf "- `bide/bide.hpp`: %.2f times the text of `<chrono>` after the preprocessor.\n", $5 }'
[ ! -f "$said/Goodput" ] || claim Goodput '
    $1 == "nginx" && $3 == 50 { share[$2] = $4; refused[$2] = $7; slow[$2] = $10 }
    END {
        if (share["pacer"] && share["jitter"])
            printf "- Through nginx, 100 a second, 50 messages under way: `quota_pacer` gets %.0f %% of that with %.2f answers 429\n  per message and a p99 of %.1f s, full jitter alone %.0f %%, %.2f and %.1f s.\n", share["pacer"], refused["pacer"], slow["pacer"], share["jitter"], refused["jitter"], slow["jitter"]
    }'
