import { parseVolname } from '@pxa/pve/volid';
import type { Call } from '../behaviour.ts';
import { numberParam, textParam } from '../behaviours/common.ts';
import { allocate, findVolume, usableStorage } from '../guests/volumes.ts';
import { died, refused } from '../guests/work.ts';
import { pathOf } from './path.ts';

const FILES = /^(?:dir|nfs|cifs|btrfs|cephfs|glusterfs)$/;
const UNITS: Record<string, number> = { '': 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** POST …/content: an empty disk of some name for a guest, which need not exist (PVE::Storage::vdisk_alloc). */
export function allocateDisk(call: Call): string {
  const name = textParam(call, 'filename') ?? '';
  const storage = textParam(call, 'storage') ?? '';
  const vmid = numberParam(call, 'vmid') ?? 0;
  const format = formatOf(call, name);
  const { definition } = usableStorage(call.state, call.node, storage);
  const type = String(definition['type']);
  const isFile = FILES.test(type);
  const wanted = format ?? 'raw';
  if (!isFile && wanted !== 'raw' && !(type === 'zfspool' && wanted === 'subvol')) {
    throw died(`unsupported format '${wanted}'`);
  }
  parseVolname(type, isFile ? `${vmid}/${name}` : name);
  const stem = wanted === 'subvol' && !isFile ? 'subvol' : 'vm';
  if (!name.startsWith(`${stem}-${vmid}-`)) throw died(`illegal name '${name}' - should be '${stem}-${vmid}-*'`);
  const volid = `${storage}:${isFile ? `${vmid}/` : ''}${name}`;
  if (findVolume(call.state, call.node, volid)) throw died(taken(call, type, volid, wanted));
  const suffix = name.slice(`${stem}-${vmid}-`.length).replace(/\.(?:raw|qcow2|vmdk|subvol)$/, '');
  const guest = { vmid, type: stem === 'subvol' ? ('lxc' as const) : ('qemu' as const) };
  const at = Math.floor(call.clock.now() / 1000);
  return allocate(call.state, { node: call.node, storage, guest, size: sizeOf(call), at, format: wanted, suffix });
}

function sizeOf(call: Call): number {
  const [, amount = '', unit = ''] = /^(\d+)([MG]?)$/.exec(textParam(call, 'size') ?? '') ?? [];
  return Number(amount) * (UNITS[unit] ?? 1);
}

/** A name's ending tells the format; another one beside it is refused. */
function formatOf(call: Call, name: string): string | undefined {
  const format = textParam(call, 'format');
  const ending = /\.(raw|qcow2|vmdk)$/.exec(name)?.[1];
  if (ending !== undefined && format !== undefined && ending !== format) {
    throw refused({ format: `different storage formats (${format} != ${ending})` });
  }
  return ending ?? format;
}

function taken(call: Call, type: string, volid: string, format: string): string {
  const path = pathOf(call.state, { volid, content: 'images', format });
  if (type === 'zfspool')
    return `zfs error: cannot create '${path.replace(/^\/(?:dev\/zvol\/)?/, '')}': dataset already exists`;
  return `disk image '${path}' already exists`;
}
