import { isIPv6 } from 'node:net';
import { perlMatches, perlNumber, perlPattern, splitList } from '../perl.ts';
import { passes, refuse } from './refuse.ts';
import type { FormatCheck } from './refuse.ts';

const OCTET = '(?:25[0-5]|(?:2[0-4]|1[0-9]|[1-9])?[0-9])';
const IPV4 = `(?:(?:${OCTET}\\.){3}${OCTET})`;
const LABEL = '([a-zA-Z0-9]([a-zA-Z0-9\\-]*[a-zA-Z0-9])?)';

/** A check by a pattern, with the text of its refusal. */
export function byPattern(pattern: string, text: (value: string) => string, flags = ''): FormatCheck {
  return (value) => {
    if (!perlMatches(pattern, value, flags)) refuse(text(value));
  };
}

const chomp = (value: string): string => value.replace(/\n$/, '');

export function isIpv4Text(value: string): boolean {
  return perlMatches(IPV4, value);
}

/** RFC 4291's forms, without a zone. */
export function isIpv6Text(value: string): boolean {
  const text = chomp(value);
  return !text.includes('%') && isIPv6(text);
}

function prefixFits(prefix: string | undefined, max: number): boolean {
  return prefix !== undefined && perlNumber(prefix) > 7 && perlNumber(prefix) <= max;
}

function isCidrV4(value: string): boolean {
  return prefixFits(perlPattern(`^${IPV4}/(\\d+)$`).exec(value)?.[1], 32);
}

function isCidrV6(value: string): boolean {
  const parts = perlPattern('^([^/]+)/(\\d+)$').exec(value);
  return parts !== null && !parts[1]?.endsWith('\n') && isIpv6Text(parts[1] ?? '') && prefixFits(parts[2], 128);
}

/** A check by a predicate, with the text of its refusal. */
function byTest(test: (value: string) => boolean, text: string | ((value: string) => string)): FormatCheck {
  return (value) => {
    if (!test(value)) refuse(typeof text === 'string' ? text : text(value));
  };
}

const isIp = (value: string): boolean => isIpv4Text(value) || isIpv6Text(value);
const isCidr = (value: string): boolean => isCidrV4(value) || isCidrV6(value);
export const dnsName = byPattern(`(${LABEL}\\.)*${LABEL}`, () => 'value does not look like a valid DNS name');
const iface = byPattern('[a-z][a-z0-9_]{1,20}([:\\.]\\d+)?', (v) => `invalid network interface name '${v}'`, 'i');

/** 0.0.0.0 to 255.255.255.255: ones, then zeros. No newline at the end: the real check is a table. */
function isNetmask(value: string): boolean {
  if (value.includes('\n') || !isIpv4Text(value)) return false;
  const bits = value.split('.').map((octet) => Number(octet).toString(2).padStart(8, '0'));
  return /^1*0*$/.test(bits.join(''));
}

function vlanIdOrRange(value: string): void {
  const parts = perlPattern('^(\\d+)(?:-(\\d+))?$').exec(value);
  if (!parts) return refuse(`invalid VLAN configuration '${value}'`);
  const [, start = '', end] = parts;
  for (const tag of end !== undefined && end !== '0' ? [start, end] : [start]) {
    if (perlNumber(tag) < 2 || perlNumber(tag) > 4094) refuse(`invalid VLAN tag '${tag}'`);
  }
  if (end !== undefined && end !== '0' && perlNumber(start) >= perlNumber(end)) {
    refuse(`VLAN range must go from lower to higher tag '${value}'`);
  }
}

/** An address, or a link-local one with the interface that it is valid on. */
function ipWithInterface(value: string): void {
  const parts = perlPattern('^(fe80:[^%]+)%(.*)$').exec(value);
  if (parts && isIp(parts[1] ?? '') && passes(iface, parts[2] ?? '')) return;
  if (!isIp(value)) refuse('value does not look like a valid IP address');
}

const ALIAS = '[A-Za-z][A-Za-z0-9\\-_]+';

const ipOrCidr = byTest((v) => isIp(v) || isCidr(v), 'value does not look like a valid IP address or CIDR network');

/** PVE::JSONSchema::parse_idmap, of one entry: `1`, an id, or two ids with a colon between. */
export function idPair(check: FormatCheck): FormatCheck {
  return (value) => {
    for (const entry of splitList(value)) {
      if (entry === '1') continue;
      const pair = perlPattern('^([^:]+):([^:]+)$').exec(entry);
      try {
        for (const id of pair ? [pair[1] ?? '', pair[2] ?? ''] : [entry]) check(id);
      } catch (error) {
        if (error instanceof Error) refuse(`entry '${entry}' contains invalid ID - ${error.message}\n`);
        throw error;
      }
    }
  };
}

const bridgeId = byPattern('[-_.\\w\\d]+', (v) => `invalid bridge ID '${v}'`);

export const networkFormats: Record<string, FormatCheck> = {
  ipv4: byTest(isIpv4Text, 'value does not look like a valid IPv4 address'),
  ipv6: byTest(isIpv6Text, 'value does not look like a valid IPv6 address'),
  ip: byTest(isIp, 'value does not look like a valid IP address'),
  ipv4mask: byTest(isNetmask, 'value does not look like a valid IP netmask'),
  CIDRv4: byTest(isCidrV4, 'value does not look like a valid IPv4 CIDR network'),
  CIDRv6: byTest(isCidrV6, 'value does not look like a valid IPv6 CIDR network'),
  CIDR: byTest(isCidr, 'value does not look like a valid CIDR network'),
  IPorCIDR: ipOrCidr,
  IPorCIDRorAlias: (value) => {
    if (!perlMatches(`(?:(?:dc/|guest/)?${ALIAS})`, value)) ipOrCidr(value);
  },
  address: byTest(
    (v) => isIp(v) || passes(dnsName, v),
    (v) => `value does not look like a valid address: ${v}`,
  ),
  'dns-name': dnsName,
  'mac-addr': byPattern(
    '[a-f0-9][02468ace](?::[a-f0-9]{2}){5}',
    () => 'value does not look like a valid unicast MAC address',
    'i',
  ),
  'mac-prefix': byPattern(
    '[a-f0-9][02468ace](?::[a-f0-9]{2}){0,2}:?',
    () => 'value is not a valid unicast MAC address prefix',
    'i',
  ),
  'pve-iface': iface,
  'pve-bridge-id': bridgeId,
  'bridge-pair': idPair(bridgeId),
  'pve-vlan-id-or-range': vlanIdOrRange,
  'pve-ipv4-config': byTest(
    (v) => perlMatches('(?:dhcp|manual)', v) || isCidrV4(v),
    'value does not look like a valid ipv4 network configuration',
  ),
  'pve-ipv6-config': byTest(
    (v) => perlMatches('(?:auto|dhcp|manual)', v) || isCidrV6(v),
    'value does not look like a valid ipv6 network configuration',
  ),
  'lxc-ip-with-ll-iface': ipWithInterface,
};
