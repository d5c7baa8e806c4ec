import {
  action,
  type Given,
  piece,
  type Planned,
  type Planning,
  refused,
  type Refusal,
  sizeText,
} from '../kit/index.ts';
import { addressRefusals } from '../guest-config/cloud-init.ts';
import { placeFor } from '../guest-disks/disks.ts';
import { filesNamed, filesOf } from '../guest-disks/isos.ts';
import { addressWithin } from '../network/subnet-of.ts';
import { besideRefusals, type Made, setUpBeside } from './beside.ts';
import { start } from './from-template-steps.ts';
import { bridgeFor, coresRefusals, idFor, nodeFor } from './placement.ts';
import { namesakes, takenName } from '../guests/namesakes.ts';
import { saidRefusals } from './said.ts';
import { createStep, growImage, type Parts, usual } from './vm-steps.ts';
import { beside, newGuest } from './words.ts';

const input = {
  ...newGuest,
  ...beside,
  sockets: { kind: 'count', say: ['[with|and] {} (socket|sockets|cpu socket|cpu sockets)'] },
  iso: {
    kind: 'word',
    say: [
      '(with|from|using) (iso|iso image|the iso) {}',
      '(with|from|using) {} (iso|iso image)',
      '(boot|booting|install|installing) from [iso] {}',
      'iso {}',
    ],
  },
  /** A cloud image to make the disk of, by its volume id or its file's name. */
  image: { kind: 'word', say: [], byPrograms: true },
  start: newGuest.start,
} as const;

export type Told = Given<typeof input>;

const FILES = { iso: 'ISO image', import: 'image to import' } as const;

/** The file that a name means. */
async function fileFor(
  planning: Planning,
  node: string,
  { kind, named, input }: { kind: keyof typeof FILES; named: string | undefined; input: string },
): Promise<string | undefined | { refusals: Refusal[] }> {
  if (named === undefined) return undefined;
  const found = await filesOf(planning, node, kind);
  const fit = filesNamed(found, named);
  if (fit.length === 1) return fit[0];
  const what = FILES[kind];
  const [why, all, reason] =
    fit.length === 0
      ? ([`${node} has no ${what} ${named}.`, found, 'not_found'] as const)
      : ([`“${named}” fits ${fit.length} files.`, fit, 'ambiguous'] as const);
  const next = `Of the kind ${what}, ${node} can read: ${all.join(', ') || 'none'}.`;
  return { refusals: [{ why, next, input, reason }] };
}

/** What only cloud-init could give a guest, said of one that has none. */
function insideRefusals(told: Told): Refusal[] {
  if (told.image !== undefined) return [];
  const why = 'A VM with an empty disk is told its address and its keys inside, once it is installed.';
  const next = 'Leave it out, or make the VM from a template or an image with cloud-init.';
  const said = [
    ...(told.ip === undefined || told.ip === 'dhcp' ? [] : ['ip']),
    ...(told.gateway === undefined ? [] : ['gateway']),
    ...(told.keys === undefined ? [] : ['keys']),
  ];
  return said.map((input) => ({ why, next, input, reason: 'not_acceptable' }));
}

async function refusalsOf(planning: Planning, told: Told): Promise<Refusal[]> {
  return [
    ...saidRefusals('VM', told),
    ...insideRefusals(told),
    ...besideRefusals(told),
    ...(await takenName(planning, told)),
  ];
}

async function partsOf(
  planning: Planning,
  told: Told,
): Promise<(Parts & { node: string; vmid: number; assumptions: string[] }) | Refusal[]> {
  const at = await nodeFor(planning, told.node, told.memory ?? usual.memory);
  if ('refusals' in at) return at.refusals;
  const { node } = at;
  const wanted = told.cores === undefined ? undefined : told.cores * (told.sockets ?? 1);
  const tooMany = await coresRefusals(planning, node, wanted);
  if (tooMany.length > 0) return tooMany;
  const id = await idFor(planning, told);
  if ('refusals' in id) return id.refusals;
  const { storage: named, among, disk = usual.disk } = told;
  const place = await placeFor(planning, { node, content: 'images', named, among, bytes: disk });
  if ('refusals' in place) return place.refusals;
  const net = await bridgeFor(planning, node, told.bridge);
  if ('refusals' in net) return net.refusals;
  const iso = await fileFor(planning, node, { kind: 'iso', named: told.iso, input: 'iso' });
  if (typeof iso === 'object') return iso.refusals;
  const image = await fileFor(planning, node, { kind: 'import', named: told.image, input: 'image' });
  if (typeof image === 'object') return image.refusals;
  const where = { node, bridge: net.bridge, vlan: told.vlan };
  const address = await addressWithin(planning, where, { ip: told.ip ?? 'dhcp', gateway: told.gateway });
  if (!('ip' in address)) return address;
  const wrong = image === undefined ? [] : addressRefusals(address.ip, told.gateway);
  if (wrong.length > 0) return wrong;
  const assumptions = [at, id, place, net, address].flatMap((each) => each.assumptions);
  return { node, vmid: id.vmid, storage: place.storage.storage, bridge: net.bridge, iso, image, address, assumptions };
}

/** What is still to be done to a VM that has nothing on its disk. */
function emptyWarning({ iso, image }: Told, title: string): string[] {
  if (iso !== undefined || image !== undefined) return [];
  return [`${title} has an empty disk and nothing to install from: “from ISO-IMAGE” puts one into its drive.`];
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
    const { name } = told;
    if (name === undefined)
      return {
        kind: 'ask',
        question: 'What is the new VM to be called?',
        options: [],
        input: 'name',
        reason: 'required',
      };
    const wrong = await refusalsOf(planning, told);
    if (wrong.length > 0) return refused(...wrong);
    const parts = await partsOf(planning, told);
    if (Array.isArray(parts)) return refused(...parts);
    const { node, vmid, storage } = parts;
    const made: Made = { type: 'qemu', vmid, node, title: `VM ${vmid} ${name}` };
    const more = await setUpBeside(planning, made, told);
    if (!('steps' in more)) return refused(...more);
    const making = [createStep(told, made, parts), ...growImage(told, made, parts)];
    const size = told.image !== undefined && told.disk === undefined ? 'its disk' : sizeText(told.disk ?? usual.disk);
    return piece({
      says: `Create ${made.title} on ${node}`,
      steps: [...making, ...more.steps, ...(told.start === true ? [start(made)] : []), ...more.last],
      assumptions: [...parts.assumptions, ...more.assumptions, ...usualOnes(told)],
      warnings: [...(await namesakes(planning, name)), ...emptyWarning(told, made.title), ...more.warnings],
      changes: [
        {
          about: made.title,
          key: 'guest',
          before: null,
          after: `${told.cores ?? usual.cores} cores, ${sizeText(told.memory ?? usual.memory)}, ${size} on ${storage}`,
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

function usualOnes({ cores, memory, disk, image }: Told): string[] {
  return [
    ...(cores === undefined ? [`${usual.cores} cores`] : []),
    ...(memory === undefined ? [`${sizeText(usual.memory)} of memory`] : []),
    ...(disk === undefined && image === undefined ? [`A disk of ${sizeText(usual.disk)}`] : []),
    'CPU type x86-64-v2-AES, VirtIO network and disk, operating system Linux: what Proxmox’s own assistant begins with',
  ];
}
