import { type Block, block, type Value } from '../hcl/nodes.ts';
import type { Disk, Guest, Nic } from '../specification.ts';
import { type Module, storageOf } from './module.ts';

/** The devices of a VM, its disks and interfaces, as blocks. Its image goes to the first disk. */
export function devicesOf(module: Module, guest: Guest, image: Value | undefined): (Block | undefined)[] {
  const { hardware } = guest;
  return [
    ...firmware(module, guest),
    ...guest.disks.map((disk, at) => diskOf(module, disk, at === 0 ? image : undefined)),
    ...guest.nics.map(nicOf),
    hardware.serial ? block('serial_device', [], [{ device: 'socket' }]) : undefined,
    hardware.vga === null ? undefined : block('vga', [], [{ type: hardware.vga }]),
    ...hardware.pci.map(pciOf),
    hardware.cdrom === null
      ? undefined
      : block('cdrom', [], [{ file_id: hardware.cdrom.file, interface: hardware.cdrom.slot }]),
  ];
}

function firmware(module: Module, { hardware: { efi, tpm } }: Guest): (Block | undefined)[] {
  return [
    efi === null
      ? undefined
      : block(
          'efi_disk',
          [],
          [{ datastore_id: storageOf(module, efi.storage), type: efi.size, pre_enrolled_keys: efi.keys }],
        ),
    tpm === null
      ? undefined
      : block('tpm_state', [], [{ datastore_id: storageOf(module, tpm.storage), version: tpm.version }]),
  ];
}

function diskOf(module: Module, disk: Disk, image: Value | undefined): Block {
  return block(
    'disk',
    [],
    [
      {
        datastore_id: storageOf(module, disk.storage),
        interface: disk.slot,
        import_from: image,
        size: disk.size_gb,
        file_format: disk.format ?? undefined,
        discard: disk.discard ? 'on' : undefined,
        iothread: disk.iothread ? true : undefined,
        ssd: disk.ssd ? true : undefined,
        backup: disk.backup ? undefined : false,
        replicate: disk.replicate ? undefined : false,
        cache: disk.cache === 'none' ? undefined : disk.cache,
        aio: disk.aio === 'io_uring' ? undefined : disk.aio,
      },
    ],
  );
}

function pciOf({ slot, id, mapping, mdev, pcie, rombar, xvga }: Guest['hardware']['pci'][number]): Block {
  const named = { id: id ?? undefined, mapping: mapping ?? undefined, mdev: mdev ?? undefined };
  // Said even where it is as usual: the provider takes what is not said for a change, which only root may make.
  const set = { pcie: pcie ? true : undefined, rombar, xvga: xvga ? true : undefined };
  return block('hostpci', [], [{ device: slot, ...named, ...set }]);
}

function nicOf(nic: Nic): Block {
  return block(
    'network_device',
    [],
    [
      {
        bridge: nic.bridge,
        model: nic.model === 'virtio' ? undefined : nic.model,
        mac_address: nic.mac ?? undefined,
        vlan_id: nic.vlan ?? undefined,
        firewall: nic.firewall ? true : undefined,
        mtu: nic.mtu ?? undefined,
        rate_limit: nic.rate ?? undefined,
      },
    ],
  );
}

/** In which order a guest starts and stops with its node. */
export function startupOf({ hardware: { startup } }: Guest): Block | undefined {
  if (startup === null) return undefined;
  const { order, up, down } = startup;
  return block(
    'startup',
    [],
    [{ order: order ?? undefined, up_delay: up ?? undefined, down_delay: down ?? undefined }],
  );
}
