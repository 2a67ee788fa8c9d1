// SPDX-License-Identifier: MIT
// express-rate-limit on loopback, on each of COUNT ports 100 per window of a second for all clients
// together: express.mjs PORT COUNT draft-7|none. Says `ready` when all are open.
import express from 'express';
import { rateLimit } from 'express-rate-limit';

const [port, count, fields] = process.argv.slice(2);

/** Each port has a limit of its own. */
function listen(port) {
    const app = express();
    app.use(rateLimit({
        windowMs: 1000,
        limit: 100,
        standardHeaders: fields === 'none' ? false : fields,
        legacyHeaders: false,
        keyGenerator: () => 'all',
        validate: false,
        // Retry-After comes with the fields; `none` is a server that tells nothing at all.
        handler: (req, res) => {
            if (fields === 'none') res.removeHeader('Retry-After');
            res.status(429).end();
        },
    }));
    app.use((req, res) => { req.resume(); res.status(200).end('{}'); });
    return new Promise((resolve, reject) => {
        const server = app.listen(port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
        server.keepAliveTimeout = 60000;
    });
}

for (let i = 0; i < Number(count); ++i) await listen(Number(port) + i);
console.log('ready');
