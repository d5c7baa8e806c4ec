import type { Call } from '../behaviour.ts';
import { numberParam, textParam } from '../behaviours/common.ts';
import { digestOf } from '../behaviours/guest-config.ts';
import { isTemplate } from '../behaviours/guest-rows.ts';
import type { Guest } from '../state/model.ts';
import { demandAny } from './config-privileges.ts';
import { diskOf, disksOf, type GuestDisk } from './disks.ts';
import { withVolume } from './drive-size.ts';
import { worksAtOnce } from './hotplug.ts';
import { changeVolume, splitVolid, storageType, volumeOwner } from './volumes.ts';
import { changeConfig, checkLock, died, refused, startTask, withFileLock, type Task } from './work.ts';

const CHANGED = 'detected modified configuration - file changed by other user? Try again.';
/** Storage types whose plugins can rename a volume. */
const RENAMING = /^(?:dir|nfs|cifs|cephfs|btrfs|glusterfs|zfspool|lvm|lvmthin|rbd)$/;

/** The words in which the two kinds of guests differ. */
const WORDS = {
  qemu: {
    task: 'qmmove',
    thing: 'Disk',
    kind: 'VM',
    both: 'Both VMs',
    template: "Can't move disks from or to template VMs",
    snapshot: "Can't move disk used by a snapshot to another VM",
    storage: 'Storage does not support moving of this disk to another VM',
    running: 'Cannot move disk to another VM while the source VM is running - detach first',
  },
  lxc: {
    task: 'move_volume',
    thing: 'volume',
    kind: 'container',
    both: 'Both containers',
    template: "Can't move volumes from or to template CT",
    snapshot: 'Cannot move volume used by a snapshot to another container',
    storage: 'Storage does not support moving of this disk to another container',
    running: 'Cannot move in-use volume while the source CT is running - detach or shutdown first',
  },
};

interface Reassignment {
  type: Guest['type'];
  vmid: number;
  key: string;
  toVmid: number;
  toKey: string;
}

/** move_disk and move_volume with `target-vmid`: the volume gets another name and belongs to another guest. */
export function reassignRequest(call: Call, type: Guest['type'], key: string): string {
  const vmid = numberParam(call, 'vmid') ?? 0;
  const toVmid = numberParam(call, 'target-vmid') ?? 0;
  const toKey = textParam(call, type === 'qemu' ? 'target-disk' : 'target-volume') ?? key;
  demandAny(call, `/vms/${toVmid}`, ['VM.Config.Disk']);
  const wish = { type, vmid, key, toVmid, toKey };
  if (vmid === toVmid) {
    const what = type === 'qemu' ? 'reassign disk' : 'move volume to another container';
    throw refused({ 'target-vmid': `must be different than source VMID to ${what}` });
  }
  const { disk } = checked(call, wish);
  demandAny(call, `/storage/${disk.storage}`, ['Datastore.AllocateSpace']);
  const other: Call = { ...call, params: { vmid: toVmid } };
  const id = `${vmid}-${key}>${toVmid}-${toKey}`;
  return startTask(
    call,
    WORDS[type].task,
    (task) => withFileLock(call, type, task, () => withFileLock(other, type, task, () => reassign(call, wish, task))),
    id,
  );
}

function checked(call: Call, wish: Reassignment): { source: Guest; target: Guest; disk: GuestDisk } {
  const { type, vmid, key, toVmid, toKey } = wish;
  const words = WORDS[type];
  checkMountKeys(wish);
  const [source, target] = [vmid, toVmid].map((id) => call.state.guests.get(id));
  if (!source || source.type !== type) throw died(`could not find ${type === 'qemu' ? 'VM' : 'CT'} ${vmid}`);
  if (!target || target.type !== type) throw died(`could not find ${type === 'qemu' ? 'target VM' : 'CT'} ${toVmid}`);
  if (source.node !== target.node) {
    throw died(`${words.both} need to be on the same node (${source.node} != ${target.node})`);
  }
  checkLock(call, source);
  checkLock(call, target);
  if (isTemplate(source) || isTemplate(target)) throw died(words.template);
  checkDigest(call, 'digest', source);
  checkDigest(call, 'target-digest', target);
  const disk = diskOf(key, source.config[key]);
  if (!disk) throw died(`${words.thing} '${key}' for ${words.kind} '${vmid}' does not exist`);
  if (target.config[toKey] !== undefined) {
    const what = type === 'qemu' ? 'Target disk key' : 'Target volume key';
    throw died(`${what} '${toKey}' is already in use for ${words.kind} '${toVmid}'`);
  }
  if (disk.cdrom) throw died("CD drive contents can't be moved to another VM");
  const inSnapshot = source.snapshots.some(
    ({ config }) => config && disksOf(config).some(({ volid }) => volid === disk.volid),
  );
  if (inSnapshot) throw died(words.snapshot);
  if (!RENAMING.test(storageType(call.state, disk.storage)) || volumeOwner(disk.volid) !== vmid)
    throw died(words.storage);
  if (source.status === 'running' && !key.startsWith('unused')) throw died(words.running);
  return { source, target, disk };
}

