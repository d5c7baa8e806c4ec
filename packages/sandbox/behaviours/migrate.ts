import type { Behaviours, Call } from '../behaviour.ts';
import { disksOf } from '../guests/disks.ts';
import { snapshotNamed } from '../guests/snapshot.ts';
import { hasVolumeFeature, type VolumeFeature } from '../guests/volume-feature.ts';
import { isHaManaged } from '../guests/work.ts';
import { motionOf } from '../ha/motion.ts';
import type { Guest, GuestConfig, NodeState, Row } from '../state/model.ts';
import { guestOf, isOnline, sidOf, textParam } from './common.ts';

/** What would stand in the way of moving a guest, and what its disks can do. */
export const migrate: Behaviours = {
  'GET /nodes/{node}/qemu/{vmid}/migrate': (call) => vmPreconditions(call, guestOf(call, 'qemu')),
  'GET /nodes/{node}/lxc/{vmid}/migrate': (call) => {
    const guest = guestOf(call, 'lxc');
    const { allowed, refused } = targets(call, guest);
    const blocked = Object.entries(refused).filter(([, row]) => row['blocking-ha-resources'] !== undefined);
    return {
      running: running(guest),
      'allowed-nodes': allowed,
      'not-allowed-nodes': Object.fromEntries(blocked),
      ...dependent(call, guest),
    };
  },
  'GET /nodes/{node}/qemu/{vmid}/feature': (call) => feature(call, guestOf(call, 'qemu')),
  'GET /nodes/{node}/lxc/{vmid}/feature': (call) => {
    const { hasFeature } = feature(call, guestOf(call, 'lxc'));
    return { hasFeature };
  },
};

function running(guest: Guest): 0 | 1 {
  return guest.status === 'running' ? 1 : 0;
}

function isShared(call: Call, storage: string): boolean {
  return call.state.storages.get(storage)?.['shared'] === 1;
}

/** Which nodes have all the storages that a guest needs; its local disks may be copied, if their storage is there. */
function targets(call: Call, guest: Guest): { allowed: string[]; refused: Record<string, Row> } {
  const needed = [...new Set(disksOf(guest.config).map(({ storage }) => storage))];
  const allowed: string[] = [];
  const refused: Record<string, Row> = {};
  for (const node of call.state.nodes.values()) {
    if (node.name === guest.node || !isOnline(node)) continue;
    const missing = needed.filter((storage) => !hasStorage(node, storage));
    const blocking = blockedBy(call, guest, node.name);
    if (missing.length + blocking.length === 0) allowed.push(node.name);
    else {
      refused[node.name] = {
        ...(missing.length === 0 ? {} : { unavailable_storages: missing }),
        ...(blocking.length === 0 ? {} : { 'blocking-ha-resources': blocking }),
      };
    }
  }
  return { allowed, refused };
}

/** Services on a node that the guest has to be apart from. */
function blockedBy(call: Call, guest: Guest, node: string): Row[] {
  if (call.version.major < 9 || !isHaManaged(call.state, guest)) return [];
  return motionOf(call.state, sidOf(guest), node).blocking.map((sid) => ({ sid, cause: 'resource-affinity' }));
}

function hasStorage(node: NodeState, id: string): boolean {
  const seen = node.storages.get(id);
  return seen !== undefined && seen.enabled === 1;
}

/** PVE::API2::Qemu migrate_vm_precondition. */
function vmPreconditions(call: Call, guest: Guest): Row {
  const { allowed, refused } = targets(call, guest);
  const local = disksOf(guest.config).filter(({ storage }) => !isShared(call, storage));
  return {
    running: running(guest),
    allowed_nodes: allowed,
    not_allowed_nodes: refused,
    local_disks: local.map(({ key, volid, size, cdrom }) => ({
      volid,
      size,
      drivename: key,
      cdrom: cdrom ? 1 : 0,
      is_attached: key.startsWith('unused') ? 0 : 1,
      is_unused: key.startsWith('unused') ? 1 : 0,
      is_tpmstate: key.startsWith('tpmstate') ? 1 : 0,
      is_vmstate: 0,
      replicate: 1,
      shared: 0,
    })),
    local_resources: localResources(guest.config),
    'mapped-resources': [],
    'mapped-resource-info': {},
    'has-dbus-vmstate': 1,
    ...dependent(call, guest),
  };
}

/** Devices that only this host has: PVE::QemuServer::check_local_resources. */
export function localResources(config: Readonly<GuestConfig>): string[] {
  return Object.entries(config)
    .filter(([key, value]) => {
      if (/^(?:hostpci|parallel)\d+$/.test(key)) return !String(value).includes('mapping=');
      if (/^usb\d+$/.test(key)) return !/spice|mapping=/.test(String(value));
      if (/^serial\d+$/.test(key)) return value !== 'socket';
      return key === 'ivshmem' || key === 'hostusb';
    })
    .map(([key]) => key);
}

/** Guests that a rule keeps together with this one come along. */
function dependent(call: Call, guest: Guest): Row {
  const sid = sidOf(guest);
  if (call.version.major < 9 || !call.state.ha.resources.some((row) => row['sid'] === sid)) return {};
  const together = (call.state.ha.rules ?? [])
    .filter((rule) => rule['type'] === 'resource-affinity' && rule['affinity'] === 'positive')
    .map((rule) => String(rule['resources']).split(','))
    .filter((sids) => sids.includes(sid));
  return { 'dependent-ha-resources': together.flat().filter((other) => other !== sid) };
}

/** Whether all of a guest's disks, or those of a snapshot of it, can be copied, linked to, or taken snapshots of. */
function feature(call: Call, guest: Guest): { hasFeature: 0 | 1; nodes: string[] } {
  const wanted = (textParam(call, 'feature') ?? 'snapshot') as VolumeFeature; // one of the three, by the route's schema
  const snapname = textParam(call, 'snapname');
  const config = snapname === undefined ? guest.config : (snapshotNamed(guest, snapname).config ?? guest.config);
  const disks = disksOf(config).filter(({ cdrom, key }) => !cdrom && !key.startsWith('unused'));
  const of = { feature: wanted, inSnapshot: snapname !== undefined };
  const able = disks.every(({ volid }) => hasVolumeFeature(call.state, volid, of));
  const shared = disks.every(({ storage }) => isShared(call, storage));
  const nodes = shared ? [guest.node, ...targets(call, guest).allowed] : [guest.node];
  return { hasFeature: able ? 1 : 0, nodes: able ? nodes : [] };
}
