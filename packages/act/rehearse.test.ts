import type { PlanRecord } from '@pxa/contract';
import type { State } from '@pxa/sandbox';
import { afterEach, expect, test } from 'vitest';
import { changesBetween, held } from './after-state.ts';
import { type Lab, openLab } from './testing/lab.ts';
import {
  type HandMade,
  NODE1,
  NODE2,
  clone,
  configure,
  destroy,
  migrate,
  planOf,
  reboot,
  shutdown,
  snapshot,
  start,
  stop,
} from './testing/plans.ts';
import { comparable, guestsOf, rehearsedOn } from './testing/rehearsing.ts';

const AGENT = `${NODE2}/qemu/104`;
const DOCKER = `${NODE1}/qemu/103`;
const MONITOR = `${NODE1}/qemu/105`;
const TEMPLATE = `${NODE2}/qemu/9000`;
const SANDBOX_CT = `${NODE2}/lxc/203`;
const PIHOLE = `${NODE1}/lxc/201`;

let lab: Lab;
afterEach(() => lab.close());

/** How far the predicted duration may be off. */
const CLOSE_SECONDS = 2;

const plain = (call: string, params: Record<string, unknown> = {}): HandMade => ({ call, params });

/** Plans, and the guests whose volumes they touch. */
const PLANS: [name: string, steps: HandMade[], vmids: number[]][] = [
  ['start', [start(AGENT)], [104]],
  ['start a container', [start(SANDBOX_CT)], [203]],
  ['stop', [stop(DOCKER)], [103]],
  ['shut down', [shutdown(MONITOR)], [105]],
  ['reboot', [reboot(MONITOR)], [105]],
  ['stop a guest under HA', [stop(`${NODE1}/qemu/101`)], [101]],
  ['configure', [configure(AGENT, 'cores', { from: 4, to: 2 })], [104]],
  [
    'configure a guest that runs, which waits for its restart',
    [plain(`PUT /nodes/${DOCKER}/config`, { cores: 4 })],
    [103],
  ],
  ['tags', [plain(`PUT /nodes/${AGENT}/config`, { tags: 'zeta;alpha' })], [104]],
  ['a new disk', [plain(`PUT /nodes/${AGENT}/config`, { scsi5: 'local-zfs:8' })], [104]],
  ['snapshot', [snapshot(DOCKER, 'before')], [103]],
  ['snapshot with memory', [plain(`POST /nodes/${DOCKER}/snapshot`, { snapname: 'live', vmstate: 1 })], [103]],
  ['full clone', [clone(AGENT, 140, { name: 'copy' })], [104, 140]],
  ['full clone of a template', [clone(TEMPLATE, 141, { name: 'web' })], [9000, 141]],
  ['linked clone', [{ ...clone(TEMPLATE, 142), params: { newid: 142, name: 'linked' } }], [9000, 142]],
  ['migrate with its local disks', [migrate(AGENT, NODE1)], [104]],
  [
    'migrate live',
    [{ ...migrate(MONITOR, NODE2), params: { target: NODE2, online: 1, 'with-local-disks': 1 } }],
    [105],
  ],
  ['resize', [plain(`PUT /nodes/${AGENT}/resize`, { disk: 'scsi0', size: '+10G' })], [104]],
  ['delete', [destroy(AGENT)], [104]],
  ['delete with all references', [{ ...destroy(AGENT), params: { purge: 1 } }], [104]],
  ['stop, then delete', [stop(PIHOLE), { ...destroy(PIHOLE), after: [0] }], [201]],
  [
    'clone, configure, start',
    [
      clone(TEMPLATE, 143, { name: 'chain' }),
      { ...plain(`PUT /nodes/${NODE2}/qemu/143/config`, { memory: 1024, tags: 'new' }), after: [0] },
      { ...start(`${NODE2}/qemu/143`), after: [1] },
    ],
    [9000, 143],
  ],
  ['roll back', [plain(`POST /nodes/${DOCKER}/snapshot/pre-docker-28/rollback`)], [103]],
  ['delete a snapshot', [plain(`DELETE /nodes/${DOCKER}/snapshot/pre-docker-28`)], [103]],
  ['suspend to disk', [plain(`POST /nodes/${DOCKER}/status/suspend`, { todisk: 1 })], [103]],
  ['into a template', [plain(`POST /nodes/${AGENT}/template`)], [104]],
  ['back up', [plain(`POST /nodes/${NODE2}/vzdump`, { vmid: '104', storage: 'nfs-backup', mode: 'snapshot' })], [104]],
  ['put under HA', [plain('POST /cluster/ha/resources', { sid: 'vm:105', state: 'started' })], [105]],
  ['take from HA', [plain('DELETE /cluster/ha/resources/vm:101')], [101]],
  ['a pool', [plain('PUT /pools', { poolid: 'production', vms: '9000' })], [9000]],
  [
    'a backup job',
    [plain('POST /cluster/backup', { id: 'backup-09', schedule: '04:00', storage: 'nfs-backup', vmid: '104' })],
    [104],
  ],
  ['a user', [plain('POST /access/users', { userid: 'carl@pve' })], []],
  [
    'a storage',
    [plain('POST /storage', { storage: 'scratch', type: 'dir', path: '/mnt/scratch', content: 'iso' })],
    [],
  ],
  [
    'make a container',
    [
      plain(`POST /nodes/${NODE2}/lxc`, {
        vmid: 170,
        ostemplate: 'local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst',
        rootfs: 'local-zfs:4',
        hostname: 'fresh',
        start: 1,
      }),
    ],
    [170],
  ],
  ['stop all guests of a node', [plain(`POST /nodes/${NODE2}/stopall`)], [104, 110, 203]],
  [
    'several at once',
    [start(AGENT), start(SANDBOX_CT), snapshot(DOCKER, 'bulk'), reboot(MONITOR)],
    [103, 104, 105, 203],
  ],
];

