#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     sh tests/benchmark/instructions.sh [COMPILER...]
#
# Counts instructions per call by callgrind, as the difference between 2000 and 1000 calls, beside the
# loop that is compared with; and the .text of a further call site, as the difference between 21 and 1.
# Counts repeat exactly, whatever else the machine does. Needs valgrind.
set -eu
cd -- "$(dirname -- "$0")/../.."
[ $# -gt 0 ] || set -- g++ clang++
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

collected() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 | sed -n 's/.*Collected : //p'
}

text_of_sites() {
    {
        echo '#include <bide/bide.hpp>'
        echo 'int work(int);'
        echo 'extern const decltype(bide::policy(bide::exponential({}) | bide::full_jitter,'
        echo '                                   bide::max_attempts(4))) policy;'
        i=0
        while [ "$i" -lt "$1" ]; do
            echo "int site$i(int x) { return bide::retry(policy, [&] { return work(x + $i); }).value(); }"
            i=$((i + 1))
        done
    } >"$scratch/sites.cpp"
    "$compiler" -std=c++20 -O2 -Iinclude -c "$scratch/sites.cpp" -o "$scratch/sites.o"
    size -A "$scratch/sites.o" | awk '/^\.text/ { sum += $2 } END { print sum }'
}

for compiler; do
    "$compiler" --version | head -n 1
    "$compiler" -std=c++20 -O2 -Iinclude -Itests tests/benchmark/count.cpp tests/benchmark/subjects.cpp \
        tests/benchmark/more_subjects.cpp tests/benchmark/work.cpp -o "$scratch/count"
    "$scratch/count" | while read -r name beside; do
        thousand=$(collected "$scratch/count" "$name" 1000)
        two_thousand=$(collected "$scratch/count" "$name" 2000)
        echo "$name $beside $((two_thousand - thousand))"
    done | awk '
        { per_call = $3 / 1000; count[$1] = per_call }
        $1 == $2 { printf "  %-18s %6.1f\n", $1, per_call; next }
        { printf "  %-18s %6.1f  %+.1f, x%.2f of %s\n", $1, per_call, per_call - count[$2], per_call / count[$2], $2 }'
    one=$(text_of_sites 1)
    many=$(text_of_sites 21)
    echo "  a further call site: $(((many - one) / 20)) bytes of .text"
done
