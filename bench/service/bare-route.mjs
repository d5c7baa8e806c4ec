// A bare Fastify route that answers the bytes of a file: what a service that adds nothing would be. Prints its port.
import { readFileSync } from 'node:fs';
import fastify from 'fastify';

const body = readFileSync(process.argv[2] ?? '', 'utf8');
const app = fastify();
app.get('/', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
console.log(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
