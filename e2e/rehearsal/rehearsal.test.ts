import { actions } from '@pxa/catalog';
import { describe, expect, test } from 'vitest';
import { type Earlier, type Played, Stage, played } from './orders.ts';

/** How far the predicted duration may be off. */
const CLOSE_SECONDS = 2;

/** What no read of the API tells of, and a twin cannot know therefore. */
const UNTOLD: readonly (readonly [order: RegExp, change: RegExp])[] = [
  // Backups hold the firewall of their guest; extractconfig gives its configuration alone.
  [/^restore /, / firewall /],
  // While changes of a network wait, the list shows what is to come.
  [/^(?:apply|revert) /, /^network of /],
];

/** How much memory a guest left on disk, nothing tells. */
const UNTIMED = /^start docker-host-01$/;

/** Which secret a token has, nobody can read. */
const UNPROVEN = /^(?:regenerate|rotate) /;

/** Holds a rehearsal against what came of its plan: the same changes, in the same time, and borne out by a fresh read. */
function check(words: string, { rehearsed, job, predicted, real, seconds }: Played): void {
  const isUntold = (change: string): boolean => UNTOLD.some(([order, form]) => order.test(words) && form.test(change));
  const told = (changes: readonly string[]): string[] => changes.filter((change) => !isUntold(change));
  expect(rehearsed.rehearsal).toMatchObject({ outcome: 'ok' });
  expect(job.state).toBe('done');
  if (!UNPROVEN.test(words)) expect(job.proof).toMatchObject({ outcome: 'verified' });
  expect(told(predicted)).toEqual(told(real));
  if (UNTIMED.test(words)) return;
  expect(Math.abs((rehearsed.rehearsal.seconds ?? 0) - seconds)).toBeLessThanOrEqual(CLOSE_SECONDS);
}

/** What sends files of somebody's own computer: there is none here. */
const OF_FILES = new Set(['storage.upload']);

describe('what is rehearsed is what comes of it, for the examples of every action', () => {
  const plans = [...actions.values()].map(({ id, examples }) => {
    const says = examples.filter(({ sends }) => typeof sends !== 'string').map(({ say }) => say);
    return [id, says] as const;
  });

  test.each(plans.filter(([id, says]) => says.length > 0 && !OF_FILES.has(id)))('%s', async (_id, says) => {
    for (const words of says) check(words, await played(words));
  });
});

const BRIDGE: Earlier = 'POST /nodes/pve-node02/network iface=vmbr9&type=bridge';
const APPLIED: Earlier = 'PUT /nodes/pve-node02/network';

/** Orders that make a plan only after something else was done. */
const LATER: readonly (readonly [words: string, ...earlier: Earlier[]])[] = [
  ['apply the network changes of pve-node02', BRIDGE],
  ['revert the network changes of pve-node02', BRIDGE],
  ['delete bridge vmbr9 on pve-node02', BRIDGE, APPLIED],
  ['change the bridge of build-agent to vmbr9', BRIDGE, APPLIED],
  [
    'migrate monitoring-stack to pve-node02',
    'POST /nodes/pve-node01/qemu/105/snapshot snapname=live&vmstate=1',
    'POST /nodes/pve-node01/qemu/105/status/stop',
  ],
  ['add zfs storage fast with pool rpool/fast for disks'],
  ['add zfs storage fast with pool rpool/fast for disks on node pve-node02'],
  ['enable storage nfs-backup', 'disable storage nfs-backup'],
  ['remove storage scratch', 'add dir storage scratch at /data/scratch for backups on node pve-node03'],
  ['keep docker-host-01 on pve-node01', 'put docker-host-01 under HA'],
  ['keep docker-host-01 and monitoring-stack apart', 'put 103 under HA', 'put 105 under HA'],
  ['keep docker-host-01 and monitoring-stack together', 'put 103 under HA', 'put 105 under HA'],
  ['enable replication job 102-0', 'disable replication job 102-0'],
  ['enable backup job backup-02', 'disable backup job backup-02'],
  ['unprotect the newest backup of dev-sandbox', 'protect the newest backup of dev-sandbox'],
  ['enable the firewall on node pve-node02', 'turn off the firewall on node pve-node02'],
  ['set the input policy of the datacenter to accept'],
  ['delete pool lab', 'create a pool called lab'],
  ['resume docker-host-01', 'pause docker-host-01'],
  ['start docker-host-01', 'hibernate docker-host-01'],
  ['delete docker-host-01', 'hibernate docker-host-01'],
  ['enable ballooning for build-agent', 'disable ballooning for build-agent'],
  ['turn off protection for build-agent', 'turn on protection for build-agent'],
  ['disable the guest agent of build-agent', 'enable the guest agent of build-agent'],
  [
    'remove the ssh key ops@example from debian-12-cloud',
    'add the ssh key "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ops@example" to debian-12-cloud',
  ],
  [
    'delete security group web',
    'remove security group web from app-server-prod',
    'take nginx-proxy out of the security group web',
  ],
  ['delete ip set blocklist', 'create ip set blocklist with 198.51.100.0/24 and 203.0.113.7'],
  [
    'create bond bond1 of enp1s0f0 and enp1s0f1 on pve-node02 in mode lacp',
    'PUT /nodes/pve-node02/network/bond0 type=bond&slaves=&bond_mode=802.3ad',
  ],
  ['connect the network of build-agent', 'disconnect the network of build-agent'],
  ['enable the firewall on net0 of build-agent', 'disable the firewall on net0 of build-agent'],
  [
    'move the disk of build-agent to nfs-backup',
    'set the content of storage nfs-backup to backups, disk images and iso images',
  ],
  ['attach the unused disk of build-agent', 'detach scsi0 from build-agent'],
  ['eject build-agent', 'insert the debian-13 iso into build-agent'],
  ['evacuate pve-node02', 'stop k8s-worker-01'],
  // By it the cluster is reached: nothing can be read until it is back.
  ['reboot node pve-node01'],
];

test.each(LATER)('what is rehearsed is what comes of it: %s', async (words, ...earlier) => {
  check(words, await played(words, earlier));
});

/** Orders that are refused before anybody is asked, after something else was done. */
const REFUSED: readonly (readonly [words: string, ...earlier: Earlier[]])[] = [
  ['set the cores of docker-host-01 to 2', 'hibernate docker-host-01'],
  ['create a snapshot of docker-host-01 called late', 'hibernate docker-host-01'],
  ['back up docker-host-01', 'hibernate docker-host-01'],
  ['clone docker-host-01 as copy', 'hibernate docker-host-01'],
];

test('a backup job that is there already is not made again', async () => {
  const words = 'schedule a daily backup of 101 and 103 at 2:30 to storage nfs-backup';
  const stage = new Stage('demo');
  await stage.did(words);
  expect(await stage.planned(words)).toEqual({ kind: 'none', why: 'already' });
});

test.each(REFUSED)('what Proxmox would refuse makes no plan: %s', async (words, ...earlier) => {
  const stage = new Stage('demo');
  for (const one of earlier) await stage.did(one);
  expect(await stage.planned(words)).toEqual({ kind: 'none', why: 'refused' });
});
