import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxClock } from './clock.ts';
import { modelled } from './registry.ts';
import { startSandbox, type Sandbox } from './sandbox.ts';
import { readAll } from './testing/many.ts';

const clusters = {
  demo: {},
  'demo as 8.4': { pve: '8.4' },
  generated: { seed: 7, nodes: 2, guests: 20 },
  'next to nothing': { world: { format: 1, now: 1_768_478_400, nodes: { lone: {} } } },
} as const;

/** What can stand for a parameter of a path: something that is there on the demo cluster, and something that is nowhere. */
const THERE: Record<string, string> = {
  vmid: '100',
  storage: 'local',
  userid: 'root@pam',
  roleid: 'PVEAdmin',
  realm: 'pam',
  tokenid: 'sandbox',
  snapname: 'current',
  name: 'rpool',
  pos: '0',
  iface: 'vmbr0',
};
const NOWHERE: Record<string, string> = {
  vmid: '999',
  userid: 'who@pve',
  pos: '99',
  upid: 'UPID:x:00000001:00000001:00000001:x:y:z:',
};
const QUERY: Record<string, string> = {
  rrddata: '?timeframe=hour',
  rrd: '?timeframe=hour&ds=cpu',
  smart: '?disk=/dev/sda',
};

/** How JavaScript complains about a mistake in a behaviour; Proxmox never says such a thing. */
const INTERNAL =
  /Cannot (?:read|set|convert|destructure)|is not (?:a function|iterable|defined|an object)|Maximum call stack/;

const KNOWN = [200, 400, 403, 404, 500, 501];

function pathOf(id: string, node: string, values: Record<string, string>): string {
  const template = id.slice('GET '.length);
  const path = template.replace(/\{([^}]+)\}/g, (_, name: string) => {
    return encodeURIComponent(name === 'node' ? node : (values[name] ?? 'nope'));
  });
  return `/api2/json${path}${QUERY[template.split('/').at(-1) ?? ''] ?? ''}`;
}

describe.each(Object.entries(clusters))('every read of %s', (_name, options) => {
  let cluster: Sandbox;
  beforeAll(async () => {
    cluster = await startSandbox({ clock: new SandboxClock(1_768_478_400_000, 0), ...options });
  });
  afterAll(() => cluster.close());

  it.each([
    ['what is there', THERE],
    ['what is not', NOWHERE],
  ])("answers or refuses in Proxmox's words: %s", async (_what, values) => {
    const reads = Object.keys(modelled()).filter((id) => id.startsWith('GET '));
    const answers = await readAll(
      cluster,
      reads.map((id) => pathOf(id, cluster.state.localNode, values)),
    );
    const wrong = answers.flatMap(({ status, body }, index) =>
      KNOWN.includes(status) && !INTERNAL.test(body) ? [] : [`${reads[index]}: ${status} ${body}`],
    );
    expect(wrong).toEqual([]);
  });
});
