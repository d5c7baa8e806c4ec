import { type Block, block, code } from '../hcl/nodes.ts';
import type { Disk, Guest, Nic } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import { addAround } from './bpg-around.ts';
import { addFirewall } from './bpg-firewall.ts';
import { startupOf } from './bpg-devices.ts';
import { CONTAINER_ATTRIBUTES, keptAttributes } from './bpg-kept.ts';
import { addressOf, dnsOf } from './bpg-initialization.ts';
import { keysOf, type Module, nodeOf, storageOf } from './module.ts';

const TYPE = 'proxmox_virtual_environment_container';

/** A container, with its firewall. What is to be installed in it, the provider cannot say. */
export function addContainer(module: Module, guest: Guest): void {
  const label = module.label(TYPE, guest.name);
  const node = nodeOf(module, guest);
  const [root, ...mounts] = guest.disks;
  module.add(
    block(
      'resource',
      [TYPE, label],
      [
        {
          node_name: node,
          vm_id: guest.vmid ?? undefined,
          description: guest.description === '' ? undefined : guest.description,
          tags: guest.tags.length === 0 ? undefined : guest.tags.toSorted(),
          unprivileged: guest.unprivileged,
          start_on_boot: guest.on_boot,
          protection: guest.protection,
          started: guest.template ? undefined : guest.started,
          template: guest.template ? true : undefined,
        },
        guest.source.from === 'template' ? block('clone', [], [{ vm_id: guest.source.vmid }]) : undefined,
        operatingSystem(module, guest),
        cpuOf(guest),
        block('memory', [], [{ dedicated: guest.memory_mb, swap: guest.swap_mb ?? undefined }]),
        root === undefined
          ? undefined
          : block('disk', [], [{ datastore_id: storageOf(module, root.storage), size: root.size_gb }]),
        ...mounts.map((disk) => mountOf(module, disk)),
        ...guest.nics.map(interfaceOf),
        guest.nesting ? block('features', [], [{ nesting: true }]) : undefined,
        consoleOf(guest),
        startupOf(guest),
        initialization(module, guest),
        guest.source.from === 'existing'
          ? block(
              'lifecycle',
              [],
              [
                {
                  ignore_changes: [
                    'operating_system[0].template_file_id',
                    ...keptAttributes(guest.hardware.kept, CONTAINER_ATTRIBUTES),
                  ].map(code),
                },
              ],
            )
          : undefined,
      ],
    ),
  );
  addFirewall(module, guest, { label, node, id: code(`${TYPE}.${label}.vm_id`), key: 'container_id' });
  addAround(module, guest, { label, type: TYPE });
  if (guest.setup.packages.length > 0) {
    const what = `${guest.name}: ${guest.setup.packages.join(', ')}`;
    module.lacks(
      what,
      'Containers have no cloud-init: generate “ansible” from the same words for what is installed inside.',
    );
  }
}

/** Proxmox does not keep which template a container was made of. */
const UNKNOWN = {
  description: 'The template that it was made of is not known; it is asked for only where the container is made anew.',
  default: 'local:vztmpl/not-known.tar.zst',
};

/** Of a container that is there, one core goes without saying: the provider would set a weight along with it. */
function cpuOf({ source, cores }: Guest): Block | undefined {
  return source.from === 'existing' && cores === 1 ? undefined : block('cpu', [], [{ cores }]);
}

function consoleOf({ hardware: { console } }: Guest): Block | undefined {
  if (console === null) return undefined;
  return block('console', [], [{ enabled: console.enabled, tty_count: console.ttys, type: console.mode }]);
}

function operatingSystem(module: Module, guest: Guest): Block | undefined {
  const { source, hardware } = guest;
  const system = systemOf(guest);
  if (source.from === 'template') return undefined;
  const label = source.from === 'image' ? source.os : guest.name;
  const template = module.variable(`${label.toLowerCase().replaceAll(/[^a-z\d]+/g, '_')}_template`, {
    type: 'string',
    ...(source.from === 'existing'
      ? UNKNOWN
      : { description: 'The container template, as the storage names it: STORAGE:vztmpl/FILE.' }),
  });
  return block(
    'operating_system',
    [],
    [{ template_file_id: template, type: system?.container ?? hardware.os_type ?? undefined }],
  );
}

function mountOf(module: Module, disk: Disk): Block {
  return block(
    'mount_point',
    [],
    [
      {
        volume: disk.volume ?? storageOf(module, disk.storage),
        path: disk.path ?? '/mnt',
        size: disk.volume === null ? `${disk.size_gb}G` : undefined,
        backup: disk.backup ? true : undefined,
        read_only: disk.read_only ? true : undefined,
      },
    ],
  );
}

function interfaceOf(nic: Nic, at: number): Block {
  return block(
    'network_interface',
    [],
    [
      {
        name: nic.name ?? `eth${at}`,
        bridge: nic.bridge,
        mac_address: nic.mac ?? undefined,
        vlan_id: nic.vlan ?? undefined,
        firewall: nic.firewall ? true : undefined,
        mtu: nic.mtu ?? undefined,
        rate_limit: nic.rate ?? undefined,
      },
    ],
  );
}

function initialization(module: Module, guest: Guest): Block {
  return block(
    'initialization',
    [],
    [
      { hostname: guest.name },
      dnsOf(guest),
      ...guest.nics.map(addressOf),
      guest.source.from === 'existing' ? undefined : block('user_account', [], [{ keys: keysOf(module, guest) }]),
    ],
  );
}
