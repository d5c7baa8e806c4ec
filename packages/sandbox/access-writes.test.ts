import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { startLab, withToken } from './testing/lab.ts';
import { ask } from './testing/raw.ts';
import { totp } from './tfa.ts';

let lab: Sandbox;
beforeEach(async () => {
  lab = await startLab();
});
afterEach(() => lab.close());

type Answer = { status: number; data: unknown; message?: string; errors?: Record<string, string> };

/** One call: `METHOD path`, parameters as JSON (or in the path for GET and DELETE), by ticket or with given headers. */
async function call(line: string, params?: object, headers?: Record<string, string>): Promise<Answer> {
  const { ticket, csrfToken } = lab.auth.ticketFor('root@pam');
  const login = { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken: csrfToken };
  const [method, path] = line.split(' ');
  const all = { 'Content-Type': 'application/json', ...(headers ?? login) };
  const { status, body } = await ask(
    lab.url,
    `${method} /api2/json/access${path}`,
    all,
    params && JSON.stringify(params),
  );
  return { status, ...(JSON.parse(body) as Omit<Answer, 'status'>) };
}

/** Each step: a call, its parameters, and what it must answer: data, or the message or texts of the refusal. */
type Step = [line: string, params: object | undefined, expected: unknown];

const STORIES: Record<string, Step[]> = {
  'a user': [
    ['POST /users', { userid: 'eva@pve', groups: 'ops', comment: 'new', password: 'long-enough' }, null],
    ['POST /users', { userid: 'eva@pve' }, "create user failed: user 'eva@pve' already exists\n"],
    ['POST /users', { userid: 'x@pve', groups: 'none' }, "create user failed: no such group 'none'\n"],
    ['GET /users/eva@pve', undefined, { enable: 1, expire: 0, comment: 'new', groups: ['ops'] }],
    ['PUT /users/eva@pve', { enable: false, groups: '' }, null],
    ['GET /users/eva@pve', undefined, { enable: 0, expire: 0, comment: 'new', groups: [] }],
    ['PUT /users/who@pve', { enable: true }, /no such user/],
    ['DELETE /users/eva@pve', undefined, null],
    ['GET /users/eva@pve', undefined, "no such user ('eva@pve')\n"],
  ],
  'a group': [
    ['POST /groups', { groupid: 'night', comment: 'shift' }, null],
    ['POST /groups', { groupid: 'night' }, "create group failed: group 'night' already exists\n"],
    ['PUT /groups/night', { comment: 'late shift' }, null],
    ['GET /groups/night', undefined, { members: [], comment: 'late shift' }],
    ['DELETE /groups/night', undefined, null],
    ['DELETE /groups/night', undefined, "delete group failed: group 'night' does not exist\n"],
  ],
  'a role': [
    ['POST /roles', { roleid: 'Reader', privs: 'VM.Audit' }, null],
    ['POST /roles', { roleid: 'Reader' }, "create role failed: role 'Reader' already exists\n"],
    ['PUT /roles/Reader', { privs: 'Sys.Audit', append: true }, null],
    ['GET /roles/Reader', undefined, { 'VM.Audit': 1, 'Sys.Audit': 1 }],
    ['PUT /roles/Reader', { privs: 'Pool.Audit' }, null],
    ['GET /roles/Reader', undefined, { 'Pool.Audit': 1 }],
    ['DELETE /roles/Reader', undefined, null],
    ['DELETE /roles/PVEAdmin', undefined, "delete role failed: auto-generated role 'PVEAdmin' cannot be deleted\n"],
    ['PUT /roles/PVEAdmin', { privs: '' }, "update role failed: auto-generated role 'PVEAdmin' cannot be modified\n"],
  ],
  'the ACL': [
    ['PUT /acl', { path: '/vms/100', users: 'ben@pve', roles: 'PVEVMUser' }, null],
    [
      'GET /permissions?userid=ben@pve&path=/vms/100',
      undefined,
      { '/vms/100': expect.objectContaining({ 'VM.Audit': 1 }) },
    ],
    ['PUT /acl', { path: '/vms/100', users: 'ben@pve', roles: 'PVEVMUser', delete: true }, null],
    ['GET /permissions?userid=ben@pve&path=/vms/100', undefined, { '/vms/100': {} }],
    ['PUT /acl', { path: '/vms/1', users: 'ben@pve', roles: 'PVEVMUser' }, { path: "invalid ACL path '/vms/1'" }],
    ['PUT /acl', { path: '/vms', roles: 'PVEVMUser' }, { users: "either 'users', 'groups' or 'tokens' is required." }],
    [
      'PUT /acl',
      { path: '/vms', users: 'x@pve', roles: 'PVEVMUser' },
      "ACL update failed: user 'x@pve' does not exist\n",
    ],
    ['PUT /acl', { path: '/vms', users: 'ben@pve', roles: 'None' }, "ACL update failed: role 'None' does not exist\n"],
    ['PUT /acl', { path: '/vms', tokens: 'ben@pve!no', roles: 'PVEVMUser' }, /no such token 'no' for user 'ben@pve'/],
  ],
  'second factors': [
    [
      'POST /tfa/anna@pve',
      { type: 'recovery' },
      { id: 'recovery', recovery: expect.arrayContaining([expect.stringMatching(/^(?:[0-9a-f]{4}-){3}[0-9a-f]{4}$/)]) },
    ],
    ['POST /tfa/anna@pve', { type: 'recovery' }, 'user already has recovery keys\n'],
    [
      'POST /tfa/anna@pve',
      { type: 'totp', description: 'x', totp: 'otpauth://totp/a?secret=JBSWY3DPEHPK3PXP', value: '1' },
      'failed to verify TOTP challenge\n',
    ],
    ['DELETE /tfa/anna@pve/recovery', undefined, null],
    ['GET /tfa/anna@pve', undefined, []],
    ['DELETE /tfa/anna@pve/recovery', undefined, "No such tfa entry 'recovery'\n"],
    ['PUT /users/ben@pve/unlock-tfa', {}, 0],
  ],
};

