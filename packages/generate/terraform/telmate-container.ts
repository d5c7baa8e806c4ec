import { type Block, block, code } from '../hcl/nodes.ts';
import type { Disk, Guest, Nic } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import { keysOf, type Module, nodeOf, storageOf } from './module.ts';

const TYPE = 'proxmox_lxc';

/** A container for the provider Telmate/proxmox. */
export function addTelmateContainer(module: Module, guest: Guest): void {
  const label = module.label(TYPE, guest.name);
  const { source, dns } = guest;
  const isNew = source.from !== 'existing';
  const [root, ...mounts] = guest.disks;
  module.add(
    block(
      'resource',
      [TYPE, label],
      [
        {
          target_node: nodeOf(module, guest),
          vmid: guest.vmid ?? undefined,
          hostname: guest.name,
          description: guest.description === '' ? undefined : guest.description,
          tags: guest.tags.length === 0 ? undefined : guest.tags.toSorted().join(';'),
          clone: source.from === 'template' ? String(source.vmid) : undefined,
          ostemplate: source.from === 'image' ? template(module, source.os) : undefined,
          ostype: systemOf(guest)?.container ?? guest.hardware.os_type ?? undefined,
          cores: guest.cores,
          memory: guest.memory_mb,
          swap: guest.swap_mb ?? undefined,
          unprivileged: guest.unprivileged,
          onboot: guest.on_boot,
          protection: guest.protection,
          start: guest.started,
          hastate: guest.ha?.state,
          ssh_public_keys: isNew ? code(`join("\\n", ${keysOf(module, guest).code})`) : undefined,
          nameserver: dns === null || dns.servers.length === 0 ? undefined : dns.servers.join(' '),
          searchdomain: dns?.domain ?? undefined,
        },
        root === undefined
          ? undefined
          : block('rootfs', [], [{ storage: storageOf(module, root.storage), size: `${root.size_gb}G` }]),
        ...mounts.map((disk) => mountOf(module, disk)),
        ...guest.nics.map(interfaceOf),
        guest.nesting ? block('features', [], [{ nesting: true }]) : undefined,
      ],
    ),
    source.from === 'existing'
      ? block('import', [], [{ to: code(`${TYPE}.${label}`), id: `${source.node}/lxc/${source.vmid}` }])
      : undefined,
  );
  if (guest.setup.packages.length > 0) {
    module.lacks(
      `${guest.name}: ${guest.setup.packages.join(', ')}`,
      'Containers have no cloud-init: generate “ansible” from the same words.',
    );
  }
}

function template(module: Module, os: string): ReturnType<Module['variable']> {
  return module.variable(`${os.replaceAll(/[^a-z\d]+/g, '_')}_template`, {
    type: 'string',
    description: 'The container template, as the storage names it: STORAGE:vztmpl/FILE.',
  });
}

function mountOf(module: Module, disk: Disk): Block {
  const at = Number(disk.slot.replace(/\D+/, ''));
  return block(
    'mountpoint',
    [],
    [
      {
        key: String(at),
        slot: at,
        storage: storageOf(module, disk.storage),
        mp: disk.path ?? '/mnt',
        size: `${disk.size_gb}G`,
        volume: disk.volume ?? undefined,
        backup: disk.backup,
      },
    ],
  );
}

function interfaceOf(nic: Nic, at: number): Block {
  return block(
    'network',
    [],
    [
      {
        name: nic.name ?? `eth${at}`,
        bridge: nic.bridge,
        hwaddr: nic.mac ?? undefined,
        ip: nic.ipv4 ?? undefined,
        gw: nic.gateway ?? undefined,
        ip6: nic.ipv6 ?? undefined,
        gw6: nic.gateway6 ?? undefined,
        firewall: nic.firewall,
        tag: nic.vlan ?? undefined,
        mtu: nic.mtu ?? undefined,
        rate: nic.rate ?? undefined,
      },
    ],
  );
}
