import type { Fields } from '../changes/refusal.ts';
import { GiB, MiB } from '../http/cells.ts';
import { notAcceptable } from '../http/problem.ts';
import { calendarEvent } from '../backups/calendar.ts';
import { given } from '../changes/given.ts';
import { environmentOf, tagsIn } from './environment.ts';
import type { NewGuest } from './new-guest.ts';

const SIZES = ['cpu_cores', 'cpu_sockets', 'memory_mb', 'storage_gb'] as const;
type Size = (typeof SIZES)[number];

/** Gigabytes as bytes; disks come in whole megabytes. */
export const bytesOf = (gigabytes: number): number => Math.round((gigabytes * GiB) / MiB) * MiB;

/** A size, from wherever it stands, and where that is. @throws Problem 422 where it is said twice and otherwise */
function sizeOf(body: NewGuest, size: Size): { value: number | undefined; field: string } {
  const inside: number | undefined = body.configuration?.[size];
  const flat = body[size];
  const field = `configuration.${size}`;
  if (inside !== undefined && flat !== undefined && inside !== flat) {
    const message = `${size} is ${flat}, but ${inside} in the configuration.`;
    throw notAcceptable(message, { field: size, reason: 'said_twice', provided_value: flat });
  }
  return inside === undefined && flat !== undefined ? { value: flat, field: size } : { value: inside, field };
}

/**
 * The cores of each socket, of all that a guest is to see. @throws Problem 422 where they cannot be shared out evenly
 */
export function coresEach(cores: number, sockets: number, field: string): number {
  if (cores % sockets === 0) return cores / sockets;
  const message = `${cores} cores cannot be shared out evenly among ${sockets} sockets.`;
  throw notAcceptable(message, { field, reason: 'not_divisible', provided_value: cores });
}

/** The tags with that of the environment. @throws Problem 422 where they say another one */
export function tagsWanted({ tags, environment }: Pick<NewGuest, 'tags' | 'environment'>): string[] | undefined {
  if (environment === undefined) return tags;
  const said = environmentOf(tags ?? []);
  if (said !== null && said !== environment) {
    const message = `The tags say ${said}, but the environment is ${environment}.`;
    throw notAcceptable(message, { field: 'environment', reason: 'not_that_of_tags', provided_value: environment });
  }
  return tagsIn(environment, tags ?? []);
}

/** When backups are to run, as Proxmox takes it. @throws Problem 422 */
function scheduleWanted({ enabled, schedule = 'daily' }: NonNullable<NewGuest['backup']>): string | undefined {
  if (!enabled) return undefined;
  const event = calendarEvent(schedule);
  if (event !== undefined) return event;
  const message = `Proxmox cannot run at “${schedule}”: say daily, weekly, monthly, or when (sun 03:00).`;
  throw notAcceptable(message, { field: 'backup.schedule', reason: 'not_acceptable', provided_value: schedule });
}

/** What an action that makes a guest is told, and which fields told it; keys without a value are left out. */
export function inputOf(
  body: NewGuest,
  encrypted: readonly string[],
): { input: Readonly<Record<string, unknown>>; fields: Fields } {
  const { configuration = {}, security = {}, backup } = body;
  const [cores, sockets, memory, storage] = SIZES.map((size) => sizeOf(body, size));
  const count = cores?.value;
  const many = sockets?.value ?? 1;
  const schedule = backup === undefined ? undefined : scheduleWanted(backup);
  const { network = {} } = configuration;
  const input = given({
    name: body.name,
    unique: true,
    notes: body.description,
    cores: count === undefined ? undefined : coresEach(count, many, cores?.field ?? ''),
    // A template's own sockets would multiply the cores that are asked for.
    sockets: sockets?.value ?? (count === undefined ? undefined : 1),
    memory: memory?.value === undefined ? undefined : memory.value * MiB,
    disk: storage?.value === undefined ? undefined : bytesOf(storage.value),
    vlan: network.vlan_id,
    ip: network.static_ip,
    gateway: network.gateway,
    bridge: network.bridge,
    node: configuration.node,
    storage: configuration.storage,
    start: configuration.start,
    among: security.encrypt_disk === true ? encrypted : undefined,
    firewall: security.enable_firewall,
    keys: security.ssh_keys?.length === 0 ? undefined : security.ssh_keys,
    protect: security.protection,
    tags: tagsWanted(body),
    backup: schedule,
    keepDays: schedule === undefined ? undefined : backup?.retention_days,
    iso: body.iso,
    password: body.password,
    privileged: body.privileged,
    nesting: body.nesting,
  });
  const fields = {
    ...FIELDS,
    cores: cores?.field ?? '',
    sockets: sockets?.field ?? '',
    memory: memory?.field ?? '',
    disk: storage?.field ?? '',
  };
  return { input, fields };
}

/** The fields that give the inputs of actions that make guests. */
const FIELDS: Fields = {
  from: 'template',
  image: 'template',
  notes: 'description',
  vlan: 'configuration.network.vlan_id',
  ip: 'configuration.network.static_ip',
  gateway: 'configuration.network.gateway',
  bridge: 'configuration.network.bridge',
  node: 'configuration.node',
  storage: 'configuration.storage',
  start: 'configuration.start',
  among: 'security.encrypt_disk',
  firewall: 'security.enable_firewall',
  keys: 'security.ssh_keys',
  protect: 'security.protection',
  backup: 'backup.schedule',
  keepDays: 'backup.retention_days',
};
