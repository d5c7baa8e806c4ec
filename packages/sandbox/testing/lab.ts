import { SandboxClock } from '../clock.ts';
import { startSandbox, type Sandbox } from '../sandbox.ts';
import type { SandboxOptions } from '../options.ts';

/** 2026-01-15T12:00:00Z: when the lab's clock stands still. */
export const LAB_NOW_S = 1_768_478_400;

export const SECRETS = {
  'root@pam!sandbox': '11111111-1111-4111-8111-111111111111',
  'anna@pve!full': '22222222-2222-4222-8222-222222222222',
  'anna@pve!narrow': '33333333-3333-4333-8333-333333333333',
  'anna@pve!old': '44444444-4444-4444-8444-444444444444',
  'gone@pve!any': '55555555-5555-4555-8555-555555555555',
};

/** The headers of an API token. */
export function withToken(id: keyof typeof SECRETS): Record<string, string> {
  return { Authorization: `PVEAPIToken=${id}=${SECRETS[id]}` };
}

const user = (userid: string, more: object = {}): object => ({ userid, enable: 1, expire: 0, ...more });
const upid = (node: string, time: number, type: string, id: string, who: string): string =>
  `UPID:${node}:000019CE:03CAFC4E:${time.toString(16).toUpperCase().padStart(8, '0')}:${type}:${id}:${who}:`;

function task(
  node: string,
  startedAgo: number,
  type: string,
  id: string,
  who: string,
  end?: { after: number; status: string },
): object {
  const starttime = LAB_NOW_S - startedAgo;
  const [name, tokenid] = who.split('!');
  return {
    upid: upid(node, starttime, type, id, who),
    node,
    pid: 0x19ce,
    pstart: 0x3cafc4e,
    starttime,
    type,
    id,
    user: name,
    ...(tokenid !== undefined && { tokenid }),
    ...(end && { endtime: starttime + end.after, status: end.status }),
  };
}

/** Two nodes with a history, several users and tokens; enough for the server's own tests. */
function labWorld(): Record<string, unknown> {
  const tasks = [
    task('pve1', 10, 'vzdump', '101', 'anna@pve'),
    task('pve1', 100, 'qmstart', '100', 'root@pam', { after: 2, status: 'OK' }),
    task('pve1', 200, 'qmsnapshot', '101', 'anna@pve!full', { after: 4, status: 'OK' }),
    task('pve1', 300, 'qmstart', '107', 'anna@pve', { after: 2, status: 'start failed: QEMU exited with code 1' }),
    task('pve1', 400, 'vzdump', '', 'root@pam', { after: 90, status: 'WARNINGS: 1' }),
    task('pve1', 500, 'qmclone', '100', 'root@pam', { after: 1, status: 'unexpected status' }),
  ];
  const other = [task('pve2', 50, 'vzstart', '200', 'root@pam', { after: 1, status: 'OK' })];
  return {
    format: 1,
    now: LAB_NOW_S,
    version: { version: '9.2.11', release: '9.2', repoid: '0123456789abcdef' },
    cluster: {
      status: [
        { type: 'cluster', id: 'cluster', name: 'lab', version: 2, nodes: 2, quorate: 1 },
        { type: 'node', id: 'node/pve1', name: 'pve1', nodeid: 1, ip: '10.0.0.1', online: 1, local: 1, level: '' },
        { type: 'node', id: 'node/pve2', name: 'pve2', nodeid: 2, ip: '10.0.0.2', online: 1, local: 0, level: '' },
      ],
    },
    nodes: {
      pve1: {
        tasks,
        task_logs: {
          [(tasks[4] as { upid: string }).upid]: logOf('INFO: starting', 'WARN: careful', 'TASK WARNINGS: 1'),
        },
      },
      pve2: { tasks: other },
    },
    access: {
      users: [
        user('root@pam'),
        user('anna@pve', { firstname: 'Anna', comment: 'operator' }),
        user('ben@pve'),
        user('gone@pve', { enable: 0 }),
        user('late@pve', { expire: LAB_NOW_S - 60 }),
      ],
      tokens: {
        'anna@pve': [
          { tokenid: 'full', privsep: 0, expire: 0 },
          { tokenid: 'narrow', privsep: 1, expire: 0, comment: 'audit only' },
          { tokenid: 'old', privsep: 0, expire: LAB_NOW_S - 60 },
        ],
        'gone@pve': [{ tokenid: 'any', privsep: 0, expire: 0 }],
      },
      groups: [{ groupid: 'ops', users: 'anna@pve,ben@pve', comment: 'operators' }],
      roles: [{ roleid: 'Watcher', privs: 'Sys.Audit,VM.Audit', special: 0 }],
      acl: [
        { path: '/vms', type: 'user', ugid: 'anna@pve', roleid: 'PVEVMAdmin', propagate: 1 },
        { path: '/vms', type: 'token', ugid: 'anna@pve!narrow', roleid: 'PVEVMUser', propagate: 1 },
        { path: '/nodes/pve2', type: 'user', ugid: 'anna@pve', roleid: 'PVEAuditor', propagate: 1 },
        { path: '/access', type: 'group', ugid: 'ops', roleid: 'PVEUserAdmin', propagate: 0 },
      ],
    },
  };
}

function logOf(...lines: string[]): { n: number; t: string }[] {
  return lines.map((t, index) => ({ n: index + 1, t }));
}

/** The lab behind its door, with a clock that stands still and secrets that are known. */
export function startLab(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({
    world: labWorld(),
    clock: new SandboxClock(LAB_NOW_S * 1000, 0),
    tokenSecret: SECRETS['root@pam!sandbox'],
    passwords: {
      'anna@pve': 'anna-secret',
      'ben@pve': 'ben-secret',
      'gone@pve': 'gone-secret',
      'late@pve': 'late-secret',
    },
    tokens: SECRETS,
    tfa: { 'ben@pve': { totp: 'JBSWY3DPEHPK3PXP', recovery: ['aaaa-bbbb-cccc-dddd', 'eeee-ffff-0000-1111'] } },
    ...options,
  });
}
