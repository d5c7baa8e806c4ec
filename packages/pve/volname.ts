import { perlPattern } from './facts/perl.ts';

/** What a volume's name tells on a storage of some type. */
export interface Volname {
  vtype: 'images' | 'iso' | 'vztmpl' | 'backup' | 'snippets' | 'import';
  name: string;
  vmid?: string;
  /** The volume that this one is a linked clone of, and the guest that it belongs to. */
  basename?: string;
  basevmid?: string;
  isBase?: true;
  format: string;
}

function fail(text: string): never {
  throw new Error(`${text}\n`);
}

/** Puts in what is known: absent parts are left out. */
function image(name: string, vmid: string | undefined, format: string, more: Partial<Volname> = {}): Volname {
  const known = Object.entries(more).filter(([, value]) => value !== undefined);
  return { vtype: 'images', name, ...(vmid === undefined ? {} : { vmid }), ...Object.fromEntries(known), format };
}

function base(isBase: boolean): { isBase?: true } {
  return isBase ? { isBase: true } : {};
}

/** The name of a disk image on a storage of directories. */
function imageFile(name: string): { format: string; isBase?: true } {
  const parts = perlPattern('^((vm-|base-|subvol-)(\\d+)-[^/\\s]+\\.(raw|qcow2|vmdk|subvol))$').exec(name);
  if (parts) return { format: parts[4] ?? '', ...base(parts[2] === 'base-') };
  const isImage = perlPattern('^((base-)?[^/\\s]+\\.(raw|qcow2|vmdk|subvol))$').test(name);
  if (isImage && perlPattern('^snap-(.*)-vm(.*)$').test(name)) {
    fail(`'${name}' is a snapshot filename, not a volume!`);
  }
  return fail(`unable to parse volume filename '${name}'`);
}

const SAFE = '[ a-zA-Z0-9\\-.+=_]';
const FILES: [vtype: Volname['vtype'], pattern: string][] = [
  ['iso', '^iso/([^/]+\\.(?:[iI][sS][oO]|[iI][mM][gG]))$'],
  ['vztmpl', '^vztmpl/([^/]+\\.[tT][aA][rR](?:\\.(?:[gG][zZ]|[xX][zZ]|[zZ][sS][tT]|[bB][zZ]2))?)$'],
  ['snippets', '^snippets/([^/]+)$'],
];

function importName(volname: string): Volname | undefined {
  const packed = perlPattern(`^import/(${SAFE}+\\.ova/${SAFE}+\\.(qcow2|raw|vmdk))$`).exec(volname);
  if (packed) return { vtype: 'import', name: packed[1] ?? '', format: `ova+${packed[2]}` };
  const single = perlPattern(`^import/(${SAFE}+\\.(ova|ovf|qcow2|raw|vmdk))$`).exec(volname);
  return single ? { vtype: 'import', name: single[1] ?? '', format: single[2] ?? '' } : undefined;
}

function backupName(volname: string): Volname | undefined {
  const name = perlPattern('^backup/([^/]+\\.(?:tgz|(?:tar|vma)(?:\\.(?:gz|lzo|zst|bz2))?))$').exec(volname)?.[1];
  if (name === undefined) return undefined;
  const vmid = perlPattern('^vzdump-(?:openvz|lxc|qemu)-(\\d+)-.+').exec(name)?.[1];
  return { vtype: 'backup', name, ...(vmid === undefined ? {} : { vmid }), format: 'raw' };
}

function directory(volname: string): Volname {
  const clone = perlPattern('^(\\d+)/(\\S+)/(\\d+)/(\\S+)$').exec(volname);
  if (clone) {
    const [, basevmid = '', basename = '', vmid = '', name = ''] = clone;
    imageFile(basename);
    const { format, ...rest } = imageFile(name);
    return image(name, vmid, format, { basename, basevmid, ...rest });
  }
  const own = perlPattern('^(\\d+)/(\\S+)$').exec(volname);
  if (own) {
    const { format, ...rest } = imageFile(own[2] ?? '');
    return image(own[2] ?? '', own[1], format, rest);
  }
  for (const [vtype, pattern] of FILES) {
    const name = perlPattern(pattern).exec(volname)?.[1];
    if (name !== undefined) return { vtype, name, format: 'raw' };
  }
  const found = backupName(volname) ?? importName(volname);
  return found ?? fail(`unable to parse directory volume name '${volname}'`);
}

