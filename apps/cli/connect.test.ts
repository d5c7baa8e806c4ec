import { readdirSync } from 'node:fs';
import type { Sandbox } from '@pxa/sandbox';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ran } from './in-process.ts';
import { newHome, runPxa } from './in-process.ts';

const NOW = Date.UTC(2026, 1, 23, 10);

let sandbox: Sandbox;
beforeAll(async () => {
  // A clock that stands still holds no refused sign-in back.
  sandbox = await startSandbox({ password: 'geheim', clock: new SandboxClock(NOW, 0) });
});
afterAll(() => sandbox.close());

const files = (home: string): string[] => readdirSync(home, { recursive: true }).map(String);

describe('pxa connect', () => {
  const connect = (home: string, answers: string[], ...argv: string[]): Promise<Ran> =>
    runPxa(['connect', sandbox.url, ...argv], { stdin: answers.join('\n') + '\n', env: { HOME: home } });

  test('shows the certificate, signs in, says what works, and saves', async () => {
    const home = newHome();
    const ran = await connect(home, ['yes', sandbox.tokenId, sandbox.tokenSecret]);
    expect(ran.stderr).toContain(sandbox.fingerprint);
    expect(ran.stdout).toMatch(/Signed in to Proxmox VE 9\.2\S* as root@pam!sandbox\.\nIt may read everything/);
    expect(ran.stdout).toContain('Saved as 127.0.0.1');
    expect(ran.stdout + ran.stderr).not.toContain(sandbox.tokenSecret);
    expect(ran.code).toBe(0);

    const asked = await runPxa(['get', '/version', '--json'], { env: { HOME: home } });
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.stdout)).toMatchObject({ release: '9.2' });
    const listed = await runPxa(['connections'], { env: { HOME: home } });
    expect(listed.stdout).toBe(`* 127.0.0.1  ${sandbox.url}  root@pam!sandbox\n`);
  });

  test('a user and a password do as well', async () => {
    const home = newHome();
    const ran = await connect(home, ['root@pam', 'geheim'], '--fingerprint', sandbox.fingerprint, '--name', 'lab');
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Saved as lab') });
    expect((await runPxa(['get', '/version', '--connection', 'lab'], { env: { HOME: home } })).code).toBe(0);
    expect((await runPxa(['connections', 'remove', 'lab'], { env: { HOME: home } })).code).toBe(0);
    expect((await runPxa(['get', '/version'], { env: { HOME: home } })).code).toBe(5);
  });

  const refused: [string, string[], RegExp][] = [
    ['the certificate is not the same', ['no'], /was not accepted; nothing was sent/],
    ['no answer about the certificate', [''], /was not accepted/],
    ['a wrong secret', ['yes', 'root@pam!sandbox', '00000000-0000-0000-0000-000000000000'], /token|sign|refused|401/i],
    ['a wrong password', ['yes', 'root@pam', 'falsch'], /password|sign|refused|401/i],
  ];
  test.each(refused)('nothing is saved: %s', async (_, answers, says) => {
    const home = newHome();
    const ran = await connect(home, answers);
    expect(ran.stderr).toMatch(says);
    expect(ran.code).toBe(5);
    expect(files(home).filter((file) => file.endsWith('.json'))).toEqual([]);
  });

  test('a fingerprint of another server is refused before anything is sent', async () => {
    const ran = await connect(
      newHome(),
      ['root@pam!sandbox', sandbox.tokenSecret],
      '--fingerprint',
      'AA:'.repeat(31) + 'AA',
    );
    expect(ran).toMatchObject({ code: 5, stderr: expect.stringContaining(sandbox.fingerprint) });
  });
});

test('a second factor is asked for, when connecting and later on', async () => {
  const recovery = ['aaaa-bbbb-cccc-dddd', 'eeee-ffff-0000-1111'];
  const guarded = await startSandbox({ clock: new SandboxClock(NOW, 0), tfa: { 'root@pam': { recovery } } });
  try {
    const home = newHome();
    const argv = [
      'connect',
      guarded.url,
      '--fingerprint',
      guarded.fingerprint,
      '--username',
      'root@pam',
      '--name',
      'lab',
    ];
    const ran = await runPxa(argv, { stdin: `sandbox\n${recovery[0]}\n`, env: { HOME: home } });
    expect(ran.stderr).toContain('Second factor (recovery):');
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Saved as lab') });
    const presses: [RegExp, string][] = [[/Second factor/, `${recovery[1]}\r`]];
    const asked = await runPxa(['get', '/version'], {
      env: { HOME: home },
      terminal: { columns: 80, rows: 24, presses },
    });
    expect(asked.stdout).toMatch(/release +9\.2/);
    const unasked = await runPxa(['get', '/version'], { env: { HOME: home } });
    expect(unasked).toMatchObject({ code: 5, stderr: expect.stringMatching(/second factor/i) });
  } finally {
    await guarded.close();
  }
});

describe('with the environment set', () => {
  const env = (): Record<string, string> => ({
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: sandbox.tokenId,
    PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
  });

  test('pxa doctor finds everything well', async () => {
    const ran = await runPxa(['doctor'], { env: env(), now: NOW });
    expect(ran.stdout).toMatch(
      /✓ reachability[\s\S]*✓ version[\s\S]*✓ clock[\s\S]*certificate[\s\S]*✓ privileges[\s\S]*✓ quorum/,
    );
    expect(ran.code).toBe(0);
  });

  test('pxa doctor as JSON, of a cluster that is not there', async () => {
    const ran = await runPxa(['doctor', '--json'], { env: { ...env(), PXA_PVE_URL: 'https://127.0.0.1:1' } });
    expect(JSON.parse(ran.stdout)).toMatchObject([{ name: 'reachability', state: 'bad' }]);
    expect(ran.code).toBe(5);
  });

  test('pxa get shows the call and the data', async () => {
    const ran = await runPxa(['get', '/api2/json/nodes/'], { env: env() });
    expect(ran.stdout).toMatch(/^\[REST API\] GET \/api2\/json\/nodes — 200 OK \(\d+ms\)\n.*node.*\n/);
    expect(ran.stdout).toContain('pve-node02');
    expect(ran.code).toBe(0);
  });

  test('pxa get hands parameters on, and says how much more there is', async () => {
    const ran = await runPxa(['get', '/nodes/pve-node01/tasks', 'limit=2', '-q'], { env: env() });
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(4);
    expect(ran.stdout).toMatch(/more entr(y|ies) of \d+: start=N and limit=N/);
  });

  test("pxa get tells Proxmox's refusals, by parameter", async () => {
    const ran = await runPxa(['get', '/nodes/pve-node01/tasks', 'limit=x'], { env: env() });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('limit: ') });
  });
});
