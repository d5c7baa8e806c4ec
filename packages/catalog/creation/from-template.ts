import { formatSize } from '@pxa/pve/size';
import type { Fact } from '@pxa/contract';
import {
  action,
  call,
  type Given,
  type GuestNow,
  listedFact,
  locked,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  type Refusal,
  refused,
  sameConfig,
  sizeText,
} from '../kit/index.ts';
import { addressRefusals, ipConfig, sshKeyRefusals, sshKeysText } from '../guest-config/cloud-init.ts';
import { withOption, withoutMac } from '../guest-config/nics.ts';
import { diskOf, disksOf, isDisk, placeFor, storagesOf } from '../guest-disks/disks.ts';
import { options } from '../guests/config.ts';
import { copyChanges } from './copied.ts';
import { bridgeFor, idFor } from './placement.ts';
import { namesakes, saidRefusals } from './said.ts';
import { systems, templateFor } from './systems.ts';
import { newGuest } from './words.ts';

const MiB = 2 ** 20;

const input = {
  ...newGuest,
  template: {
    kind: 'guest',
    say: ['(from|based on|out of|using|with) [template|the template|image|cloud image] {}'],
  },
  os: { kind: 'choice', say: ['{}', '(with|running|on|for) {}'], values: systems },
  user: { kind: 'word', say: ['(with|and) (user|username|login) {}', 'user {}'] },
  key: { kind: 'text', say: ['(with|and) [my] (ssh key|key|public key) {}'] },
  dns: { kind: 'address', say: ['(with|and) (dns|dns server|nameserver) {}', '(dns|nameserver) {}'] },
} as const;

type Told = Given<typeof input>;

/** The new VM: its id, its name, and where it lies. */
interface Made {
  readonly vmid: number;
  readonly node: string;
  readonly title: string;
}

async function refusalsOf(planning: Planning, template: GuestNow, told: Told): Promise<Refusal[]> {
  const { node, ip, gateway, key } = told;
  const found: Refusal[] = [...locked(template), ...saidRefusals('VM', { ...told, disk: undefined })];
  if (template.type === 'lxc')
    found.push({
      why: `${template.title} is a container, not a VM.`,
      next: `Clone it: “clone ${template.vmid}”.`,
      say: `clone ${template.vmid}`,
    });
  if (ip !== undefined) found.push(...addressRefusals(ip, gateway));
  if (key !== undefined) found.push(...sshKeyRefusals(key));
  if (node !== undefined && node !== template.node) {
    const local = new Set(
      (await storagesOf(planning, template.node)).filter(({ shared }) => !shared).map(({ storage }) => storage),
    );
    const on = disksOf(template).find(({ storage }) => local.has(storage));
    if (on !== undefined)
      found.push({
        why: `${template.title} lies on ${on.storage} of ${template.node} alone: it cannot be copied to ${node} directly.`,
        next: `Make it on ${template.node}, then migrate it.`,
      });
  }
  return found;
}

export const createFromTemplate = action({
  id: 'vm.from_template',
  verb: 'create a VM from a template',
  risk: 'change',
  say: [
    '(create|make|build|provision|deploy|spin up|set up|launch|add) [me] [new] {*} (vm|virtual machine|machine|server|instance|guest) {*} (from|based on|out of|using) [template|image|cloud image] {template} {*}',
    '(create|make|build|provision|deploy|spin up|set up|launch|add) [me] [new] {*} {os} (vm|virtual machine|machine|server|instance) {*}',
    '(deploy|provision) {template} as {name} {*}',
  ],
  input,
  async plan(planning, { input: said }): Promise<Planned> {
    const source = await templateFor(planning, said);
    if ('kind' in source) return source;
    const { template } = source;
    const name = said.name ?? source.name;
    if (name === undefined) return { kind: 'ask', question: 'What is the new VM to be called?', options: [] };
    const told = { ...said, name };
    const wrong = await refusalsOf(planning, template, told);
    if (wrong.length > 0) return refused(...wrong);
    const id = await idFor(planning, told.vmid);
    if ('refusals' in id) return refused(...id.refusals);
    const place = await roomFor(planning, template, told);
    if (place !== undefined && 'refusals' in place) return refused(...place.refusals);
    const net = told.bridge === undefined ? [] : await bridgeFor(planning, told.node ?? template.node, told.bridge);
    if ('refusals' in net) return refused(...net.refusals);
    const made = { vmid: id.vmid, node: told.node ?? template.node, title: `VM ${id.vmid} ${told.name}` };
    const grown = grow(template, made, told);
    if ('kind' in grown) return grown;
    const setup = configure(template, made, told);
    const clone = cloneStep(template, made, told);
    return piece({
      says: `Create ${made.title} from ${template.title}`,
      steps: [clone, ...setup, ...grown.steps, ...(told.start === true ? [start(made)] : [])],
      assumptions: [
        ...id.assumptions,
        ...source.assumptions,
        ...placed(template, told, made),
        'A full copy: it does not depend on the template',
        ...(told.start === true ? [] : ['It is not started: “and start it” does that, too']),
      ],
      warnings: [...(await namesakes(planning, name)), ...copied(template)],
      changes: copyChanges(template, made.title, [...setup, ...grown.steps]),
    });
  },
  examples: [
    {
      say: 'create a VM named web-07 from ubuntu-22.04-cloud with 4 cores, 8 GB of RAM, ip 10.10.10.77/24, gateway 10.10.10.1 and user ops and start it',
      sends: [
        'POST /nodes/pve-node02/qemu/9000/clone newid=106 name=web-07 full=1',
        'PUT /nodes/pve-node02/qemu/106/config cores=4 memory=8192 ciuser=ops ipconfig0=ip=10.10.10.77/24,gw=10.10.10.1',
        'POST /nodes/pve-node02/qemu/106/status/start',
      ],
    },
    {
      say: 'create a new Ubuntu 22.04 VM on pve-node02, 4 cores, 8GB RAM, 80GB disk',
      sends: [
        'POST /nodes/pve-node02/qemu/9000/clone newid=106 name=ubuntu-2204-new',
        'PUT /nodes/pve-node02/qemu/106/config cores=4 memory=8192 ipconfig0=ip=dhcp',
        'PUT /nodes/pve-node02/qemu/106/resize disk=scsi0 size=80G',
      ],
    },
    {
      say: 'create a VM named web-07 from ubuntu-22.04-cloud with vlan 20',
      sends: [
        'POST /nodes/pve-node02/qemu/9000/clone',
        'PUT /nodes/pve-node02/qemu/106/config net0=virtio,bridge=vmbr0,firewall=1,tag=20',
      ],
    },
    { say: 'create an Alpine VM on pve-node02', sends: 'clarification' },
    { say: 'create a VM from ubuntu-22.04-cloud', sends: 'clarification' },
    { say: 'create a VM named web-07 from ubuntu-22.04-cloud with ip 10.10.10.77', sends: 'clarification' },
  ],
});

