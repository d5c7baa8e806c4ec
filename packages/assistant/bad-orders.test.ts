import { connect } from '@pxa/pve';
import { type Sandbox, startSandbox } from '@pxa/sandbox';
import { type Store, openStore } from '@pxa/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assistant } from './assistant.ts';
import { createAssistant } from './create.ts';

let sandbox: Sandbox;
let store: Store;
let assistant: Assistant;

beforeAll(async () => {
  sandbox = await startSandbox({ clock: Date.UTC(2026, 1, 23, 10) });
  const { url, tokenId, tokenSecret: secret, fingerprint } = sandbox;
  const cluster = connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
  let ids = 0;
  const id = (prefix = 'c'): string => `${prefix}_${(ids += 1)}`;
  const now = (): number => sandbox.clock.now();
  store = await openStore({ kind: 'sqlite', file: ':memory:' }, { now });
  assistant = createAssistant({
    cluster,
    now,
    ids: id,
    changes: {
      openStore: () => Promise.resolve(store),
      connection: 'the sandbox',
      user: tokenId,
      person: { name: 'anna', door: 'terminal' },
      owner: 'test',
      id,
      sleep: () => Promise.resolve(),
    },
  });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

/** What a person says, and what they must be able to read then. */
type Bad = readonly [say: string, says: RegExp];

const VM = 'create a VM called web with';
const COPY = 'create a VM called web from debian-12-cloud with';
const CT = 'create container called ct1 with debian 12';
const CORES = /(?:0|-2|-1|5000|100000) is (?:none|no number of cores)|has 16 CPUs/;
const MEMORY =
  /(?:0 B|-4 GB|-1 GB|1 B|8 PB) is no memory that a (?:guest|VM|container) can have|has 76 GB of memory; 8 PB is more/;
const DISK = /(?:0 B|-\d+ GB|\d+ PB) is no size for a disk|local-zfs has 2\.4 TB free/;
const VLAN = /(?:5000|0|-1) is no VLAN: they go from 1 to 4094/;
const NAME = /is no name that Proxmox takes/;
const SNAPSHOT = /is no name for a snapshot: letters, digits, - and _, a letter first, 2 to 40 of them/;
const ID = /The id \d+ is taken\. Name another, or none/;
const NO_ID = /is no id for a guest: they go from 100 to 999999999/;
const NO_NODE = /No node is called “pve-node09”\. Did you mean one of these\?[^]*pve-node01/;
const NO_STORAGE = /No storage is called “nope”\. These exist:[^]*local-zfs/;
const NO_BRIDGE = /has no bridge vmbr77(?:; it|\. It) has vmbr0/;
const NO_GUEST = /No guest is called “[\w-]+”/;
const IS_THERE = /is on pve-node0\d already\. Nodes that are online: /;

const BAD: Readonly<Record<string, readonly Bad[]>> = {
  'sizes that are negative': [
    [`${VM} -2 cores, 8GB RAM and 80GB disk`, CORES],
    [`${VM} 2 cores, -4GB RAM and 80GB disk`, MEMORY],
    [`${VM} 2 cores, 8GB RAM and -80GB disk`, DISK],
    [`${COPY} -1 cores`, CORES],
    [`${COPY} -4 GB RAM`, MEMORY],
    [`${CT} and -1 GB memory`, MEMORY],
    [`${CT} and a -5 GB disk`, DISK],
    ['set memory of monitoring-stack to -4 GB', MEMORY],
    ['set cores of monitoring-stack to -2', CORES],
    ['resize the disk of monitoring-stack to -10 GB', DISK],
    ['add a disk of -5 GB to monitoring-stack', DISK],
    ['set ballooning of monitoring-stack to -1 GB', /-1 GB is too little/],
    ['set the swap of dev-sandbox to -1 GB', /-1 GB is no swap/],
    ['set the vlan of monitoring-stack to -1', VLAN],
  ],
  'sizes of nothing': [
    [`${VM} 0 cores, 8GB RAM and 80GB disk`, CORES],
    [`${VM} 2 cores, 0 GB RAM and 80GB disk`, MEMORY],
    [`${VM} 2 cores, 8GB RAM and 0 GB disk`, DISK],
    [`${COPY} 0 cores`, CORES],
    [`${COPY} 0 GB RAM`, MEMORY],
    [`${COPY} a 0 GB disk`, /a copy cannot have 0 B/],
    [`${CT} and 0 cores`, CORES],
    [`${CT} and 0 GB memory`, MEMORY],
    [`${CT} and a 0 GB disk`, DISK],
    ['create a container called ct9 from dev-sandbox with 0 GB memory', MEMORY],
    ['set memory of monitoring-stack to 0', new RegExp(`0 of what\\? Say the unit, too|${MEMORY.source}`)],
    ['set memory of dev-sandbox to 0 GB', MEMORY],
    ['set the memory of dev-sandbox to 1 byte', MEMORY],
    ['set cores of monitoring-stack to 0', CORES],
    ['set the sockets of monitoring-stack to 0', /one socket at least; 0 is none/],
    ['resize the disk of monitoring-stack to 0 GB', DISK],
    ['add a disk of 0 GB to monitoring-stack', DISK],
    ['set the vlan of monitoring-stack to 0', VLAN],
    ['add a network card on vmbr0 with vlan 0 to monitoring-stack', VLAN],
  ],
  'sizes that nobody has': [
    [`${VM} 100000 cores, 8GB RAM and 80GB disk`, CORES],
    [`${VM} 2 cores, 8 PB RAM and 80GB disk`, MEMORY],
    [`${VM} 2 cores, 8GB RAM and 900PB disk`, DISK],
    [`${VM} 2 cores, 8GB RAM and 40TB disk`, /local-zfs has 2\.7 TB free; 40 TB are more than that/],
    [`${COPY} a 50 PB disk`, DISK],
    [`${COPY} a 40 TB disk`, DISK],
    [`${COPY} 8 PB RAM`, MEMORY],
    [`${COPY} vlan 5000`, VLAN],
    [`${CT} and 8 PB memory`, MEMORY],
    [`${CT} and a 90 PB disk`, DISK],
    ['set memory of monitoring-stack to 8 PB', MEMORY],
    ['set cores of monitoring-stack to 5000', CORES],
    ['resize the disk of monitoring-stack to 100 PB', DISK],
    ['resize the disk of monitoring-stack to 40 TB', /40 TB more do not fit/],
    ['add a disk of 50 PB to monitoring-stack', DISK],
    ['add a network card on vmbr0 with vlan 5000 to monitoring-stack', VLAN],
    ['set ballooning of monitoring-stack to 64 GB', /has 4 GB of memory; it cannot keep 64 GB/],
  ],
  'a disk that is to shrink': [
    ...[
      'resize the disk of monitoring-stack to 10 GB',
      'shrink the disk of monitoring-stack to 10 GB',
      'shrink the disk of monitoring-stack by 10 GB',
      'add -5 GB to the disk of monitoring-stack',
    ].map((say): Bad => [
      say,
      /scsi0 of VM 105 monitoring-stack has 50 GB: Proxmox cannot shrink a disk to \d+ GB\. Name a greater size; or make a new/,
    ]),
    ['resize the disk of dev-sandbox to 1 GB', /rootfs of Container 203 dev-sandbox has 20 GB: Proxmox cannot shrink/],
    [`${COPY} a 1 GB disk`, /The disk of VM 9001 debian-12-cloud has 3 GB; a copy cannot have 1 GB/],
  ],
  'ids in use, and ids that are none': [
    ['clone debian-12-cloud to VM 101 called x', ID],
    [`${VM} 2 cores, 8GB RAM and 80GB disk and id 100`, ID],
    ['create a container called ct9 from dev-sandbox with id 100', ID],
    ['clone debian-12-cloud to id 99 called x', NO_ID],
    ['create a VM called web with id 99', NO_ID],
  ],
  'names that Proxmox refuses': [
    ...['my server!', '-bad', 'a_b', 'über', 'web 01', 'x'.repeat(300)].map((name): Bad => [
      `rename monitoring-stack to "${name}"`,
      NAME,
    ]),
    ['clone debian-12-cloud to web_01', NAME],
    ['create a VM called "a..b"', NAME],
    ['create a VM called web_1 from debian-12-cloud', NAME],
    ['create container called "c t" with debian 12', NAME],
    ...['before update', 'current', '1abc', 'a'.repeat(41)].map((name): Bad => [
      `snapshot monitoring-stack as "${name}"`,
      SNAPSHOT,
    ]),
    ['snapshot dev-sandbox as vzdump', SNAPSHOT],
    ['create pool "my pool!"', /is no name for a pool/],
    ['create user bob', /“bob” names no realm\. Say it as bob@pve/],
    ['create user "bo b@pve"', /“bo b@pve” is no name of a user/],
    ['tag monitoring-stack with "a b!"', /Proxmox does not take these tags: invalid characters in tag\. Use letters/],
    ['create bridge "br 0" on pve-node01', /is no name for an interface/],
    ['set the IP of dev-sandbox to 999.1.1.1/24', /is no address with its prefix\. Write it as 10\.0\.50\.5\/24/],
    ['set the IP of dev-sandbox to 10.0.0.1/99', /is no address with its prefix/],
  ],
  'storages, bridges, nodes, templates and guests that there are none of': [
    ['clone monitoring-stack to x on storage nope', NO_STORAGE],
    ['move the disk of monitoring-stack to storage nope', NO_STORAGE],
    ['backup monitoring-stack to storage nope', NO_STORAGE],
    [
      'backup monitoring-stack to local-zfs',
      /local-zfs does not take backups\. Storages of pve-node01 that take backups: local/,
    ],
    ['delete storage nope', /No storage is called nope\. There are: local/],
    [`${VM} 2 cores, 8GB RAM and 80GB disk on bridge vmbr77`, NO_BRIDGE],
    ['create a VM called web from debian-12-cloud on bridge vmbr77', NO_BRIDGE],
    [`${CT} on bridge vmbr77`, NO_BRIDGE],
    ['set the bridge of monitoring-stack to vmbr77', NO_BRIDGE],
    ['add a network card on vmbr77 to monitoring-stack', NO_BRIDGE],
    ['migrate monitoring-stack to pve-node09', NO_NODE],
    ['replicate monitoring-stack to pve-node09', NO_NODE],
    ['shut down everything on pve-node09', NO_NODE],
    ['reboot node pve-node09', NO_NODE],
    ['create a VM called web from template fedora-99', NO_GUEST],
    ['clone nothing-here to x', NO_GUEST],
    [
      'create container called ct1 from template fedora-99',
      /has no template “fedora-99”\. From which\?[^]*debian-12-standard/,
    ],
    ['insert nothing.iso into monitoring-stack', /pve-node01 has no ISO image nothing\.iso/],
    ['start unknown-vm', NO_GUEST],
    ['delete VM 999', NO_GUEST],
    ['remove disk scsi9 of monitoring-stack', /has no disk scsi9\. It has scsi0/],
    ['delete snapshot nope of monitoring-stack', /has no snapshot/],
    ['delete backup job backup-99', /There is no backup job backup-99\. There are: backup-01/],
    ['delete user nobody@pve', /There is no user nobody@pve\. There are: /],
    ['set the cpu type of monitoring-stack to pentium9', /has no CPU type “pentium9”/],
  ],
  'a migration to where it is': [
    ['migrate monitoring-stack to pve-node01', IS_THERE],
    ['live migrate build-agent to pve-node02', IS_THERE],
    ['migrate dev-sandbox to pve-node02', IS_THERE],
    ['replicate monitoring-stack to pve-node01', /is on pve-node01 itself/],
    ['move the disk of monitoring-stack to local-zfs', /scsi0 of VM 105 monitoring-stack lies on local-zfs already/],
  ],
  'a guest under HA, or one that is replicated, to be deleted': [
    [
      'delete app-server-prod',
      /VM 101 app-server-prod is managed by HA\. Take it out of HA first, or say “delete 101 and purge/,
    ],
    ['delete nginx-proxy', /Container 200 nginx-proxy is managed by HA/],
    ['delete dc01-win2022', /managed by HA[^]*is replicated; Proxmox does not delete it while it is/],
  ],
};

/** Everything that a write could have changed. */
const held = (): string =>
  JSON.stringify([[...sandbox.state.guests.values()], sandbox.tasks.all().map(({ upid }) => upid)]);

async function check(say: string, says: RegExp): Promise<void> {
  const before = held();
  const answer = await assistant.ask({ request: say });
  expect(`${answer.kind}: ${answer.text}`).toMatch(/^clarification: /);
  expect(answer.text).toMatch(says);
  // Nothing of how the rehearsal, Proxmox or this program is built.
  expect(answer.text).not.toMatch(
    /Parameter verification|format error|went wrong inside|Rehearsed on|\{vmid\}|undefined|NaN/,
  );
  expect(answer.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(held()).toBe(before);
}

describe.each(Object.entries(BAD))('%s', (_what, cases) => {
  test.each(cases)('%s', check);
});

describe('a guest that is protected', () => {
  const PROTECTED: Bad[] = [
    ['delete build-agent', /VM 104 build-agent is protected/],
    ['delete dev-sandbox', /Container 203 dev-sandbox is protected/],
    ['remove disk scsi0 of build-agent', /is protected/],
  ];
  test.each(PROTECTED)('%s', async (say, says) => {
    const guests = [104, 203].flatMap((vmid) => sandbox.state.guests.get(vmid) ?? []);
    const configs = guests.map(({ config }) => config);
    for (const guest of guests) guest.config = { ...guest.config, protection: 1 };
    await check(say, says);
    guests.forEach((guest, at) => (guest.config = configs[at] ?? guest.config));
  });
});

test('nothing of all this waits for a word', async () => {
  expect(await store.approvals({ now: new Date(0).toISOString(), limit: 10 })).toEqual([]);
  expect((await store.auditHead()).count).toBe(0);
});

test.each([
  ['clone debian-12-cloud to app-server-prod', 'VM 101'],
  ['create a VM called nginx-proxy with 2 cores, 2GB RAM and 8GB disk', 'container 200'],
  ['create a VM called build-agent from debian-12-cloud', 'VM 104'],
])('a name that another bears is warned of, since Proxmox takes it: %s', async (say, who) => {
  const answer = await assistant.ask({ request: say });
  if (answer.kind !== 'plan') throw new Error(answer.text);
  expect(answer.plan.warnings.join()).toContain(`is the name of ${who} already`);
});
