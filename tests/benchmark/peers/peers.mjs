// SPDX-License-Identifier: MIT
// What libraries for node cost on the success path and for one delay, see peers.sh. Runs in the
// folder where they are installed.

import { readFileSync } from 'node:fs';
import process from 'node:process';

const success = 'success path';
const delay = 'one jittered delay';

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
});

await peer('p-retry', async (p, name) => {
  await show(success, name, 2000, oneByOne((x) => p.default(() => work(x), { retries: 3 })));
});

await peer('bottleneck', async (b, name) => {
  const limiter = new b.default();
  await show(success, `${name}, no limits`, 40, oneByOne((x) => limiter.schedule(() => work(x))));
});

if (!(used > 0)) throw new Error('nothing was drawn');
