import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { LAB_NOW_S, startLab, withToken, type SECRETS } from './testing/lab.ts';
import { ask } from './testing/raw.ts';

let lab: Sandbox;
beforeAll(async () => {
  lab = await startLab();
});
afterAll(() => lab.close());

const ROOT = 'root@pam!sandbox';
const NARROW = 'anna@pve!narrow';
const FULL = 'anna@pve!full';

const anna = { userid: 'anna@pve', enable: 1, expire: 0, firstname: 'Anna', comment: 'operator', 'realm-type': 'pve' };
const ben = { userid: 'ben@pve', enable: 1, expire: 0, 'realm-type': 'pve' };
const narrow = { tokenid: 'narrow', privsep: 1, expire: 0, comment: 'audit only' };
const tokens = [
  { tokenid: 'full', privsep: 0, expire: 0 },
  narrow,
  { tokenid: 'old', privsep: 0, expire: LAB_NOW_S - 60 },
];
const acl = [
  { path: '/access', type: 'group', ugid: 'ops', roleid: 'PVEUserAdmin', propagate: 0 },
  { path: '/nodes/pve2', type: 'user', ugid: 'anna@pve', roleid: 'PVEAuditor', propagate: 1 },
  { path: '/vms', type: 'user', ugid: 'anna@pve', roleid: 'PVEVMAdmin', propagate: 1 },
  { path: '/vms', type: 'token', ugid: 'anna@pve!narrow', roleid: 'PVEVMUser', propagate: 1 },
];

type Case = [who: keyof typeof SECRETS, path: string, expected: unknown];

/** What each caller reads; a text is the message of a refusal. */
const CASES: Case[] = [
  [ROOT, '/access', expect.arrayContaining([{ subdir: 'users' }, { subdir: 'ticket' }])],
  [ROOT, '/access/users?enabled=0', [{ userid: 'gone@pve', enable: 0, expire: 0, 'realm-type': 'pve' }]],
  [ROOT, '/access/users', expect.arrayContaining([anna, ben])],
  [
    ROOT,
    '/access/users?full=1',
    expect.arrayContaining([
      { ...anna, groups: 'ops', tokens },
      { ...ben, groups: 'ops', tokens: [] },
    ]),
  ],
  [NARROW, '/access/users', []],
  [ROOT, '/access/users/ben@pve', { enable: 1, expire: 0, groups: ['ops'] }],
  [
    ROOT,
    '/access/users/anna@pve',
    expect.objectContaining({ tokens: expect.objectContaining({ full: { privsep: 0, expire: 0 } }) }),
  ],
  [ROOT, '/access/users/who@pve', "no such user ('who@pve')\n"],
  [ROOT, '/access/users/anna@pve/token', tokens],
  [ROOT, '/access/users/anna@pve/token/narrow', { privsep: 1, expire: 0, comment: 'audit only' }],
  [ROOT, '/access/users/anna@pve/token/none', "no such token 'none' for user 'anna@pve'\n"],
  [ROOT, '/access/groups', [{ groupid: 'ops', comment: 'operators', users: 'anna@pve,ben@pve' }]],
  [NARROW, '/access/groups', []],
  [ROOT, '/access/groups/ops', { members: ['anna@pve', 'ben@pve'], comment: 'operators' }],
  [ROOT, '/access/groups/none', "group 'none' does not exist\n"],
  [
    ROOT,
    '/access/roles',
    expect.arrayContaining([
      { roleid: 'Watcher', privs: 'Sys.Audit,VM.Audit', special: 0 },
      { roleid: 'NoAccess', privs: '', special: 1 },
    ]),
  ],
  [ROOT, '/access/roles/Watcher', { 'Sys.Audit': 1, 'VM.Audit': 1 }],
  [ROOT, '/access/roles/None', "role 'None' does not exist\n"],
  [ROOT, '/access/acl', acl],
  [FULL, '/access/acl', []],
  [
    ROOT,
    '/access/domains',
    [
      { realm: 'pam', type: 'pam', comment: 'Linux PAM standard authentication' },
      { realm: 'pve', type: 'pve', comment: 'Proxmox VE authentication server' },
    ],
  ],
  [
    ROOT,
    '/access/domains/pve',
    expect.objectContaining({ type: 'pve', digest: expect.stringMatching(/^[0-9a-f]{40}$/) }),
  ],
  [ROOT, '/access/domains/none', "domain 'none' does not exist\n"],
  [NARROW, '/access/permissions?path=/nodes/pve2', { '/nodes/pve2': {} }],
  [FULL, '/access/permissions?path=/nodes/pve2', { '/nodes/pve2': expect.objectContaining({ 'Sys.Audit': 1 }) }],
  [FULL, '/access/permissions?userid=ben@pve', 'Permission check failed (/access, Sys.Audit)\n'],
  [
    ROOT,
    '/access/permissions?userid=ben@pve&path=/access',
    { '/access': expect.objectContaining({ 'User.Modify': 0 }) },
  ],
  [
    ROOT,
    '/access/tfa',
    [{ userid: 'ben@pve', entries: expect.arrayContaining([expect.objectContaining({ type: 'totp' })]) }],
  ],
  [NARROW, '/access/tfa', []],
  [ROOT, '/access/tfa/ben@pve', [expect.objectContaining({ id: 'totp' }), expect.objectContaining({ id: 'recovery' })]],
  [ROOT, '/access/tfa/ben@pve/recovery', expect.objectContaining({ type: 'recovery', enable: 1 })],
  [ROOT, '/access/tfa/ben@pve/none', "No such tfa entry 'none'\n"],
  [ROOT, '/access/users/ben@pve/tfa', { user: 'oath' }],
  [ROOT, '/access/users/ben@pve/tfa?multiple=1', { types: ['totp', 'recovery'] }],
];

describe('reads of access control', () => {
  it.each(CASES)('%s: %s', async (who, path, expected) => {
    const { body } = await ask(lab.url, `GET /api2/json${path}`, withToken(who));
    const { data, message } = JSON.parse(body) as { data: unknown; message?: string };
    expect(typeof expected === 'string' ? message : data).toEqual(expected);
  });

  it('tell no secret', async () => {
    const bodies = await Promise.all(
      CASES.map(async ([who, path]) => (await ask(lab.url, `GET /api2/json${path}`, withToken(who))).body),
    );
    for (const secret of ['anna-secret', 'JBSWY3DPEHPK3PXP', 'aaaa-bbbb', '22222222-']) {
      expect(bodies.filter((body) => body.includes(secret))).toEqual([]);
    }
  });
});
