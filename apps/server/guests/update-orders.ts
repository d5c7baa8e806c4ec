import type { Fields } from '../changes/refusal.ts';
import { MiB } from '../http/cells.ts';
import { notAcceptable } from '../http/problem.ts';
import { tagsIn } from './environment.ts';
import type { ChangedGuest } from './update-schema.ts';
import { bytesOf, coresEach, tagsWanted } from './wanted.ts';

/** One thing that is to be another way, and the fields of the request that its inputs come from. */
export interface Order {
  readonly action: string;
  readonly input?: Record<string, unknown>;
  readonly fields?: Fields;
}

interface Now {
  readonly sockets: number;
  readonly tags: readonly string[];
}

/** The orders that a change of a guest comes to, in the order in which they are planned. @throws Problem 422 */
export function ordersOf(body: ChangedGuest, now: Now): Order[] {
  return [...ofItself(body, now), ...ofCpu(body, now), ...ofSize(body), ...ofNetwork(body), ...ofSecurity(body)];
}

function ofItself(body: ChangedGuest, now: Now): Order[] {
  const { name, description: text, environment } = body;
  // By itself, an environment leaves the other tags as they are.
  const kept = environment === undefined ? undefined : tagsIn(environment, now.tags);
  const tags = body.tags === undefined ? kept : tagsWanted(body);
  return [
    ...(name === undefined ? [] : [{ action: 'guest.rename', input: { name, unique: true } }]),
    ...(text === undefined ? [] : [{ action: 'guest.describe', input: { text }, fields: { text: 'description' } }]),
    ...(tags === undefined ? [] : [{ action: 'guest.tags', input: { tags } }]),
  ];
}

/** Cores are those of each socket; what of both grows comes last, so that they never come to more than is wanted. */
function ofCpu({ configuration = {} }: ChangedGuest, now: Now): Order[] {
  const { cpu_cores: count, cpu_sockets: sockets } = configuration;
  const many = sockets ?? now.sockets;
  const cores: Order[] =
    count === undefined
      ? []
      : [
          {
            action: 'guest.cores',
            input: { to: coresEach(count, many, 'configuration.cpu_cores') },
            fields: { to: 'configuration.cpu_cores' },
          },
        ];
  if (sockets === undefined) return cores;
  const order = { action: 'guest.sockets', input: { to: sockets }, fields: { to: 'configuration.cpu_sockets' } };
  return sockets > now.sockets ? [...cores, order] : [order, ...cores];
}

function ofSize({ configuration = {} }: ChangedGuest): Order[] {
  const { memory_mb: memory, storage_gb: storage } = configuration;
  const to = (field: string): Fields => ({ to: `configuration.${field}` });
  return [
    ...(memory === undefined ? [] : [{ action: 'guest.memory', input: { to: memory * MiB }, fields: to('memory_mb') }]),
    ...(storage === undefined
      ? []
      : [{ action: 'guest.resize', input: { to: bytesOf(storage) }, fields: to('storage_gb') }]),
  ];
}

function ofNetwork({ configuration: { network = {} } = {} }: ChangedGuest): Order[] {
  const { bridge, vlan_id: tag, static_ip: ip, gateway } = network;
  const nic = 'net0';
  const at = (key: string): string => `configuration.network.${key}`;
  if (gateway !== undefined && ip === undefined) {
    const message = 'A gateway is set with the address: give static_ip as well.';
    throw notAcceptable(message, { field: at('gateway'), reason: 'needs_static_ip', provided_value: gateway });
  }
  const address = { ip, ...(gateway === undefined ? {} : { gateway }) };
  return [
    ...(bridge === undefined
      ? []
      : [{ action: 'guest.bridge', input: { bridge, nic }, fields: { bridge: at('bridge') } }]),
    ...(tag === undefined ? [] : [{ action: 'guest.vlan', input: { tag, nic }, fields: { tag: at('vlan_id') } }]),
    ...(ip === undefined
      ? []
      : [{ action: 'guest.address', input: address, fields: { ip: at('static_ip'), gateway: at('gateway') } }]),
  ];
}

function ofSecurity({ security = {} }: ChangedGuest): Order[] {
  const { protection, enable_firewall: firewall, ssh_keys: keys } = security;
  return [
    ...(protection === undefined ? [] : [{ action: protection ? 'guest.protection_on' : 'guest.protection_off' }]),
    ...(keys === undefined
      ? []
      : [{ action: 'guest.ssh_keys', input: { keys }, fields: { keys: 'security.ssh_keys' } }]),
    ...(firewall === undefined ? [] : [{ action: firewall ? 'firewall.enable_guest' : 'firewall.disable_guest' }]),
  ];
}
