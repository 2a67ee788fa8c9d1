#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs pictures.py, which needs nothing but Python 3.9.
set -eu
for python in python3 /usr/bin/python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
        exec "$python" "$(dirname -- "$0")/pictures.py" "$@"
    fi
done
echo 'bide: SKIPPED, no Python of version 3.9 or later: apt-get install python3' >&2
exit 77
