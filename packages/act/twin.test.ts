import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Run } from '@pxa/ask';
import type { Fault, SandboxOptions } from '@pxa/sandbox';
import { afterEach, describe, expect, test } from 'vitest';
import { rehearse } from './rehearse.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { type HandMade, NODE1, NODE2, NODE3, clone, destroy, migrate, planOf, start } from './testing/plans.ts';
import { rehearsedOn, runOn } from './testing/rehearsing.ts';
import { aboutOf } from './twin-about.ts';
import { readTwin } from './twin.ts';

const AGENT = `${NODE2}/qemu/104`;
const DOCKER = `${NODE1}/qemu/103`;

let lab: Lab;
afterEach(() => lab.close());

/** Every request that any server of this process gets, and every connection that is opened, while `work` goes on. */
async function watched(work: () => Promise<unknown>): Promise<{ requests: string[]; connections: number }> {
  const seen = { requests: [] as string[], connections: 0 };
  const onRequest = (message: unknown): void => {
    // The message's form is Node's: https://nodejs.org/api/diagnostics_channel.html
    const { request } = message as { request: IncomingMessage };
    seen.requests.push(`${request.method} ${request.url}`);
  };
  const onConnection = (): void => {
    seen.connections += 1;
  };
  const [requests, connections] = [channel('http.server.request.start'), channel('net.client.socket')];
  requests.subscribe(onRequest);
  connections.subscribe(onConnection);
  try {
    await work();
    return seen;
  } finally {
    requests.unsubscribe(onRequest);
    connections.unsubscribe(onConnection);
  }
}

