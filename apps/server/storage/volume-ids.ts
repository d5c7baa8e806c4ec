/** A volume as Proxmox names it, with its node where the storage is not shared. */
export interface VolumeRef {
  readonly storage: string;
  /** Undefined where all nodes see the same. */
  readonly node: string | undefined;
  /** `nfs-backup:iso/debian.iso`. */
  readonly volid: string;
}

/** What stands as it is in an id; the rest is written as `=` and two digits a byte. */
const PLAIN = /[^A-Za-z0-9._:+-]/gu;

/**
 * A volume's id for paths of the API, without a character that has a meaning in a URL: `nfs-backup~iso~debian.iso`, and
 * `local@pve1~iso~debian.iso` on a storage that is not shared.
 */
export function volumeIdText({ storage, node, volid }: VolumeRef): string {
  const path = volid.slice(volid.indexOf(':') + 1).split('/');
  return [node === undefined ? storage : `${storage}@${node}`, ...path.map(written)].join('~');
}

function written(text: string): string {
  return text.replace(PLAIN, (each) =>
    [...Buffer.from(each)].map((byte) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
  );
}

const FORM = /^([A-Za-z][\w.-]*)(?:@([A-Za-z0-9][\w-]*))?~(.+)$/;

/** The volume that an id means; undefined for what is no id of ours. */
export function readVolumeId(text: string): VolumeRef | undefined {
  const [, storage, node, rest] = FORM.exec(text) ?? [];
  if (storage === undefined || rest === undefined) return undefined;
  const path = rest.split('~').map(read).join('/');
  return path.includes('\uFFFD') ? undefined : { storage, node, volid: `${storage}:${path}` };
}

function read(text: string): string {
  return text.replace(/(?:=[\dA-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll('=', ''), 'hex').toString('utf8'));
}

/** The volume of a row of the catalogue: `backup/nfs-backup:…`, `volume/pve1/local:…`. */
export function volumeOfRow(rowId: string): VolumeRef {
  const [, node, storage = '', path = ''] = /^[a-z]+\/(?:([^/:]+)\/)?([^:]+):(.*)$/s.exec(rowId) ?? [];
  return { storage, node, volid: `${storage}:${path}` };
}
