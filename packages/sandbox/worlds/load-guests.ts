import type { Guest, GuestConfig, Inside, Row, Snapshot, Use } from '../state/model.ts';
import { InvalidWorld, Part } from './check.ts';
import { hasFirewall, loadFirewall } from './load-firewall.ts';
import { loadListedGuest } from './load-listed-guest.ts';
import { loadPending } from './load-pending.ts';

const MIB = 1024 * 1024;

/** The rows that tell of one guest: in /cluster/resources, in its node's list, and in `guests`. */
interface Rows {
  resource: Part;
  listed: Part;
  whole: Part;
  node: string | undefined;
}

/** All guests of a world, by vmid. `start` is the time of the reading. */
export function loadGuests(world: Part, start: number): Map<number, Guest> {
  const guests = new Map<number, Guest>();
  for (const [id, rows] of collect(world)) {
    const isOnlyListed = rows.whole.absent && rows.listed.absent;
    const guest =
      (isOnlyListed ? loadListedGuest(rows.resource.row(), start) : undefined) ?? loadGuest(id, rows, start);
    const twin = guests.get(guest.vmid);
    if (twin) throw new InvalidWorld(`guests.${id}`, `another vmid, since ${twin.type}/${twin.vmid} has this one`);
    guests.set(guest.vmid, guest);
  }
  return guests;
}

function collect(world: Part): Map<string, Rows> {
  const all = new Map<string, Rows>();
  const none = new Part(undefined);
  const entry = (id: string): Rows => {
    let known = all.get(id);
    if (!known) all.set(id, (known = { resource: none, listed: none, whole: none, node: undefined }));
    return known;
  };
  for (const part of world.at('cluster').at('resources').list()) {
    const type = part.at('type').text();
    if (type !== 'qemu' && type !== 'lxc') continue;
    const rows = entry(`${type}/${part.at('vmid').number()}`);
    rows.resource = part;
    rows.node = part.at('node').text();
  }
  for (const [id, part] of world.at('guests').entries()) entry(id).whole = part.required('an object');
  for (const [node, part] of world.at('nodes').entries()) {
    for (const type of ['qemu', 'lxc'] as const) {
      for (const row of part.at(type).list()) {
        Object.assign(entry(`${type}/${row.at('vmid').number()}`), { listed: row, node });
      }
    }
  }
  return all;
}

function loadGuest(id: string, rows: Rows, start: number): Guest {
  const match = /^(qemu|lxc)\/([1-9]\d{2,8})$/.exec(id);
  if (!match) throw new InvalidWorld(`guests.${id}`, 'an id as qemu/100 or lxc/200');
  if (rows.node === undefined) throw new InvalidWorld(`guests.${id}`, 'a row in cluster.resources that names its node');
  const type = match[1] === 'qemu' ? 'qemu' : 'lxc';
  const status = rows.whole.at('status');
  const words = [status, rows.listed, rows.resource].map((part) => part.at('status').text());
  const running = words.some((word) => word === 'running' || word === 'paused');
  const uptime = first('uptime', [status, rows.resource, rows.listed]) ?? 0;
  const { config, digest, pending } = loadConfig(type, rows);
  const guest: Guest = {
    vmid: Number(match[2]),
    type,
    node: rows.node,
    config,
    pending,
    readDigest: digest === undefined ? undefined : { of: config, is: digest },
    status: running ? 'running' : 'stopped',
    qmpstatus: status.at('qmpstatus').text() ?? words.find((word) => word === 'paused'),
    bootTime: running ? start - uptime : 0,
    use: loadUse([status, rows.resource, rows.listed]),
    snapshots: loadSnapshots(rows.whole.at('snapshots'), rows.whole.at('snapshot_configs')),
    inside: loadInside(rows.whole),
    files: loadFiles(rows.whole.at('files')),
    firewall: hasFirewall(rows.whole.at('firewall')) ? loadFirewall(rows.whole.at('firewall')) : undefined,
    rrd: loadSeries(rows.whole.at('rrd')),
    extra: loadExtra({ ...memhost([rows.listed, rows.resource]), ...status.row() }),
    listExtra: loadListExtra(rows.listed.row()),
  };
  guest.readSize = readSize(guest, [status, rows.resource, rows.listed]);
  return guest;
}

function memhost(parts: Part[]): Row {
  const bytes = first('memhost', parts);
  return bytes === undefined ? {} : { memhost: bytes };
}

function first(key: string, parts: Part[]): number | undefined {
  return parts.map((part) => part.at(key).number()).find((value) => value !== undefined);
}

function loadUse(parts: Part[]): Use {
  const read = (key: keyof Use): number => first(key, parts) ?? 0;
  return {
    cpu: read('cpu'),
    mem: read('mem'),
    disk: read('disk'),
    netin: read('netin'),
    netout: read('netout'),
    diskread: read('diskread'),
    diskwrite: read('diskwrite'),
  };
}

