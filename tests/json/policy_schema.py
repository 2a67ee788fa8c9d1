# SPDX-License-Identifier: MIT
"""Does a schema accept and refuse what a list of texts says? Usage: policy_schema.py SCHEMA TEXTS"""

import json
import sys

import jsonschema

# What the first word of a line says: whether the schema accepts the text behind it.
VERDICTS = {"good": True, "pair": True, "plan": True, "bad": False, "text": False}


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise ValueError("a repeated key")
    return dict(pairs)


def no_number(word):
    raise ValueError(word + " is no number")


def accepts(validator, text):
    """Whether it is JSON with unique keys that the schema accepts."""
    try:
        policy = json.loads(text, object_pairs_hook=unique, parse_constant=no_number)
    except ValueError:
        return False
    return validator.is_valid(policy)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    counts = {}
    wrong = 0
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            if line.startswith("#") or not line.strip():
                continue
            verdict, text = line[:4].strip(), line[5:].rstrip("\n")
            counts[verdict] = counts.get(verdict, 0) + 1
            accepted = accepts(validator, text)
            if accepted != VERDICTS[verdict]:
                wrong += 1
                print(f"{verdict}, but {'accepted' if accepted else 'refused'}: {text}")
    print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    return 1 if wrong or not {"good", "bad", "pair", "text"} <= counts.keys() else 0


sys.exit(main())
