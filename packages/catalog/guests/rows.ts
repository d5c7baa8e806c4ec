import { agentEnabled } from '@pxa/pve/property-string';
import { asNumber } from '@pxa/pve/values';
import {
  baseText,
  type Draft,
  drafts,
  isUnknown,
  pointer,
  type Reading,
  type Rec,
  type RowsReader,
  type Unknown,
  unknownCell,
  lacksWithheld,
} from '../kit/index.ts';

/** All guests, from the one call that lists the whole cluster. */
export const guestRows: RowsReader = async (reading) => {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) {
    reading.lacks('guests', got.why, got.nextStep);
    return [];
  }
  const rows = drafts(got.data, ({ data }) => {
    const isGuest = data['type'] === 'qemu' || data['type'] === 'lxc';
    return isGuest ? `${String(data['type'])}/${String(data['vmid'])}` : undefined;
  });
  if (rows.length === 0) await lacksWithheld(reading, { about: 'guests', privilege: 'VM.Audit', path: '/vms' });
  return reading.wants('booted') ? rows.map((row) => withBooted(row, reading.now)) : rows;
};

/** Proxmox tells how long a guest has been up, and 0 of one that is not. */
function withBooted(row: Draft, now: number): Draft {
  const base = row.recs['base'];
  if (base === undefined || isUnknown(base)) return row;
  const up = asNumber(base.data['uptime']) ?? 0;
  const at = pointer(base.at, 'uptime');
  const booted = up > 0 ? { value: now - up, at: `now − uptime: ${at}` } : unknownCell('it is not running');
  return { ...row, given: { ...row.given, booted } };
}

/** What a route of a guest needs, from its row. */
export function guestParams(row: Draft): { node: string; vmid: number } {
  return { node: baseText(row, 'node'), vmid: Number(baseText(row, 'vmid')) };
}

export const isVm = (row: Draft): boolean => baseText(row, 'type') === 'qemu';
export const runs = (row: Draft): boolean => baseText(row, 'status') === 'running';

/** The guest's configuration, pending changes included. */
export async function configOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  if (baseText(row, 'status') === 'unknown') return { unknown: `node ${baseText(row, 'node')} does not answer` };
  const params = guestParams(row);
  const got = isVm(row)
    ? await reading.read('/nodes/{node}/qemu/{vmid}/config', params)
    : await reading.read('/nodes/{node}/lxc/{vmid}/config', params);
  return recordOf(got);
}

/** The guest's current status, HA and agent included. */
export async function statusOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  if (baseText(row, 'status') === 'unknown') return { unknown: `node ${baseText(row, 'node')} does not answer` };
  const params = guestParams(row);
  const got = isVm(row)
    ? await reading.read('/nodes/{node}/qemu/{vmid}/status/current', params)
    : await reading.read('/nodes/{node}/lxc/{vmid}/status/current', params);
  return recordOf(got);
}

/**
 * A running VM's record with its `qmpstatus`, which alone tells running from paused. One call a node gives it for all
 * VMs there (`full=1`); containers and stopped VMs need none.
 */
export async function liveOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  if (!isVm(row) || !runs(row)) return { unknown: 'not a running VM' };
  const { node, vmid } = guestParams(row);
  const got = await reading.list('/nodes/{node}/qemu', { node, full: true });
  if (!got.ok) return { unknown: got.why };
  return got.data.find((rec) => Number(rec.data['vmid']) === vmid) ?? { unknown: `VM ${vmid} has left ${node}` };
}

/** The addresses that the guest itself reports: a VM through its agent, a container directly. */
export async function interfacesOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  if (!runs(row)) return { unknown: 'it is not running, so nothing reports its addresses' };
  const params = guestParams(row);
  if (!isVm(row)) {
    const got = await reading.list('/nodes/{node}/lxc/{vmid}/interfaces', params);
    return got.ok ? { data: { result: got.data.map((rec) => rec.data) }, at: got.at } : { unknown: got.why };
  }
  const got = await reading.read('/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces', params);
  return recordOf(got);
}

/** What runs inside a VM, as its agent tells it. */
export async function systemOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  if (!isVm(row)) return { unknown: 'a container has no agent: its OS type tells' };
  if (!runs(row)) return { unknown: 'it is not running' };
  const config = await configOf(reading, row);
  if (isUnknown(config)) return config;
  if (!agentEnabled(String(config.data['agent'] ?? '')))
    return { unknown: 'it has no guest agent, which alone could tell' };
  return recordOf(await reading.read('/nodes/{node}/qemu/{vmid}/agent/get-osinfo', guestParams(row)));
}

function recordOf(got: { ok: true; data: unknown; at: string } | { ok: false; why: string }): Rec | Unknown {
  if (!got.ok) return { unknown: got.why };
  const data: unknown = got.data;
  if (typeof data !== 'object' || data === null) return { unknown: 'Proxmox gave no record' };
  return { data: data as Record<string, unknown>, at: got.at };
}

/** A field of one of the row's records, as text; empty where it is absent. */
export function recText(row: Draft, source: string, key: string): string {
  const rec = row.recs[source];
  if (rec === undefined || isUnknown(rec)) return '';
  const value = rec.data[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