/** The configuration that was read, or what the lists tell of it where it was not. */
function loadConfig(
  type: 'qemu' | 'lxc',
  rows: Rows,
): { config: GuestConfig; digest: string | undefined; pending: Guest['pending'] } {
  const part = rows.whole.at('config');
  if (part.absent) return { config: configFromLists(type, rows), digest: undefined, pending: undefined };
  const config: GuestConfig = {};
  for (const [key, value] of part.entries()) {
    // `parent` follows from the snapshots
    if (value.absent || key === 'digest' || key === 'pending' || key === 'parent') continue;
    // containers' raw lxc.* entries are a list of pairs; they are kept as text
    const raw = value.value;
    config[key] = Array.isArray(raw) ? JSON.stringify(raw) : typeof raw === 'number' ? raw : (value.text() ?? '');
  }
  // a lock is part of the configuration; it may have been taken between two reads
  const lock = rows.resource.at('lock').text();
  if (config['lock'] === undefined && lock !== undefined) config['lock'] = lock;
  const pending = loadPending(rows.whole.at('pending'));
  // the list knows what is in effect, all but the raw entries; a configuration may have been read with what is to come
  const raw = config['lxc'] === undefined ? {} : { lxc: config['lxc'] };
  const current = pending === undefined ? config : { ...pending.current, ...raw };
  return { config: current, digest: part.at('digest').text(), pending: pending?.later };
}

function configFromLists(type: 'qemu' | 'lxc', { resource, listed }: Rows): GuestConfig {
  const read = (key: string): Part => (resource.at(key).absent ? listed.at(key) : resource.at(key));
  const memory = Math.round((first('maxmem', [resource, listed]) ?? 512 * MIB) / MIB);
  const name = read('name').text();
  const tags = read('tags').text();
  return {
    ...(name === undefined ? {} : { [type === 'qemu' ? 'name' : 'hostname']: name }),
    memory: type === 'qemu' ? String(memory) : memory,
    cores: first('maxcpu', [resource]) ?? first('cpus', [listed]) ?? first('maxcpu', [listed]) ?? 1,
    ...(tags === undefined ? {} : { tags }),
    ...(read('template').flag() === 1 ? { template: 1 } : {}),
    ...(read('lock').absent ? {} : { lock: read('lock').text() ?? '' }),
  };
}

function readSize(guest: Guest, parts: Part[]): Guest['readSize'] {
  const cpus = first('maxcpu', parts) ?? first('cpus', parts);
  const maxmem = first('maxmem', parts);
  const maxdisk = first('maxdisk', parts.slice(1)) ?? first('maxdisk', parts);
  if (cpus === undefined || maxmem === undefined) return undefined;
  const swap = guest.config['swap'];
  const maxswap = first('maxswap', parts) ?? Number(swap ?? 512) * MIB;
  return { of: guest.config, size: { cpus, maxmem, maxdisk: maxdisk ?? 0, maxswap } };
}

function loadSnapshots(part: Part, configs: Part): Snapshot[] {
  const snapshots: Snapshot[] = [];
  for (const row of part.list()) {
    const name = row.at('name').text();
    if (name === undefined) throw new InvalidWorld(`${row.path}.name`, 'the name of the snapshot');
    const vmstate = row.at('vmstate').flag();
    snapshots.push({
      name,
      snaptime: row.at('snaptime').number() ?? 0,
      description: row.at('description').text() ?? '',
      parent: row.at('parent').text(),
      vmstate,
      config: configs.at(name).absent ? undefined : snapshotConfig(configs.at(name).row()),
    });
  }
  return snapshots;
}

/** What Proxmox answers tells of the snapshot as well as of the guest: its time, its place, its own description. */
function snapshotConfig(row: Row): GuestConfig {
  const { snaptime: _snaptime, parent: _parent, description: _description, digest: _digest, ...config } = row;
  return config as GuestConfig; // as Proxmox answers it
}

function loadInside(whole: Part): Inside | undefined {
  const interfaces = whole.at('interfaces');
  const agent = whole.at('agent');
  if (interfaces.absent && agent.absent) return undefined;
  const osinfo = agent.at('osinfo');
  const fsinfo = agent.at('fsinfo');
  return {
    interfaces: interfaces.value ?? undefined,
    osinfo: osinfo.absent ? undefined : osinfo.row(),
    fsinfo: fsinfo.absent ? undefined : fsinfo.rows(),
    hostname: agent.at('hostname').text(),
  };
}

/** Files that are inside of it, by path. */
function loadFiles(part: Part): Guest['files'] {
  if (part.absent) return undefined;
  return Object.fromEntries(part.entries().map(([path, content]) => [path, content.text() ?? '']));
}

/** Series by timeframe; undefined where none was read. */
export function loadSeries(part: Part): Record<string, Row[]> | undefined {
  if (part.absent) return undefined;
  const series = part.entries().map(([timeframe, rows]): [string, Part] => [timeframe, rows]);
  return Object.fromEntries(series.filter(([, rows]) => !rows.absent).map(([key, rows]) => [key, rows.rows()]));
}

/** What `status/current` derives by itself; the rest of what was read is kept. */
const DERIVED =
  'vmid name status qmpstatus cpu cpus maxcpu mem maxmem disk maxdisk uptime netin netout diskread diskwrite ha tags template lock type swap maxswap'.split(
    ' ',
  );

function loadExtra(status: Row): Row | undefined {
  const rest = Object.entries(status).filter(([key]) => !DERIVED.includes(key));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

/** `maxcpu` is not among what Proxmox derives for this list, but worlds may hold it there. */
function loadListExtra(listed: Row): Row | undefined {
  const { maxcpu, template } = listed;
  const rest = {
    ...loadExtra(listed),
    ...(maxcpu === undefined ? {} : { maxcpu }),
    ...(template === undefined ? {} : { template: 0 }),
  };
  return Object.keys(rest).length === 0 ? undefined : rest;
}
