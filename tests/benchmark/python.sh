#!/bin/sh
# SPDX-License-Identifier: MIT
# Which python3 has the libraries that are compared with? Maybe none.
for each in python3 /usr/bin/python3; do # the second is what the system's packages belong to
    for library in tenacity backoff; do
        if "$each" -c "import $library" 2>/dev/null; then
            echo "$each"
            exit 0
        fi
    done
done
