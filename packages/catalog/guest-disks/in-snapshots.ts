import { asObject } from '@pxa/pve/values';
import { type GuestNow, needed, type Planning } from '../kit/index.ts';
import { namesOf, snapshotsOf } from '../snapshots/snapshots-now.ts';

/** The snapshots of a guest by their names, the state of now left out. @throws CannotPlan */
export async function snapshotNames(planning: Planning, guest: GuestNow): Promise<string[]> {
  return namesOf(await snapshotsOf(planning, guest));
}

/** The snapshots that hold a volume: while there are any, Proxmox neither frees it nor gives it away. */
export async function snapshotsWith(planning: Planning, guest: GuestNow, volume: string): Promise<string[]> {
  const names = await snapshotNames(planning, guest);
  const holds = await Promise.all(names.map((name) => hasVolume(planning, guest, name, volume)));
  return names.filter((_, index) => holds[index]);
}

async function hasVolume(planning: Planning, guest: GuestNow, name: string, volume: string): Promise<boolean> {
  const at = { node: guest.node, vmid: guest.vmid, snapname: name };
  const got =
    guest.type === 'qemu'
      ? await planning.read('/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config', at)
      : await planning.read('/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config', at);
  const config = asObject(needed<unknown>(got, `Snapshot ${name} of ${guest.title}`)) ?? {};
  return Object.values(config).some((value) => typeof value === 'string' && value.split(',')[0] === volume);
}
