import type { Behaviours, Call } from '../behaviour.ts';
import { checkMayChange, demandAny } from '../guests/config-privileges.ts';
import { checkVolumes, made } from '../guests/config-update.ts';
import { startContainer } from '../guests/container-power.ts';
import { diskOf } from '../guests/disks.ts';
import { addGuest, addToHa, joinPool, mustBeFree, poolMustExist } from '../guests/new-guest.ts';
import { sentOptions } from '../guests/sent-options.ts';
import { inVolumeOrder } from '../guests/volume-order.ts';
import { findVolume, freeVolume, usableStorage } from '../guests/volumes.ts';
import { changeConfig, died, startTask, vmidOf, withFileLock, type Task } from '../guests/work.ts';
import { restoreContainerRequest } from '../restores/container.ts';
import type { Guest, Volume } from '../state/model.ts';
import { flagParam, textParam } from './common.ts';
import { checkMayAllocate } from './vm-create-writes.ts';

const CONTROL = new RegExp(
  '^(?:node|vmid|bwlimit|force|ha-managed|ignore-unpack-errors|ostemplate|password|pool|restore|ssh-public-keys|start|storage|unique)$',
);
/** Bytes of an archive that are unpacked a second. */
const UNPACK_RATE = 60 * 1024 ** 2;

/** Containers that are made from a template (create_vm in PVE/API2/LXC.pm). */
export const containerCreateWrites: Behaviours = {
  'POST /nodes/{node}/lxc': (call) => {
    if (flagParam(call, 'restore')) return restoreContainerRequest(call);
    const vmid = vmidOf(call);
    const pool = textParam(call, 'pool');
    checkMayAllocate(call, vmid, pool);
    poolMustExist(call, pool);
    const sent = sentOptions(call, CONTROL);
    checkMayChange(call, 'lxc', pool === undefined ? Object.keys(sent) : []);
    if (sent['unprivileged'] === '0') demandAny(call, '/', ['Sys.Modify']);
    if (sent['rootfs'] === undefined && Object.keys(sent).some((key) => /^mp\d+$/.test(key))) {
      throw died("mount points configured, but 'rootfs' not set - aborting");
    }
    sent['rootfs'] ??= `${textParam(call, 'storage') ?? 'local'}:4`;
    sent['unprivileged'] ??= '1';
    const archive = templateOf(call);
    checkVolumes(call, { vmid, type: 'lxc', node: call.node, config: {} }, sent);
    mustBeFree(call.state, vmid, '');
    const guest = addGuest(call.state, vmid, 'lxc', call.node, { lock: 'create' });
    return startTask(call, 'vzcreate', (task) => create(call, guest, sent, archive, task));
  },
};

function templateOf(call: Call): Volume {
  const volid = textParam(call, 'ostemplate') ?? '';
  const storage = volid.split(':')[0] ?? '';
  usableStorage(call.state, call.node, storage);
  demandAny(call, `/storage/${storage}`, ['Datastore.AllocateSpace', 'Datastore.Audit']);
  const volume = findVolume(call.state, call.node, volid);
  if (!volume) throw died(`volume '${volid}' does not exist`);
  return volume;
}

async function create(
  call: Call,
  guest: Guest,
  sent: Record<string, string>,
  archive: Volume,
  task: Task,
): Promise<void> {
  const { vmid } = guest;
  try {
    for (const [key, value] of inVolumeOrder(sent)) changeConfig(guest, { [key]: made(call, guest, key, value) });
    const name = archive.volid.replace(/^.*\//, '');
    task.log(`extracting archive '/var/lib/vz/template/cache/${name}'`);
    await task.wait((archive.size / UNPACK_RATE) * 1000);
    const unpacked = archive.size * 4;
    task.log(`Total bytes read: ${unpacked} (${Math.round(unpacked / 1024 ** 2)}MiB, 240MiB/s)`);
    task.log('Detected container architecture: amd64');
    for (const kind of ['rsa', 'ecdsa', 'ed25519']) {
      task.log(`Creating SSH host key 'ssh_host_${kind}_key' - this may take some time ...`);
      await task.wait(300);
    }
  } catch (error) {
    for (const [key, value] of Object.entries(guest.config)) {
      const volid = diskOf(key, value)?.volid;
      if (volid !== undefined) freeVolume(call.state, guest.node, volid);
    }
    call.state.guests.delete(vmid);
    throw died(`unable to create CT ${vmid} - ${error instanceof Error ? error.message.trimEnd() : String(error)}`);
  }
  changeConfig(guest, { lock: undefined, ...defaults(guest, archive) });
  joinPool(call, vmid, textParam(call, 'pool'));
  if (flagParam(call, 'ha-managed')) addToHa(call, guest);
  if (!flagParam(call, 'start')) return;
  startTask(call, 'vzstart', (started) =>
    withFileLock(call, 'lxc', started, (found) => startContainer(call, found, started)),
  );
}

/** What every container's configuration has; the system is told by the template's name. */
function defaults({ config, vmid }: Guest, archive: Volume): Record<string, string | number> {
  const ostype = /(debian|ubuntu|alpine|centos|fedora|archlinux|opensuse|gentoo|devuan|nixos)/.exec(archive.volid)?.[1];
  return {
    arch: config['arch'] ?? 'amd64',
    hostname: config['hostname'] ?? `CT${vmid}`,
    memory: config['memory'] ?? 512,
    ostype: config['ostype'] ?? ostype ?? 'unmanaged',
    swap: config['swap'] ?? 512,
  };
}
