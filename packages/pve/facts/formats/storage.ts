import { perlMatches, perlNumber, perlPattern } from '../perl.ts';
import { byPattern, dnsName, idPair, isIpv4Text, isIpv6Text } from './network.ts';
import { passes, refuse } from './refuse.ts';
import type { FormatCheck } from './refuse.ts';

const CONTENT = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'import', 'none'];

function storageId(value: string): void {
  if ([...value].length < 2) refuse(`storage ID '${value}' cannot be shorter than 2 characters`);
  if (!perlMatches('[a-z][a-z0-9\\-_.]*[a-z0-9]', value, 'i')) {
    refuse(`storage ID '${value}' contains illegal characters`);
  }
}

function content(value: string): void {
  if (!CONTENT.includes(value)) refuse(`invalid content type '${value}'`);
}

/** `TYPE=PATH`, the path without `..` and without a dot at its end. */
function dirOverride(value: string): void {
  const parts = /^([a-z]+)=([\s\S]+)$/.exec(value);
  const path = parts?.[2] ?? '';
  if (parts && !path.includes('..') && !path.endsWith('.')) {
    content(parts[1] ?? '');
    const lengths = path.split('/').map((part) => [...part].length);
    if ([...path].length < 1023 && lengths.every((length) => length < 255)) return;
  }
  refuse(`invalid override '${value}'`);
}

const HOST = '[\\p{L}\\p{N}\\-.]+';

/** PVE::Tools::parse_host_and_port: a port after a colon, of a bare IPv6 address after a dot. */
function isHostAndPort(value: string): boolean {
  if (new RegExp(`^${HOST}(?::\\p{Nd}+)?\\n?$`, 'u').test(value)) return true;
  const bracketed = /^\[([^\]]+)\](?::\p{Nd}+)?\n?$/u.exec(value)?.[1];
  if (bracketed !== undefined) return isIpv6Text(bracketed) || new RegExp(`^${HOST}$`, 'u').test(bracketed);
  if (isIpv6Text(value)) return true;
  const dotted = /^(.*)\.\p{Nd}+\n?$/su.exec(value)?.[1];
  return dotted !== undefined && isIpv6Text(dotted);
}

function zfsBlocksize(value: string): void {
  const parts = perlPattern('^([1-9][0-9]*)([kKmM]?)$').exec(value);
  if (!parts) {
    return refuse(
      `invalid ZFS blocksize format '${value}'. Use a positive number (no leading zeros) with an optional 'k' or 'm' suffix.`,
    );
  }
  const factor = { k: 1024, m: 1024 * 1024 }[(parts[2] ?? '').toLowerCase()] ?? 1;
  const bytes = perlNumber(parts[1] ?? '') * factor;
  if (bytes < 512 || bytes > 16 * 1024 * 1024 || !Number.isInteger(Math.log2(bytes))) {
    refuse(
      `value '${value}' is not a valid ZFS blocksize. Must be a power of 2 between 512B and 16MiB (e.g., 4k, 8k, 16k, 64k, 1m).`,
    );
  }
}

const volumeId = byPattern('([a-z][a-z0-9\\-_.]*[a-z0-9]):(.+)', (v) => `unable to parse volume ID '${v}'`, 'i');

export const storageFormats: Record<string, FormatCheck> = {
  'pve-storage-id': storageId,
  'storage-pair': idPair(storageId),
  'pve-storage-content': content,
  'pve-storage-path': (value) => {
    if (!/^\/[^;()]/.test(value)) refuse('value does not look like a valid absolute path');
  },
  'pve-storage-path-in-property-string': (value) => {
    if (/^\/[^;,=()]/.test(value)) return;
    const symbols = 'These symbols are currently not allowed in path: ;,=()';
    refuse(`Value does not look like a valid absolute path. ${symbols}`);
  },
  'pve-storage-server': (value) => {
    if (isIpv4Text(value) || isIpv6Text(value) || passes(dnsName, value)) return;
    refuse('value does not look like a valid server name or IP address');
  },
  'pve-storage-portal-dns': (value) => {
    if (!isHostAndPort(value)) refuse('value does not look like a valid portal address');
  },
  'pve-storage-vgname': byPattern(
    '[a-z0-9][a-z0-9\\-_.]*[a-z0-9]',
    (v) => `lvm name '${v}' contains illegal characters`,
    'i',
  ),
  'pve-storage-zfs-blocksize': zfsBlocksize,
  'pve-storage-options': byPattern('\\S+', (v) => `invalid options '${v}'`),
  'pve-dir-override': dirOverride,
  'pve-volume-id': volumeId,
  'pve-volume-id-or-absolute-path': (value) => {
    if (!value.startsWith('/')) volumeId(value);
  },
  'pve-volume-id-or-qm-path': (value) => {
    if (value !== 'none' && value !== 'cdrom' && !value.startsWith('/')) volumeId(value);
  },
};
