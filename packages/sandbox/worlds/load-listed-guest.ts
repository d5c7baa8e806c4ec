import type { Guest, GuestConfig, Row, Use } from '../state/model.ts';

const MIB = 1024 * 1024;
const FIGURES = ['cpu', 'mem', 'disk', 'netin', 'netout', 'diskread', 'diskwrite'] as const;

/**
 * A guest of which nothing was read but its row in /cluster/resources: it is there with its name, size, load and place.
 * A twin of a large cluster has thousands of them. Undefined where the row is not quite as Proxmox writes it, so that
 * it is looked at with more care.
 */
export function loadListedGuest(row: Row, start: number): Guest | undefined {
  const { vmid, type, node, status, uptime = 0, lock, maxcpu, maxmem, maxdisk = 0 } = row;
  if (typeof vmid !== 'number' || typeof node !== 'string' || (type !== 'qemu' && type !== 'lxc')) return undefined;
  if (typeof uptime !== 'number' || typeof maxcpu !== 'number' || typeof maxmem !== 'number') return undefined;
  if (typeof maxdisk !== 'number' || !isTextOrAbsent(lock)) return undefined;
  const use = useOf(row);
  const config = configOf(row, type, { maxcpu, maxmem });
  if (use === undefined || config === undefined) return undefined;
  const isRunning = status === 'running' || status === 'paused';
  const size = { cpus: maxcpu, maxmem, maxdisk, maxswap: 512 * MIB };
  return {
    vmid,
    type,
    node,
    config,
    status: isRunning ? 'running' : 'stopped',
    qmpstatus: status === 'paused' ? 'paused' : undefined,
    bootTime: isRunning ? start - uptime : 0,
    use,
    snapshots: [],
    readSize: { of: config, size },
    extra: typeof row['memhost'] === 'number' ? { memhost: row['memhost'] } : undefined,
  };
}

function useOf(row: Row): Use | undefined {
  const use: Use = { cpu: 0, mem: 0, disk: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };
  for (const key of FIGURES) {
    const value = row[key] ?? 0;
    if (typeof value !== 'number') return undefined;
    use[key] = value;
  }
  return use;
}

function configOf(
  { name, tags, template, lock }: Row,
  type: Guest['type'],
  { maxcpu, maxmem }: { maxcpu: number; maxmem: number },
): GuestConfig | undefined {
  if (!isTextOrAbsent(name) || !isTextOrAbsent(tags) || !isTextOrAbsent(lock)) return undefined;
  const memory = Math.round(maxmem / MIB);
  const config: GuestConfig = { memory: type === 'qemu' ? String(memory) : memory, cores: maxcpu };
  if (name !== undefined) config[type === 'qemu' ? 'name' : 'hostname'] = name;
  if (tags !== undefined) config['tags'] = tags;
  if (template === 1) config['template'] = 1;
  if (lock !== undefined) config['lock'] = lock;
  return config;
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}
