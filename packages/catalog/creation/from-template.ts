import {
  about,
  action,
  type Given,
  type GuestNow,
  locked,
  piece,
  type Planned,
  type Planning,
  type Refusal,
  refused,
} from '../kit/index.ts';
import { addressRefusals } from '../guest-config/cloud-init.ts';
import { diskOf, disksOf, isDisk, placeFor, storagesOf } from '../guest-disks/disks.ts';
import { options } from '../guests/config.ts';
import { addressWithin, whereOf } from '../network/subnet-of.ts';
import { besideRefusals, type Made, setUpBeside } from './beside.ts';
import { copyChanges } from './copied.ts';
import { cloneStep, configure, grow, start } from './from-template-steps.ts';
import { bridgeFor, coresRefusals, idFor } from './placement.ts';
import { namesakes, takenName } from '../guests/namesakes.ts';
import { saidRefusals } from './said.ts';
import { systems, templateFor } from './systems.ts';
import { beside, newGuest } from './words.ts';

const unnamed = { input: 'name', reason: 'required' } as const;

const input = {
  ...newGuest,
  ...beside,
  /** A template by its name or its id, or by the system that it is called after. */
  from: { kind: 'text', say: [], byPrograms: true },
  sockets: { kind: 'count', say: ['[with|and] {} (socket|sockets|cpu socket|cpu sockets)'] },
  template: {
    kind: 'guest',
    say: ['(from|based on|out of|using|with) [template|the template|image|cloud image] {}'],
  },
  os: { kind: 'choice', say: ['{}', '(with|running|on|for) {}'], values: systems },
  user: { kind: 'word', say: ['(with|and) (user|username|login) {}', 'user {}'] },
  key: { kind: 'text', say: ['(with|and) [my] (ssh key|key|public key) {}'] },
  dns: { kind: 'address', say: ['(with|and) (dns|dns server|nameserver) {}', '(dns|nameserver) {}'] },
} as const;

export type Told = Given<typeof input>;

async function refusalsOf(planning: Planning, template: GuestNow, told: Told): Promise<Refusal[]> {
  const { node, ip, gateway, cores, sockets = 1 } = told;
  const found: Refusal[] = [...locked(template), ...saidRefusals('VM', { ...told, disk: undefined })];
  if (template.type === 'lxc')
    found.push({
      why: `${template.title} is a container, not a VM.`,
      next: `Clone it: “clone ${template.vmid}”.`,
      say: `clone ${template.vmid}`,
      input: 'from',
      reason: 'not_acceptable',
    });
  if (sockets < 1 || sockets > 4)
    found.push({
      why: `${sockets} is no number of sockets that a VM can have.`,
      next: 'Name 1 to 4.',
      input: 'sockets',
      reason: sockets < 1 ? 'too_small' : 'too_big',
    });
  if (ip !== undefined || gateway !== undefined) found.push(...addressRefusals(ip ?? 'dhcp', gateway));
  found.push(
    ...besideRefusals(told),
    ...(await takenName(planning, told)),
    ...(await coresRefusals(planning, node ?? template.node, cores === undefined ? undefined : cores * sockets)),
    ...(await elsewhereRefusals(planning, template, node)),
  );
  return found;
}

/** Proxmox copies to another node by way of storages that both reach alone (Qemu.pm, clone_vm). */
async function elsewhereRefusals(planning: Planning, template: GuestNow, node: string | undefined): Promise<Refusal[]> {
  if (node === undefined || node === template.node) return [];
  const known = (await planning.nodes()).find((each) => each.node === node);
  if (known?.online !== true)
    return [
      { why: `There is no node ${node} that is online.`, next: 'Name another.', input: 'node', reason: 'not_found' },
    ];
  const local = new Set(
    (await storagesOf(planning, template.node)).filter(({ shared }) => !shared).map(({ storage }) => storage),
  );
  const on = disksOf(template).find(({ storage }) => local.has(storage));
  if (on === undefined) return [];
  return about('node', [
    {
      why: `${template.title} lies on ${on.storage} of ${template.node} alone: it cannot be copied to ${node} directly.`,
      next: `Make it on ${template.node}, then migrate it.`,
      reason: 'not_acceptable',
    },
  ]);
}

