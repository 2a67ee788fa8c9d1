// SPDX-License-Identifier: MIT
// Rate limiters that many servers run, each on a port of its own on loopback; a client is a path.
// Prints one line a server, its name and its address, then "ready". Ends by itself after two minutes,
// should nobody end it.
import fastifyRateLimit from '@fastify/rate-limit';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import fastify from 'fastify';
import Koa from 'koa';
import koaRateLimit from 'koa-ratelimit';
import { once } from 'node:events';
import { createServer } from 'node:http';

const limit = 2;
const windowMs = 1000;

function onExpress(headers) {
    const app = express();
    app.use(rateLimit({ windowMs, limit, keyGenerator: (req) => req.path, ...headers }));
    app.use((req, res) => res.send('accepted\n'));
    return app;
}

async function onFastify() {
    const app = fastify();
    await app.register(fastifyRateLimit, {
        max: limit,
        timeWindow: windowMs,
        keyGenerator: (req) => req.url,
    });
    app.get('/*', async () => 'accepted\n');
    await app.ready();
    return app.routing;
}

function onKoa() {
    const app = new Koa();
    app.use(koaRateLimit({
        driver: 'memory',
        db: new Map(),
        max: limit,
        duration: windowMs,
        id: (ctx) => ctx.path,
    }));
    app.use((ctx) => { ctx.body = 'accepted\n'; });
    return app.callback();
}

const limiters = {
    'express-draft-6': onExpress({ standardHeaders: 'draft-6', legacyHeaders: false }),
    'express-draft-7': onExpress({ standardHeaders: 'draft-7', legacyHeaders: false }),
    'express-draft-8': onExpress({ standardHeaders: 'draft-8', legacyHeaders: false }),
    'express-legacy': onExpress({ standardHeaders: false, legacyHeaders: true }),
    'fastify': await onFastify(),
    'koa': onKoa(),
};

const servers = Object.entries(limiters).map(async ([name, handler]) => {
    const server = createServer(handler).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `${name} http://127.0.0.1:${server.address().port}\n`;
});
process.stdout.write((await Promise.all(servers)).join('') + 'ready\n');
setTimeout(() => process.exit(0), 120_000);
