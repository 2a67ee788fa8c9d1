#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     client.sh PROGRAM FOLDER [PART...]
#
# Starts nginx on loopback, with its files in FOLDER, and runs PROGRAM (bide-benchmark-client) for
# each part: easy, throughput, stalled, latency, memory; some two minutes.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
program=$1
mkdir -p "$2"
folder=$(cd -- "$2" && pwd)
shift 2
[ $# -gt 0 ] || set -- easy throughput stalled latency memory
port=${PORT:-18490}
PATH=$PATH:/usr/sbin

# shellcheck disable=SC3045  # dash and bash have it
ulimit -n "$(ulimit -Hn)"
sed -e "s|@FOLDER@|$folder|; s|@PORT@|$port|" "$here/nginx.conf" >"$folder/nginx.conf"
nginx -c "$folder/nginx.conf" &
pid=$!
trap 'kill $pid' EXIT
trap 'exit 130' INT TERM HUP
sleep 1

for part; do
    "$program" "http://127.0.0.1:$port/" "$part"
done
