#!/bin/sh
# SPDX-License-Identifier: MIT
#
# From a bare machine to a running demo, or to green tests, in one command:
#
#     sh cmake/bootstrap.sh [--yes | --check] demo|test
#
# It looks for what the build needs and prints the one line that installs what is missing. It runs
# that line only after a "y" on a terminal or with --yes, and uses sudo for nothing else. It adds no
# package source and writes nothing outside build/. If nothing is missing, it installs nothing.
#
# Exit status: that of the build, the tests or the demo; 2 for bad usage; 3 if something is missing.
set -eu

usage() {
    cat <<'EOF'
usage: sh cmake/bootstrap.sh [--yes | --check] demo|test

  demo     build the stand-in gateway and the sender, and watch 500 messages go through
  test     build and run every test

  --yes    install what is missing with the system's package manager, without asking
  --check  only say what is missing
EOF
}

consent=ask
goal=
for argument in "$@"; do
    case $argument in
        --yes) consent=yes ;;
        --check) consent=check ;;
        -h | --help)
            usage
            exit 0
            ;;
        demo | test)
            if [ -n "$goal" ]; then
                echo "bootstrap: one of demo and test, not both" >&2
                usage >&2
                exit 2
            fi
            goal=$argument
            ;;
        *)
            echo "bootstrap: unknown argument '$argument'" >&2
            usage >&2
            exit 2
            ;;
    esac
done
if [ -z "$goal" ]; then
    usage >&2
    exit 2
fi

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd -- "$here/.."

say() { printf 'bootstrap: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# ---- Which system ------------------------------------------------------------------------------

family=unknown
system=$(uname -s)
if [ "$system" = Darwin ]; then
    family=brew
elif [ -r /etc/os-release ]; then
    # In a subshell: the file sets many variables. ID_LIKE is unset on some systems.
    # shellcheck disable=SC1091
    system=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-$ID}")
    # shellcheck disable=SC1091
    ids=$(. /etc/os-release && printf '%s' "${ID-} ${ID_LIKE-}")
    for id in $ids; do
        case $id in
            debian | ubuntu) family=apt ;;
            fedora) family=dnf ;;
            *) continue ;;
        esac
        break
    done
fi

# ---- What is missing ---------------------------------------------------------------------------

# at_least 3.25 "$version": compares major and minor.
at_least() {
    want_major=${1%%.*} want_minor=${1#*.}
    major=${2%%.*} rest=${2#*.}
    minor=${rest%%.*}
    case "$major$minor" in
        '' | *[!0-9]*) return 1 ;;
    esac
    [ "$major" -gt "$want_major" ] || { [ "$major" -eq "$want_major" ] && [ "$minor" -ge "$want_minor" ]; }
}

gcc_fits() { have g++ && at_least 12.0 "$(g++ -dumpfullversion -dumpversion 2>/dev/null).0"; }
clang_fits() { have clang++ && at_least 14.0 "$(clang++ -dumpversion 2>/dev/null).0"; }
cmake_fits() { have cmake && at_least 3.25 "$(cmake --version 2>/dev/null | sed -n '1s/^cmake version //p')"; }

# package NAME...: one of these packages is installed.
package() {
    for name in "$@"; do
        case $family in
            apt) dpkg-query -W -f='${Status}\n' "$name" 2>/dev/null | grep -q '^install ok installed' ;;
            dnf) rpm -q --whatprovides "$name" >/dev/null 2>&1 ;;
            brew) brew list --versions "$name" >/dev/null 2>&1 ;;
            *) false ;;
        esac && return 0
    done
    return 1
}