test.each(PLANS)('what is rehearsed is what comes of it: %s', async (name, steps, vmids) => {
  lab = await openLab();
  const record = planOf(steps);
  const rehearsed = await rehearsedOn(lab, record);
  expect(rehearsed.rehearsal).toMatchObject({ outcome: 'ok' });
  expect(lab.writes).toEqual([]);
  const [before, begunMs] = [held(lab.sandbox.state), lab.sandbox.clock.now()];
  expect(await lab.run(await lab.approved(record))).toMatchObject({ state: 'done' });
  const tookSeconds = (lab.sandbox.clock.now() - begunMs) / 1_000;
  const changes = changesBetween(before, held(lab.sandbox.state));
  expect(comparable(rehearsed.changes)).toEqual(comparable(changes));
  if (name !== 'reboot') expect(changes).not.toEqual([]);
  // There is an after-state where a rehearsal was possible.
  expect(guestsOf(rehearsed.after as State, vmids)).toEqual(guestsOf(lab.sandbox.state, vmids));
  expect(Math.abs((rehearsed.rehearsal.seconds ?? 0) - tookSeconds)).toBeLessThanOrEqual(CLOSE_SECONDS);
});

type Before = (state: State) => void;

const crowded: Before = ({ nodes }) => {
  const node = nodes.get(NODE2);
  if (node) node.own = { ...node.own, mem: node.memTotal * 0.99 };
  if (node) node.swap = { total: 0, used: 0 };
};
const full: Before = ({ nodes }) => {
  const pool = nodes.get(NODE2)?.storages.get('local-zfs')?.pool;
  if (pool) pool.base = pool.total;
};

