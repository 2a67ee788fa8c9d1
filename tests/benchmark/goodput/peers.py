# SPDX-License-Identifier: MIT
# What a client built on a library for Python gets through a limit, see goodput.sh:
# peers.py URL tenacity|backoff WORKERS MESSAGES, one line for each message as goodput.cpp prints it.
# Both retry what is answered by 429 as bide-benchmark-goodput's `jitter` does: 10 tries, 100 ms,
# doubled, at most 20 s, full jitter.

import http.client
import itertools
import os
import sys
import threading
import time
from urllib.parse import urlsplit

url, name, workers, messages = sys.argv[1:]


class Rejected(Exception):
    pass


def retrying(call):
    if name == "tenacity":
        import tenacity

        return tenacity.retry(
            retry=tenacity.retry_if_exception_type(Rejected),
            wait=tenacity.wait_random_exponential(multiplier=0.1, max=20),
            stop=tenacity.stop_after_attempt(10),
            reraise=True,
        )(call)
    import backoff

    return backoff.on_exception(
        backoff.expo, Rejected, max_tries=10, factor=0.1, max_value=20, logger=None
    )(call)


turns = itertools.count()
start = time.monotonic()
lines = []


def work():
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    refused = 0

    def post():
        nonlocal refused
        connection.request("POST", "/", "{}")
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            refused += 1
            raise Rejected(response.status)

    send = retrying(post)
    while next(turns) < int(messages):
        began = time.monotonic()
        refused = 0
        how = "accepted"
        try:
            send()
        except Rejected:
            how = "given-up"
        now = time.monotonic()
        lines.append(f"{how} {now - start:.6f} {now - began:.6f} {refused}")


def fail(args):  # a message that got lost otherwise is no result
    threading.__excepthook__(args)
    os._exit(1)


threading.excepthook = fail
threads = [threading.Thread(target=work) for _ in range(int(workers))]
for each in threads:
    each.start()
for each in threads:
    each.join()
print("\n".join(lines))