describe('no write goes to the cluster in a rehearsal', () => {
  const CHANGES: [name: string, steps: HandMade[]][] = [
    ['start', [start(AGENT)]],
    ['clone, then start', [clone(AGENT, 150), { ...start(`${NODE2}/qemu/150`), after: [0] }]],
    ['migrate', [migrate(AGENT, NODE1)]],
    ['delete', [{ ...destroy(AGENT), params: { purge: 1 } }]],
    ['one that fails', [{ ...start(AGENT), call: `POST /nodes/${NODE1}/qemu/104/status/start` }]],
  ];

  test.each(CHANGES)('%s: all that is on the wire is reads', async (_name, steps) => {
    lab = await openLab();
    const { requests } = await watched(() => rehearsedOn(lab, planOf(steps)));
    expect(requests.length).toBeGreaterThan(5);
    expect(requests.filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(lab.sandbox.tasks.all().filter(({ starttime }) => starttime * 1_000 >= lab.sandbox.clock.now())).toEqual([]);
  });

  test.each(CHANGES)('%s: once its state was read, nothing is on the wire at all', async (_name, steps) => {
    lab = await openLab();
    const record = planOf(steps);
    const read = await readTwin(runOn(lab), aboutOf(record), lab.sandbox.tokenId);
    if (!read.ok) throw new Error('the demo cluster can be read');
    expect(await watched(() => rehearse(read.parts, record))).toEqual({ requests: [], connections: 0 });
  });
});

const onVms = (privilege: string): Fault => ({ fault: 'revoked_privilege', privilege, on: '/vms' });

describe('what may not be read or done', () => {
  const CASES: [name: string, fault: Fault, steps: HandMade[], is: { outcome: string; text: RegExp }][] = [
    [
      'a privilege that is missing fails in the rehearsal',
      onVms('VM.PowerMgmt'),
      [start(AGENT)],
      { outcome: 'failed', text: /^It would fail: Refused: .*VM\.PowerMgmt/ },
    ],
    [
      'a privilege on a storage',
      { fault: 'revoked_privilege', privilege: 'Datastore.AllocateSpace', on: '/storage/local-zfs' },
      [clone(AGENT, 150)],
      { outcome: 'failed', text: /Datastore\.AllocateSpace/ },
    ],
    [
      'a node whose memory may not be read makes no rehearsal',
      { fault: 'revoked_privilege', privilege: 'Sys.Audit' },
      [start(AGENT)],
      { outcome: 'not_possible', text: /could not be read \(.*\/nodes\/pve-node02\/status: / },
    ],
    [
      'nor a configuration that may not be read',
      onVms('VM.Audit'),
      [start(AGENT)],
      { outcome: 'not_possible', text: /could not be read \(guest 104: it is gone, or may not be seen\)/ },
    ],
    [
      'nor a part of the cluster that the plan touches',
      { fault: 'error', status: 500, path: '/cluster/backup' },
      [{ ...destroy(AGENT), params: { purge: 1 } }],
      { outcome: 'not_possible', text: /could not be read \(\/cluster\/backup: / },
    ],
    [
      'what no guest is started for needs no privilege on nodes',
      { fault: 'revoked_privilege', privilege: 'Sys.Audit' },
      [{ call: `PUT /nodes/${AGENT}/config`, params: { cores: 2 } }],
      { outcome: 'ok', text: /^OK, about/ },
    ],
    [
      'volumes that may be used, but not seen, are taken from the configuration',
      onVms('VM.Config.Disk'),
      [clone(AGENT, 150)],
      { outcome: 'ok', text: /^OK, about/ },
    ],
    [
      'a node that is gone',
      { fault: 'node_down', node: NODE3 },
      [migrate(AGENT, NODE3)],
      { outcome: 'failed', text: /^It would fail: / },
    ],
    [
      'a call that the twin does not know',
      { fault: 'latency', ms: 0 },
      [{ call: `PUT /nodes/${DOCKER}/sendkey`, params: { key: 'ret' } }],
      { outcome: 'not_possible', text: /does not know how to PUT \/nodes\/pve-node01\/qemu\/103\/sendkey/ },
    ],
    [
      'a change of what no twin holds',
      { fault: 'latency', ms: 0 },
      [{ call: `POST /nodes/${NODE2}/disks/initgpt`, params: { disk: '/dev/sdb' } }],
      { outcome: 'not_possible', text: /no twin holds what is changed by POST \/nodes\/pve-node02\/disks\/initgpt/ },
    ],
  ];

  test.each(CASES)('%s', async (_name, fault, steps, { outcome, text }) => {
    lab = await openLab();
    lab.sandbox.faults.add(fault);
    const { rehearsal } = await rehearsedOn(lab, planOf(steps));
    expect(rehearsal.text).toMatch(text);
    expect(rehearsal.outcome).toBe(outcome);
  });
});

test('whom HA takes along is read in full, too', async () => {
  lab = await openLab();
  const { ha } = lab.sandbox.state;
  const rule = { rule: 'together', type: 'resource-affinity', affinity: 'positive', resources: 'vm:101,vm:102' };
  ha.rules = [...(ha.rules ?? []), rule];
  const record = planOf([{ ...migrate(`${NODE1}/qemu/101`, NODE2), params: { target: NODE2, online: 1 } }]);
  const read = await readTwin(runOn(lab), aboutOf(record), lab.sandbox.tokenId);
  expect(read).toMatchObject({
    ok: true,
    parts: { world: { guests: { 'qemu/101': { config: {} }, 'qemu/102': { config: { name: 'db-postgres-01' } } } } },
  });
});

describe('how much is read', () => {
  /** How many calls a rehearsal makes, by what is planned. */
  async function callsOn(options: SandboxOptions, steps: (vmids: number[]) => HandMade[]): Promise<number> {
    lab = await openLab(options);
    const idle = [...lab.sandbox.state.guests.values()].filter(
      ({ type, status, config }) => type === 'qemu' && status === 'stopped' && config['template'] === undefined,
    );
    const nodes = new Map(idle.map(({ vmid, node }) => [vmid, node]));
    const record = planOf(
      steps([...nodes.keys()]).map((step) => ({
        ...step,
        call: step.call.replace(/NODE(\d+)/, (_, vmid) => String(nodes.get(Number(vmid)))),
      })),
    );
    const run = counting(runOn(lab));
    const read = await readTwin(run, aboutOf(record), lab.sandbox.tokenId);
    expect(read).toMatchObject({ ok: true });
    return run.paths.size;
  }

  /** The different reads that are asked of a request; it makes each of them once. */
  function counting(run: Run): Pick<Run, 'read' | 'now'> & { paths: Set<string> } {
    const paths = new Set<string>();
    return {
      paths,
      now: run.now,
      read: (path, params) => {
        paths.add(`${path} ${JSON.stringify(params)}`);
        return run.read(path, params);
      },
    };
  }

  const plain = (vmid: number, what: string, params = {}): HandMade => ({
    call: `POST /nodes/NODE${vmid}/qemu/${vmid}/${what}`,
    params,
  });
  const one = ([vmid = 0]: number[]): HandMade[] => [plain(vmid, 'status/start')];
  const copied = ([vmid = 0]: number[]): HandMade[] => [plain(vmid, 'clone', { newid: 999_999, full: 1 })];
  const ten = (vmids: number[]): HandMade[] =>
    vmids.slice(0, 10).map((vmid) => plain(vmid, 'snapshot', { snapname: 'x' }));

  test.each([
    ['one guest', one, 30],
    ['a copy of one', copied, 34],
    ['ten guests', ten, 130],
  ])('it does not grow with the cluster: %s', async (_name, steps, most) => {
    const small = await callsOn({ nodes: 6, guests: 1_500, seed: 7 }, steps);
    await lab.close();
    const large = await callsOn({ nodes: 6, guests: 10_000, seed: 7 }, steps);
    expect(large).toBeLessThanOrEqual(most);
    // Other guests are concerned, which lie on other nodes and storages.
    expect(Math.abs(large - small)).toBeLessThanOrEqual(20);
  });
});
