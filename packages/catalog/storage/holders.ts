import { asObject, asText } from '@pxa/pve/values';
import {
  type DetailReader,
  type Draft,
  isUnknown,
  pointer,
  type Reading,
  type Rec,
  type Unknown,
} from '../kit/index.ts';

/** What a disk image is to its guest; what no guest has as a disk is a file. */
type Use = 'file' | 'attached' | 'detached' | 'snapshot' | 'replica' | 'left over' | 'orphaned';

/**
 * What holds a disk image: its owner's configuration, that of one of the owner's snapshots, or a replication job. The
 * record has the cells `use` and `key`, which tell where that was read. The owner is the guest of the volume's `vmid`
 * (PVE::Storage, volume names carry it).
 */
export const holderOf: DetailReader = async (reading, row) => {
  const volume = row.recs['base'];
  if (volume === undefined || isUnknown(volume)) return { unknown: 'the volume was not listed' };
  const { data } = volume;
  if (data['content'] !== 'images' && data['content'] !== 'rootdir') {
    return use('file', '', pointer(volume.at, 'content'));
  }
  const vmid = asText(data['vmid']);
  if (vmid === null) return { unknown: 'Proxmox names no owner for it' };
  const owner = await guestRec(reading, vmid);
  if ('unknown' in owner) return owner;
  if (owner.data['vmid'] === undefined) return orphan(reading, vmid, owner);
  if (owner.data['status'] === 'unknown') return { unknown: `node ${String(owner.data['node'])} does not answer` };
  return ownedBy(reading, row, owner, String(data['volid']));
};

/** The guest's record in the cluster's list; the list itself where it has none. */
async function guestRec(reading: Reading, vmid: string): Promise<Rec | Unknown> {
  const got = await reading.list('/cluster/resources', {});
  if (!got.ok) return { unknown: got.why };
  const isIt = ({ data }: Rec): boolean =>
    (data['type'] === 'qemu' || data['type'] === 'lxc') && asText(data['vmid']) === vmid;
  return got.data.find(isIt) ?? { data: {}, at: got.at };
}

/** A guest that is not listed is gone, or hidden from this user: only with VM.Audit on it the two can be told apart. */
async function orphan(reading: Reading, vmid: string, list: Rec): Promise<Rec | Unknown> {
  const path = `/vms/${vmid}`;
  const got = await reading.read('/access/permissions', { path });
  const privileges: unknown = got.ok ? (got.data as Record<string, unknown>)[path] : undefined;
  const sees = typeof privileges === 'object' && privileges !== null && 'VM.Audit' in privileges;
  return sees
    ? use('orphaned', '', list.at)
    : { unknown: `no guest ${vmid} is listed; needs VM.Audit on ${path} to tell` };
}

async function ownedBy(reading: Reading, row: Draft, owner: Rec, volid: string): Promise<Rec | Unknown> {
  const [node, home] = [String(row.given['node']?.value), String(owner.data['node'])];
  if (row.given['shared']?.value !== true && node !== home) return elsewhere(reading, owner, node);
  const config = await configAt(reading, owner, undefined);
  if ('unknown' in config) return config;
  const key = keyOf(config, volid);
  if (key !== undefined) return use(key.startsWith('unused') ? 'detached' : 'attached', key, pointer(config.at, key));
  return inSnapshots(reading, owner, volid, config);
}

async function inSnapshots(reading: Reading, owner: Rec, volid: string, config: Rec): Promise<Rec | Unknown> {
  const params = paramsOf(owner);
  const got =
    owner.data['type'] === 'qemu'
      ? await reading.list('/nodes/{node}/qemu/{vmid}/snapshot', params)
      : await reading.list('/nodes/{node}/lxc/{vmid}/snapshot', params);
  if (!got.ok) return { unknown: got.why };
  for (const { data } of got.data) {
    const name = asText(data['name']);
    if (name === null || name === 'current') continue;
    const snapshot = await configAt(reading, owner, name);
    if ('unknown' in snapshot) return snapshot;
    const key = keyOf(snapshot, volid);
    if (key !== undefined) return use('snapshot', name, pointer(snapshot.at, key));
  }
  return use('left over', '', config.at);
}

/** A copy on a node where the guest is not: of a replication job, or left there by a migration. */
async function elsewhere(reading: Reading, owner: Rec, node: string): Promise<Rec | Unknown> {
  const got = await reading.list('/cluster/replication', {});
  if (!got.ok) return { unknown: got.why };
  const job = got.data.find(
    ({ data }) => asText(data['guest']) === asText(owner.data['vmid']) && data['target'] === node,
  );
  return job === undefined
    ? use('left over', '', pointer(owner.at, 'node'))
    : use('replica', asText(job.data['id']) ?? '', pointer(job.at, 'target'));
}

async function configAt(reading: Reading, owner: Rec, snapshot: string | undefined): Promise<Rec | Unknown> {
  const params = { ...paramsOf(owner), ...(snapshot === undefined ? {} : { snapshot }) };
  const got =
    owner.data['type'] === 'qemu'
      ? await reading.read('/nodes/{node}/qemu/{vmid}/config', params)
      : await reading.read('/nodes/{node}/lxc/{vmid}/config', params);
  return got.ok ? { data: asObject(got.data) ?? {}, at: got.at } : { unknown: got.why };
}

function paramsOf(owner: Rec): { node: string; vmid: number } {
  return { node: String(owner.data['node']), vmid: Number(owner.data['vmid']) };
}

function keyOf(config: Rec, volid: string): string | undefined {
  const entries = Object.entries(config.data);
  const found = entries.find(([, value]) => typeof value === 'string' && value.split(',')[0] === volid);
  return found?.[0];
}

function use(what: Use, key: string, at: string): Rec {
  return { data: { use: { value: what, at }, key: { value: key, at } }, at };
}
