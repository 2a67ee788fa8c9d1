#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     goodput.sh PROGRAM FOLDER SERVER [RUNS]
#
# Starts SERVER (nginx, nginx-0, express, express-none) on loopback and runs the client in each mode,
# RUNS times (5), one line a run. Needs nginx, or node with express and express-rate-limit installed
# in FOLDER.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
program=$1
folder=$2
server=$3
runs=${4:-5}
port=${PORT:-18480}

case $server in
nginx | nginx-0)
    burst=20
    [ "$server" = nginx ] || burst=0
    sed -e "s|@FOLDER@|$folder|; s|@PORT@|$port|; s|burst=@BURST@|burst=$burst|" \
        "$here/nginx.conf" >"$folder/nginx.conf"
    [ "$burst" != 0 ] || sed -i 's/ burst=0 nodelay//' "$folder/nginx.conf"
    nginx -c "$folder/nginx.conf" &
    ;;
express | express-none)
    fields=draft-7
    [ "$server" = express ] || fields=none
    cp "$here/express.mjs" "$folder/express.mjs"
    node "$folder/express.mjs" "$port" $fields &
    ;;
*)
    echo "no such server: $server" >&2
    exit 2
    ;;
esac
pid=$!
trap 'kill $pid' EXIT
sleep 1

for mode in ${MODES:-ideal pacer client jitter}; do
    for workers in ${WORKERS:-50 500}; do
        for _ in $(seq "$runs"); do
            sleep 3  # the limiter recovers
            printf '%-13s' "$server"
            "$program" "http://127.0.0.1:$port/" "$mode" "$workers" ${MESSAGES:-}
        done
    done
done
