import { cloudConfig, needsUserData } from '../cloud-init/cloud-config.ts';
import { type Block, block, code, type Value } from '../hcl/nodes.ts';
import type { Guest } from '../specification.ts';
import { systemOf } from '../systems/systems.ts';
import { addAround } from './bpg-around.ts';
import { devicesOf, startupOf } from './bpg-devices.ts';
import { addFirewall } from './bpg-firewall.ts';
import { keptAttributes, VM_ATTRIBUTES } from './bpg-kept.ts';
import { initialization } from './bpg-initialization.ts';
import { keysOf, type Module, nodeOf } from './module.ts';
import { userDataLines } from './user-data.ts';

const TYPE = 'proxmox_virtual_environment_vm';

/** A VM, with its image, its cloud-init file, its firewall and what watches over it. */
export function addVm(module: Module, guest: Guest): void {
  const label = module.label(TYPE, guest.name);
  const node = nodeOf(module, guest);
  const image = addImage(module, guest, node);
  const userData = needsUserData(guest) ? addUserData(module, guest, { label, node }) : undefined;
  module.add(
    block(
      'resource',
      [TYPE, label],
      [
        settingsOf(guest, node),
        cloneOf(guest),
        ...sizesOf(guest),
        ...devicesOf(module, guest, image),
        initialization(module, guest, userData),
        startupOf(guest),
        lifecycle(guest, image),
      ],
    ),
  );
  addFirewall(module, guest, { label, node, id: code(`${TYPE}.${label}.vm_id`), key: 'vm_id' });
  addAround(module, guest, { label, type: TYPE });
}

function settingsOf(guest: Guest, node: Value): Readonly<Record<string, Value | undefined>> {
  const { hardware } = guest;
  return {
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
  };
}

function sizesOf({ agent, cores, sockets, cpu_type: type, hardware, ...guest }: Guest): (Block | undefined)[] {
  const trim = hardware.agent_trim ? true : undefined;
  const numa = hardware.numa ? true : undefined;
  return [
    block('agent', [], [{ enabled: agent, trim }]),
    block('cpu', [], [{ cores, sockets: sockets === 1 ? undefined : sockets, type: type ?? undefined, numa }]),
    block('memory', [], [{ dedicated: guest.memory_mb, floating: guest.balloon_mb ?? undefined }]),
    hardware.os_type === null ? undefined : block('operating_system', [], [{ type: hardware.os_type }]),
  ];
}

/**
 * What the code does not say whole, the provider would take away. An image is fetched once, and a newer one is not to
 * replace the disk. Of a guest that is there, the provider would set the layout of the keyboard, where none is set.
 */
function lifecycle({ source, hardware }: Guest, image: Value | undefined): Block | undefined {
  const ignored = [
    ...(image === undefined ? [] : ['disk[0].import_from']),
    ...(source.from === 'existing' && hardware.keyboard === null ? ['keyboard_layout'] : []),
    ...keptAttributes(hardware.kept, VM_ATTRIBUTES),
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