const FAILING: [name: string, steps: HandMade[], tells: { failed_step: number; text: RegExp }, before?: Before][] = [
  [
    'a start without memory',
    [start(AGENT)],
    { failed_step: 0, text: /^It would fail: .*Cannot allocate memory/ },
    crowded,
  ],
  [
    'a live migration with local disks that are not to come along',
    [{ ...migrate(DOCKER, NODE2), params: { target: NODE2, online: 1 } }],
    { failed_step: 0, text: /can't live migrate attached local disks|Problem found while scanning volumes/ },
  ],
  ['a full storage', [clone(AGENT, 150)], { failed_step: 0, text: /out of space|No space left/ }, full],
  [
    'a snapshot name that is taken',
    [snapshot(DOCKER, 'once'), plain(`POST /nodes/${DOCKER}/snapshot`, { snapname: 'once' })].map((step, index) =>
      index === 0 ? step : { ...step, after: [0] },
    ),
    { failed_step: 1, text: /at step 2 of 2 .*snapshot name 'once' already used/ },
  ],
  [
    'a step after one that takes its ground away',
    [destroy(AGENT), { ...plain(`POST /nodes/${AGENT}/status/start`), after: [0] }],
    { failed_step: 1, text: /at step 2 of 2 / },
  ],
  [
    'an id that is in use',
    [plain(`POST /nodes/${AGENT}/clone`, { newid: 103, full: 1 })],
    { failed_step: 0, text: /103 already exists/ },
  ],
  [
    'a bridge that is not there',
    [plain(`PUT /nodes/${AGENT}/config`, { net0: 'virtio,bridge=vmbr77' }), { ...start(AGENT), after: [0] }],
    { failed_step: 1, text: /at step 2 of 2 .*bridge 'vmbr77' does not exist/ },
  ],
];

test.each(FAILING)('a rehearsal says where it fails: %s', async (_name, steps, { failed_step, text }, before) => {
  lab = await openLab();
  before?.(lab.sandbox.state);
  const { rehearsal } = await rehearsedOn(lab, planOf(steps));
  expect(rehearsal).toMatchObject({ outcome: 'failed', failed_step });
  expect(rehearsal.text).toMatch(text);
});

test.each<[name: string, step: HandMade, tells: RegExp]>([
  [
    'a number that is too small',
    plain(`PUT /nodes/${AGENT}/config`, { cores: -1 }),
    /cores: value must have a minimum value of 1/,
  ],
  ['no VLAN', plain(`PUT /nodes/${AGENT}/config`, { net0: 'virtio,bridge=vmbr0,tag=5000' }), /net0\.tag: .* 4094/],
  ['a parameter that there is not', plain(`PUT /nodes/${AGENT}/config`, { bogus: 1 }), /has no parameter bogus/],
])('what Proxmox does not take is not rehearsed as if it did: %s', async (_name, step, tells) => {
  lab = await openLab();
  const { rehearsal } = await rehearsedOn(lab, planOf([start(SANDBOX_CT), step]));
  expect(rehearsal.outcome).toBe('failed');
  expect(rehearsal.text).toMatch(/^It would fail before anything is sent: /);
  expect(rehearsal.text).toMatch(tells);
});

test('steps that others do not wait for fail by themselves, and are counted', async () => {
  lab = await openLab();
  const steps = [
    start(AGENT),
    plain(`POST /nodes/${AGENT}/clone`, { newid: 103 }),
    plain(`POST /nodes/${AGENT}/clone`, { newid: 105 }),
  ];
  const { rehearsal } = await rehearsedOn(lab, planOf(steps, { on_failure: 'go_on' } satisfies Partial<PlanRecord>));
  expect(rehearsal).toMatchObject({ outcome: 'failed', failed_step: 1 });
  expect(rehearsal.text).toMatch(/2 steps of 3 would fail/);
});

test('a rehearsal that ends otherwise than expected says what differs', async () => {
  lab = await openLab();
  const step = start(AGENT);
  const wrong = { ...step, expects: step.expects?.map((fact) => ({ ...fact, is: 'stopped' })) ?? [] };
  const { rehearsal } = await rehearsedOn(lab, planOf([wrong]));
  expect(rehearsal).toMatchObject({ outcome: 'failed' });
  expect(rehearsal.text).toMatch(/not come to what is expected: status of .* is running, and should be stopped/);
});