/** What was said with its address made whole: prefix and gateway, where these were left out and the network has them. */
async function addressed(
  planning: Planning,
  template: GuestNow,
  told: Told & { name: string },
): Promise<{ told: Told & { name: string }; assumptions: readonly string[] } | Refusal[]> {
  if (told.ip === undefined) return { told, assumptions: [] };
  const where = whereOf(template, told);
  const found = await addressWithin(planning, where, { ip: told.ip, gateway: told.gateway });
  if (!('ip' in found)) return found;
  const { ip, gateway, assumptions } = found;
  return { told: { ...told, ip, ...(gateway === undefined ? {} : { gateway }) }, assumptions };
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
    if (name === undefined)
      return { kind: 'ask', question: 'What is the new VM to be called?', options: [], ...unnamed };
    const whole = await addressed(planning, template, { ...said, name });
    if (!('told' in whole)) return refused(...whole);
    const { told } = whole;
    const wrong = await refusalsOf(planning, template, told);
    if (wrong.length > 0) return refused(...wrong);
    const id = await idFor(planning, told);
    if ('refusals' in id) return refused(...id.refusals);
    const place = await roomFor(planning, template, told);
    if (place !== undefined && 'refusals' in place) return refused(...place.refusals);
    const net = told.bridge === undefined ? [] : await bridgeFor(planning, told.node ?? template.node, told.bridge);
    if ('refusals' in net) return refused(...net.refusals);
    const made: Made = {
      type: 'qemu',
      vmid: id.vmid,
      node: told.node ?? template.node,
      title: `VM ${id.vmid} ${name}`,
    };
    const grown = grow(template, made, told);
    if ('kind' in grown) return grown;
    const more = await setUpBeside(planning, made, told);
    if (!('steps' in more)) return refused(...more);
    const setup = configure(template, made, told);
    const storage = told.storage ?? (told.among === undefined ? undefined : place?.storage.storage);
    const clone = cloneStep(template, made, { ...told, ...(storage === undefined ? {} : { storage }) });
    const started = told.start === true ? [start(made)] : [];
    return piece({
      says: `Create ${made.title} from ${template.title}`,
      steps: [clone, ...setup, ...grown.steps, ...more.steps, ...started, ...more.last],
      assumptions: [
        ...id.assumptions,
        ...source.assumptions,
        ...(told.among === undefined ? placed(template, told, made) : (place?.assumptions ?? [])),
        ...whole.assumptions,
        'A full copy: it does not depend on the template',
        ...more.assumptions,
        ...(told.start === true ? [] : ['It is not started: “and start it” does that, too']),
      ],
      warnings: [...(await namesakes(planning, name)), ...copied(template), ...more.warnings],
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
    {
      say: 'create a VM named web-07 from debian-12-cloud with a firewall, description "front door" and daily backups',
      sends: [
        'POST /nodes/pve-node01/qemu/9001/clone newid=106 name=web-07 full=1',
        "PUT /nodes/pve-node01/qemu/106/config description='front door'",
        'PUT /nodes/pve-node01/qemu/106/firewall/options enable=1',
        'PUT /cluster/backup/backup-01 vmid=100,101,102,103,105,106,200,201',
      ],
    },
    { say: 'create an Alpine VM on pve-node02', sends: 'clarification' },
    { say: 'create a VM from ubuntu-22.04-cloud', sends: 'clarification' },
    { say: 'create a VM named web-07 from ubuntu-22.04-cloud with ip 10.10.10.77', sends: 'clarification' },
  ],
});

/** Whether what was said of the disk fits where it is to lie; undefined where nothing was. */
function roomFor(
  planning: Planning,
  template: GuestNow,
  { storage, disk, node, among }: Told,
): ReturnType<typeof placeFor> | undefined {
  const own = diskOf(template, undefined);
  const on = isDisk(own) ? own.disk.storage : undefined;
  const stays = disk !== undefined && (among === undefined || among.includes(on ?? '')) ? on : undefined;
  const named = storage ?? stays;
  if (named === undefined && among === undefined) return undefined;
  const bytes = disksOf(template).reduce((sum, { size = 0 }) => sum + size, 0);
  return placeFor(planning, {
    node: node ?? template.node,
    content: 'images',
    named,
    among,
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
