import { createHash } from 'node:crypto';
import { routeFacts, type RouteId, type Schema } from '@pxa/pve/facts';
import { ctFormat, parseProperties, printProperties, vmFormat } from '@pxa/pve/property-string';
import { storedTags, type TagStyle } from '@pxa/pve/tags';
import type { Call } from '../behaviour.ts';
import { properties } from '../state/guest-size.ts';
import type { Guest } from '../state/model.ts';

const ROUTES: Record<Guest['type'], RouteId> = {
  qemu: 'PUT /nodes/{node}/qemu/{vmid}/config',
  lxc: 'PUT /nodes/{node}/lxc/{vmid}/config',
};

/** Parameters of the calls that are no options of the configuration. */
const NOT_KEPT = new Set(['node', 'vmid', 'digest', 'delete', 'revert', 'force', 'skiplock', 'background_delay']);

function schemaOf(type: Guest['type'], key: string): Schema | undefined {
  const known = routeFacts(ROUTES[type]).parameters.properties ?? {};
  if (NOT_KEPT.has(key)) return undefined;
  const name = Object.hasOwn(known, key) ? key : key.replace(/\d+$/, '[n]');
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

/** Whether there is such an option in the configurations of that type. */
export function isOption(type: Guest['type'], key: string): boolean {
  return schemaOf(type, key) !== undefined || key === 'lock' || /^unused\d+$/.test(key);
}

/** A value as it is read out of a configuration file: numbers and switches as numbers. */
export function fileValue(type: Guest['type'], key: string, text: string): string | number {
  const kind = schemaOf(type, key)?.type;
  return kind === 'boolean' || kind === 'integer' || kind === 'number' ? Number(text) : text;
}

/** A value as the configuration file keeps it: numbers as such, tags sorted, a NIC with its address. */
export function storedValue(
  call: Call,
  guest: Pick<Guest, 'type' | 'vmid'>,
  key: string,
  sent: unknown,
): string | number {
  const schema = schemaOf(guest.type, key);
  if (schema?.type === 'boolean') return sent === true || /^(?:1|on|yes|true)$/i.test(String(sent)) ? 1 : 0;
  if (schema?.type === 'integer' || schema?.type === 'number') return Number(sent);
  const text = String(sent);
  if (key === 'description') return keptDescription(guest.type, text);
  // the options are the datacenter's, whose tag style has these fields
  if (key === 'tags') return storedTags(text, tagStyle(call));
  if (key === 'cipassword') return `$5$${madeUp(call, guest.vmid, key).slice(0, 8)}$${madeUp(call, text)}`;
  if (/^net\d+$/.test(key)) return nic(call, guest, key, text);
  return text;
}

/**
 * A description as it is read back out of the file, where each of its lines is a comment: of a VM without white space at
 * its end (parse_vm_config of PVE::QemuServer), of a container with an end to its last line too (parse_pct_config).
 */
export function keptDescription(type: Guest['type'], text: string): string {
  if (type === 'qemu') return text.trimEnd();
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function tagStyle(call: Call): TagStyle {
  const style = call.state.options['tag-style'];
  if (typeof style === 'string') return properties(style);
  return typeof style === 'object' && style !== null ? style : {};
}

/** A NIC as it is written out; one without a hardware address is given one. */
function nic(call: Call, guest: Pick<Guest, 'type' | 'vmid'>, key: string, text: string): string {
  const format = guest.type === 'qemu' ? vmFormat(key) : ctFormat(key);
  const parts = parseProperties(format, text);
  const address = guest.type === 'qemu' ? 'macaddr' : 'hwaddr';
  parts[address] ??= newMac(call, guest.vmid, key);
  if (guest.type === 'lxc') parts['type'] ??= 'veth';
  return printProperties(format, parts);
}

/** A hardware address under Proxmox's own prefix. */
export function newMac(call: Call, vmid: number, key: string): string {
  const hex = madeUp(call, vmid, key).toUpperCase();
  return ['BC', '24', '11', hex.slice(0, 2), hex.slice(2, 4), hex.slice(4, 6)].join(':');
}

/** A UUID, the same for the same cluster, moment and thing. */
export function newUuid(call: Call, vmid: number, what: string): string {
  const hex = madeUp(call, vmid, what);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** What the real one draws at random: here it follows from the seed, the time and the thing it is for. */
function madeUp(call: Call, ...what: (string | number)[]): string {
  return createHash('sha1')
    .update([call.state.seed, call.clock.now(), ...what].join('/'))
    .digest('hex');
}
