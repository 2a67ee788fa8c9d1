# SPDX-License-Identifier: MIT
# What libraries for Python cost on the success path and for one delay, see peers.sh.

import itertools
import random
import statistics
import time
from importlib import metadata, util

CALLS = 5000
SUCCESS = "success path"
DELAY = "one jittered delay"


def show(question, name, function):
    times = []
    for _ in range(5):
        begin = time.process_time_ns()
        for i in range(CALLS):
            function(i)
        times.append((time.process_time_ns() - begin) / CALLS)
    print(question, "Python", name, f"{statistics.median(times):.1f}", sep="\t")


def is_there(module):
    if util.find_spec(module):
        return True
    print("skipped", f"{module}: not there, apt-get install python3-{module}", sep="\t")
    return False


def work(x):
    return x + 1


def by_hand(x):
    for n in range(4):
        try:
            return work(x)
        except RuntimeError:
            if n == 3:
                raise
        time.sleep(0.1 * 2**n)


show(SUCCESS, "by hand", by_hand)
show(DELAY, "by hand", lambda i: random.uniform(0, min(30, 0.1 * 2 ** (i & 7))))

if is_there("backoff"):
    import backoff

    name = "backoff " + metadata.version("backoff")
    decorated = backoff.on_exception(backoff.expo, RuntimeError, max_tries=4)(work)
    show(SUCCESS, name, decorated)

    def delays():
        while True:
            one_by_one = backoff.expo(factor=0.1, max_value=30)
            next(one_by_one)  # the first answers nothing
            for delay in itertools.islice(one_by_one, 8):
                yield backoff.full_jitter(delay)

    endless = delays()
    show(DELAY, name, lambda _: next(endless))

if is_there("tenacity"):
    import tenacity

    name = "tenacity " + metadata.version("tenacity")
    wait = tenacity.wait_random_exponential(multiplier=0.1, max=30)
    decorated = tenacity.retry(
        stop=tenacity.stop_after_attempt(4),
        wait=wait,
        retry=tenacity.retry_if_exception_type(RuntimeError),
    )(work)
    show(SUCCESS, name, decorated)
    states = [tenacity.RetryCallState(None, work, (), {}) for _ in range(8)]
    for number, state in enumerate(states, 1):
        state.attempt_number = number
    show(DELAY, name, lambda i: wait(states[i & 7]))