# header FILE: somebody installed the library without the package manager.
header() {
    for prefix in /usr/include /usr/local/include /opt/homebrew/include /usr/include/*-linux-gnu; do
        [ ! -e "$prefix/$1" ] || return 0
    done
    return 1
}

# need WHAT APT DNF BREW: notes a missing thing and the packages that have it ('-': none).
need() {
    missing="$missing${missing:+, }$1"
    case $family in
        apt) one=$2 ;;
        dnf) one=$3 ;;
        brew) one=$4 ;;
        *) one=- ;;
    esac
    [ "$one" = - ] || packages="$packages${packages:+ }$one"
}

look() {
    missing='' packages=''
    gcc_fits || clang_fits || need 'a C++20 compiler (g++ 12 or clang++ 14, or newer)' g++ gcc-c++ -
    cmake_fits || need 'cmake 3.25 or newer' cmake cmake cmake
    have ninja || need ninja ninja-build ninja-build ninja
    have pkg-config || have pkgconf || need pkg-config pkg-config pkgconf-pkg-config pkg-config
    case $family in
        apt) package libcurl4-openssl-dev libcurl4-gnutls-dev libcurl4-nss-dev ;;
        dnf) package libcurl-devel ;;
        brew) package curl ;;
        *) false ;;
    esac || header curl/curl.h || need 'libcurl (development files)' libcurl4-openssl-dev libcurl-devel curl
    package nlohmann-json3-dev json-devel nlohmann-json || header nlohmann/json.hpp ||
        need nlohmann_json nlohmann-json3-dev json-devel nlohmann-json
    package libcli11-dev cli11-devel cli11 || header CLI/CLI.hpp ||
        need CLI11 libcli11-dev cli11-devel cli11
    if [ "$goal" = test ]; then
        package catch2 catch-devel || header catch2/catch.hpp || header catch2/catch_all.hpp ||
            need Catch2 catch2 catch-devel catch2
    fi
}

# ---- Installing it -----------------------------------------------------------------------------

# The one line that installs $packages, exactly as it is run; `with_update` renews the lists first.
install_line() {
    sudo=''
    [ "$(id -u)" -eq 0 ] || [ "$family" = brew ] || sudo='sudo '
    case $family in
        apt)
            line="${sudo}env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages"
            set -- /var/lib/apt/lists/*_Packages*
            if [ "${with_update-}" = yes ] || [ ! -e "$1" ]; then
                with_update=yes
                line="${sudo}apt-get update && $line"
            fi
            ;;
        dnf) line="${sudo}dnf install -y --setopt=install_weak_deps=False $packages" ;;
        brew) line="brew install $packages" ;;
    esac
}

allowed() {
    case $consent in
        yes) return 0 ;;
        check) return 1 ;;
    esac
    if [ ! -t 0 ] || [ ! -t 2 ]; then
        say 'not run: this is no terminal to ask on; --yes would have allowed it'
        return 1
    fi
    printf 'bootstrap: run this line now? [y/N] ' >&2
    read -r answer || answer=
    case $answer in
        y | Y | yes | Yes) return 0 ;;
    esac
    return 1
}

look
if [ -n "$missing" ]; then
    say "missing: $missing"
    if [ "$family" = unknown ]; then
        say "no install line is known for '$system'; please install the above with its package manager"
        exit 3
    fi
    if [ "$family" = brew ] && ! gcc_fits && ! clang_fits; then
        say 'the compiler comes with:  xcode-select --install'
    fi
    if [ -z "$packages" ]; then
        exit 3
    fi
    install_line
    say 'to be installed with:'
    printf '    %s\n' "$line" >&2
    allowed || exit 3
    if [ -n "$sudo" ] && ! have sudo; then
        say 'not run: it takes root, and there is no sudo here'
        exit 3
    fi
    if [ "$family" = brew ] && ! have brew; then
        say 'not run: there is no brew here'
        exit 3
    fi
    if ! sh -c "$line" </dev/null; then
        # Package lists that are too old name files that are gone.
        if [ "$family" = apt ] && [ "${with_update-}" != yes ]; then
            with_update=yes
            install_line
            say 'that failed; once more with fresh package lists:'
            printf '    %s\n' "$line" >&2
            sh -c "$line" </dev/null || exit 3
        else
            say 'the installation failed'
            exit 3
        fi
    fi
    look
    if [ -n "$missing" ]; then
        say "still missing on '$system', whose packages may be too old: $missing"
        exit 3
    fi
elif [ "$consent" = check ]; then
    say 'nothing is missing'
fi
[ "$consent" != check ] || exit 0

# ---- The workflow ------------------------------------------------------------------------------

case $goal in
    test)
        workflow='test'
        gcc_fits || workflow=test-clang
        exec cmake --workflow --preset "$workflow"
        ;;
    demo)
        if [ -z "${CXX-}" ]; then
            CXX=g++
            gcc_fits || CXX=clang++
            export CXX
        fi
        cmake --workflow --preset demo
        exec build/release/bin/bide-demo
        ;;
esac
