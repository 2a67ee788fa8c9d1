#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs policy_schema.py with the first Python that has jsonschema: a Python of the user's in PATH may
# lack what the system's has, and the other way round.
set -eu
cd -- "$(dirname -- "$0")"
for python in python3 /usr/bin/python3; do
    if "$python" -c 'import jsonschema' 2>/dev/null; then
        "$python" policy_schema.py ../../include/bide/json/policy.schema.json policies.txt
        exec "$python" policy_schema.py ../../include/bide/json/profile.schema.json profiles.txt
    fi
done
echo 'bide: SKIPPED, no Python with the module jsonschema: apt-get install python3-jsonschema' >&2
exit 77
