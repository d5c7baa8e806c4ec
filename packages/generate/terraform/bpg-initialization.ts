import { type Block, block, type Body, type Value } from '../hcl/nodes.ts';
import type { Guest, Nic } from '../specification.ts';
import { keysOf, type Module, storageOf } from './module.ts';

/** What Proxmox's own cloud-init drive says; users are in the file where there is one, for it replaces them. */
export function initialization(module: Module, guest: Guest, userData: Value | undefined): Block | undefined {
  const hasAddress = guest.nics.some(({ ipv4, ipv6 }) => ipv4 !== null || ipv6 !== null);
  const [user] = guest.users;
  const isAsked = userData !== undefined || hasAddress || user !== undefined;
  if (guest.source.from === 'existing' ? guest.hardware.cloud_drive === null : !isAsked) return undefined;
  const configs = guest.nics.map((nic) => addressOf(nic)).filter((each) => each !== undefined);
  const { cloud_drive: drive } = guest.hardware;
  const storage = drive?.storage ?? guest.disks[0]?.storage ?? null;
  const body: Body = [
    { datastore_id: storageOf(module, storage), interface: drive?.slot, user_data_file_id: userData },
    dnsOf(guest),
    ...configs,
    userData !== undefined || user === undefined
      ? undefined
      : block('user_account', [], [{ username: user.name, keys: hasKeys(guest) ? keysOf(module, guest) : undefined }]),
  ];
  return block('initialization', [], body);
}

/** A guest that is there has the keys that it has, perhaps none. */
const hasKeys = ({ source, ssh_keys: keys }: Guest): boolean => source.from !== 'existing' || keys.length > 0;

/** The name servers of a guest. */
export function dnsOf({ dns }: Guest): Block | undefined {
  if (dns === null) return undefined;
  const servers = dns.servers.length === 0 ? undefined : dns.servers;
  return block('dns', [], [{ domain: dns.domain ?? undefined, servers }]);
}

/** The addresses of an interface. */
export function addressOf(nic: Nic): Block | undefined {
  const part = (family: string, address: string | null, gateway: string | null): Block | undefined =>
    address === null ? undefined : block(family, [], [{ address, gateway: gateway ?? undefined }]);
  const parts = [part('ipv4', nic.ipv4, nic.gateway), part('ipv6', nic.ipv6, nic.gateway6)];
  return parts.every((each) => each === undefined) ? undefined : block('ip_config', [], parts);
}
