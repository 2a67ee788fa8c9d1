// SPDX-License-Identifier: MIT
// What a client built on a library for node gets through a limit, see goodput.sh:
// peers.mjs URL p-retry|cockatiel|bottleneck WORKERS MESSAGES, one line for each message as
// goodput.cpp prints it. Runs in the folder where they are installed. All retry what is answered by
// 429 as bide-benchmark-goodput's `jitter` does: 10 tries, 100 ms, doubled, at most 20 s.
import http from 'node:http';
import process from 'node:process';

const [url, name, workers, messages] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true });

class Rejected extends Error {}

function post() {
    return new Promise((resolve, reject) => {
        const request = http.request(url, { method: 'POST', agent }, (response) => {
            response.resume();
            response.on('end', () => {
                if (response.statusCode === 200) resolve();
                else reject(new Rejected(`status ${response.statusCode}`));
            });
        });
        request.on('error', reject);
        request.end('{}');
    });
}

/** Each with the jitter that is its own default. */
const clients = {
    'p-retry': ({ default: retry }) => (send) =>
        retry(send, { retries: 9, minTimeout: 100, maxTimeout: 20000, randomize: true }),
    cockatiel: ({ retry, handleType, ExponentialBackoff }) => {
        const backoff = new ExponentialBackoff({ initialDelay: 100, maxDelay: 20000 });
        const policy = retry(handleType(Rejected), { maxAttempts: 9, backoff });
        return (send) => policy.execute(send);
    },
    bottleneck: ({ default: Bottleneck }) => {  // which is told the limit
        const limiter = new Bottleneck({ minTime: 10 });
        limiter.on('failed', (error, { retryCount }) => {
            if (error instanceof Rejected && retryCount < 9)
                return Math.random() * Math.min(20000, 100 * 2 ** retryCount);
        });
        return (send) => limiter.schedule(send);
    },
};

const call = clients[name](await import(name));
const start = performance.now();
let next = 0;

async function work() {
    while (next++ < Number(messages)) {
        const began = performance.now();
        let refused = 0;
        let how = 'accepted';
        try {
            await call(() => post().catch((error) => {
                refused += error instanceof Rejected;
                throw error;
            }));
        } catch (error) {
            if (!(error instanceof Rejected)) throw error;
            how = 'given-up';
        }
        const now = performance.now();
        console.log(how, (now - start) / 1000, (now - began) / 1000, refused);
    }
}

await Promise.all(Array.from({ length: Number(workers) }, work));
agent.destroy();
