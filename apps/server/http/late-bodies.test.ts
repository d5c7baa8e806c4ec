import { connect, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropLateBodies } from './late-bodies.ts';

const PATIENCE_MS = 100;
/** More than is read ahead: whoever does not read it holds its sender up. */
const MUCH = 8 * 1024 * 1024;

let app: FastifyInstance;
let isRead = Promise.resolve();
beforeAll(async () => {
  app = fastify({ bodyLimit: 2 * MUCH });
  dropLateBodies(app, PATIENCE_MS);
  app.addContentTypeParser('multipart/form-data', (_request, payload, done) => done(null, payload));
  app.post('/', async (request) => {
    await isRead;
    let bytes = 0;
    for await (const part of request.body as Readable) bytes += (part as Buffer).length;
    return { bytes };
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

/** A file that is being sent: its head is, the rest is up to the test. */
async function sending(length: number): Promise<{ socket: Socket; answer: Promise<string> }> {
  const { port } = app.server.address() as AddressInfo; // it listens on a port
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString()));
  socket.on('error', () => undefined);
  const answer = once(socket, 'close').then(() => text);
  await once(socket, 'connect');
  socket.write(
    `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${length}\r\n\r\n`,
  );
  return { socket, answer };
}

test('a file that pauses is dropped', async () => {
  const { socket, answer } = await sending(100);
  socket.write('x'.repeat(50));
  expect(await answer).toBe('');
});

test('a file that comes slowly, and without a pause, is taken', async () => {
  const { socket, answer } = await sending(100);
  for (let part = 0; part < 10; part++) {
    socket.write('x'.repeat(10));
    await wait(PATIENCE_MS / 4);
  }
  expect(await answer).toMatch(/200 OK.*"bytes":100/s);
});

test('a file that waits because nobody takes it is not dropped for that', async () => {
  let read = (): void => undefined;
  isRead = new Promise((resolve) => (read = resolve));
  const { socket, answer } = await sending(MUCH);
  socket.write(Buffer.alloc(MUCH));
  await wait(PATIENCE_MS * 3);
  read();
  expect(await answer).toMatch(new RegExp(`200 OK.*"bytes":${MUCH}`, 's'));
});
