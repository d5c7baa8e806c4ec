import { PveError, type Behaviours, type Call } from '../behaviour.ts';
import { cloudInitFile, cloudInitRows } from '../guests/cloud-init.ts';
import { stateStorage } from '../guests/state-storage.ts';
import { configHash } from '../state/config-hash.ts';
import type { Guest, GuestConfig, Row } from '../state/model.ts';
import { flagParam, guestOf, textParam } from './common.ts';
import { guestName } from './guest-rows.ts';

/** What guests are configured to be: merged, pending, at a snapshot, and the cloud-init part of it. */
export const guestConfigs: Behaviours = {
  'GET /nodes/{node}/qemu/{vmid}/config': (call) => config(call, 'qemu'),
  'GET /nodes/{node}/lxc/{vmid}/config': (call) => config(call, 'lxc'),
  'GET /nodes/{node}/qemu/{vmid}/pending': (call) => pending(guestOf(call, 'qemu')),
  'GET /nodes/{node}/lxc/{vmid}/pending': (call) => pending(guestOf(call, 'lxc')),
  'GET /nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config': (call) => snapshotConfig(call, 'qemu'),
  'GET /nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config': (call) => snapshotConfig(call, 'lxc'),
  'GET /nodes/{node}/qemu/{vmid}/cloudinit': (call) => cloudInitRows(guestOf(call, 'qemu')),
  'GET /nodes/{node}/qemu/{vmid}/cloudinit/dump': (call) => {
    const guest = guestOf(call, 'qemu');
    return cloudInitFile(guest, guestName(guest), textParam(call, 'type') ?? 'user');
  },
};

/** The digest that Proxmox would give this configuration, or gave it when it was read. */
export function digestOf(guest: Guest): string {
  return guest.readDigest?.of === guest.config ? guest.readDigest.is : configHash(guest.config);
}

function config(call: Call, type: Guest['type']): Row {
  const guest = guestOf(call, type);
  const snapname = textParam(call, 'snapshot');
  const current = flagParam(call, 'current');
  if (snapname !== undefined && current) {
    const text = "cannot use 'snapshot' parameter with 'current'";
    throw new PveError(400, 'Parameter verification failed.\n', { snapshot: text });
  }
  if (snapname !== undefined) return { ...snapshotOf(call, guest, snapname), digest: digestOf(guest) };
  const merged = current ? guest.config : merge(guest);
  return { ...shown(merged), ...parentOf(guest), digest: digestOf(guest) };
}

/** The configuration as it will be once what is pending has come into effect. */
function merge({ config: now, pending: later }: Guest): GuestConfig {
  if (!later) return now;
  const merged = { ...now, ...later.set };
  for (const key of Object.keys(later.remove)) delete merged[key];
  return merged;
}

/** The snapshot that the guest stands on, which the configuration tells as well. */
function parentOf(guest: Guest): GuestConfig {
  const parent = guest.snapshots.find(({ name }) => name === 'current')?.parent;
  return parent === undefined ? {} : { parent };
}

/** Passwords are never shown; raw `lxc.*` lines are a list of pairs. */
function shown(config: GuestConfig): Row {
  const row: Row = { ...config };
  if (row['cipassword'] !== undefined) row['cipassword'] = '**********';
  if (typeof row['lxc'] === 'string') row['lxc'] = JSON.parse(row['lxc']);
  return row;
}

/** PVE::GuestHelpers::config_with_pending_array. */
function pending(guest: Guest): Row[] {
  const rows: Row[] = [];
  const later = guest.pending;
  for (const [key, value] of Object.entries(shown({ ...guest.config, ...parentOf(guest), digest: digestOf(guest) }))) {
    if (typeof value === 'object') continue;
    const row: Row = { key, value };
    const next = later?.set[key];
    if (next !== undefined) row['pending'] = key === 'cipassword' ? '**********' : next;
    const removed = later?.remove[key];
    if (removed !== undefined) row['delete'] = removed;
    rows.push(row);
  }
  for (const [key, value] of Object.entries(later?.set ?? {})) {
    if (!(key in guest.config)) rows.push({ key, pending: key === 'cipassword' ? '**********' : value });
  }
  return rows;
}

/** The volume that holds a snapshot's memory, where its name was not read. */
function stateVolume(call: Call, guest: Guest, name: string): string {
  return `${stateStorage(call.state, guest)}:vm-${guest.vmid}-state-${name}`;
}

function snapshotOf(call: Call, guest: Guest, name: string): Row {
  const snapshot = guest.snapshots.find((entry) => entry.name === name && name !== 'current');
  if (!snapshot) throw new PveError(500, `snapshot '${name}' does not exist\n`);
  // a snapshot whose configuration was not read is taken to have been like today's
  const base = shown(snapshot.config ?? guest.config);
  return {
    ...base,
    snaptime: snapshot.snaptime,
    ...(snapshot.description === '' ? {} : { description: snapshot.description }),
    ...(snapshot.parent === undefined ? {} : { parent: snapshot.parent }),
    ...(snapshot.vmstate === 1 ? { vmstate: base['vmstate'] ?? stateVolume(call, guest, name) } : {}),
  };
}

function snapshotConfig(call: Call, type: Guest['type']): Row {
  return snapshotOf(call, guestOf(call, type), textParam(call, 'snapname') ?? '');
}