function cloneStep(template: GuestNow, made: Made, { name = '', storage }: Told): PieceStep {
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

/** Whether what was said of the disk fits where it is to lie; undefined where nothing was. */
function roomFor(
  planning: Planning,
  template: GuestNow,
  { storage, disk, node }: Told,
): ReturnType<typeof placeFor> | undefined {
  const own = diskOf(template, undefined);
  const named = storage ?? (disk !== undefined && isDisk(own) ? own.disk.storage : undefined);
  if (named === undefined) return undefined;
  const bytes = disksOf(template).reduce((sum, { size = 0 }) => sum + size, 0);
  return placeFor(planning, {
    node: node ?? template.node,
    content: 'images',
    named,
    bytes: Math.max(bytes, disk ?? 0),
  });
}

const copied = (template: GuestNow): string[] =>
  template.isTemplate ? [] : [`${template.title} is no template, but a guest: its data is copied along.`];

/** Where it lies and how it is reached, where that was not said. */
function placed(template: GuestNow, { storage, bridge, ip }: Told, { node }: Made): string[] {
  const disk = diskOf(template, undefined);
  const on = isDisk(disk) ? disk.disk.storage : undefined;
  const net = options(template.config['net0'])['bridge'];
  return [
    ...(storage === undefined && on !== undefined ? [`Storage ${on} of ${node}: where the template lies`] : []),
    ...(bridge === undefined && net !== undefined ? [`Bridge ${net}: as the template has it`] : []),
    ...(ip === undefined ? ['Address by DHCP'] : []),
  ];
}

/** What is set on the copy, in one call; nothing where nothing was said. */
function configure(template: GuestNow, made: Made, told: Told): PieceStep[] {
  const { cores, memory, user, key, ip, gateway, dns, tags, bridge, vlan } = told;
  const net = networkOf(template, bridge, vlan);
  const set: Record<string, string | number> = {
    ...(cores === undefined ? {} : { cores }),
    ...(memory === undefined ? {} : { memory: String(Math.round(memory / MiB)) }),
    ...(user === undefined ? {} : { ciuser: user }),
    ...(key === undefined ? {} : { sshkeys: sshKeysText([key]) }),
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

/** The first interface as the template has it, with the bridge or VLAN that are wanted. */
function networkOf(template: GuestNow, bridge: string | undefined, vlan: number | undefined): string | undefined {
  if (bridge === undefined && vlan === undefined) return undefined;
  const before = withoutMac(String(template.config['net0'] ?? 'virtio,bridge=vmbr0'));
  const moved = bridge === undefined ? before : withOption(before, 'bridge', bridge);
  return vlan === undefined ? moved : withOption(moved, 'tag', String(vlan));
}

function grow(template: GuestNow, made: Made, { disk }: Told): { steps: PieceStep[] } | Planned {
  if (disk === undefined) return { steps: [] };
  const found = diskOf(template, undefined);
  if (!isDisk(found)) return found;
  const { key, size = 0 } = found.disk;
  if (disk < size)
    return refused({
      why: `The disk of ${template.title} has ${sizeText(size)}; a copy cannot have ${sizeText(disk)}.`,
      next: 'Name a greater size, or none.',
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

function start(made: Made): PieceStep {
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
