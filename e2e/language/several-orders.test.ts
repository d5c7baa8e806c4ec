import type { Job, PlanRecord } from '@pxa/contract';
import { connect } from '@pxa/pve';
import { afterEach, expect, test } from 'vitest';
import { type Lab, openLab } from '../../packages/act/testing/lab.ts';
import { CLUSTER, person } from '../../packages/act/testing/plans.ts';
import { planOfWords } from '../planner.ts';

let lab: Lab;
afterEach(() => lab.close());

/** What is said, and what Proxmox is asked to do, in this order; each plan is carried out to its end, and proven. */
const cases: readonly (readonly [say: string, ...writes: string[]])[] = [
  [
    'start 104 and tag it night',
    'POST /nodes/pve-node02/qemu/104/status/start',
    'PUT /nodes/pve-node02/qemu/104/config',
  ],
  ['stop 105 and delete it', 'POST /nodes/pve-node01/qemu/105/status/stop', 'DELETE /nodes/pve-node01/qemu/105'],
  [
    'start 104, then stop it',
    'POST /nodes/pve-node02/qemu/104/status/start',
    'POST /nodes/pve-node02/qemu/104/status/stop',
  ],
  ['set 104 to 6 cores and 12 GB of memory', 'PUT /nodes/pve-node02/qemu/104/config'],
  ['tag 104 night, rename it to ci and tag it late', 'PUT /nodes/pve-node02/qemu/104/config'],
  [
    'stop 105, set its memory to 6 GB and start it again',
    'POST /nodes/pve-node01/qemu/105/status/stop',
    'PUT /nodes/pve-node01/qemu/105/config',
    'POST /nodes/pve-node01/qemu/105/status/start',
  ],
  [
    'migrate 104 to pve-node01 and start it',
    'POST /nodes/pve-node02/qemu/104/migrate',
    'POST /nodes/pve-node01/qemu/104/status/start',
  ],
  [
    'snapshot 105, then give it 4 cores',
    'POST /nodes/pve-node01/qemu/105/snapshot',
    'PUT /nodes/pve-node01/qemu/105/config',
  ],
  ['create 2 VMs lab-a and lab-b with 1 core and 1 GB', 'POST /nodes/pve-node02/qemu', 'POST /nodes/pve-node02/qemu'],
  [
    'shut down 201 and 202, then start them',
    'POST /nodes/pve-node01/lxc/201/status/shutdown',
    'POST /nodes/pve-node02/lxc/202/status/shutdown',
    'POST /nodes/pve-node01/lxc/201/status/start',
    'POST /nodes/pve-node02/lxc/202/status/start',
  ],
];

/** The plan of some words on the lab's cluster, rehearsed. */
async function planned(say: string): Promise<PlanRecord> {
  const { url, tokenId, tokenSecret: secret, fingerprint, clock } = lab.sandbox;
  const cluster = connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
  let ids = 0;
  const now = (): number => clock.now();
  const found = await planOfWords(say, {
    reader: cluster.session().reader,
    now,
    clusterNow: now,
    id: (prefix) => `${prefix} of ${say} ${(ids += 1)}`,
    by: person('anna'),
    cluster: CLUSTER,
    user: tokenId,
    isRehearsed: true,
  });
  await cluster.close();
  if (found.kind === 'none') throw new Error(`no plan: ${found.why}`);
  return found.record;
}

async function carriedOut(record: PlanRecord): Promise<Job> {
  const job = await lab.run(await lab.approved(record));
  if (job === 'died') throw new Error('the process died');
  return job;
}

test.each(cases)('%s', { timeout: 30_000 }, async (say, ...writes) => {
  lab = await openLab();
  const { state, proof, result } = await carriedOut(await planned(say));
  expect({ state, proof: proof?.outcome, why: state === 'done' ? '' : result }).toEqual({
    state: 'done',
    proof: 'verified',
    why: '',
  });
  expect(lab.writes).toEqual(writes);
});

test('what comes after a step that cannot be done any more is not begun', async () => {
  lab = await openLab();
  const both = await planned('start 104 and tag 203 night');
  await carriedOut(await planned('start 104'));
  const { state, result } = await carriedOut(both);
  expect(state).toBe('drifted');
  expect(result).toContain('Not begun');
  expect(lab.writes).toEqual(['POST /nodes/pve-node02/qemu/104/status/start']);
});
