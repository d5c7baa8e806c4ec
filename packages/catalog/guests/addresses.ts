import { type Cell, type Draft, isUnknown, pointer, type Rec, unknownCell } from '../kit/index.ts';
import { numbered, options } from './config.ts';

/** An address that a guest has, where it was read, and on which interface. */
export interface Address {
  readonly address: string;
  readonly prefix: number | undefined;
  readonly family: 'ipv4' | 'ipv6';
  readonly iface: string;
  /** Of that interface, in upper case; undefined where only the configuration told. */
  readonly mac: string | undefined;
  readonly at: string;
  /** Reported by the guest, or set in its configuration (which the guest may not follow). */
  readonly source: 'guest' | 'config';
}

const local = /^(127\.|::1$|fe80:|169\.254\.)/i;

/**
 * The addresses of a guest: those that it reports (agent, container), else those that its configuration sets
 * (cloud-init, static container addresses). Loopback and link-local ones are left out.
 */
export function guestAddresses(row: Draft): Address[] | { unknown: string } {
  const interfaces = row.recs['interfaces'];
  if (interfaces && !isUnknown(interfaces)) {
    const reported = reportedAddresses(interfaces);
    if (reported.length > 0) return reported;
  }
  const config = row.recs['config'];
  if (config && !isUnknown(config)) {
    const set = configuredAddresses(config);
    if (set.length > 0) return set;
  }
  if (interfaces && isUnknown(interfaces)) return interfaces;
  return { unknown: 'it reports no address, and its configuration sets none' };
}

/** The list of addresses as a cell. */
export function addressesOf(row: Draft): Cell {
  const found = guestAddresses(row);
  if ('unknown' in found) return unknownCell(found.unknown);
  return { value: found.map(({ address }) => address), at: found.map(({ at }) => at).join(', ') };
}

// The agent's shape and the containers' differ in the names of the families only; older containers give `inet`.
function reportedAddresses(rec: Rec): Address[] {
  const found: Address[] = [];
  const nics = Array.isArray(rec.data['result']) ? (rec.data['result'] as unknown[]) : [];
  // A container's list stands directly under `data`; the agent's under `data/result`.
  const base = rec.at.endsWith('/data') && 'result' in rec.data && isAgent(nics) ? pointer(rec.at, 'result') : rec.at;
  nics.forEach((nic, n) => {
    if (typeof nic !== 'object' || nic === null) return;
    const {
      name,
      hwaddr,
      'hardware-address': hardware = hwaddr,
      inet,
      inet6,
      ...rest
    } = nic as Record<string, unknown>;
    const ips = rest['ip-addresses'];
    const of = { iface: String(name ?? ''), mac: typeof hardware === 'string' ? hardware.toUpperCase() : undefined };
    if (Array.isArray(ips)) {
      ips.forEach((ip: unknown, i) => {
        if (typeof ip !== 'object' || ip === null) return;
        const { 'ip-address': address, prefix } = ip as Record<string, unknown>;
        if (typeof address === 'string')
          add(found, address, Number(prefix), of, pointer(base, n, 'ip-addresses', i, 'ip-address'));
      });
      return;
    }
    for (const [key, value] of Object.entries({ inet, inet6 })) {
      if (typeof value !== 'string') continue;
      const [address = '', prefix] = value.split('/');
      add(found, address, Number(prefix), of, pointer(base, n, key));
    }
  });
  return found;
}

function isAgent(nics: readonly unknown[]): boolean {
  return nics.some((nic) => typeof nic === 'object' && nic !== null && !('hwaddr' in nic));
}

function add(found: Address[], address: string, prefix: number, of: Pick<Address, 'iface' | 'mac'>, at: string): void {
  if (local.test(address)) return;
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  found.push({ address, prefix: Number.isFinite(prefix) ? prefix : undefined, family, ...of, at, source: 'guest' });
}

function configuredAddresses(rec: Rec): Address[] {
  const found: Address[] = [];
  for (const prefix of ['ipconfig', 'net']) {
    for (const { key, index, value } of numbered(rec.data, prefix)) {
      const set = options(value);
      for (const option of ['ip', 'ip6']) {
        const [address = '', bits] = (set[option] ?? '').split('/');
        if (!/[.:]/.test(address) || local.test(address)) continue;
        found.push({
          address,
          prefix: bits === undefined ? undefined : Number(bits),
          family: option === 'ip' ? 'ipv4' : 'ipv6',
          iface: set['name'] ?? `net${index}`,
          mac: undefined,
          at: pointer(rec.at, key),
          source: 'config',
        });
      }
    }
  }
  return found;
}
