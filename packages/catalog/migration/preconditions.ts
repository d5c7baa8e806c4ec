import { asNumber, asObject, asRows } from '@pxa/pve/values';
import { type GuestNow, needed, type Planning, type Refusal } from '../kit/index.ts';

/** What Proxmox itself says of moving a guest: its preconditions call, for VMs and containers alike. */
export interface Preconditions {
  readonly localDisks: readonly string[];
  readonly localResources: readonly string[];
  readonly mapped: readonly string[];
  /** Storages that the target lacks. */
  readonly unavailable: readonly string[];
}

/** What Proxmox says of moving a guest to a node. @throws CannotPlan where it could not be asked */
export async function preconditions(planning: Planning, guest: GuestNow, target: string): Promise<Preconditions> {
  const at = { node: guest.node, vmid: guest.vmid };
  const got =
    guest.type === 'qemu'
      ? await planning.read('/nodes/{node}/qemu/{vmid}/migrate', { ...at, target })
      : await planning.read('/nodes/{node}/lxc/{vmid}/migrate', { ...at, target });
  const told = asObject(needed<unknown>(got, `Whether ${guest.title} can move`)) ?? {};
  const not = asObject(asObject(told['not_allowed_nodes'] ?? told['not-allowed-nodes'])?.[target]) ?? {};
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  return {
    localDisks: asRows(told['local_disks'])
      .filter(({ row }) => asNumber(row['cdrom']) !== 1)
      .map(({ row }) => String(row['volid'])),
    localResources: texts(told['local_resources']),
    mapped: texts(told['mapped-resources']),
    unavailable: texts(not['unavailable_storages'] ?? not['unavailable-storages']),
  };
}

/** What of that stands in the way of a move: `isLive` where a VM keeps running, `storage` where its disks are to go. */
export function blockedBy(
  guest: GuestNow,
  told: Preconditions,
  { to, isLive, storage }: { to: string; isLive: boolean; storage: string | undefined },
): Refusal[] {
  const found: Refusal[] = [];
  if (told.localResources.length > 0) {
    found.push({
      why: `${guest.title} uses devices of ${guest.node}: ${told.localResources.join(', ')}.`,
      next: 'Take them out of it first, or map them on both nodes.',
    });
  }
  if (told.mapped.length > 0 && isLive) {
    found.push({
      why: `${guest.title} uses mapped devices: ${told.mapped.join(', ')}; it cannot move while it runs.`,
      ...stopped(guest, to),
    });
  }
  if (told.unavailable.length > 0 && storage === undefined) {
    found.push({
      why: `${to} does not have the storage ${told.unavailable.join(', ')} that ${guest.title} lies on.`,
      next: 'Name a storage of the target: “with its disks on STORAGE”.',
    });
  }
  return found;
}

/**
 * A running VM's local disks are mirrored by QEMU, which knows nothing of snapshots on them (qemu-server QemuMigrate.pm,
 * scan_local_volumes: "online storage migration not possible if non-replicated snapshot exists").
 */
export async function heldBySnapshots(
  planning: Planning,
  guest: GuestNow,
  told: Preconditions,
  to: string,
): Promise<Refusal[]> {
  if (told.localDisks.length === 0) return [];
  const at = { node: guest.node, vmid: guest.vmid };
  const [snapshots, replication] = await Promise.all([
    planning.list('/nodes/{node}/qemu/{vmid}/snapshot', at),
    planning.list('/cluster/replication', {}),
  ]);
  const names = needed(snapshots, `The snapshots of ${guest.title}`)
    .map(({ data }) => String(data['name']))
    .filter((name) => name !== 'current');
  const isReplicated = replication.ok && replication.data.some(({ data }) => asNumber(data['guest']) === guest.vmid);
  if (names.length === 0 || isReplicated) return [];
  const which = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
  return [
    {
      why: `${guest.title} runs on local disks that have snapshots (${which}): Proxmox cannot copy those while it runs.`,
      ...stopped(guest, to),
    },
  ];
}

function stopped({ vmid }: GuestNow, to: string): Pick<Refusal, 'next' | 'say'> {
  const say = `migrate ${vmid} to ${to} offline`;
  return { next: `“${say}” shuts it down, moves it and starts it again.`, say };
}
