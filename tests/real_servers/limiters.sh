#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     limiters.sh FOLDER PROGRAM INSPECT
#
# Installs the limiters into FOLDER, starts them there, and runs PROGRAM with their addresses. Then
# INSPECT, if it is there, explains the refusal of each. Exits 77 where npm or its packages are not
# to be had.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
folder=$1
program=$2
inspect=$3

skip() {
    echo "bide: SKIPPED, real servers: $1" >&2
    exit 77
}

command -v npm >/dev/null || skip 'no npm'
version=$(node --version) || skip 'no node'
[ "$(echo "$version" | sed 's/^v\([0-9]*\).*/\1/')" -ge 20 ] || skip "node is $version, fastify needs 20"

mkdir -p "$folder"
cd -- "$folder"
if ! cmp -s "$here/package-lock.json" node_modules/installed.json; then
    cp "$here/package.json" "$here/package-lock.json" .
    timeout 90 npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >npm.log 2>&1 || {
        tail -5 npm.log >&2
        skip 'npm cannot install them'
    }
    cp package-lock.json node_modules/installed.json
fi

cp "$here/limiters.mjs" .
: >addresses
node limiters.mjs >addresses &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
trap 'exit 1' HUP INT TERM
for _ in $(seq 150); do
    [ "$(tail -n 1 addresses)" != ready ] || break
    kill -0 "$server"
    sleep 0.1
done
[ "$(tail -n 1 addresses)" = ready ] || { echo 'bide: the limiters do not start' >&2; exit 1; }
BIDE_REAL_SERVERS=$folder/addresses "$program"

[ -x "$inspect" ] && command -v curl >/dev/null ||
    { echo "bide: not tried with bide-inspect: it or curl is missing" >&2; exit 0; }
echo '{"name": "koa-ratelimit", "truncates_to": "1s"}' >koa.json
# explain NAME ADDRESS: is refused; the explanation names the wait and the reason.
explain() {
    profile=generic
    [ "$1" != koa ] || profile=@koa.json
    for _ in $(seq 20); do
        curl -si --noproxy '*' "$2/explained" >response
        ! grep -q '^HTTP/1.1 429 ' response || break
    done
    "$inspect" --method GET --profile "$profile" <response >explained
    for wanted in '^429 Too Many Requests in answer to GET' '^meaning  *throttled' \
        '^certainty  *rejected' '^wait  *1s, by [Rr]etry-[Aa]fter: [01]' \
        '^quotas .*limit 2, remaining 0, reset in ' '^next '; do
        grep -q "$wanted" explained || {
            echo "bide: of $1, bide-inspect does not say $wanted but" >&2
            cat explained >&2
            return 1
        }
    done
}
while read -r name address; do
    [ "$name" = ready ] || explain "$name" "$address"
done <addresses
