// SPDX-License-Identifier: MIT
// express-rate-limit on loopback, 100 per window of a second for all clients together:
// express.mjs PORT draft-7|none
import express from 'express';
import { rateLimit } from 'express-rate-limit';

const [port, fields] = process.argv.slice(2);
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
const server = app.listen(Number(port), '127.0.0.1', () => console.log('ready'));
server.keepAliveTimeout = 60000;
