import { formatSize } from '@pxa/pve/size';
import type { Fact } from '@pxa/contract';
import {
  call,
  type GuestNow,
  listedFact,
  type PieceStep,
  type Planned,
  refused,
  sameConfig,
  sizeText,
} from '../kit/index.ts';
import { ipConfig, sshKeysText } from '../guest-config/cloud-init.ts';
import { withOption, withoutMac } from '../guest-config/nics.ts';
import { diskOf, isDisk } from '../guest-disks/disks.ts';
import { besideConfig, keysOf, type Made } from './beside.ts';
import { saidRefusals } from './said.ts';
import type { Told } from './from-template.ts';

const MiB = 2 ** 20;

/** The template copied whole; the half-made copy goes if something later fails. */
export function cloneStep(template: GuestNow, made: Made, { name = '', storage }: Told): PieceStep {
  const { vmid, node, title } = made;
  const target = node === template.node ? {} : { target: node };
  const step = call(
    'POST',
    '/nodes/{node}/qemu/{vmid}/clone',
    {
      node: template.node,
      vmid: template.vmid,
      newid: vmid,
      name,
      full: true,
      ...target,
      ...(storage === undefined ? {} : { storage }),
    },
    `Copy ${template.title} to ${title}`,
  );
  return {
    ...step,
    node: template.node,
    tasks: [{ type: 'qmclone', id: String(template.vmid) }],
    limitSeconds: 24 * 3_600,
    relies: [sameConfig(template), listedFact(made, 'vmid', null)],
    expects: [listedFact(made, 'node', node), listedFact(made, 'name', name)],
    undo: [call('DELETE', '/nodes/{node}/qemu/{vmid}', { node, vmid, purge: true }, `Delete the half-made ${title}`)],
  };
}

/** What is set on the copy, in one call; nothing where nothing was said. */
export function configure(template: GuestNow, made: Made, told: Told): PieceStep[] {
  const { cores, sockets, memory, user, ip, gateway, dns, tags } = told;
  const net = networkOf(template, told);
  const keys = keysOf(told);
  const set: Record<string, string | number> = {
    ...besideConfig(told),
    ...(cores === undefined ? {} : { cores }),
    ...(sockets === undefined ? {} : { sockets }),
    ...(memory === undefined ? {} : { memory: String(Math.round(memory / MiB)) }),
    ...(user === undefined ? {} : { ciuser: user }),
    ...(keys.length === 0 ? {} : { sshkeys: sshKeysText(keys) }),
    ipconfig0: ipConfig(template.config['ipconfig0'], ip ?? 'dhcp', gateway),
    ...(dns === undefined ? {} : { nameserver: dns }),
    ...(tags === undefined ? {} : { tags: tags.join(';') }),
    ...(net === undefined ? {} : { net0: net }),
  };
  const { node, vmid, title } = made;
  const expects: Fact[] = Object.entries(set).map(([name, value]) => ({
    about: `${name} of ${title}`,
    read: { path: `/nodes/${node}/qemu/${vmid}/config`, params: {} },
    at: [name],
    is: value,
    ...(name === 'net0' ? { how: 'parts' as const } : {}),
  }));
  const says = `Set ${Object.keys(set).join(', ')} of ${title}`;
  const step = call('PUT', '/nodes/{node}/qemu/{vmid}/config', { node, vmid, ...set }, says);
  return [{ ...step, node, limitSeconds: 120, relies: [listedFact(made, 'node', node)], expects }];
}

/** The first interface as the template has it, with the bridge, the VLAN and the firewall that are wanted. */
function networkOf(template: GuestNow, { bridge, vlan, firewall }: Told): string | undefined {
  if (bridge === undefined && vlan === undefined && firewall !== true) return undefined;
  const before = withoutMac(String(template.config['net0'] ?? 'virtio,bridge=vmbr0'));
  const wanted = { bridge, tag: vlan?.toString(), firewall: firewall === true ? '1' : undefined };
  return Object.entries(wanted).reduce(
    (value, [key, to]) => (to === undefined ? value : withOption(value, key, to)),
    before,
  );
}

/** The disk made as large as was said; or why it cannot be. */
export function grow(template: GuestNow, made: Made, { disk }: Told): { steps: PieceStep[] } | Planned {
  if (disk === undefined) return { steps: [] };
  const found = diskOf(template, undefined);
  if (!isDisk(found)) return found;
  const { key, size = 0 } = found.disk;
  if (disk < size)
    return refused({
      why: `The disk of ${template.title} has ${sizeText(size)}; a copy cannot have ${sizeText(disk)}.`,
      next: 'Name a greater size, or none.',
      input: 'disk',
      reason: 'too_small',
    });
  if (disk === size) return { steps: [] };
  const tooMuch = saidRefusals('VM', { disk });
  if (tooMuch.length > 0) return refused(...tooMuch);
  const { node, vmid, title } = made;
  const says = `Grow ${key} of ${title} to ${sizeText(disk)}`;
  const step = call(
    'PUT',
    '/nodes/{node}/qemu/{vmid}/resize',
    { node, vmid, disk: key as 'scsi0', size: formatSize(disk) },
    says,
  );
  const expects: Fact[] = [
    {
      about: `${key} of ${title}`,
      read: { path: `/nodes/${node}/qemu/${vmid}/config`, params: {} },
      at: [key],
      is: `size=${formatSize(disk)}`,
      how: 'parts',
    },
  ];
  return {
    steps: [
      {
        ...step,
        node,
        tasks: [{ type: 'resize', id: String(vmid) }],
        limitSeconds: 600,
        relies: [listedFact(made, 'node', node)],
        expects,
      },
    ],
  };
}

/** Its start. */
export function start(made: Made): PieceStep {
  const { node, vmid, title } = made;
  return {
    ...call('POST', '/nodes/{node}/qemu/{vmid}/status/start', { node, vmid }, `Start ${title}`),
    node,
    tasks: [{ type: 'qmstart', id: String(vmid) }],
    limitSeconds: 600,
    relies: [listedFact(made, 'node', node)],
    expects: [listedFact(made, 'status', 'running')],
  };
}
