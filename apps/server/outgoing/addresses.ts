import { BlockList, isIP } from 'node:net';

/**
 * What of IPv4 leads to nowhere public (IANA IPv4 Special-Purpose Address Registry), multicast, what is reserved, and
 * Azure's address for what its machines ask of their host, which is a public one.
 */
const CLOSED_4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/**
 * What of the public half of IPv6 leads elsewhere: addresses that carry an IPv4 address in them (Teredo, 6to4), those for
 * documents, and those of protocols (IANA IPv6 Special-Purpose Address Registry).
 */
const CLOSED_6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const closed4 = new BlockList();
for (const [net, prefix] of CLOSED_4) closed4.addSubnet(net, prefix, 'ipv4');

/** Only this is public: loopback, link-local, unique-local, mapped, NAT64, site-local and multicast are all outside. */
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');

const closed6 = new BlockList();
for (const [net, prefix] of CLOSED_6) closed6.addSubnet(net, prefix, 'ipv6');

/**
 * Where clouds tell a machine its credentials (AWS, Azure, Google, OpenStack; Alibaba; Oracle), in whichever way they are
 * written: nobody is told of events there, so these are closed even where private addresses are allowed.
 */
const METADATA: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['169.254.169.254', 32, 'ipv4'],
  ['169.254.170.2', 32, 'ipv4'],
  ['168.63.129.16', 32, 'ipv4'],
  ['100.100.100.200', 32, 'ipv4'],
  ['192.0.0.192', 32, 'ipv4'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['fd20:ce::254', 128, 'ipv6'],
];

const metadata = new BlockList();
for (const [net, prefix, family] of METADATA) metadata.addSubnet(net, prefix, family);

/** Which addresses somebody may be sent to. */
export interface Reach {
  /** Private, loopback and link-local ones, too. */
  readonly allowPrivate: boolean;
}

/** Whether an address may be gone to. */
export function isOpenAddress(address: string, { allowPrivate }: Reach): boolean {
  if (!allowPrivate) return isPublicAddress(address);
  const version = isIP(address);
  return version !== 0 && !metadata.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether an address leads to the public internet. What is no address does not. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !closed4.check(address, 'ipv4');
    case 6:
      return !address.includes('%') && open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
    default:
      return false;
  }
}