function checkMountKeys({ type, key, toKey }: Reassignment): void {
  if (type === 'qemu') return;
  if (key === 'rootfs' || toKey === 'rootfs') throw died("Cannot move to/from 'rootfs'");
  if (key.startsWith('unused') && !toKey.startsWith('unused')) {
    throw died('Moving an unused volume to a used one is not possible');
  }
}

function checkDigest(call: Call, name: string, guest: Guest): void {
  const digest = textParam(call, name);
  if (digest === undefined || digest === '' || digest === digestOf(guest)) return;
  throw died(`${guest.type === 'qemu' ? 'VM' : 'Container'} ${guest.vmid}: ${CHANGED}`);
}

async function reassign(call: Call, wish: Reassignment, task: Task): Promise<void> {
  const { type, key, toKey, vmid, toVmid } = wish;
  const { source, target, disk } = checked(call, wish);
  const word = WORDS[type].kind;
  task.log(
    `reassign ${type === 'qemu' ? 'disk' : 'volume'} '${key}' from ${word} '${vmid}' as '${toKey}' to ${word} '${toVmid}'`,
  );
  await task.wait(500);
  const volid = freeName(call, disk.volid, target);
  changeVolume(call.state, source.node, disk.volid, { volid, vmid: toVmid });
  const value = toKey.startsWith('unused') ? volid : withVolume(String(source.config[key]), volid);
  leaveBootOrder(source, key, task);
  changeConfig(source, { [key]: undefined });
  task.log(`removing ${type === 'qemu' ? 'disk' : 'volume'} '${key}' from ${word} '${vmid}' config`);
  if (worksAtOnce(target, toKey, value)) changeConfig(target, { [toKey]: value });
  else target.pending = { set: { ...target.pending?.set, [toKey]: value }, remove: target.pending?.remove ?? {} };
}

function leaveBootOrder(guest: Guest, key: string, task: Task): void {
  const boot = String(guest.config['boot'] ?? '');
  const order = /^order=(.*)$/.exec(boot)?.[1]?.split(';') ?? [];
  if (!order.includes(key)) return;
  task.log(`removing disk '${key}' from boot order config`);
  changeConfig(guest, { boot: `order=${order.filter((one) => one !== key).join(';')}` });
}

/** The first name that is free for a volume of the guest; a linked clone keeps its base. */
function freeName(call: Call, volid: string, { vmid, node }: Guest): string {
  const { storage, name } = splitVolid(volid);
  const parts = /^((?:\d+\/)?base(?:vol)?-[^/]+\/)?(\d+\/)?(vm|subvol)-\d+-[^/]*?(\.(?:raw|qcow2|vmdk|subvol))?$/.exec(
    name,
  );
  const [, base = '', folder, stem = 'vm', ending = ''] = parts ?? [];
  const volumes = call.state.nodes.get(node)?.storages.get(storage)?.pool.volumes ?? [];
  const taken = new Set(volumes.map((one) => one.volid.replace(/^.*[/:]/, '')));
  let index = 0;
  while (taken.has(`${stem}-${vmid}-disk-${index}${ending}`)) index++;
  return `${storage}:${base}${folder === undefined ? '' : `${vmid}/`}${stem}-${vmid}-disk-${index}${ending}`;
}
