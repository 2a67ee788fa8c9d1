# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154
# What goodput.sh does once it knows what is wanted: read by it, with its names.

# Has an own limit at each of COUNT ports from $port on: start_server SERVER COUNT
start_server() {
    rm -f "$scratch/ready"
    case $1 in
    nginx*)
        burst='burst=20 nodelay'
        [ "$1" = nginx ] || burst=
        seq "$port" $((port + $2 - 1)) | sed 's/.*/listen 127.0.0.1:& backlog=2048;/' >"$scratch/ports"
        sed "s|@FOLDER@|$scratch|; s|@BURST@|$burst|" "$here/nginx.conf" >"$scratch/nginx.conf"
        nginx -c "$scratch/nginx.conf" 2>"$scratch/server" &
        ;;
    express*)
        fields=draft-7
        [ "$1" = express ] || fields=none
        node "$folder/goodput-express.mjs" "$port" "$2" $fields >"$scratch/ready" 2>"$scratch/server" &
        ;;
    esac
    server=$!
    for _ in $(seq 100); do
        [ ! -s "$scratch/ready" ] || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    fail "$1 does not start: $(grep -i -m 1 -e emerg -e error "$scratch/server"); see --port"
}

# send CLIENT PORT WORKERS
send() {
    url=http://127.0.0.1:$2/
    case $1 in
    p-retry | cockatiel | bottleneck) set -- node "$folder/goodput-peers.mjs" "$url" "$1" "$3" ;;
    tenacity | backoff) set -- "$python" "$here/peers.py" "$url" "$1" "$3" ;;
    *) set -- "$program" "$url" "$1" "$3" ;;
    esac
    exec timeout 240 "$@" "$messages"
}

# From one line for each message to one of figures: figures FILE
figures() {
    {
        sort -n -k 2,2 "$1"
        awk '$1 == "accepted" { print "took", $3 }' "$1" | sort -n -k 2,2
    } | awk -v messages="$messages" -v rate=100 '
        $1 == "took" { took[++counted] = $2; next }
        { ++ended; refused += $4 }
        $1 == "accepted" { at[++accepted] = $2 }
        function quantile(share) { return took[int(share * (counted - 1)) + 1] }
        END {
            half = int(accepted / 2)
            if (ended < messages || half == 0) exit 1
            print 100 * accepted / (rate * at[accepted]), 100 * half / (rate * at[half]), \
                100 * (accepted - half) / (rate * (at[accepted] - at[half])), refused / messages, \
                messages - accepted, quantile(0.5), quantile(0.99), took[counted]
        }'
}

# Waits for those that run, and keeps their figures.
collect() {
    # shellcheck disable=SC2086  # a list of numbers
    [ -z "$running" ] || wait $running || true  # what they wrote tells what became of them
    running=
    for turn in $turns; do
        if found=$(figures "$scratch/$turn.out"); then
            echo "$(cat "$scratch/$turn") $found"
        else
            why=$(tail -n 1 "$scratch/$turn.err")
            echo "$(cat "$scratch/$turn") failed: ${why:-not done, see its program}"
        fi >>"$scratch/figures"
    done
    turns=
}

# All clients through one server, each at a port of its own, so that no limit is used before.
through() {
    # shellcheck disable=SC2086  # lists of words
    start_server "$1" "$(($(echo $workers | wc -w) * $(echo $there | wc -w) * runs))"
    turns=
    turn=$port
    for _ in $(seq "$runs"); do
        for n in $workers; do
            for client in $there; do
                echo "$1, $n under way: $client" >&2
                echo "$1 $client $n" >"$scratch/$turn"
                send "$client" "$turn" "$n" >"$scratch/$turn.out" 2>"$scratch/$turn.err" &
                running="$running $!"
                turns="$turns $turn"
                turn=$((turn + 1))
                # shellcheck disable=SC2086
                [ "$(echo $turns | wc -w)" -lt "$at_once" ] || collect
            done
        done
    done
    collect
    kill "$server"
    wait "$server" || true
    server=
}

table() {
    awk "$(cat "$here/../median.awk")"'
        {
            key = sprintf("%-13s %-11s %4d", $1, $2, $3)
            if (!(key in seen)) { seen[key] = 1; keys[++count] = key }
        }
        $4 == "failed:" { why = $0; sub(/.*failed: /, "", why); failed[key] = why; next }
        { for (i = 4; i <= NF; ++i) all[key, i] = all[key, i] " " $i }
        END {
            print "                          under    % of the limit, by half  refused  given  latency in seconds"
            print "server        client        way      all     1st     2nd    a msg     up    p50    p99    max"
            for (k = 1; k <= count; ++k) {
                key = keys[k]
                if (key in failed) { print key "  failed: " failed[key]; continue }
                printf "%s  %7.1f %7.1f %7.1f  %7.2f  %5d  %5.2f  %5.2f  %5.2f\n", key,
                    median(all[key, 4]), median(all[key, 5]), median(all[key, 6]),
                    median(all[key, 7]), median(all[key, 8]), median(all[key, 9]),
                    median(all[key, 10]), median(all[key, 11])
            }
        }' "$scratch/figures"
    cat <<END

$messages messages each, so many under way at a time; $runs run(s). Refused: answers 429 per message.
Latency: of what was accepted, from its first try.
ideal       knows the limit, blocking threads       client  quota_pacer, all on one thread
pacer       quota_pacer, blocking threads           jitter  full jitter, blocking threads
jitter and the libraries: 10 tries, 100 ms, doubled, at most 20 s; jitter obeys Retry-After, the
libraries have the jitter that is their default and obey nothing; bottleneck is told the limit.
express is express-rate-limit.
END
}
