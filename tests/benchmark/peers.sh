#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     peers.sh PROGRAM [FOLDER]
#
# One table of what a call costs that succeeds at once, one delay, and a gate that lets go at once: by
# hand, with this library and with others. PROGRAM is bide-benchmark-peers; in FOLDER cockatiel,
# p-retry and bottleneck may be installed by npm. Libraries for Python are found if there. Each is
# measured in every round, so that what else the machine does hits all alike; the table shows medians
# of the rounds. Some 20 seconds.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
program=$1
folder=${2:-}
rounds=${ROUNDS:-5}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python=$(sh "$here/python.sh")
if [ -z "$python" ]; then
    printf 'skipped\tPython: no backoff or tenacity, apt-get install python3-backoff python3-tenacity\n'
fi >>"$scratch/lines"

node=
if [ -z "$folder" ]; then
    printf 'skipped\tnode: no folder was given in which its libraries are installed\n'
elif ! command -v node >/dev/null; then
    printf 'skipped\tnode: not there, apt-get install nodejs\n'
else
    node=node
    cp "$here/peers/peers.mjs" "$folder/peers.mjs"
fi >>"$scratch/lines"

for _ in $(seq "$rounds"); do
    "$program"
    [ -z "$python" ] || "$python" "$here/peers/peers.py"
    [ -z "$node" ] || "$node" "$folder/peers.mjs"
done >>"$scratch/lines"

awk -F '\t' "$(cat "$here/median.awk")"'
    $1 == "skipped" { skipped[$2] = 1; next }
    {
        key = $1 FS $2 FS $3
        if (!(key in times)) keys[++count] = key
        if (!($1 in asked)) { asked[$1] = 1; questions[++parts] = $1 }
        times[key] = times[key] " " $4
    }
    END {
        for (i = 1; i <= count; ++i) {
            split(keys[i], part, FS)
            cost[keys[i]] = median(times[keys[i]])
            if (part[3] == "by hand") hand[part[1] FS part[2]] = cost[keys[i]]
            if (part[3] ~ /^bide /) ours[part[1]] = cost[keys[i]]
        }
        printf "%-42s %12s %12s %12s\n", "", "ns per call", "by hand = 1", "bide = 1"
        for (p = 1; p <= parts; ++p) {
            print questions[p]
            for (i = 1; i <= count; ++i) {
                split(keys[i], part, FS)
                if (part[1] != questions[p]) continue
                own = hand[part[1] FS part[2]]
                printf "  %-7s %-32s %12s %12.2f %12.2f\n", part[2], part[3],
                    sprintf(cost[keys[i]] < 100 ? "%.2f" : "%.0f", cost[keys[i]]),
                    cost[keys[i]] / own, cost[keys[i]] / ours[part[1]]
            }
        }
        for (reason in skipped) print "skipped: " reason
    }' "$scratch/lines"
