import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { newHome } from '../in-process.ts';

// One for all, so that the second start finds what the first compiled.
const home = newHome();
const children: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: string;
  readonly token: string;
  readonly log: () => string;
  readonly ended: Promise<number | null>;
}

/** A real `pxa serve --sandbox`, as soon as it takes requests. */
async function running(): Promise<Running> {
  const main = new URL('../main.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [main, 'serve', '--sandbox', '--port', '0', '--json'], {
    env: { ...process.env, HOME: home },
  });
  children.push(child);
  let log = '';
  child.stderr.on('data', (part: Buffer) => (log += part.toString()));
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  return { child, url, token, log: () => log, ended };
}

/** A request that is half sent: the service has begun with it and waits for the rest. */
async function halfSent({ url, token }: Running): Promise<{ rest: () => void; answer: Promise<string> }> {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  const body = JSON.stringify({ request: 'how many VMs are there?' });
  let text = '';
  socket.on('data', (part: Buffer) => (text += part.toString()));
  socket.on('error', () => undefined);
  const answer = once(socket, 'close').then(() => text);
  await once(socket, 'connect');
  socket.write(
    `POST /v1/ask HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n` +
      `content-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
  );
  return { rest: () => socket.write(body.slice(10)), answer };
}

test('SIGTERM: what came in is answered, nothing new is taken, and it ends with 0', async () => {
  const service = await running();
  const half = await halfSent(service);
  // It has been read as far as it goes when another request, sent later, is answered.
  await fetch(`${service.url}/health`, { headers: { connection: 'close' } });
  service.child.kill('SIGTERM');
  await refused(service.url);
  half.rest();
  expect(await half.answer).toMatch(/^HTTP\/1\.1 200 .*"kind":"answer"/s);
  expect(await service.ended).toBe(0);
  const lines = service.log().trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { route?: string }).route)).toContain('/v1/ask');
});

test('a second signal ends it at once', async () => {
  const service = await running();
  await halfSent(service);
  await fetch(`${service.url}/health`, { headers: { connection: 'close' } });
  service.child.kill('SIGTERM');
  await refused(service.url);
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(143);
});

/** Settles when nobody takes connections there any more. */
async function refused(url: string): Promise<void> {
  for (;;) {
    try {
      await (await fetch(`${url}/health`, { headers: { connection: 'close' } })).text();
    } catch {
      return;
    }
  }
}
