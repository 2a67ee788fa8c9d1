// SPDX-License-Identifier: MIT
// What libraries for node cost for a call that succeeds, for one delay and in gates that let go at
// once, see peers.sh. Runs in the folder where they are installed.

import { readFileSync } from 'node:fs';
import process from 'node:process';

const success = 'success path';
const delay = 'one jittered delay';
const limit = 'one of at most 64 at a time';
const breaker = 'a circuit breaker, closed';

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** Nanoseconds of the processor per call; the first round only warms up. */
async function show(question, name, calls, batch) {
  const times = [];
  for (let round = 0; round < 6; ++round) {
    const begin = process.cpuUsage();
    await batch(calls);
    const { user, system } = process.cpuUsage(begin);
    if (round > 0) times.push((1000 * (user + system)) / calls);
  }
  console.log([question, 'node', name, median(times).toFixed(1)].join('\t'));
}

const oneByOne = (f) => async (n) => {
  for (let i = 0; i < n; ++i) await f(i);
};

let used = 0;  // so that nothing is left out
const each = (f) => (n) => {
  for (let i = 0; i < n; ++i) used += f(i);
};

const version = (name) =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;

async function peer(name, use) {
  let library;
  try {
    library = await import(name);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.log(`skipped\t${name}: not there, npm install ${name}`);
    return;
  }
  await use(library, `${name} ${version(name)}`);
}

const work = async (x) => x + 1;

async function byHand(x) {
  for (let n = 0; ; ++n) {
    try {
      return await work(x);
    } catch (error) {
      if (n === 3) throw error;
    }
    await new Promise((done) => setTimeout(done, 100 * 2 ** n));
  }
}

await show(success, 'by hand', 50000, oneByOne(byHand));
await show(delay, 'by hand', 200000,
  each((i) => Math.random() * Math.min(30000, 100 * 2 ** (i & 7))));

let busy = 0;
await show(limit, 'by hand', 50000, oneByOne(async (x) => {
  if (busy >= 64) throw new Error('full');
  ++busy;
  try {
    return await work(x);
  } finally {
    --busy;
  }
}));

let failures = 0;
await show(breaker, 'by hand', 50000, oneByOne(async (x) => {
  if (failures >= 5) throw new Error('open');
  try {
    const result = await work(x);
    failures = 0;
    return result;
  } catch (error) {
    ++failures;
    throw error;
  }
}));

await peer('cockatiel', async (c, name) => {
  const backoff = new c.ExponentialBackoff(
    { generator: c.fullJitterGenerator, initialDelay: 100, maxDelay: 30000 });
  const policy = c.retry(c.handleAll, { maxAttempts: 3, backoff });
  await show(success, name, 20000, oneByOne((x) => policy.execute(() => work(x))));
  let state = backoff.next();
  await show(delay, name, 50000, each((i) => {
    state = (i & 7) === 0 ? backoff.next() : state.next();
    return state.duration;
  }));
  const few = c.bulkhead(64);
  await show(limit, name, 20000, oneByOne((x) => few.execute(() => work(x))));
  const opens = { halfOpenAfter: 10000, breaker: new c.ConsecutiveBreaker(5) };
  const closed = c.circuitBreaker(c.handleAll, opens);
  await show(breaker, name, 20000, oneByOne((x) => closed.execute(() => work(x))));
});

await peer('p-retry', async (p, name) => {
  await show(success, name, 2000, oneByOne((x) => p.default(() => work(x), { retries: 3 })));
});

await peer('bottleneck', async (b, name) => {
  const limiter = new b.default({ maxConcurrent: 64 });
  await show(limit, name, 40, oneByOne((x) => limiter.schedule(() => work(x))));
});

if (!(used > 0)) throw new Error('nothing was drawn');