describe('changes of', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, expected] of steps) {
      const answer = await call(line, params);
      if (typeof expected === 'string') expect(answer).toMatchObject({ message: expected });
      else if (expected instanceof RegExp) expect(answer.message).toMatch(expected);
      else if (answer.errors) expect(answer.errors).toMatchObject(expected as object);
      else expect([line, answer.data]).toEqual([line, expected]);
    }
  });
});

describe('a token', () => {
  const bearer = (value: unknown): Record<string, string> => ({
    Authorization: `PVEAPIToken=anna@pve!new=${String(value)}`,
  });

  it('opens with its secret until it is regenerated or removed', async () => {
    const made = (await call('POST /users/anna@pve/token/new', { privsep: false, comment: 'ci' })).data as Record<
      string,
      unknown
    >;
    expect(made).toMatchObject({ 'full-tokenid': 'anna@pve!new', info: { privsep: 0, comment: 'ci' } });
    expect((await call('GET /permissions', undefined, bearer(made['value']))).status).toBe(200);
    const again = (await call('PUT /users/anna@pve/token/new', { regenerate: true })).data as Record<string, unknown>;
    expect((await ask(lab.url, 'GET /api2/json/version', bearer(made['value']))).status).toBe(401);
    expect((await ask(lab.url, 'GET /api2/json/version', bearer(again['value']))).status).toBe(200);
    expect((await call('DELETE /users/anna@pve/token/new')).data).toBe(null);
    expect((await ask(lab.url, 'GET /api2/json/version', bearer(again['value']))).status).toBe(401);
  });

  it('exists once', async () => {
    expect((await call('POST /users/anna@pve/token/full', {})).errors).toEqual({ tokenid: 'Token already exists.' });
  });

  it('has its privileges apart unless it is told otherwise', async () => {
    const made = (await call('POST /users/anna@pve/token/new', {})).data as Record<string, unknown>;
    expect(made['info']).toEqual({ privsep: 1 });
    expect((await call('GET /permissions', undefined, bearer(made['value']))).data).toEqual({});
  });
});

describe('a user without rights', () => {
  it('may change the own password, giving the old one', async () => {
    const { ticket, csrfToken } = lab.auth.ticketFor('ben@pve');
    const ben = { Cookie: `PVEAuthCookie=${encodeURIComponent(ticket)}`, CSRFPreventionToken: csrfToken };
    const wanted = { userid: 'ben@pve', password: 'another-secret' };
    expect((await call('PUT /password', wanted, ben)).errors).toHaveProperty(['confirmation-password']);
    expect((await call('PUT /password', { ...wanted, 'confirmation-password': 'ben-secret' }, ben)).data).toBe(null);
    const otp = `totp:${totp('JBSWY3DPEHPK3PXP', lab.clock.now())}`;
    const login = await call('POST /ticket', { username: 'ben@pve', password: 'another-secret', otp }, {});
    expect(login.status).toBe(200);
  });

  it('may not hand out what it does not hold', async () => {
    const roles = { path: '/vms/100', users: 'ben@pve', roles: 'PVEAdmin' };
    const answer = await call('PUT /acl', roles, withToken('anna@pve!full'));
    expect(answer.message).toContain(
      "role: Cannot add role 'PVEAdmin' - requires 'Permissions.Modify' or superset of privileges.",
    );
  });
});
