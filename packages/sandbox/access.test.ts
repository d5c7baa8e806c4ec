import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessFor, emptyAccessConfig } from './access.ts';
import type { AccessConfig, AclEntry } from './access.ts';

const joe = 'joe@pve';

/** A cluster of two users, a group of one, a token with its own ACL and one without, and a pool of a guest. */
function config(acl: AclEntry[]): AccessConfig {
  return {
    users: [{ userid: joe }, { userid: 'ann@pve' }],
    groups: [{ groupid: 'ops', users: [joe, 'gone@pve'] }],
    tokens: [{ tokenid: `${joe}!sep`, privsep: 1 }, { tokenid: `${joe}!full`, privsep: 0 }, { tokenid: 'x@pve!lost' }],
    roles: [{ roleid: 'Start', privs: ['VM.PowerMgmt'] }],
    pools: [{ poolid: 'p', vms: [100], storage: ['s1'] }],
    acl,
  };
}

function user(path: string, roleid: string, propagate = 1, ugid = joe): AclEntry {
  return { path, type: 'user', ugid, roleid, propagate };
}

const cases: [says: string, acl: AclEntry[], who: string | null, path: string, priv: string, can: boolean][] = [
  ['a role reaches what is below', [user('/vms', 'Start')], joe, '/vms/100', 'VM.PowerMgmt', true],
  ['not where it does not propagate', [user('/vms', 'Start', 0)], joe, '/vms/100', 'VM.PowerMgmt', false],
  [
    'a nearer role replaces it',
    [user('/vms', 'Start'), user('/vms/1', 'PVEAuditor')],
    joe,
    '/vms/1',
    'VM.PowerMgmt',
    false,
  ],
  ['NoAccess takes all', [user('/', 'Administrator'), user('/vms', 'NoAccess')], joe, '/vms/100', 'VM.Audit', false],
  ['a group gives', [{ ...user('/vms', 'Start'), type: 'group', ugid: 'ops' }], joe, '/vms/1', 'VM.PowerMgmt', true],
  ['others get nothing', [user('/', 'Administrator')], 'ann@pve', '/vms/100', 'VM.Audit', false],
  ['nobody gets nothing', [user('/', 'Administrator')], null, '/', 'Sys.Audit', false],
  ['a pool gives its members', [user('/pool/p', 'Start')], joe, '/vms/100', 'VM.PowerMgmt', true],
  ['and no others', [user('/pool/p', 'Start')], joe, '/vms/101', 'VM.PowerMgmt', false],
  ['a full token is its user', [user('/vms', 'Start')], `${joe}!full`, '/vms/1', 'VM.PowerMgmt', true],
  ['a separated one has nothing of its own', [user('/vms', 'Start')], `${joe}!sep`, '/vms/1', 'VM.PowerMgmt', false],
  ['unknown roles do not count', [user('/vms', 'Nonsense')], joe, '/vms/1', 'VM.PowerMgmt', false],
  ['root may all', [], 'root@pam', '/anything', 'Permissions.Modify', true],
];

test.each(cases)('%s', (_, acl, who, path, priv, can) => {
  const access = accessFor(config(acl), who);
  expect(access.can(path, priv)).toBe(can);
  expect(access.canAny(path, [priv])).toBe(can);
  expect(priv in access.privileges(path)).toBe(can);
});

test('a changed configuration is a new object, and gives a new answer', () => {
  const before = config([]);
  const after = { ...before, acl: [user('/vms', 'Start')] };
  expect([before, after].map((one) => accessFor(one, joe).can('/vms/1', 'VM.PowerMgmt'))).toEqual([false, true]);
});

test('a refusal names what is missing', () => {
  const access = accessFor(emptyAccessConfig(), joe);
  const verdict = access.checkRoute('GET /nodes/{node}/qemu/{vmid}/config', { node: 'a', vmid: '100' });
  expect(verdict).toEqual({ ok: false, status: 403, message: 'Permission check failed (/vms/100, VM.Audit)\n' });
});

describe('whatever the ACL says', () => {
  const paths = ['/', '/vms', '/vms/100', '/storage', '/storage/s1', '/pool/p', '/nodes/a'];
  const entry: fc.Arbitrary<AclEntry> = fc.record({
    path: fc.constantFrom(...paths),
    type: fc.constantFrom('user', 'group', 'token'),
    ugid: fc.constantFrom(joe, 'ann@pve', 'ops', `${joe}!sep`),
    roleid: fc.constantFrom('Start', 'PVEAuditor', 'PVEAdmin', 'NoAccess', 'Administrator'),
    propagate: fc.constantFrom(0, 1),
  });
  const acls = fc.array(entry, { maxLength: 8 });

  test('a token never holds more than its user', () => {
    fc.assert(
      fc.property(acls, fc.constantFrom(...paths), (acl, path) => {
        const one = config(acl);
        const ofUser = accessFor(one, joe).privileges(path);
        for (const priv of Object.keys(accessFor(one, `${joe}!sep`).privileges(path)))
          expect(ofUser).toHaveProperty([priv]);
        expect(accessFor(one, `${joe}!full`).privileges(path)).toEqual(ofUser);
      }),
    );
  });

  test('all permissions are those of each path', () => {
    fc.assert(
      fc.property(acls, (acl) => {
        const access = accessFor(config(acl), joe);
        for (const [path, held] of Object.entries(access.paths())) expect(access.privileges(path)).toEqual(held);
      }),
    );
  });
});
