#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Flips every comparison and every plus or minus of the core, one at a time, and asks the tests.

    tests/mutation/operators.py [--jobs N] [--compiler g++] [NAME...]

A mutant is caught when a test no longer compiles, fails or runs into its time limit. It counts only
if the mutated header compiles by itself. With names, only headers whose path contains one of them.
Survivors are compared with survivors.txt beside this file, where each has its reason; the exit code
is 1 if one is missing there, or if fewer than 90 percent were caught. Takes some minutes, so it is
no part of ctest.
"""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
FOLDERS = ("backoff", "limit", "retry")
FLIPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
         "+": "-", "-": "+", "+=": "-=", "-=": "+="}
# clang-format puts blanks around what is an operator, and none around the brackets of templates.
BINARY = re.compile(r"(?<= )(<=|>=|==|!=|\+=|-=|<|>|\+|-)(?= )")
STEP = re.compile(r"\+\+|--")
# What asks about a folder's headers, besides the test that mirrors the header: nearest first.
NEXT = {
    "backoff": ["backoff/backoff", "backoff/jitter", "retry/policy", "retry/retry_state"],
    "limit": ["limit/limit", "retry/retry_state", "retry/blocking", "retry/exhaustive"],
    "retry": ["retry/retry_state", "retry/outcome", "retry/blocking", "retry/retry", "retry/plan",
              "retry/explain", "retry/exhaustive", "gate/admission", "stop_token",
              "observe/observer", "testing"],
}


def code_of(line):
    """The line with texts and comments blanked out, so that columns stay."""
    line = re.sub(r'"(\\.|[^"\\])*"', lambda m: '"' * len(m.group()), line)
    return re.sub(r"//.*", "", line)


def mutants_of(header):
    for number, line in enumerate(header.read_text().splitlines()):
        code = code_of(line)
        if code.lstrip().startswith(("#", "friend", "template")) or "operator" in code:
            continue
        for found in BINARY.finditer(code):
            yield number, found.start(), found.group(), FLIPS[found.group()]
        for found in STEP.finditer(code):
            yield number, found.start(), found.group(), "--" if found.group() == "++" else "++"


def tests_for(header):
    part = header.relative_to(ROOT / "include/bide").with_suffix("")
    names = [str(part)] + [n for n in NEXT[part.parts[0]] if n != str(part)]
    return [TESTS / f"{n}_test.cpp" for n in names if (TESTS / f"{n}_test.cpp").exists()]


class Campaign:
    def __init__(self, compiler, scratch):
        self.compiler, self.scratch = compiler, scratch
        self.main = scratch / "main.o"
        source = scratch / "main.cpp"
        source.write_text("#if __has_include(<catch2/catch_session.hpp>)\n#include <catch2/catch_session.hpp>\n"
                          "int main(int c, char** v) { return Catch::Session().run(c, v); }\n#else\n"
                          "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n#endif\n")
        subprocess.run([compiler, "-std=c++20", "-c", source, "-o", self.main], check=True)
        self.helpers = []
        for helper in sorted((TESTS / "support").glob("*.cpp")) + sorted((TESTS / "retry").glob("allocations.cpp")):
            built = scratch / (helper.stem + ".o")
            subprocess.run([*self.command(ROOT / "include"), "-c", helper, "-o", built], check=True)
            self.helpers.append(built)

    def command(self, *folders):
        return [self.compiler, "-std=c++20", "-O0", "-w", *(f"-I{f}" for f in folders), f"-I{ROOT}/include",
                f"-I{TESTS}"]

    def passes(self, test, overlay, program):
        """Whether the test is green with the headers of `overlay`."""
        build = subprocess.run([*self.command(overlay), test, self.main, *self.helpers, "-o", program],
                               capture_output=True)
        if build.returncode != 0:
            return False
        try:
            return subprocess.run([program], capture_output=True, timeout=60).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def judge(self, header, mutant):
        number, column, was, now = mutant
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            overlay = pathlib.Path(folder)
            lines = header.read_text().splitlines(keepends=True)
            line = lines[number]
            lines[number] = line[:column] + now + line[column + len(was):]
            mutated = overlay / header.relative_to(ROOT / "include")
            mutated.parent.mkdir(parents=True)
            mutated.write_text("".join(lines))
            alone = subprocess.run([*self.command(overlay), "-fsyntax-only", "-x", "c++", mutated], capture_output=True)
            where = f"{header.relative_to(ROOT / 'include/bide')}: {was} -> {now}: {line.strip()}"
            if alone.returncode != 0:
                return where, "no C++"
            for test in tests_for(header):
                if not self.passes(test, overlay, overlay / "test"):
                    return where, "caught by " + test.stem
            return where, "SURVIVED"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--compiler", default="g++")
    options.add_argument("names", nargs="*")
    asked = options.parse_args()

    headers = [h for f in FOLDERS for h in sorted((ROOT / "include/bide" / f).rglob("*.hpp"))]
    if asked.names:
        headers = [h for h in headers if any(n in str(h) for n in asked.names)]
    known = dict(l.split(" # ", 1) for l in (TESTS / "mutation/survivors.txt").read_text().splitlines() if " # " in l)
    with tempfile.TemporaryDirectory() as scratch:
        campaign = Campaign(asked.compiler, pathlib.Path(scratch))
        for test in sorted({t for h in headers for t in tests_for(h)}):
            if not campaign.passes(test, ROOT / "include", pathlib.Path(scratch) / "unchanged"):
                sys.exit(f"mutation: {test} is red without a mutant")
        work = [(h, m) for h in headers for m in mutants_of(h)]
        caught, survivors = 0, []
        with concurrent.futures.ThreadPoolExecutor(asked.jobs) as pool:
            for where, what in pool.map(lambda w: campaign.judge(*w), work):
                print(f"{what}: {where}", flush=True)
                caught += what.startswith("caught")
                if what == "SURVIVED":
                    survivors.append(where)
    total = caught + len(survivors)
    print(f"\n{len(work)} mutants, {len(work) - total} of them no C++, {caught} of {total} caught"
          f" ({100 * caught / max(total, 1):.1f} %)")
    unknown = [s for s in survivors if s not in known]
    for where in survivors:
        print(f"survivor: {where} # {known.get(where, 'NO REASON IN survivors.txt')}")
    sys.exit(1 if unknown or 10 * caught < 9 * total else 0)


if __name__ == "__main__":
    main()
