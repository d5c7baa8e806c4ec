import type { BlockFacts } from './block-facts.ts';

type Inner = BlockFacts['blocks'][string];

const one = (attributes: BlockFacts['attributes'], blocks: BlockFacts['blocks'] = {}): Inner => ({
  attributes,
  blocks,
  least: 0,
  most: 1,
});
const several = (most: number, attributes: BlockFacts['attributes']): Inner => ({
  attributes,
  blocks: {},
  least: 0,
  most,
});

const disk = one(
  {},
  {
    disk: one({
      size: 'string!',
      storage: 'string!',
      asyncio: 'string',
      backup: 'bool',
      cache: 'string',
      discard: 'bool',
      emulatessd: 'bool',
      format: 'string',
      iothread: 'bool',
      replicate: 'bool',
    }),
    cloudinit: one({ storage: 'string!' }),
  },
);
const bus = (name: string, count: number): Inner =>
  one({}, Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}${at}`, disk])));

/**
 * What Telmate/proxmox 3.0.1-rc4 says of the resources that we write, from its documentation
 * (github.com/Telmate/terraform-provider-proxmox, docs/resources). The provider is not in the module proxy that the other
 * programs come from, so that these could not be generated, nor the code be held against it.
 */
export const TELMATE: Readonly<Record<string, BlockFacts>> = {
  proxmox_vm_qemu: {
    attributes: {
      name: 'string!',
      target_node: 'string!',
      vmid: 'number',
      desc: 'string',
      tags: 'string',
      clone: 'string',
      full_clone: 'bool',
      bios: 'string',
      onboot: 'bool',
      vm_state: 'string',
      protection: 'bool',
      tablet: 'bool',
      boot: 'string',
      agent: 'number',
      os_type: 'string',
      qemu_os: 'string',
      cores: 'number',
      sockets: 'number',
      cpu: 'string',
      memory: 'number',
      balloon: 'number',
      scsihw: 'string',
      hastate: 'string',
      ciuser: 'string',
      cipassword: 'string',
      sshkeys: 'string',
      nameserver: 'string',
      searchdomain: 'string',
      ...Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`ipconfig${at}`, 'string'])),
    },
    blocks: {
      network: several(32, {
        model: 'string!',
        bridge: 'string',
        tag: 'number',
        macaddr: 'string',
        firewall: 'bool',
        mtu: 'number',
        rate: 'number',
      }),
      serial: several(4, { id: 'number!', type: 'string!' }),
      vga: one({ type: 'string', memory: 'number' }),
      disks: one({}, { scsi: bus('scsi', 31), virtio: bus('virtio', 16), sata: bus('sata', 6), ide: bus('ide', 4) }),
    },
  },
  proxmox_lxc: {
    attributes: {
      target_node: 'string!',
      hostname: 'string',
      vmid: 'number',
      description: 'string',
      ostemplate: 'string',
      ostype: 'string',
      clone: 'string',
      cores: 'number',
      memory: 'number',
      swap: 'number',
      tags: 'string',
      unprivileged: 'bool',
      onboot: 'bool',
      protection: 'bool',
      start: 'bool',
      hastate: 'string',
      nameserver: 'string',
      searchdomain: 'string',
      ssh_public_keys: 'string',
    },
    blocks: {
      rootfs: one({ storage: 'string!', size: 'string!' }),
      mountpoint: several(256, {
        key: 'string!',
        slot: 'number!',
        storage: 'string!',
        mp: 'string!',
        size: 'string!',
        volume: 'string',
        backup: 'bool',
      }),
      network: several(10, {
        name: 'string!',
        bridge: 'string',
        ip: 'string',
        gw: 'string',
        ip6: 'string',
        gw6: 'string',
        hwaddr: 'string',
        firewall: 'bool',
        tag: 'number',
        mtu: 'number',
        rate: 'number',
      }),
      features: one({ nesting: 'bool' }),
    },
  },
};
