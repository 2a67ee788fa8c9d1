#!/bin/sh
# SPDX-License-Identifier: MIT
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(cd -- "$here/../../.." && pwd)
ours='ideal pacer client jitter'
for_node='p-retry cockatiel bottleneck'
for_python='tenacity backoff'

usage() {
    cat <<END
goodput.sh FOLDER [OPTION...]

What gets through a limit of 100 per second that clients are not told, and what becomes of each
message? Starts servers on loopback, sends 2000 messages by each client, and prints one table. Some
nine minutes, for 3 clients at a time, each at a limit of its own.

Builds bide-benchmark-goodput in FOLDER/build; looks in FOLDER for libraries for node:
npm install express express-rate-limit $for_node
Further servers and clients are found on the machine: nginx, python3-tenacity, python3-backoff.
What is not there is skipped.

  --program FILE     takes this bide-benchmark-goodput instead of building one
  --servers 'A B'    of nginx (a burst of 20), nginx-0 (none), express, express-none (headerless);
                     all but nginx-0
  --clients 'A B'    of $ours cubic
                     $for_node $for_python; all but cubic
  --workers 'N M'    how many messages each client has under way; 50 500
  --messages N       how many it sends, 2000; the table looks at the second half of them, too
  --runs N           how often, 1; the table shows medians
  --at-once N        how many clients run side by side, 3
  --port N           the first of the servers' ports, 18480
END
}

fail() {
    echo "goodput.sh: $*" >&2
    exit 2
}

number() {
    case $2 in
    '' | 0* | *[!0-9]*) fail "$1 must be a number of at least 1, got '$2'" ;;
    esac
}

# known WHAT NAMES ALL...: each of the NAMES is one of ALL.
known() {
    what=$1 names=$2
    shift 2
    [ -n "$names" ] || fail "no $what is named"
    for each in $names; do
        case " $* " in
        *" $each "*) ;;
        *) fail "no such $what: $each; there are $*" ;;
        esac
    done
}

folder='' program='' servers='nginx express express-none' clients="$ours $for_node $for_python"
workers='50 500' messages=2000 runs=1 at_once=3 port=18480
while [ $# -gt 0 ]; do
    case $1 in
    --help)
        usage
        exit 0
        ;;
    --program | --servers | --clients | --workers | --messages | --runs | --at-once | --port)
        [ $# -gt 1 ] || fail "$1 needs a value"
        case $1 in
        --program) program=$2 ;;
        --servers) servers=$2 ;;
        --clients) clients=$2 ;;
        --workers) workers=$2 ;;
        --messages) messages=$2 ;;
        --runs) runs=$2 ;;
        --at-once) at_once=$2 ;;
        --port) port=$2 ;;
        esac
        shift
        ;;
    -*) fail "no such option: $1; see --help" ;;
    *)
        [ -z "$folder" ] || fail "one folder, not '$folder' and '$1'; see --help"
        folder=$1
        ;;
    esac
    shift
done
[ -n "$folder" ] || fail 'a folder is needed; see --help'
known server "$servers" nginx nginx-0 express express-none
# shellcheck disable=SC2086  # lists of words
known client "$clients" $ours cubic $for_node $for_python
[ -n "$workers" ] || fail 'no number of workers is named'
for each in $workers; do number --workers "$each"; done
number --messages "$messages"
number --runs "$runs"
number --at-once "$at_once"
number --port "$port"

mkdir -p "$folder"
folder=$(cd -- "$folder" && pwd)
PATH=$PATH:/usr/sbin
scratch=$(mktemp -d)
server=
running=
# Children in the background of a script do not hear ctrl-C.
tidy_up() {
    # shellcheck disable=SC2086  # a list of numbers
    kill $running $server 2>/dev/null || true
    wait
    rm -rf "$scratch"
}
trap tidy_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ -z "$program" ]; then
    echo 'build' >&2
    program=$folder/build/bin/bide-benchmark-goodput
    {
        cmake -S "$root" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DBIDE_BUILD_EXAMPLES=OFF \
            -DBIDE_BUILD_BENCHMARKS=ON
        cmake --build "$folder/build" --target bide-benchmark-goodput
    } >"$folder/goodput.log" 2>&1 || fail "the build failed, see $folder/goodput.log"
fi
[ -x "$program" ] || fail "no such program: $program"

skip() {
    echo "skipped: $*" >>"$scratch/skipped"
    return 1
}

python=$(sh "$here/../python.sh")

has_node_library() { [ -d "$folder/node_modules/$1" ] && command -v node >/dev/null; }

is_there() {
    case $1 in
    nginx*) command -v nginx >/dev/null || skip "$1: not there, apt-get install nginx" ;;
    express*)
        { has_node_library express && has_node_library express-rate-limit; } ||
            skip "$1: not there, apt-get install nodejs npm, npm install express express-rate-limit"
        ;;
    p-retry | cockatiel | bottleneck)
        has_node_library "$1" || skip "$1: not there, apt-get install nodejs npm, npm install $1"
        ;;
    tenacity | backoff)
        "${python:-false}" -c "import $1" 2>/dev/null || skip "$1: not there, apt-get install python3-$1"
        ;;
    esac
}

: >"$scratch/skipped"
there=
for client in $clients; do ! is_there "$client" || there="$there $client"; done
[ -n "$there" ] || fail "no client is there: $(cat "$scratch/skipped")"
cp "$here/express.mjs" "$folder/goodput-express.mjs"
cp "$here/peers.mjs" "$folder/goodput-peers.mjs"
# shellcheck disable=SC3045  # dash and bash have it
ulimit -n "$(ulimit -Hn)"
# shellcheck source-path=SCRIPTDIR source=run.sh
. "$here/run.sh"

in_use() { awk '/^cpu / { for (i = 2; i <= NF; ++i) all += $i; print all - $5 - $6, all }' /proc/stat; }
before=$(in_use)
: >"$scratch/figures"
for each in $servers; do ! is_there "$each" || through "$each"; done
[ -s "$scratch/figures" ] || fail "nothing ran: $(cat "$scratch/skipped")"
table
echo "$before $(in_use)" |
    awk '{ printf "processors in use meanwhile: %.0f %%; figures count while that is far from 100\n", 100 * ($3 - $1) / ($4 - $2) }'
cat "$scratch/skipped"
