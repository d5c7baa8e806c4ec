import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { newHome, type Ran, runPxa } from '../in-process.ts';

/** A service waits as it does for people: what it does now and then would otherwise never let go. */
const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  wait(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch(() => undefined);

interface Served {
  readonly url: string;
  readonly token: string;
  readonly stop: () => Promise<Ran>;
}

/** `pxa serve --sandbox` in this process, until it is stopped. */
async function served(argv: string[] = [], env: Record<string, string> = {}): Promise<Served> {
  let isStopped = (): void => undefined;
  const stop = new Promise<void>((resolve) => (isStopped = resolve));
  let shown = (_text: string): void => undefined;
  const line = new Promise<string>((resolve) => (shown = resolve));
  const run = runPxa(['serve', '--sandbox', '--port', '0', '--json', ...argv], {
    env: { HOME: newHome(), ...env },
    stop,
    sleep,
    now: () => Date.now(),
    onOutput: (text) => text.includes('\n') && shown(text),
  });
  const early = run.then((ran) => Promise.reject(new Error(`it ended: ${ran.stderr}`)));
  const { url, token } = JSON.parse(await Promise.race([line, early])) as { url: string; token: string };
  early.catch(() => undefined);
  return {
    url,
    token,
    stop: () => {
      isStopped();
      return run;
    },
  };
}

async function ask({ url, token }: Served, line: string, body?: object): Promise<{ status: number; body: Body }> {
  const [method = 'GET', path = ''] = line.split(' ');
  const answered = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answered.status, body: (await answered.json()) as Body };
}
/** A home whose settings say this. */
function homeWith(settings: object): string {
  const home = newHome();
  const folder = join(home, '.config', 'pxa');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  return home;
}

type Body = { data: Record<string, unknown>; error?: unknown };

describe('a sandbox service', () => {
  test('says what it is, and begins anew when it is asked to: tokens stay, plans end', async () => {
    const service = await served();
    const info = await ask(service, 'GET /info');
    expect(info.body.data).toMatchObject({
      environment: 'sandbox',
      banner: expect.stringMatching(/nothing here is a real cluster/),
      next_reset: expect.stringMatching(/T00:00:00\.000Z$/),
    });
    const careful = await ask(service, 'POST /auth/tokens', {
      name: 'careful',
      permissions: ['vm:write'],
      approval: 'required',
    });
    const token = String(careful.body.data['access_token']);
    const planned = await ask({ ...service, token }, 'POST /vms/vm-105/restart');
    const plan = String(planned.body.data['approval_id']);
    await ask(service, 'POST /vms/vm-103/stop', { graceful: false });
    expect((await ask(service, 'POST /sandbox/reset')).status).toBe(200);
    const { vms } = (await ask(service, 'GET /vms?status=running')).body.data as { vms: { id: string }[] };
    expect(vms.map(({ id }) => id)).toContain('vm-103');
    const approval = (await ask(service, `GET /approvals/${plan}`)).body.data as { approval: { state: string } };
    expect(approval.approval.state).toBe('cancelled');
    expect((await service.stop()).code).toBe(0);
  });

  test('allows ten times as much', async () => {
    const service = await served();
    const answered = await fetch(`${service.url}/vms`, { headers: { authorization: `Bearer ${service.token}` } });
    expect(answered.headers.get('x-ratelimit-limit')).toBe('10000');
    await service.stop();
  });
});

describe('where it would not be safe it is not started', () => {
  const unsafe: [argv: string[], env: Record<string, string>, says: RegExp][] = [
    [['--host', '0.0.0.0'], {}, /in the clear[^]*--tls-cert[^]*--behind-proxy/],
    [['--host', '::'], {}, /in the clear/],
    [['--host', '0.0.0.0', '--dev', '--behind-proxy'], {}, /for this machine alone/],
    [['--tls-cert', '/none.pem'], {}, /belong together/],
    [['--tls-cert', '/none.pem', '--tls-key', '/none.pem'], {}, /cannot be read/],
    [['--tls-cert', import.meta.filename, '--tls-key', import.meta.filename], {}, /is no PEM file|certificate/],
    [[], { PXA_LOG_LEVEL: 'loud' }, /PXA_LOG_LEVEL/],
    [[], { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, /http:\/\/collector:4318/],
  ];
  test.each(unsafe)('%j %j', async (argv, env, says) => {
    const ran = await runPxa(['serve', '--sandbox', '--port', '0', ...argv], {
      env: { HOME: newHome(), ...env },
      sleep,
    });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(says);
  });

  test('an issuer without TLS', async () => {
    const HOME = homeWith({ service: { oauth: { issuer: 'http://id.example.com', audience: 'pxa' } } });
    const ran = await runPxa(['serve', '--sandbox', '--port', '0'], { env: { HOME }, sleep });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringMatching(/is not https/) });
  });
});

test('the password of the database is not told where it cannot be reached', async () => {
  const env = {
    HOME: newHome(),
    PXA_DATABASE_URL: 'postgres://pxa:planted-database-password@127.0.0.1:1/pxa',
    PXA_PVE_URL: 'https://127.0.0.1:9',
    PXA_PVE_TOKEN_ID: 'root@pam!pxa',
    PXA_PVE_TOKEN_SECRET: '11111111-2222-3333-4444-555555555555',
    PXA_DEBUG: '1',
  };
  const ran = await runPxa(['serve', '--port', '0'], { env, sleep });
  expect(ran).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/PostgreSQL at 127\.0\.0\.1:1\/pxa cannot be reached/),
  });
  expect(ran.stdout + ran.stderr).not.toMatch(/planted|11111111/);
});

test('the rules of approval hold for requests, too: a second person has to say so, within the time', async () => {
  const approvals = { needed: { change: 2 } };
  const service = await served([], { HOME: homeWith({ approvals }), PXA_APPROVAL_MINUTES: '5' });
  const asked = await ask(service, 'POST /vms/vm-104/start');
  expect(asked).toMatchObject({ status: 202, body: { data: { status: 'pending_approval', job_id: null } } });
  const shown = await ask(service, `GET /approvals/${String(asked.body.data['approval_id'])}`);
  const approval = shown.body.data['approval'] as Record<string, string>;
  expect(approval).toMatchObject({ needed: 2, state: 'pending' });
  expect(Date.parse(approval['expires_at'] ?? '') - Date.parse(approval['requested_at'] ?? '')).toBe(300_000);
  await service.stop();
});

test('for development, a name and password of the environment are taken', async () => {
  const service = await served(['--dev'], { PXA_DEV_USER: 'dev', PXA_DEV_PASSWORD: 'geheim' });
  const authorization = `Basic ${Buffer.from('dev:geheim').toString('base64')}`;
  expect((await fetch(`${service.url}/vms`, { headers: { authorization } })).status).toBe(200);
  await service.stop();
});

test('behind a proxy it listens anywhere', async () => {
  const service = await served(['--host', '0.0.0.0', '--behind-proxy']);
  const port = new URL(service.url).port;
  expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  await service.stop();
});

test('with a certificate it speaks TLS', async () => {
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const folder = newHome();
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const service = await served(['--host', '0.0.0.0', '--tls-cert', certFile, '--tls-key', keyFile]);
  expect(service.url).toMatch(/^https:/);
  const { port } = new URL(service.url);
  const sent = httpsRequest({
    host: '127.0.0.1',
    port,
    path: '/livez',
    ca: readFileSync(certFile),
    servername: 'localhost',
  });
  sent.end();
  const [answered] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  expect(answered.statusCode).toBe(200);
  expect(answered.headers).toHaveProperty('strict-transport-security');
  answered.resume();
  await service.stop();
});
