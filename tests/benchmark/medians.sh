#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     medians.sh PROGRAM BASE:NAME:NAME...
#     medians.sh PROGRAM BASE
#
# Medians of PROGRAM, one of google-benchmark's, in nanoseconds of the processor, and as multiples of
# the BASE of their group; without names all others are one group. Runs in random order.
set -eu
program=$1
shift
"$program" --benchmark_enable_random_interleaving=true --benchmark_repetitions=15 \
    --benchmark_min_time=0.02 --benchmark_report_aggregates_only=true --benchmark_format=csv |
    tr -d '"' | sort | awk -F , -v groups="$*" '
        function show(name) {
            printf "%-28s %10.2f ns %8.2fx\n", name, time[name], time[name] / time[base]
        }
        sub("_median$", "", $1) { time[$1] = $7 > 0 ? 1e9 / $7 : $4; names[++count] = $1 }
        END {
            if (count == 0) exit 1
            n = split(groups, group, " ")
            for (g = 1; g <= n; ++g) {
                size = split(group[g], name, ":")
                base = name[1]
                show(base)
                for (i = 2; i <= size; ++i) show(name[i])
                for (i = 1; size == 1 && i <= count; ++i) if (names[i] != base) show(names[i])
            }
        }'
