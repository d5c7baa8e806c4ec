import type { Sandbox } from '@pxa/sandbox';
import { SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ran } from './in-process.ts';
import { newHome, runPxa } from './in-process.ts';

const NOW = Date.UTC(2026, 1, 23, 10);
const SECRET = '11111111-2222-3333-4444-555555555555';
const token = (userid: string): { tokenid: string; privsep: number } => ({ tokenid: `${userid}!pxa`, privsep: 0 });

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({
    clock: new SandboxClock(NOW, 0),
    access: {
      users: ['nothing@pve', 'one@pve', 'auditor@pve'].map((userid) => ({ userid, enable: 1, expire: 0 })),
      groups: [],
      tokens: ['nothing@pve', 'one@pve', 'auditor@pve'].map(token),
      roles: [],
      pools: [],
      acl: [
        { path: '/vms/100', type: 'user', ugid: 'one@pve', roleid: 'PVEAuditor', propagate: 1 },
        { path: '/', type: 'user', ugid: 'auditor@pve', roleid: 'PVEAuditor', propagate: 1 },
      ],
    },
    tokens: { 'nothing@pve!pxa': SECRET, 'one@pve!pxa': SECRET, 'auditor@pve!pxa': SECRET },
  });
});
afterAll(() => sandbox.close());

function asUser(user: string, argv: string[]): Promise<Ran> {
  const env = {
    HOME: newHome(),
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: `${user}@pve!pxa`,
    PXA_PVE_TOKEN_SECRET: SECRET,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
  };
  return runPxa(argv, { env, now: NOW });
}

describe('what a token may not see is told', () => {
  const connect: [string, RegExp][] = [
    ['nothing', /no privilege at all[\s\S]*guests: not visible \(VM\.Audit on \/vms\)[\s\S]*-role PVEAuditor/],
    ['one', /What it will not be able to tell:[\s\S]*guests: not visible except for \/vms\/100/],
    ['auditor', /What it will not be able to tell:\n {2}backup archives: [^\n]*\n {2}pending updates: /],
  ];
  test.each(connect)('connecting as %s', async (user, says) => {
    const argv = ['connect', sandbox.url, '--fingerprint', sandbox.fingerprint, '--token-id', `${user}@pve!pxa`];
    const ran = await asUser(user, argv);
    expect(ran.stdout).toMatch(says);
    expect(ran.stdout).toContain('Saved as');
    expect(ran.code).toBe(0);
  });

  test('pxa doctor as a token that sees one guest', async () => {
    const ran = await asUser('one', ['doctor']);
    expect(ran.stdout).toMatch(/✓ reachability[\s\S]*! privileges +guests: not visible except for \/vms\/100/);
    expect(ran.stdout).toMatch(/! quorum .*Sys\.Audit/);
    expect(ran.code).toBe(0);
  });

  test('a question that it may not have answered', async () => {
    const ran = await asUser('one', ['ask', 'does the cluster have quorum?']);
    expect(ran.stdout).toContain('Sys.Audit');
  });

  test('only the guest that it may see', async () => {
    const ran = await asUser('one', ['ask', 'list all VMs', '-q']);
    expect(ran.stdout).toContain('dc01-win2022');
    expect(ran.stdout).not.toContain('app-server-prod');
  });

  test('a path that it may not read', async () => {
    const ran = await asUser('nothing', ['get', '/cluster/status']);
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('Sys.Audit') });
  });
});
