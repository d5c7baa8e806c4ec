import {
  action,
  call,
  type Given,
  listedFact,
  piece,
  type PieceStep,
  type Planned,
  type Planning,
  refused,
  type Refusal,
  sizeText,
} from '../kit/index.ts';
import { placeFor } from '../guest-disks/disks.ts';
import { filesNamed, filesOf, noIso } from '../guest-disks/isos.ts';
import { bridgeFor, idFor, nodeFor } from './placement.ts';
import { namesakes, saidRefusals } from './said.ts';
import { newGuest } from './words.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

const input = {
  ...newGuest,
  iso: {
    kind: 'word',
    say: [
      '(with|from|using) (iso|iso image|the iso) {}',
      '(with|from|using) {} (iso|iso image)',
      '(boot|booting|install|installing) from [iso] {}',
      'iso {}',
    ],
  },
  start: newGuest.start,
} as const;

type Told = Given<typeof input>;

/** Everything that a new VM is made of, or what stands in its way. */
interface Parts {
  node: string;
  vmid: number;
  storage: string;
  bridge: string;
  iso: string | undefined;
  assumptions: string[];
}

/** What is taken where nothing was said: small, and named in the plan. */
const usual = { cores: 2, memory: 2 * GiB, disk: 32 * GiB };

async function isoFor(
  planning: Planning,
  node: string,
  named: string | undefined,
): Promise<string | undefined | { refusals: Refusal[] }> {
  if (named === undefined) return undefined;
  const found = await filesOf(planning, node, 'iso');
  const fit = filesNamed(found, named);
  if (fit.length === 1) return fit[0];
  if (fit.length === 0) return { refusals: [noIso(node, named, found)] };
  const why = `“${named}” fits ${fit.length} ISO images.`;
  return { refusals: [{ why, next: `Name one of them: ${fit.join(', ')}.` }] };
}

async function partsOf(planning: Planning, told: Told): Promise<Parts | { refusals: Refusal[] }> {
  const at = await nodeFor(planning, told.node, told.memory ?? usual.memory);
  if ('refusals' in at) return at;
  const { node } = at;
  const id = await idFor(planning, told.vmid);
  if ('refusals' in id) return id;
  const place = await placeFor(planning, {
    node,
    content: 'images',
    named: told.storage,
    bytes: told.disk ?? usual.disk,
  });
  if ('refusals' in place) return place;
  const net = await bridgeFor(planning, node, told.bridge);
  if ('refusals' in net) return net;
  const iso = await isoFor(planning, node, told.iso);
  if (typeof iso === 'object') return iso;
  const assumptions = [...at.assumptions, ...id.assumptions, ...place.assumptions, ...net.assumptions];
  return { node, vmid: id.vmid, storage: place.storage.storage, bridge: net.bridge, iso, assumptions };
}

export const createVm = action({
  id: 'vm.create',
  verb: 'create a VM',
  risk: 'change',
  say: [
    '(create|make|build|provision|deploy|spin up|set up|launch|add|start up) [me] [new] {*} (vm|virtual machine|kvm|qemu vm) {*}',
    '(create|make|build|provision|set up|add) [me] [new] (vm|virtual machine) [with id|id] {vmid} {*}',
    '[new] (vm|virtual machine) {*}',
  ],
  input,
  async plan(planning, { input: told }): Promise<Planned> {
    if (told.name === undefined) return { kind: 'ask', question: 'What is the new VM to be called?', options: [] };
    const wrong = saidRefusals('VM', told);
    if (wrong.length > 0) return refused(...wrong);
    const parts = await partsOf(planning, told);
    if ('refusals' in parts) return refused(...parts.refusals);
    const title = `VM ${parts.vmid} ${told.name}`;
    const create = createStep(told, parts, title);
    return piece({
      says: `Create ${title} on ${parts.node}`,
      steps: told.start === true ? [create, startStep(parts, title)] : [create],
      assumptions: [...parts.assumptions, ...usualOnes(told)],
      warnings: [
        ...(await namesakes(planning, told.name)),
        ...(told.iso === undefined
          ? [`${title} has an empty disk and nothing to install from: “from ISO-IMAGE” puts one into its drive.`]
          : []),
      ],
      changes: [
        {
          about: title,
          key: 'guest',
          before: null,
          after: `${told.cores ?? usual.cores} cores, ${sizeText(told.memory ?? usual.memory)}, ${sizeText(told.disk ?? usual.disk)} on ${parts.storage}`,
        },
      ],
    });
  },
  examples: [
    {
      say: 'create a VM called demo-vm-01 on pve-node02 with 2 cores, 4 GB of RAM and a 32 GB disk',
      sends: ['POST /nodes/pve-node02/qemu vmid=106 name=demo-vm-01 cores=2 memory=4096 scsi0=local-zfs:32'],
    },
    { say: 'create vm 150 named demo-vm-02', sends: ['POST /nodes/pve-node02/qemu vmid=150 name=demo-vm-02'] },
    { say: 'create vm 101 named demo-vm-02', sends: 'clarification' },
    { say: 'create a VM', sends: 'clarification' },
    { say: 'create a VM named x1 with -4 GB of RAM', sends: 'clarification' },
    { say: 'create a 4-core VM named build-02 with 8 GB on pve-node09', sends: 'clarification' },
  ],
});

function usualOnes({ cores, memory, disk }: Told): string[] {
  return [
    ...(cores === undefined ? [`${usual.cores} cores`] : []),
    ...(memory === undefined ? [`${sizeText(usual.memory)} of memory`] : []),
    ...(disk === undefined ? [`A disk of ${sizeText(usual.disk)}`] : []),
    'CPU type x86-64-v2-AES, VirtIO network and disk, operating system Linux: what Proxmox’s own assistant begins with',
  ];
}

function createStep(told: Told, { node, vmid, storage, bridge, iso }: Parts, title: string): PieceStep {
  const { name = '', cores = usual.cores, memory = usual.memory, disk = usual.disk, vlan, tags } = told;
  const gib = disk / GiB;
  const step = call(
    'POST',
    '/nodes/{node}/qemu',
    {
      node,
      vmid,
      name,
      cores,
      memory: String(Math.round(memory / MiB)),
      cpu: 'x86-64-v2-AES',
      ostype: 'l26',
      scsihw: 'virtio-scsi-single',
      scsi0: `${storage}:${Number.isInteger(gib) ? gib : gib.toFixed(3)}`,
      net0: `virtio,bridge=${bridge}${vlan === undefined ? '' : `,tag=${vlan}`}`,
      ...(iso === undefined ? {} : { ide2: `${iso},media=cdrom`, boot: 'order=scsi0;ide2' }),
      ...(tags === undefined ? {} : { tags: tags.join(';') }),
    },
    `Create ${title} on ${node}`,
  );
  return {
    ...step,
    node,
    tasks: [{ type: 'qmcreate', id: String(vmid) }],
    limitSeconds: 3_600,
    relies: [listedFact({ vmid, title }, 'vmid', null)],
    expects: [listedFact({ vmid, title }, 'node', node), listedFact({ vmid, title }, 'name', name)],
  };
}

function startStep({ node, vmid }: Parts, title: string): PieceStep {
  return {
    ...call('POST', '/nodes/{node}/qemu/{vmid}/status/start', { node, vmid }, `Start ${title}`),
    node,
    tasks: [{ type: 'qmstart', id: String(vmid) }],
    limitSeconds: 600,
    expects: [listedFact({ vmid, title }, 'status', 'running')],
  };
}
