import { type Block, block, type Body, code, type Value } from '../hcl/nodes.ts';
import { cloudConfig, needsUserData } from '../cloud-init/cloud-config.ts';
import type { Disk, Guest, Nic } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import { addFirewall } from './bpg-firewall.ts';
import { addAround } from './bpg-around.ts';
import { keysOf, type Module, nodeOf, storageOf } from './module.ts';
import { userDataLines } from './user-data.ts';

const TYPE = 'proxmox_virtual_environment_vm';

/** A VM, with its image, its cloud-init file, its firewall and what watches over it. */
export function addVm(module: Module, guest: Guest): void {
  const label = module.label(TYPE, guest.name);
  const node = nodeOf(module, guest);
  const image = addImage(module, guest, node);
  const userData = needsUserData(guest) ? addUserData(module, guest, { label, node }) : undefined;
  const { hardware } = guest;
  module.add(
    block(
      'resource',
      [TYPE, label],
      [
        {
          node_name: node,
          vm_id: guest.vmid ?? undefined,
          name: guest.name,
          description: guest.description === '' ? undefined : guest.description,
          tags: guest.tags.length === 0 ? undefined : guest.tags.toSorted(),
          on_boot: guest.on_boot,
          protection: guest.protection,
          started: guest.template ? undefined : guest.started,
          template: guest.template ? true : undefined,
          bios: hardware.bios ?? undefined,
          machine: hardware.machine ?? undefined,
          keyboard_layout: hardware.keyboard ?? undefined,
          scsi_hardware: hardware.scsi ?? undefined,
          boot_order: hardware.boot_order.length === 0 ? undefined : hardware.boot_order,
          tablet_device: hardware.tablet ? undefined : false,
        },
        cloneOf(guest),
        block('agent', [], [{ enabled: guest.agent, trim: hardware.agent_trim ? true : undefined }]),
        block(
          'cpu',
          [],
          [
            {
              cores: guest.cores,
              sockets: guest.sockets === 1 ? undefined : guest.sockets,
              type: guest.cpu_type ?? undefined,
              numa: hardware.numa ? true : undefined,
            },
          ],
        ),
        block('memory', [], [{ dedicated: guest.memory_mb, floating: guest.balloon_mb ?? undefined }]),
        ...firmware(module, guest),
        ...guest.disks.map((disk, at) => diskOf(module, disk, at === 0 ? image : undefined)),
        ...guest.nics.map(nicOf),
        initialization(module, guest, userData),
        hardware.os_type === null ? undefined : block('operating_system', [], [{ type: hardware.os_type }]),
        hardware.serial ? block('serial_device', [], [{ device: 'socket' }]) : undefined,
        hardware.vga === null ? undefined : block('vga', [], [{ type: hardware.vga }]),
        ...hardware.pci.map(pciOf),
        startupOf(guest),
        hardware.cdrom === null
          ? undefined
          : block('cdrom', [], [{ file_id: hardware.cdrom.file, interface: hardware.cdrom.slot }]),
        lifecycle(guest, image),
      ],
    ),
  );
  addFirewall(module, guest, { label, node, id: code(`${TYPE}.${label}.vm_id`), key: 'vm_id' });
  addAround(module, guest, { label, type: TYPE });
}

/**
 * An image is fetched once, and a newer one is not to replace the disk. Of a guest that is there, the provider would set
 * the layout of the keyboard, where none is set.
 */
function lifecycle({ source, hardware }: Guest, image: Value | undefined): Block | undefined {
  const ignored = [
    ...(image === undefined ? [] : ['disk[0].import_from']),
    ...(source.from === 'existing' && hardware.keyboard === null ? ['keyboard_layout'] : []),
  ];
  return ignored.length === 0 ? undefined : block('lifecycle', [], [{ ignore_changes: ignored.map(code) }]);
}

