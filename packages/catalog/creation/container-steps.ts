import { formatSize } from '@pxa/pve/size';
import {
  call,
  factAt,
  type GuestNow,
  listedFact,
  type PieceStep,
  type Planned,
  refused,
  sizeText,
} from '../kit/index.ts';
import { diskOf, isDisk } from '../guest-disks/disks.ts';
import { besideConfig, keysOf, type Made } from './beside.ts';
import type { Told } from './container.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** Everything that a new container is made of. */
export interface ContainerParts {
  readonly storage: string;
  readonly bridge: string;
  readonly template: string;
  readonly address: { readonly ip: string; readonly gateway: string | undefined };
}

/** What is taken where nothing was said: small, and named in the plan. */
export const usual = { cores: 1, memory: 512 * MiB, disk: 8 * GiB };

/** Its first interface; a container has its address there. */
function networkSet({ bridge, address }: ContainerParts, { vlan, firewall }: Told): string {
  return [
    'name=eth0',
    `bridge=${bridge}`,
    ...(firewall === true ? ['firewall=1'] : []),
    ...(vlan === undefined ? [] : [`tag=${vlan}`]),
    `ip=${address.ip}`,
    ...(address.gateway === undefined ? [] : [`gw=${address.gateway}`]),
  ].join(',');
}

/** The container made; it goes again if something later fails. */
export function createStep(told: Told, made: Made, parts: ContainerParts): PieceStep {
  const { node, vmid, title } = made;
  const { storage, template } = parts;
  const { name = '', cores = usual.cores, memory = usual.memory, disk = usual.disk, tags } = told;
  const keys = keysOf(told);
  const gib = disk / GiB;
  const step = call(
    'POST',
    '/nodes/{node}/lxc',
    {
      node,
      vmid,
      ostemplate: template,
      hostname: name,
      cores,
      memory: Math.round(memory / MiB),
      rootfs: `${storage}:${Number.isInteger(gib) ? gib : gib.toFixed(3)}`,
      net0: networkSet(parts, told),
      ...(told.mountSize === undefined
        ? {}
        : { mp0: `${storage}:${Math.ceil(told.mountSize / GiB)},mp=${told.mountPath ?? ''}` }),
      unprivileged: told.privileged !== true,
      ...(told.nesting === true ? { features: 'nesting=1' } : {}),
      ...(keys.length === 0 ? {} : { 'ssh-public-keys': keys.join('\n') }),
      ...besideConfig(told),
      ...(told.password === undefined ? {} : { password: told.password }),
      ...(tags === undefined ? {} : { tags: tags.join(';') }),
      ...(told.start === true ? { start: true } : {}),
    },
    `Create ${title} on ${node} from ${template.slice(template.lastIndexOf('/') + 1)}`,
  );
  return {
    ...step,
    node,
    tasks: [{ type: 'vzcreate', id: String(vmid) }],
    limitSeconds: 3_600,
    relies: [listedFact({ vmid, title }, 'vmid', null)],
    expects: [
      listedFact({ vmid, title }, 'node', node),
      ...(told.start === true ? [listedFact({ vmid, title }, 'status', 'running')] : []),
    ],
    undo: [call('DELETE', '/nodes/{node}/lxc/{vmid}', { node, vmid, purge: true }, `Delete the half-made ${title}`)],
  };
}

/** Its start. */
export function startStep(made: Made): PieceStep {
  const { node, vmid, title } = made;
  return {
    ...call('POST', '/nodes/{node}/lxc/{vmid}/status/start', { node, vmid }, `Start ${title}`),
    node,
    tasks: [{ type: 'vzstart', id: String(vmid) }],
    limitSeconds: 600,
    relies: [listedFact(made, 'node', node)],
    expects: [listedFact(made, 'status', 'running')],
  };
}

/** The root disk of a copy made as large as was said; or why it cannot be. */
export function growRoot(
  template: GuestNow,
  { vmid, node, title }: Made,
  { disk }: { disk?: number | undefined },
): { steps: PieceStep[] } | Planned {
  if (disk === undefined) return { steps: [] };
  const found = diskOf(template, 'rootfs');
  if (!isDisk(found)) return found;
  const { size = 0 } = found.disk;
  if (disk === size) return { steps: [] };
  if (disk < size) {
    const why = `The root disk of ${template.title} has ${sizeText(size)}; a copy cannot have ${sizeText(disk)}.`;
    return refused({ why, next: 'Name a greater size, or none.', input: 'disk', reason: 'too_small' });
  }
  const text = formatSize(disk);
  const says = `Grow rootfs of ${title} to ${sizeText(disk)}`;
  const is = factAt(`rootfs of ${title}`, `/nodes/${node}/lxc/${vmid}/config`, ['rootfs'], `size=${text}`, {
    how: 'parts',
  });
  const step = {
    ...call('PUT', '/nodes/{node}/lxc/{vmid}/resize', { node, vmid, disk: 'rootfs', size: text }, says),
    node,
    tasks: [{ type: 'resize', id: String(vmid) }],
    limitSeconds: 600,
    relies: [listedFact({ vmid, title }, 'node', node)],
    expects: [is],
  };
  return { steps: [step] };
}
