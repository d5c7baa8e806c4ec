import type { Guest, Nic } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import { template, type Yaml } from '../yaml/nodes.ts';
import { type Book, type Task, variableName } from './book.ts';
import { keysOf, nodeOf } from './machines.ts';

const CT = 'community.proxmox.proxmox';

/** A container, made of a template of its system or as a clone. */
export function containerTasks(book: Book, guest: Guest): Task[] {
  const { name, source } = guest;
  const node = nodeOf(book, guest);
  const isNew = source.from !== 'existing';
  const id = source.from === 'existing' ? source.vmid : template(`{{ ${variableName(name)}.vmid }}`);
  const [root, ...mounts] = guest.disks;
  const storage = root?.storage ?? book.variable('proxmox_storage', 'local-lvm');
  const make: Task = {
    name: isNew ? `Make ${name}` : `Configure ${name}`,
    [CT]: {
      node,
      vmid: source.from === 'existing' ? source.vmid : (guest.vmid ?? undefined),
      hostname: name,
      ...(source.from === 'image' ? { ostemplate: book.required(`${variableName(source.os)}_template`) } : {}),
      ...(source.from === 'template' ? { clone: source.vmid, clone_type: 'full' } : {}),
      ...(isNew && source.from === 'image' && root !== undefined
        ? { disk_volume: { storage, size: root.size_gb } }
        : {}),
      ...(isNew ? mountsOf(book, mounts) : {}),
      cores: guest.cores,
      memory: guest.memory_mb,
      swap: guest.swap_mb ?? undefined,
      netif: Object.fromEntries(guest.nics.map((nic, at) => [`net${at}`, netOf(nic, at)])),
      nameserver: guest.dns === null || guest.dns.servers.length === 0 ? undefined : guest.dns.servers.join(' '),
      searchdomain: guest.dns?.domain ?? undefined,
      pubkey: isNew ? keysOf(book, guest) : undefined,
      unprivileged: isNew ? guest.unprivileged : undefined,
      features: guest.nesting ? ['nesting=1'] : undefined,
      onboot: guest.on_boot,
      description: guest.description === '' ? undefined : guest.description,
      tags: guest.tags.length === 0 ? undefined : [...guest.tags],
      ostype: systemOf(guest)?.container ?? undefined,
      update: isNew ? undefined : true,
      state: 'present',
    },
    register: isNew ? variableName(name) : undefined,
  };
  if (guest.protection)
    book.lacks(`${name}: protection`, 'The module has no word for it: switch it on in Proxmox (Options, Protection).');
  const start: Task = { name: `Start ${name}`, [CT]: { vmid: id, state: 'started' } };
  return guest.started && isNew ? [make, start] : [make];
}

function mountsOf(book: Book, disks: Guest['disks']): Readonly<Record<string, Yaml>> {
  if (disks.length === 0) return {};
  return {
    mount_volumes: disks.map((disk) => ({
      id: disk.slot,
      storage: disk.storage ?? book.variable('proxmox_storage', 'local-lvm'),
      size: disk.size_gb,
      mountpoint: disk.path ?? '/mnt',
    })),
  };
}

/** As Proxmox writes it: `name=eth0,bridge=vmbr0,ip=dhcp`. */
function netOf(nic: Nic, at: number): string {
  const parts = {
    name: nic.name ?? `eth${at}`,
    bridge: nic.bridge,
    hwaddr: nic.mac,
    ip: nic.ipv4,
    gw: nic.gateway,
    ip6: nic.ipv6,
    gw6: nic.gateway6,
    firewall: nic.firewall ? 1 : null,
    tag: nic.vlan,
    mtu: nic.mtu,
    rate: nic.rate,
    type: 'veth',
  };
  return Object.entries(parts)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}
