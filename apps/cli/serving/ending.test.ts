import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type Sandbox, startSandbox } from '@pxa/assistant/lab';
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

/** A real `pxa serve`, over a cluster of its own unless the environment names one, as soon as it takes requests. */
async function running(over?: Record<string, string>): Promise<Running> {
  const main = new URL('../main.ts', import.meta.url).pathname;
  const args = [main, 'serve', ...(over === undefined ? ['--sandbox'] : []), '--port', '0', '--json'];
  const child = spawn(process.execPath, args, { env: { ...process.env, HOME: home, ...over } });
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

test('SIGTERM lets go of a job: its task goes on, and the next start tells how it ended', async () => {
  const sandbox = await startSandbox();
  try {
    const over = {
      HOME: newHome(),
      PXA_PVE_URL: sandbox.url,
      PXA_PVE_TOKEN_ID: sandbox.tokenId,
      PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
      PXA_PVE_FINGERPRINT: sandbox.fingerprint,
    };
    const before = await running(over);
    const { token } = before;
    const { job_id: id } = await sent(before.url, token, 'POST /backups', { vm_id: 'vm-104', storage: 'nfs-backup' });
    const job = (url: string): Promise<Record<string, unknown>> =>
      sent(url, token, `GET /jobs/${String(id)}`).then((data) => data['job'] as Record<string, unknown>);
    await expect.poll(() => backups(sandbox), PATIENT).toHaveLength(1);
    before.child.kill('SIGTERM');
    expect(await before.ended).toBe(0);
    const after = await running(over);
    expect(await job(after.url)).toMatchObject({ status: 'running' });
    await sandbox.clock.advance(3_600_000);
    await expect.poll(async () => (await job(after.url))['status'], PATIENT).toBe('completed');
    expect(backups(sandbox)).toHaveLength(1);
    after.child.kill('SIGTERM');
    expect(await after.ended).toBe(0);
  } finally {
    await sandbox.close();
  }
});

/** For a machine that does much else, and for a lease that was given back. */
const PATIENT = { timeout: 20_000 };

/** The backups that a token has begun, as the service's connection does. */
const backups = ({ state }: Sandbox): unknown[] =>
  state.tasks.filter(({ type, tokenid }) => type === 'vzdump' && tokenid !== undefined);

/** The `data` of an answer. */
async function sent(url: string, token: string, line: string, body?: object): Promise<Record<string, unknown>> {
  const [method = '', path = ''] = line.split(' ');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: body === undefined ? { authorization: headers.authorization, connection: 'close' } : headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return ((await answer.json()) as { data: Record<string, unknown> }).data; // the envelope
}

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
