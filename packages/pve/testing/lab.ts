import { type Sandbox, SandboxClock, type SandboxOptions, startSandbox } from '@pxa/sandbox';
import { type Cluster, type ConnectOptions, type Credentials, connect } from '../index.ts';

/** 2026-01-15T12:00:00Z: when the lab's clock stands still. */
export const LAB_NOW_MS = 1_768_478_400_000;

export const LAB_SECRET = '11111111-1111-4111-8111-111111111111';

/** What is known of a node of the lab. */
interface LabNode {
  name: string;
  ip: string;
}

const NODES: LabNode[] = [
  { name: 'pve1', ip: '127.0.0.1' },
  { name: 'pve2', ip: '127.0.0.2' },
];

/** A cluster as raw reads, seen from the node `local`. */
export function labWorld(local = 'pve1', nodes: readonly LabNode[] = NODES): Record<string, unknown> {
  const rows = nodes.map(({ name, ip }, i) => ({
    type: 'node',
    id: `node/${name}`,
    name,
    nodeid: i + 1,
    ip,
    online: 1,
    local: name === local ? 1 : 0,
    level: '',
  }));
  return {
    format: 1,
    now: LAB_NOW_MS / 1000,
    version: { version: '9.2.11', release: '9.2', repoid: '0123456789abcdef' },
    cluster: {
      status: [{ type: 'cluster', id: 'cluster', name: 'lab', version: 2, nodes: nodes.length, quorate: 1 }, ...rows],
    },
    nodes: Object.fromEntries(nodes.map(({ name }) => [name, {}])),
    access: {
      users: ['root@pam', 'anna@pve', 'ben@pve'].map((userid) => ({ userid, enable: 1, expire: 0 })),
      tokens: { 'anna@pve': [{ tokenid: 'narrow', privsep: 1, expire: 0 }] },
      acl: [{ path: '/nodes/pve2', type: 'user', ugid: 'anna@pve', roleid: 'PVEAuditor', propagate: 1 }],
    },
  };
}

/** A sandbox with known secrets, whose clock stands still, so that refused logins are answered at once. */
export function startLab(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({
    world: labWorld(),
    clock: new SandboxClock(LAB_NOW_MS, 0),
    tokenSecret: LAB_SECRET,
    passwords: { 'anna@pve': 'anna-secret', 'ben@pve': 'ben-secret' },
    tokens: { 'anna@pve!narrow': LAB_SECRET },
    tfa: { 'ben@pve': { totp: 'JBSWY3DPEHPK3PXP', recovery: ['aaaa-bbbb-cccc-dddd', 'eeee-ffff-0000-1111'] } },
    ...options,
  });
}

export const ROOT_TOKEN: Credentials = { kind: 'token', tokenId: 'root@pam!sandbox', secret: LAB_SECRET };

/** A connection to a lab that does not wait between attempts; `waits` collects how long it would have. */
export function connectTo(
  lab: Sandbox,
  auth: Credentials = ROOT_TOKEN,
  options: Partial<ConnectOptions> & { waits?: number[] } = {},
): Cluster {
  const { waits = [], ...rest } = options;
  return connect({
    url: lab.url,
    auth,
    tls: { fingerprint: lab.fingerprint },
    random: () => 1,
    sleep: (ms) => Promise.resolve(void waits.push(ms)),
    ...rest,
  });
}
