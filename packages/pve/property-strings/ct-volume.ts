import { FormatError } from '../facts/formats/refuse.ts';
import { parseProperties } from '../facts/formats/index.ts';
import type { Properties } from '../facts/properties.ts';
import { parseSize } from '../size.ts';
import { printProperties } from './print.ts';
import { ctFormat } from './schema-of.ts';

/** A mapping of ids: type (u or g), first id inside, first id outside, how many. */
export type IdMap = [type: string, inside: string, outside: string, count: string];

/** A volume of a container as Proxmox's own parser gives it; the size in bytes. */
export interface CtVolume {
  volume: string;
  /** Where it is mounted; absent for unused volumes. */
  mp?: string;
  type: 'volume' | 'bind' | 'device';
  size?: number;
  idmap?: IdMap[] | string;
  [option: string]: string | number | IdMap[] | undefined;
}

function classify(volume: string): CtVolume['type'] {
  if (!volume.startsWith('/')) return 'volume';
  return volume.startsWith('/dev/') ? 'device' : 'bind';
}

function idMaps(text: string): IdMap[] | string {
  if (text === 'passthrough') return text;
  return text.split(';').map((one) => {
    const [type = '', inside = '', outside = '', count = ''] = one.split(':');
    return [type, inside, outside, count];
  });
}

function toVolume({ size, idmap, ...found }: Properties): CtVolume {
  const volume = String(found['volume'] ?? '');
  const out: CtVolume = { ...found, volume, type: classify(volume) };
  if (size !== undefined) out.size = parseSize(String(size)) ?? 0;
  if (idmap !== undefined) out.idmap = idMaps(String(idmap));
  return out;
}

/**
 * What Proxmox makes of `rootfs`, `mp0` or `unused0` of a container (PVE::LXC::Config::parse_volume). Refuses
 * (FormatError) in Proxmox's words.
 */
export function readCtVolume(key: string, value: string): CtVolume {
  if (!/^(rootfs|mp\d+|unused\d+)$/.test(key)) throw new FormatError(`parse_volume - unknown type: ${key}\n`);
  const volume = toVolume(parseProperties(ctFormat(key.replace(/\d+$/, '0')), value));
  return key === 'rootfs' ? { ...volume, mp: '/' } : volume;
}

/** A container's volume as it is written into a configuration. */
export function printCtVolume(key: string, { idmap, ...volume }: CtVolume): string {
  const plain: Record<string, string | number | undefined> = {};
  for (const [option, value] of Object.entries(volume)) if (!Array.isArray(value)) plain[option] = value;
  if (idmap !== undefined) {
    plain['idmap'] = typeof idmap === 'string' ? idmap : idmap.map((one) => one.join(':')).join(';');
  }
  return printProperties(ctFormat(key.replace(/\d+$/, '0')), plain, key === 'rootfs' ? ['mp', 'type'] : ['type']);
}

/** A mount point in the words of this product; sizes in bytes. */
export interface MountPoint {
  key: string;
  volume: string;
  kind: CtVolume['type'];
  path: string | null;
  sizeBytes: number | null;
  backup: boolean;
  readOnly: boolean;
}

/** A volume of a container's configuration (`rootfs`, `mp0`), or undefined where it cannot be read. */
export function parseMountPoint(key: string, value: string): MountPoint | undefined {
  let found: CtVolume;
  try {
    found = readCtVolume(key, value);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
  const { volume, type: kind, mp = null, size = null } = found;
  const backup = key === 'rootfs' || found['backup'] === 1;
  return { key, volume, kind, path: mp, sizeBytes: size, backup, readOnly: found['ro'] === 1 };
}
