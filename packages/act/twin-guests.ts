import { parseSize } from '@pxa/pve/size';
import { asObject, asText } from '@pxa/pve/values';
import { parseVolid } from '@pxa/pve/volid';
import type { About } from './twin-about.ts';
import { readFirewall } from './twin-nodes.ts';
import type { Row, TwinReads } from './twin-reads.ts';

/** A guest that a plan is about, by its row in /cluster/resources. */
export interface TwinGuest {
  /** `qemu/104` */
  readonly id: string;
  readonly type: 'qemu' | 'lxc';
  readonly vmid: number;
  readonly node: string;
  readonly row: Row;
}

/** What was read of a guest, in the form of a world. */
export interface GuestParts {
  readonly config: Row;
  readonly pending: readonly Row[];
  readonly status: unknown;
  readonly snapshots: readonly Row[];
  readonly snapshot_configs: Record<string, Row>;
  readonly firewall?: unknown;
  readonly interfaces?: unknown;
  /** Files inside of it: path → content in base64. */
  readonly files?: Readonly<Record<string, string>>;
}

/** All that matters of one guest: what it is, and what else the plan needs of it. */
export async function readGuest(reads: TwinReads, guest: TwinGuest, about: About): Promise<GuestParts> {
  const { type, node, vmid, id, row } = guest;
  const talks = about.areas.has('agent') && type === 'qemu' && row['status'] === 'running';
  const [parts, firewall, interfaces, files] = await Promise.all([
    readParts(reads, guest, about.snapshots.get(vmid) ?? new Set()),
    about.areas.has('firewall') ? readFirewall(reads, `/nodes/${node}/${id}/firewall`) : undefined,
    // A guest without an agent answers this with an error, and so will its twin without it.
    talks ? reads.optional('/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces', { node, vmid }) : undefined,
    talks ? readFiles(reads, guest, about.files.get(vmid) ?? new Set()) : undefined,
  ]);
  return {
    ...parts,
    ...(firewall === undefined ? {} : { firewall }),
    ...(interfaces === undefined ? {} : { interfaces }),
    ...(files === undefined ? {} : { files }),
  };
}

/** The files that the plan names, as far as they are there: Proxmox hands out 16 MiB of each at the most. */
async function readFiles(
  reads: TwinReads,
  { node, vmid }: TwinGuest,
  paths: ReadonlySet<string>,
): Promise<Record<string, string>> {
  const read = async (file: string): Promise<[string, string][]> => {
    const answer = await reads.optional('/nodes/{node}/qemu/{vmid}/agent/file-read', { node, vmid, file });
    const content = asText(asObject(answer)?.['content']);
    return content === null ? [] : [[file, Buffer.from(content).toString('base64')]];
  };
  return Object.fromEntries((await Promise.all([...paths].map(read))).flat());
}

async function readParts(
  reads: TwinReads,
  { type, node, vmid }: TwinGuest,
  wanted: ReadonlySet<string>,
): Promise<GuestParts> {
  const at = { node, vmid };
  const [config, pending, status, snapshots] = await (type === 'qemu'
    ? Promise.all([
        reads.get('/nodes/{node}/qemu/{vmid}/config', at),
        reads.list('/nodes/{node}/qemu/{vmid}/pending', at),
        reads.get('/nodes/{node}/qemu/{vmid}/status/current', at),
        reads.list('/nodes/{node}/qemu/{vmid}/snapshot', at),
      ])
    : Promise.all([
        reads.get('/nodes/{node}/lxc/{vmid}/config', at),
        reads.list('/nodes/{node}/lxc/{vmid}/pending', at),
        reads.get('/nodes/{node}/lxc/{vmid}/status/current', at),
        reads.list('/nodes/{node}/lxc/{vmid}/snapshot', at),
      ]));
  const taken = snapshots.map(({ name }) => asText(name) ?? '').filter((name) => name !== 'current');
  const read = taken.filter((name) => wanted.has('') || wanted.has(name));
  const configs = await Promise.all(
    read.map(async (name) => [name, rowOf(await readSnapshot(reads, type, { ...at, snapname: name }))] as const),
  );
  return { config: rowOf(config), pending, status, snapshots, snapshot_configs: Object.fromEntries(configs) };
}

function readSnapshot(
  reads: TwinReads,
  type: TwinGuest['type'],
  at: { node: string; vmid: number; snapname: string },
): Promise<unknown> {
  return type === 'qemu'
    ? reads.get('/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config', at)
    : reads.get('/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config', at);
}

function rowOf(value: unknown): Row {
  return asObject(value) ?? {};
}

/** A volume that a guest's configuration names, and its size as that tells it. */
export interface NamedVolume {
  readonly storage: string;
  readonly volid: string;
  /** Bytes; undefined where it is not told. */
  readonly size: number | undefined;
}

const DRIVE = /^(?:(?:scsi|virtio|sata|ide|mp|unused|efidisk|tpmstate)\d+|rootfs|vmstate)$/;

/** The volumes of a guest: of its configuration, of what is pending, and of its snapshots as far as these were read. */
export function volumesOf({ config, pending, snapshot_configs: configs }: GuestParts): NamedVolume[] {
  const later = Object.fromEntries(pending.map((row) => [asText(row['key']) ?? '', row['pending'] ?? row['value']]));
  const named = [config, later, ...Object.values(configs)].flatMap((values) =>
    Object.entries(values).flatMap(([key, value]) => (DRIVE.test(key) ? (volumeIn(asText(value) ?? '') ?? []) : [])),
  );
  return [...new Map(named.map((volume) => [volume.volid, volume])).values()];
}

function volumeIn(drive: string): NamedVolume | undefined {
  const volid = drive.split(',', 1)[0]?.replace(/^(?:file|volume)=/, '') ?? '';
  const storage = parseVolid(volid)?.storage;
  if (storage === undefined) return undefined;
  const size = /(?:^|,)size=([^,]+)/.exec(drive)?.[1];
  return { volid, storage, size: (size === undefined ? null : parseSize(size)) ?? undefined };
}
