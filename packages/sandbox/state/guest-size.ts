import type { Guest, GuestConfig, GuestSize, State } from './model.ts';

const MIB = 1024 * 1024;
const UNITS: Record<string, number> = { K: 1024, M: MIB, G: 1024 * MIB, T: 1024 * 1024 * MIB };

/** Bytes of a size as configurations write it (`32G`, `4M`, `528K`); undefined for anything else. */
export function sizeBytes(text: string | undefined): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([KMGT])?$/.exec(text ?? '');
  if (!match) return undefined;
  return Math.round(Number(match[1]) * (match[2] ? (UNITS[match[2]] ?? 1) : 1));
}

/** The `key=value` pairs of a property string; a first part without a key is kept under ''. */
export function properties(text: string | number | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of String(text ?? '').split(',')) {
    const at = part.indexOf('=');
    if (at < 0) found[''] ??= part;
    else found[part.slice(0, at)] = part.slice(at + 1);
  }
  return found;
}

const memo = new WeakMap<Readonly<GuestConfig>, { nodeCpus: number; size: GuestSize }>();

/**
 * What a guest's configuration gives it. PVE::QemuServer::vmstatus and PVE::LXC::vmstatus: a VM without cores has 1,
 * without memory 512 MiB, and never counts more vCPUs than its node has; a container without cores has all of its
 * node's. While the configuration is the one that was read, what was read with it holds.
 */
export function guestSize(state: Pick<State, 'nodes'>, guest: Guest): GuestSize {
  const { config } = guest;
  if (guest.readSize?.of === config) return guest.readSize.size;
  const nodeCpus = state.nodes.get(guest.node)?.maxcpu ?? 1;
  const known = memo.get(config);
  if (known?.nodeCpus === nodeCpus) return known.size;
  const size = guest.type === 'qemu' ? vmSize(config, nodeCpus) : containerSize(config, nodeCpus);
  memo.set(config, { nodeCpus, size });
  return size;
}

function vmSize(config: GuestConfig, nodeCpus: number): GuestSize {
  const memory = properties(config['memory']);
  const cpus = Math.min((number(config['sockets']) ?? 1) * (number(config['cores']) ?? 1), nodeCpus);
  return {
    cpus: number(config['vcpus']) ?? cpus,
    maxmem: (number(memory[''] ?? memory['current']) ?? 512) * MIB,
    maxdisk: sizeBytes(properties(bootDisk(config))['size']) ?? 0,
    maxswap: 0,
  };
}

function containerSize(config: GuestConfig, nodeCpus: number): GuestSize {
  return {
    cpus: number(config['cores']) ?? number(config['cpulimit']) ?? nodeCpus,
    maxmem: (number(config['memory']) ?? 512) * MIB,
    maxdisk: sizeBytes(properties(config['rootfs'])['size']) ?? 4 * 1024 * MIB,
    maxswap: (number(config['swap']) ?? 512) * MIB,
  };
}

function number(value: string | number | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

const DISK = /^(?:scsi|virtio|sata|ide)\d+$/;

/** The disk that `maxdisk` tells of: the first of the boot order that is no CD-ROM, else the first there is. */
function bootDisk(config: GuestConfig): string | undefined {
  const order = properties(config['boot'])['order']?.split(';') ?? [];
  const bootable = order.find((key) => isDisk(key, config[key])) ?? config['bootdisk'];
  const key =
    bootable ??
    Object.keys(config)
      .sort()
      .find((name) => isDisk(name, config[name]));
  const value = key === undefined ? undefined : config[key];
  return value === undefined ? undefined : String(value);
}

function isDisk(key: string, value: string | number | undefined): boolean {
  return value !== undefined && DISK.test(key) && !/(?:^|,)media=cdrom/.test(String(value)) && value !== 'none';
}