function checkLvmName(volname: string): void {
  if (!perlPattern('^[a-z0-9][a-z0-9\\-_.]*[a-z0-9]$', 'i').test(volname)) {
    fail(`lvm name '${volname}' contains illegal characters`);
  }
}

function lvm(volname: string): Volname {
  checkLvmName(volname);
  const parts = perlPattern('^(vm-(\\d+)-\\S+)$').exec(volname);
  if (!parts) return fail(`unable to parse lvm volume name '${volname}'`);
  return image(parts[1] ?? '', parts[2], perlPattern('\\.qcow2$').test(volname) ? 'qcow2' : 'raw');
}

function lvmThin(volname: string): Volname {
  checkLvmName(volname);
  const parts = perlPattern('^((vm|base)-(\\d+)-\\S+)$').exec(volname);
  if (!parts) return fail(`unable to parse lvm volume name '${volname}'`);
  return image(parts[1] ?? '', parts[3], 'raw', base(parts[2] === 'base'));
}

function zfs(volname: string): Volname {
  const pattern = '^(((?:base|basevol)-(\\d+)-\\S+)/)?((base|basevol|vm|subvol)-(\\d+)-\\S+)$';
  const parts = perlPattern(pattern).exec(volname);
  if (!parts) return fail(`unable to parse zfs volume name '${volname}'`);
  const [, , basename, basevmid, name = '', kind = '', vmid] = parts;
  const more: Partial<Volname> = base(kind === 'base' || kind === 'basevol');
  if (basename !== undefined) more.basename = basename;
  if (basevmid !== undefined) more.basevmid = basevmid;
  return image(name, vmid, kind === 'subvol' || kind === 'basevol' ? 'subvol' : 'raw', more);
}

function rbd(volname: string): Volname {
  const parts = perlPattern('^((base-(\\d+)-\\S+)/)?((base)?(vm)?-(\\d+)-\\S+)$').exec(volname);
  if (!parts) return fail(`unable to parse rbd volume name '${volname}'`);
  const [, , basename, basevmid, name = '', isBase, , vmid] = parts;
  const more: Partial<Volname> = base(isBase !== undefined);
  if (basename !== undefined) more.basename = basename;
  if (basevmid !== undefined) more.basevmid = basevmid;
  return image(name, vmid, 'raw', more);
}

function pbs(volname: string): Volname {
  const time = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z';
  const parts = perlPattern(`^backup/([^\\s_]+)/([^\\s_]+)/(${time})$`).exec(volname);
  if (!parts) return fail(`unable to parse PBS volume name '${volname}'`);
  const [, type = '', id = '', when = ''] = parts;
  const owner = perlPattern('^\\d+$').test(id) ? { vmid: id } : {};
  return { vtype: 'backup', name: `${type}/${id}/${when}`, ...owner, format: `pbs-${type}` };
}

function esxi(volname: string): Volname {
  if (!perlPattern('^([^/]+)/([^/]+)/(.+)$').test(volname)) fail(`failed to parse volname '${volname}'`);
  if (/\.vmx\n?$/.test(volname)) return { vtype: 'import', name: volname, vmid: '0', format: 'vmx' };
  return image(volname, '0', /\.vmdk\n?$/.test(volname) ? 'vmdk' : 'raw');
}

function iscsi(volname: string): Volname {
  const name = perlPattern('^\\d+\\.\\d+\\.\\d+\\.([^/\\s]+)$').exec(volname)?.[1];
  return name === undefined ? fail(`unable to parse iscsi volume name '${volname}'`) : image(name, undefined, 'raw');
}

function iscsiDirect(volname: string): Volname {
  const name = perlPattern('^lun(\\d+)$').exec(volname)?.[1];
  return name === undefined ? fail(`unable to parse iscsi volume name '${volname}'`) : image(name, undefined, 'raw');
}

const PARSERS: Readonly<Record<string, (volname: string) => Volname>> = {
  lvm,
  lvmthin: lvmThin,
  zfspool: zfs,
  zfs,
  rbd,
  pbs,
  esxi,
  iscsi,
  iscsidirect: iscsiDirect,
};

/**
 * What a volume's name tells on a storage of some type (`dir`, `lvmthin`, …): the parse_volname of the storage
 * plugins. Types that keep files in directories share one form. Throws in the plugin's words, newline included.
 */
export function parseVolname(type: string, volname: string): Volname {
  return (Object.hasOwn(PARSERS, type) ? PARSERS[type] : undefined)?.(volname) ?? directory(volname);
}