function addImage(module: Module, guest: Guest, node: Value): Value | undefined {
  const { source } = guest;
  const system = systemOf(guest);
  if (source.from !== 'image' || system === undefined) return undefined;
  const { image, label: title } = system;
  if (image === null) {
    module.lacks(
      `${guest.name}: ${title}`,
      'Its makers publish no image that boots by itself: install it from its ISO, or name a template.',
    );
    return undefined;
  }
  const type = 'proxmox_virtual_environment_download_file';
  const label = source.os.replaceAll(/[^a-z\d]/g, '_');
  const reference = `${type}.${label}.id`;
  const isThere = module.blocks.some(({ labels: [each, name] }) => each === type && name === label);
  if (!isThere) {
    module.add(
      block(
        'resource',
        [type, label],
        [
          {
            node_name: node,
            datastore_id: module.variable('image_datastore_id', IMAGES),
            content_type: 'import',
            file_name: `${source.os}.qcow2`,
            url: image,
            overwrite: false,
          },
        ],
      ),
    );
  }
  return code(reference);
}

const IMAGES = {
  type: 'string',
  description: 'The storage that images are kept on; it allows the content “import”.',
  default: 'local',
};
const SNIPPETS = {
  type: 'string',
  description: 'The storage that cloud-init files are kept on; it allows snippets.',
  default: 'local',
};

function addUserData(module: Module, guest: Guest, { label, node }: { label: string; node: Value }): Value {
  const type = 'proxmox_virtual_environment_file';
  module.add(
    block(
      'resource',
      [type, `${label}_user_data`],
      [
        { node_name: node, datastore_id: module.variable('snippets_datastore_id', SNIPPETS), content_type: 'snippets' },
        block(
          'source_raw',
          [],
          [
            {
              file_name: `${guest.name}-user-data.yaml`,
              data: userDataLines(
                guest,
                (keys) => cloudConfig(guest, keys),
                `jsonencode(${keysOf(module, guest).code})`,
              ),
            },
          ],
        ),
      ],
    ),
  );
  return code(`${type}.${label}_user_data.id`);
}

function cloneOf({ source }: Guest): Block | undefined {
  return source.from === 'template' ? block('clone', [], [{ vm_id: source.vmid, full: true }]) : undefined;
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

/** What Proxmox's own cloud-init drive says; users are in the file where there is one, for it replaces them. */
function initialization(module: Module, guest: Guest, userData: Value | undefined): Block | undefined {
  const hasAddress = guest.nics.some(({ ipv4, ipv6 }) => ipv4 !== null || ipv6 !== null);
  const [user] = guest.users;
  const isAsked = userData !== undefined || hasAddress || user !== undefined;
  if (guest.source.from === 'existing' ? guest.hardware.cloud_drive === null : !isAsked) return undefined;
  const configs = guest.nics.map((nic) => addressOf(nic)).filter((each) => each !== undefined);
  const { cloud_drive: drive } = guest.hardware;
  const storage = drive?.storage ?? guest.disks[0]?.storage ?? null;
  const body: Body = [
    { datastore_id: storageOf(module, storage), interface: drive?.slot, user_data_file_id: userData },
    dnsOf(guest),
    ...configs,
    userData !== undefined || user === undefined
      ? undefined
      : block('user_account', [], [{ username: user.name, keys: hasKeys(guest) ? keysOf(module, guest) : undefined }]),
  ];
  return block('initialization', [], body);
}

/** A guest that is there has the keys that it has, perhaps none. */
const hasKeys = ({ source, ssh_keys: keys }: Guest): boolean => source.from !== 'existing' || keys.length > 0;

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

/** The name servers of a guest. */
export function dnsOf({ dns }: Guest): Block | undefined {
  if (dns === null) return undefined;
  const servers = dns.servers.length === 0 ? undefined : dns.servers;
  return block('dns', [], [{ domain: dns.domain ?? undefined, servers }]);
}

/** The addresses of an interface. */
export function addressOf(nic: Nic): Block | undefined {
  const part = (family: string, address: string | null, gateway: string | null): Block | undefined =>
    address === null ? undefined : block(family, [], [{ address, gateway: gateway ?? undefined }]);
  const parts = [part('ipv4', nic.ipv4, nic.gateway), part('ipv6', nic.ipv6, nic.gateway6)];
  return parts.every((each) => each === undefined) ? undefined : block('ip_config', [], parts);
}
