import { perlMatches, perlNumber, perlPattern, splitAt } from '../perl.ts';
import { protocols, services } from './names.ts';
import { NetIpError, netIpVersion } from './net-ip.ts';
import { refuse } from './refuse.ts';
import type { FormatCheck } from './refuse.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** The names of `iptables -p icmp -h` and `ip6tables -p icmpv6 -h`, as PVE::Firewall lists them. */
const ICMP = words(
  'any echo-reply destination-unreachable network-unreachable host-unreachable protocol-unreachable ' +
    'port-unreachable fragmentation-needed source-route-failed network-unknown host-unknown network-prohibited ' +
    'host-prohibited TOS-network-unreachable TOS-host-unreachable communication-prohibited ' +
    'host-precedence-violation precedence-cutoff source-quench redirect network-redirect host-redirect ' +
    'TOS-network-redirect TOS-host-redirect echo-request router-advertisement router-solicitation time-exceeded ' +
    'ttl-zero-during-transit ttl-zero-during-reassembly parameter-problem ip-header-bad required-option-missing ' +
    'timestamp-request timestamp-reply address-mask-request address-mask-reply',
);
const ICMPV6 = words(
  'destination-unreachable no-route communication-prohibited beyond-scope address-unreachable port-unreachable ' +
    'failed-policy reject-route packet-too-big time-exceeded ttl-zero-during-transit ttl-zero-during-reassembly ' +
    'parameter-problem bad-header unknown-header-type unknown-option echo-request echo-reply router-solicitation ' +
    'router-advertisement neighbor-solicitation neighbour-solicitation neighbor-advertisement ' +
    'neighbour-advertisement redirect',
);
const HELPERS = words('amanda ftp irc netbios-ns pptp sane sip snmp tftp');
const ALIAS = '(?:dc/|guest/)?[A-Za-z][A-Za-z0-9\\-_]+';

function elements(list: string): string[] {
  const parts = splitAt(',', list);
  if (parts.join(',') !== list) refuse('extraneous commas in list');
  return parts;
}

function versionOf(element: string): 4 | 6 {
  try {
    return netIpVersion(element);
  } catch (error) {
    if (error instanceof NetIpError) refuse(`invalid IP address: ${error.message}`);
    throw error;
  }
}

/** An ipset, an alias, or a list of addresses, networks and ranges (PVE::Firewall::parse_address_list). */
function addresses(value: string): void {
  const length = [...value].length;
  if (perlMatches('\\+\\S+', value)) {
    if (length > 65) refuse('ipset name too long');
    return;
  }
  if (perlMatches(ALIAS, value)) {
    if (length > 64) refuse('alias name too long');
    return;
  }
  const list = elements(value);
  const versions = new Set<number>();
  for (const element of list) {
    versions.add(versionOf(element));
    if (versions.size > 1) refuse(`detected mixed ipv4/ipv6 addresses in address list '${value}'`);
  }
  if (list.length > 1 && value.includes('-')) refuse("you can't use a range in a list");
}

function checkPort(port: string): void {
  if (perlNumber(port) > 65535) refuse(`invalid port '${port}'`);
}

/** Ports, ranges and names of services; as destination also the types of ICMP. */
function ports(icmp: 'icmp types, too' | 'ports only'): FormatCheck {
  return (value) => {
    let count = 0;
    let icmpSeen = false;
    for (const item of elements(value)) {
      const range = perlPattern('^([0-9]+):([0-9]+)$').exec(item);
      const port = perlPattern('^([0-9]+)$').exec(item)?.[1];
      if (range) {
        const [, from = '', to = ''] = range;
        count += 2;
        checkPort(from);
        checkPort(to);
        if (perlNumber(from) > perlNumber(to)) {
          refuse(`backwards range '${from}:${to}' not allowed, did you mean '${to}:${from}'?`);
        }
      } else if (port !== undefined) {
        count += 1;
        checkPort(port);
      } else if (icmp === 'icmp types, too' && (ICMP.has(item) || ICMPV6.has(item))) icmpSeen = true;
      else if (!services().has(item)) refuse(`invalid port '${item}'`);
    }
    if (icmpSeen && count > 0) refuse('ICMP ports not allowed in port range');
    if (count > 15) refuse('too many entries in port list (> 15 numbers)');
  };
}

export const firewallFormats: Record<string, FormatCheck> = {
  'pve-fw-addr-spec': addresses,
  'pve-fw-sport-spec': ports('ports only'),
  'pve-fw-dport-spec': ports('icmp types, too'),
  'pve-fw-protocol-spec': (value) => {
    if (value !== '' && value !== '0' && !protocols().has(value)) refuse(`unknown protocol '${value}'`);
  },
  'pve-fw-icmp-type-spec': (value) => {
    if (value !== '' && !ICMP.has(value) && !ICMPV6.has(value)) refuse(`invalid icmp-type value '${value}'`);
  },
  'pve-fw-conntrack-helper': (value) => {
    const unknown = elements(value).find((helper) => !HELPERS.has(helper));
    // Proxmox dies here without a newline, so its source line shows.
    if (unknown !== undefined) refuse(`unknown helper ${unknown} at /usr/share/perl5/PVE/Firewall.pm line 1167.`);
  },
};
