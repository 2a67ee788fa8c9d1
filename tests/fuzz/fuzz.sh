#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     [BIDE_FUZZ_SECONDS=10] fuzz.sh PROGRAMS NAME CORPUS SKIP FOLDER
#
# Runs the fuzzer NAME from the seeds in CORPUS and in the test vectors; says how far it came. What
# it finds stays in FOLDER, so that a second run begins where the first ended.
set -eu
programs=$1 name=$2 corpus=$3 skip=$4 folder=$5
mkdir -p "$folder/$name/found"
cd -- "$folder/$name"
mkdir -p seeds
LC_ALL=C awk -v skip="$skip" '
    !/^#/ && length { file = "seeds/" NR; printf "%s", substr($0, skip + 1) >file; close(file) }
' "$corpus"
"$programs/bide_fuzz_seeds" vectors
mkdir -p "vectors/$name"
if ! "$programs/bide_${name}_fuzz" -max_total_time="${BIDE_FUZZ_SECONDS:-10}" -max_len=4096 \
    -print_final_stats=1 found seeds "vectors/$name" >log 2>&1; then
    tail -n 60 log
    exit 1
fi
echo "$name: $(sed -n 's/.*\(cov: [0-9]*\).*/\1/p' log | tail -n 1)," \
    "$(sed -n 's/^stat::number_of_executed_units: //p' log) executions"
