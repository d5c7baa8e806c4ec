import { afterEach, describe, expect, it } from 'vitest';
import type { State } from './state/model.ts';
import { startChanging, type Changing } from './testing/changing.ts';
import { Random } from './worlds/random.ts';

let lab: Changing;
afterEach(() => lab.sandbox.close());

const GUESTS = ['vm:100', 'vm:101', 'vm:102', 'vm:103', 'vm:104', 'vm:105', 'ct:200', 'ct:201', 'ct:202'];
/** The connection goes to the second node, which stays. */
const OTHERS = ['pve-node01', 'pve-node03'];
const NODES = [...OTHERS, 'pve-node02'];
const STATES = ['started', 'stopped', 'disabled', 'ignored', 'started', 'started'];

/** One of many; there is always one. */
function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[random.whole(0, from.length - 1)];
  if (one === undefined) throw new Error('nothing to choose from');
  return one;
}

/** What somebody might do, or what might happen, to a cluster with HA. */
const EVENTS: ((random: Random) => Promise<unknown> | void)[] = [
  (random) => lab.call('POST /cluster/ha/resources', { sid: pick(random, GUESTS), state: pick(random, STATES) }),
  (random) => lab.call(`PUT /cluster/ha/resources/${pick(random, GUESTS)}`, { state: pick(random, STATES) }),
  (random) => lab.call(`PUT /cluster/ha/resources/${pick(random, GUESTS)}`, { failback: random.whole(0, 1) === 1 }),
  (random) => lab.call(`DELETE /cluster/ha/resources/${pick(random, GUESTS)}`),
  (random) => lab.call(`POST /cluster/ha/resources/${pick(random, GUESTS)}/migrate`, { node: pick(random, NODES) }),
  (random) => lab.call(`POST /cluster/ha/resources/${pick(random, GUESTS)}/relocate`, { node: pick(random, NODES) }),
  (random) =>
    lab.call('POST /cluster/ha/rules', {
      rule: `apart${random.whole(0, 2)}`,
      type: 'resource-affinity',
      affinity: random.whole(0, 1) === 0 ? 'negative' : 'positive',
      resources: `${pick(random, GUESTS)},${pick(random, GUESTS)}`,
    }),
  (random) => lab.call(`DELETE /cluster/ha/rules/apart${random.whole(0, 2)}`),
  (random) => {
    const [node, seconds] = [pick(random, OTHERS), random.whole(10, 400)];
    lab.sandbox.faults.add({ fault: 'node_down', node, for_s: seconds });
  },
  (random) => {
    const node = pick(random, OTHERS);
    if (lab.sandbox.state.nodes.get(node)?.offlineSince !== undefined) return;
    return lab.call(`POST /nodes/${node}/status`, { command: 'reboot' });
  },
  (random) => lab.call(`POST /nodes/pve-node02/qemu/104/status/${pick(random, ['start', 'stop', 'shutdown'])}`, {}),
];

/** What is wrong with a cluster in which nothing goes on any more. */
function troubles({ ha, guests }: State): string[] {
  const found: string[] = [];
  for (const resource of ha.resources) {
    const [sid, state] = [String(resource['sid']), String(resource['state'] ?? 'started')];
    const service = ha.services.find((row) => row['sid'] === sid);
    const guest = guests.get(Number(sid.split(':')[1]));
    if (state === 'ignored') {
      if (service) found.push(`${sid} is ignored and still looked after`);
      continue;
    }
    const [crm, node] = [String(service?.['crm_state']), String(service?.['node'])];
    if (!/^(?:started|stopped|error)$/.test(crm)) found.push(`${sid} has come to rest as ${crm}`);
    if (node !== guest?.node) found.push(`${sid} is taken to be on ${node}`);
    const wanted = state === 'started' ? 'running' : 'stopped';
    if (crm !== 'error' && guest?.status !== wanted) found.push(`${sid} should be ${wanted} (${crm})`);
  }
  for (const { vmid, config } of guests.values()) if (config['lock'] !== undefined) found.push(`${vmid} is locked`);
  return found;
}

describe('a storm over HA comes to rest', () => {
  it.each([1, 2, 3, 5, 8, 13, 31, 36, 49, 71, 87, 101])('seed %i', async (seed) => {
    lab = await startChanging();
    const { state, clock, tasks } = lab.sandbox;
    state.localNode = 'pve-node02';
    const zfs = state.storages.get('local-zfs');
    // small guests with their disks on storage that every node has
    if (zfs) zfs['shared'] = 1;
    for (const guest of state.guests.values()) guest.config = { ...guest.config, memory: '512' };
    const random = new Random(seed);
    for (let step = 0; step < 40; step++) {
      await pick(random, EVENTS)(random);
      await clock.advance(random.whole(0, 60) * 1000);
    }
    await clock.advance(3_600_000);
    expect(tasks.all().filter(({ endtime, pid }) => endtime === undefined && pid >= 1_200_000)).toEqual([]);
    expect(troubles(state)).toEqual([]);
  });
});
