#!/bin/sh
# SPDX-License-Identifier: MIT
#
#     results.sh FOLDER [install] [client] [goodput]
#
# Builds the benchmarks in FOLDER/build, runs them and writes RESULTS.md beside this script, where a
# part that is missing or fails says so. `install` puts the libraries for node that are compared with
# into FOLDER, by npm; the system's packages are found if there (nginx nodejs npm valgrind
# python3-backoff python3-tenacity), and BIDE_PEERS_DIR may name a folder with those for C++. Five
# minutes with the build; `client` takes two more and `goodput` nine for each of its RUNS (1); both
# need nginx. On a quiet machine. `sh cmake/readme.sh` then quotes it in README.md.
# shellcheck disable=SC2016  # the backquotes are Markdown
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(cd -- "$here/../.." && pwd)
case ${1-} in
'' | -*)
    sed -n '4,11s/^# *//p' "$0" >&2
    exit 2
    ;;
esac
mkdir -p "$1"
folder=$(cd -- "$1" && pwd)
shift
for wanted; do
    case $wanted in
    install | client | goodput) ;;
    *)
        echo "results.sh: no such part: $wanted; there are install, client, goodput" >&2
        exit 2
        ;;
    esac
done
programs=$folder/build/bin
runs=${RUNS:-1}
scratch=$(mktemp -d)
running=
trap 'kill $running 2>/dev/null || true; rm -rf "$scratch"' EXIT  # timeout passes it on
trap 'exit 130' INT TERM HUP

# part TITLE SECONDS HOW COMMAND...: what COMMAND prints, which has that long. Kept by its title for
# what in_short.sh makes of it.
part() {
    title=$1 seconds=$2 how=$3
    shift 3
    echo "$title" >&2
    printf '\n## %s\n\n%s\n\n' "$title" "$how"
    for word; do
        case $word in
        "$programs"/*)
            if [ ! -x "$word" ]; then
                echo "**Missing**: $(basename "$word") was not built."
                return
            fi
            ;;
        esac
    done
    status=0
    timeout "$seconds" "$@" >"$scratch/out" 2>"$scratch/err" &
    running=$!
    wait "$running" || status=$?
    running=
    [ "$status" -eq 0 ] || tail -n 5 "$scratch/err" >>"$scratch/out"
    echo '```'
    sed "s|$folder|FOLDER|g; s|$root/||g" "$scratch/out" | tee "$scratch/said/$title"
    echo '```'
    if [ "$status" -eq 124 ]; then
        printf '\n**Failed**: not done after %s s.\n' "$seconds"
    elif [ "$status" -ne 0 ]; then
        printf '\n**Failed**: exit status %s.\n' "$status"
    fi
}

machine() {
    sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1
    echo "$(nproc) processors, $(awk '/^MemTotal/ { print int($2 / 1000000) }' /proc/meminfo) GB," \
        "load $(cut -d ' ' -f 1 /proc/loadavg) after the build; $(uname -sr)"
    for tool in g++ clang++ valgrind; do
        command -v "$tool" >/dev/null && "$tool" --version | head -n 1
    done
    for tool in "$(sh "$here/python.sh")" node; do
        command -v "$tool" >/dev/null && echo "${tool##*/} $("$tool" --version | sed 's/.*[ v]//')"
    done
    echo "libcurl $(curl-config --version 2>/dev/null | sed 's/.* //')"
}

build() {
    rm -f "$programs"/bide-benchmark*  # one that is not built any more is not to be run
    cmake -S "$root" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DBIDE_BUILD_BENCHMARKS=ON \
        -DBIDE_BUILD_EXAMPLES=OFF -DBIDE_PEERS_DIR="${BIDE_PEERS_DIR:-}"
    for name in '' -peers -gates -http -schedule -simulator -outage -client -goodput; do
        cmake --build "$folder/build" --target "bide-benchmark$name" || true
    done
}

head_of_page() {
    printf '# Results\n\nWritten by `tests/benchmark/results.sh` on %s' "$(date -u +%F)"
    if commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null); then
        printf ' at %s' "$commit"
        git -C "$root" diff --quiet HEAD || printf ' with changes'
    fi
    printf '.\n\n```\n'
    machine
    printf '```\n\nMachines are shared: times of one run may be compared, those of two runs hardly. '
    printf 'All are medians, of the\nprocessor unless a part says something else; counts repeat exactly.\n'
}

parts() {
    part 'Beside others' 90 'A call that succeeds, one delay, gates that let go at once (`peers.sh`).' \
        "$here/peers.sh" "$programs/bide-benchmark-peers" "$folder"
    part 'Calls and delays' 60 'Each beside the loop or the draw above it (`time.cpp`).' \
        "$here/medians.sh" "$programs/bide-benchmark" loop:retry \
        loop_judging:retry_judging loop_timed:retry_timed bare_draw:delay_factor_2:delay_factor_2.5
    part 'Instructions' 300 'The same, gates and a header field, counted by callgrind (`instructions.sh`).' \
        sh "$here/instructions.sh"
    part 'Gates' 60 'Asked and finished if nobody waits, beside a mutex (`gates.cpp`).' \
        "$here/medians.sh" "$programs/bide-benchmark-gates" mutex_pair
    part 'Reading responses' 60 'What a response says (`http_responses.cpp`).' \
        "$programs/bide-benchmark-http"
    part 'Waiting' 90 'The queues of those who wait (`schedule.cpp`).' "$programs/bide-benchmark-schedule"
    part 'Simulator' 60 'Clients that update one row (`simulator.cpp`).' \
        "$programs/bide-benchmark-simulator"
    part 'Outage' 60 'What a server gets while it answers nothing but errors (`outage.cpp`).' \
        "$programs/bide-benchmark-outage"
    part 'Sizes' 400 'What including a header costs, beside `<chrono>` (`sizes.sh`).' "$here/sizes.sh"
    for wanted; do
        case $wanted in
        client)
            part 'Client' 300 'Both adapters beside bare loops of libcurl (`client/client.sh`).' \
                "$here/client/client.sh" "$programs/bide-benchmark-client" "$folder"
            ;;
        goodput)
            part 'Goodput' $((1000 * runs)) 'Through a limit, by the clock (`goodput/goodput.sh`).' \
                "$here/goodput/goodput.sh" "$folder" --program "$programs/bide-benchmark-goodput" \
                --runs "$runs"
            ;;
        esac
    done
}

case " $* " in
*' install '*)
    echo 'Install' >&2
    npm install --prefix "$folder" --no-audit --no-fund cockatiel p-retry bottleneck express \
        express-rate-limit >"$folder/install.log" 2>&1 || echo "npm failed, see $folder/install.log" >&2
    ;;
esac
echo 'Build' >&2
build >"$folder/build.log" 2>&1 || echo "The build failed, see $folder/build.log" >&2
mkdir "$scratch/said"
head_of_page >"$scratch/results.md"
parts "$@" >"$scratch/parts.md"
sh "$here/in_short.sh" "$scratch/said" >>"$scratch/results.md"
cat "$scratch/results.md" "$scratch/parts.md" >"$here/RESULTS.md"
