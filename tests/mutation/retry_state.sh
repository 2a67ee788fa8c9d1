#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Proves the comparison with the reference model: five seeded mutants of retry_state, one at a time,
# must each turn it red.
#
#     retry_state.sh <source folder> <scratch folder> <compiler> [flags...]
set -eu
source=$1 scratch=$2 compiler=$3
shift 3

rm -rf "$scratch"
mkdir -p "$scratch"
cp -R "$source/include" "$scratch/include"
original=$source/include/bide/retry/retry_state.hpp
mutant=$scratch/include/bide/retry/retry_state.hpp

survivors=0
# mutate NAME SED-EXPRESSION
mutate() {
    sed "$2" "$original" >"$mutant"
    if cmp -s "$original" "$mutant"; then
        echo "mutation: '$1' no longer applies to retry_state.hpp"
        exit 1
    fi
    "$compiler" -std=c++20 -O1 -I"$scratch/include" -I"$source/tests" \
        "$source/tests/retry/exhaustive_test.cpp" -o "$scratch/mutant" $flags
    if "$scratch/mutant" '[retry_state]' >"$scratch/log" 2>&1; then
        echo "mutation: '$1' SURVIVED"
        survivors=$((survivors + 1))
    elif grep -q ' differences' "$scratch/log"; then
        echo "mutation: '$1' caught: $(sed -n 's/.* covered, \(.* differences\)$/\1/p' "$scratch/log" | tr '\n' ' ')"
    else
        echo "mutation: '$1' did not run"
        cat "$scratch/log"
        exit 1
    fi
}

flags="$*"
mutate 'an ambiguous try is repeated' \
    's/!idempotent_ \&\& f.certainty == certainty::ambiguous/idempotent_ \&\& f.certainty == certainty::ambiguous/'
mutate 'max_hint is one too low' 's/\*f.hint > policy_/*f.hint >= policy_/'
mutate 'a hint is no floor' 's/detail::larger(delay, asked)/detail::smaller(delay, asked)/'
mutate 'one attempt too many' 's/check({tries_ + 1,/check({tries_,/'
mutate 'an ambiguous operation ends like any other' \
    's/joined_ == certainty::ambiguous ? end::unknown/joined_ == certainty::ambiguous ? stopped_by/'
[ "$survivors" -eq 0 ]
