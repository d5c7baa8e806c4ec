import { type Block, block, code } from '../hcl/nodes.ts';
import type { Disk, Guest, Nic } from '../specification.ts';
import { keysOf, type Module, nodeOf, storageOf } from './module.ts';

const TYPE = 'proxmox_vm_qemu';

/** A VM for the provider Telmate/proxmox, which makes VMs as clones of a template alone. */
export function addTelmateVm(module: Module, guest: Guest): void {
  const label = module.label(TYPE, guest.name);
  const { hardware, source, dns } = guest;
  const isNew = source.from !== 'existing';
  const hasUser = isNew && guest.users.length > 0;
  const addresses = guest.nics.map((nic, at) => [`ipconfig${at}`, ipConfig(nic)] as const);
  module.add(
    block(
      'resource',
      [TYPE, label],
      [
        {
          target_node: nodeOf(module, guest),
          vmid: guest.vmid ?? undefined,
          name: guest.name,
          desc: guest.description === '' ? undefined : guest.description,
          tags: guest.tags.length === 0 ? undefined : guest.tags.toSorted().join(','),
          clone: isNew ? templateOf(module, guest) : undefined,
          full_clone: isNew ? true : undefined,
          os_type: hasUser ? 'cloud-init' : undefined,
          onboot: guest.on_boot,
          vm_state: guest.started ? 'running' : 'stopped',
          protection: guest.protection,
          agent: guest.agent ? 1 : 0,
          cores: guest.cores,
          sockets: guest.sockets,
          cpu: guest.cpu_type ?? undefined,
          memory: guest.memory_mb,
          balloon: guest.balloon_mb ?? undefined,
          bios: hardware.bios ?? undefined,
          scsihw: hardware.scsi ?? undefined,
          qemu_os: hardware.os_type ?? undefined,
          boot: hardware.boot_order.length === 0 ? 'order=scsi0' : `order=${hardware.boot_order.join(';')}`,
          hastate: guest.ha?.state,
          ciuser: hasUser ? guest.users[0]?.name : undefined,
          sshkeys: hasUser ? code(`join("\\n", ${keysOf(module, guest).code})`) : undefined,
          ...Object.fromEntries(addresses),
          nameserver: dns === null || dns.servers.length === 0 ? undefined : dns.servers.join(' '),
          searchdomain: dns?.domain ?? undefined,
        },
        disksOf(module, guest, hasUser),
        ...guest.nics.map(nicOf),
        hardware.serial ? block('serial', [], [{ id: 0, type: 'socket' }]) : undefined,
        hardware.vga === null ? undefined : block('vga', [], [{ type: hardware.vga }]),
      ],
    ),
    source.from === 'existing'
      ? block('import', [], [{ to: code(`${TYPE}.${label}`), id: `${source.node}/qemu/${source.vmid}` }])
      : undefined,
  );
  tellLacks(module, guest);
}

function tellLacks(module: Module, { name, setup, hardware, users }: Guest): void {
  if (setup.packages.length > 0) {
    const why = 'This provider has no cloud-init file: generate “cloud-init”, keep it as a snippet, and set cicustom.';
    module.lacks(`${name}: ${setup.packages.join(', ')}`, why);
  }
  if (users.length > 1) module.lacks(`${name}: more than one user`, 'Proxmox’s own cloud-init knows one user.');
  if (hardware.efi !== null || hardware.tpm !== null || hardware.machine !== null) {
    module.lacks(
      `${name}: EFI disk, TPM and machine type`,
      'They are not in the documentation of this provider: have them in the template.',
    );
  }
}

function templateOf(module: Module, { source, name }: Guest): ReturnType<Module['variable']> {
  const description = 'The name of the template with cloud-init that VMs are cloned from.';
  if (source.from === 'template')
    module.lacks(
      `${name}: template ${source.vmid} by its number`,
      'This provider takes templates by name: say it as clone_template.',
    );
  return module.variable('clone_template', {
    type: 'string',
    description,
    ...(source.from === 'image' ? { default: `${source.os}-cloud` } : {}),
  });
}

function disksOf(module: Module, guest: Guest, hasDrive: boolean): Block {
  const buses = new Map<string, Block[]>();
  const add = (slot: string, body: Block): void => {
    const bus = slot.replace(/\d+$/, '');
    buses.set(bus, [...(buses.get(bus) ?? []), block(slot, [], [body])]);
  };
  for (const disk of guest.disks) add(disk.slot, diskOf(module, disk));
  if (hasDrive) add('ide2', block('cloudinit', [], [{ storage: storageOf(module, guest.disks[0]?.storage ?? null) }]));
  return block(
    'disks',
    [],
    Array.from(buses, ([bus, slots]) => block(bus, [], slots)),
  );
}

function diskOf(module: Module, disk: Disk): Block {
  return block(
    'disk',
    [],
    [
      {
        storage: storageOf(module, disk.storage),
        size: `${disk.size_gb}G`,
        discard: disk.discard ? true : undefined,
        iothread: disk.iothread ? true : undefined,
        emulatessd: disk.ssd ? true : undefined,
        backup: disk.backup ? undefined : false,
        replicate: disk.replicate ? true : undefined,
        cache: disk.cache === 'none' ? undefined : disk.cache,
        asyncio: disk.aio === 'io_uring' ? undefined : disk.aio,
        format: disk.format ?? undefined,
      },
    ],
  );
}

function nicOf(nic: Nic): Block {
  return block(
    'network',
    [],
    [
      {
        model: nic.model,
        bridge: nic.bridge,
        macaddr: nic.mac ?? undefined,
        tag: nic.vlan ?? undefined,
        firewall: nic.firewall,
        mtu: nic.mtu ?? undefined,
        rate: nic.rate ?? undefined,
      },
    ],
  );
}

/** As Proxmox writes it: `ip=10.0.0.5/24,gw=10.0.0.1`. */
export function ipConfig({ ipv4, gateway, ipv6, gateway6 }: Nic): string | undefined {
  const parts = Object.entries({ ip: ipv4, gw: gateway, ip6: ipv6, gw6: gateway6 }).filter(
    ([, value]) => value !== null,
  );
  return parts.length === 0 ? undefined : parts.map(([key, value]) => `${key}=${String(value)}`).join(',');
}
