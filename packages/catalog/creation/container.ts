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
import { placeFor } from '../guest-disks/disks.ts';
import { filesNamed, filesOf } from '../guest-disks/isos.ts';
import { addressRefusals } from '../guest-config/cloud-init.ts';
import { addressWithin } from '../network/subnet-of.ts';
import { besideRefusals, type Made, setUpBeside } from './beside.ts';
import { type ContainerParts, createStep, startStep, usual } from './container-steps.ts';
import { bridgeFor, idFor, nodeFor } from './placement.ts';
import { namesakes, takenName } from '../guests/namesakes.ts';
import { saidRefusals } from './said.ts';
import { systems } from './systems.ts';
import { beside, newGuest } from './words.ts';

const GiB = 2 ** 30;

const input = {
  ...newGuest,
  ...beside,
  template: { kind: 'text', say: ['(from|using|based on|with) [template|the template|image] {}', 'template {}'] },
  os: { kind: 'choice', say: [], values: systems },
  privileged: { kind: 'flag', say: ['privileged'], no: ['unprivileged'] },
  nesting: { kind: 'flag', say: ['with nesting', 'and nesting', 'for docker'], no: ['without nesting'] },
  key: { kind: 'text', say: ['(with|and) (ssh key|key|public key) {}'] },
  password: { kind: 'text', say: ['(with|and) [root] password {}', '[root] password {}'] },
  mountSize: {
    kind: 'size',
    say: [
      '[with|and] (mount point|mountpoint|data disk|second disk) of {}',
      '[with|and] {} (mount point|mountpoint|data disk)',
    ],
  },
  mountPath: { kind: 'path', say: ['[mounted] (at|under) {}'] },
} as const;

export type Told = Given<typeof input>;

function refusalsOf(told: Told): Refusal[] {
  const { password } = told;
  const found = saidRefusals('container', told);
  if (password !== undefined && (password.length < 5 || password.length > 72))
    found.push({
      why: 'Proxmox takes passwords of containers of 5 to 72 characters.',
      next: 'Say it as: password "…".',
      input: 'password',
      reason: password.length < 5 ? 'too_small' : 'too_big',
    });
  found.push(...mountRefusals(told), ...besideRefusals(told));
  return found;
}

/** A mount point needs a place and a size (pve-container Config.pm, pve-lxc-mp-string). */
function mountRefusals({ mountSize, mountPath }: Told): Refusal[] {
  if (mountSize === undefined && mountPath === undefined) return [];
  const next = 'Say it as: with a mount point of 10 GB at /data.';
  if (mountSize === undefined) return [{ why: `How large is what is to be mounted at ${mountPath ?? ''}?`, next }];
  if (mountPath === undefined) return [{ why: 'Where is the mount point to be?', next }];
  const isWhole = /^\/[^,\s]+$/.test(mountPath) && !/(^|\/)\.\.?(\/|$)/.test(mountPath);
  if (!isWhole) return [{ why: `“${mountPath}” is no path to mount a disk at.`, next: 'Write a whole one: /data.' }];
  return mountSize < GiB ? [{ why: `${sizeText(mountSize)} is too little for a mount point.`, next }] : [];
}

async function templateFor(
  planning: Planning,
  node: string,
  named: string | undefined,
  say: (template: string) => string,
): Promise<string | Planned> {
  const all = await filesOf(planning, node, 'vztmpl');
  const near = named === undefined ? all : filesNamed(all, named);
  const [only] = near;
  if (near.length === 1 && only !== undefined && named !== undefined) return only;
  if (all.length === 0)
    return refused({
      why: `${node} can read no container template.`,
      next: 'Download one first: “download template NAME to STORAGE”.',
      input: 'template',
      reason: 'not_found',
    });
  const question =
    named === undefined
      ? 'From which template?'
      : near.length === 0
        ? `${node} has no template “${named}”. From which?`
        : `“${named}” fits several templates. From which?`;
  return {
    kind: 'ask',
    question,
    options: (near.length > 0 ? near : all).map((volid) => ({ label: volid, say: say(volid) })),
    input: 'template',
    reason: named === undefined ? 'required' : near.length === 0 ? 'not_found' : 'ambiguous',
  };
}

async function partsOf(
  planning: Planning,
  told: Told,
): Promise<(ContainerParts & { node: string; vmid: number; assumptions: string[] }) | Planned> {
  const at = await nodeFor(planning, told.node, told.memory ?? usual.memory);
  if ('refusals' in at) return refused(...at.refusals);
  const { node } = at;
  const template = await templateFor(
    planning,
    node,
    told.template ?? told.os,
    (volid) => `create a container named ${told.name ?? 'NAME'} on ${node} from ${volid}`,
  );
  if (typeof template !== 'string') return template;
  const id = await idFor(planning, told);
  if ('refusals' in id) return refused(...id.refusals);
  const place = await placeFor(planning, {
    node,
    content: 'rootdir',
    named: told.storage,
    among: told.among,
    bytes: (told.disk ?? usual.disk) + (told.mountSize ?? 0),
  });
  if ('refusals' in place) return refused(...place.refusals);
  const net = await bridgeFor(planning, node, told.bridge);
  if ('refusals' in net) return refused(...net.refusals);
  const where = { node, bridge: net.bridge, vlan: told.vlan };
  const address = await addressWithin(planning, where, { ip: told.ip ?? 'dhcp', gateway: told.gateway });
  if (!('ip' in address)) return refused(...address);
  const wrong = addressRefusals(address.ip, told.gateway);
  if (wrong.length > 0) return refused(...wrong);
  const assumptions = [at, id, place, net, address].flatMap((each) => each.assumptions);
  return { node, vmid: id.vmid, storage: place.storage.storage, bridge: net.bridge, template, address, assumptions };
}

export const createContainer = action({
  id: 'container.create',
  verb: 'create a container',
  risk: 'change',
  say: [
    '(create|make|build|provision|deploy|spin up|set up|launch|add) [me] [new] {*} (container|ct|lxc|lxc container|linux container) {*}',
    '(create|make|build|provision|set up|add) [me] [new] (container|ct|lxc) [with id|id] {vmid} {*}',
    '(create|make|build|provision|deploy|spin up|set up|launch|add) [me] [new] {*} {os} (container|ct|lxc|lxc container) {*}',
    '[new] (container|ct|lxc container) {*}',
  ],
  input,
  async plan(planning, { input: told }): Promise<Planned> {
    if (told.name === undefined)
      return {
        kind: 'ask',
        question: 'What is the new container to be called?',
        options: [],
        input: 'name',
        reason: 'required',
      };
    const wrong = [...refusalsOf(told), ...(await takenName(planning, told))];
    if (wrong.length > 0) return refused(...wrong);
    const parts = await partsOf(planning, told);
    if ('kind' in parts) return parts;
    const { node, vmid } = parts;
    const made: Made = { type: 'lxc', vmid, node, title: `Container ${vmid} ${told.name}` };
    const { title } = made;
    const more = await setUpBeside(planning, made, told);
    if (!('steps' in more)) return refused(...more);
    // By itself Proxmox starts it right when it is made, before anything else is set up.
    const startsLater = told.start === true && more.steps.length > 0;
    return piece({
      says: `Create ${title} on ${node}`,
      steps: [
        createStep(startsLater ? { ...told, start: false } : told, made, parts),
        ...more.steps,
        ...(startsLater ? [startStep(made)] : []),
        ...more.last,
      ],
      assumptions: [...parts.assumptions, ...more.assumptions, ...usualOnes(told)],
      warnings: [
        ...(await namesakes(planning, told.name)),
        ...(told.privileged === true ? [`${title} is privileged: root inside is root on the node.`] : []),
        ...more.warnings,
        ...(told.key === undefined && told.keys === undefined && told.password === undefined
          ? ['Without a password or SSH key, it can only be entered from its node (`pct enter`).']
          : []),
      ],
      changes: [
        {
          about: title,
          key: 'guest',
          before: null,
          after: `${told.cores ?? usual.cores} cores, ${sizeText(told.memory ?? usual.memory)}, ${sizeText(told.disk ?? usual.disk)} on ${parts.storage}${told.mountSize === undefined ? '' : `, ${sizeText(told.mountSize)} at ${told.mountPath ?? ''}`}`,
        },
      ],
    });
  },
  examples: [
    {
      say: 'create container ct-21 on pve-node02 from debian-12 with a mount point of 10 GB at /srv',
      sends: ['POST /nodes/pve-node02/lxc vmid=106 hostname=ct-21 mp0=local-zfs:10,mp=/srv'],
    },
    { say: 'create container ct-22 on pve-node02 from debian-12 with a mount point of 10 GB', sends: 'clarification' },
    {
      say: 'create a container named web-05 on pve-node02 from debian-12 with 1 GB RAM',
      sends: [
        'POST /nodes/pve-node02/lxc vmid=106 hostname=web-05 memory=1024 ostemplate=local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst',
      ],
    },
    {
      say: 'create container web-06 on pve-node02 with debian 12, 2 cores, 2 GB RAM and a 16 GB disk',
      sends: [
        'POST /nodes/pve-node02/lxc vmid=106 hostname=web-06 cores=2 memory=2048 ostemplate=local:vztmpl/debian-12-standard_12.12-1_amd64.tar.zst',
      ],
    },
    {
      say: 'create container web-07 on pve-node02 from debian-12 with a firewall and deletion protection',
      sends: [
        'POST /nodes/pve-node02/lxc vmid=106 hostname=web-07 net0=name=eth0,bridge=vmbr0,firewall=1,ip=dhcp',
        'PUT /nodes/pve-node02/lxc/106/firewall/options enable=1',
        'PUT /nodes/pve-node02/lxc/106/config protection=1',
      ],
    },
    { say: 'create a container', sends: 'clarification' },
    { say: 'create a container named demo-ct-01 on pve-node02', sends: 'clarification' },
    { say: 'create a container named bad_name on pve-node02', sends: 'clarification' },
  ],
});

function usualOnes({ cores, memory, disk, ip }: Told): string[] {
  return [
    ...(cores === undefined ? [`${usual.cores} core`] : []),
    ...(memory === undefined ? [`${sizeText(usual.memory)} of memory`] : []),
    ...(disk === undefined ? [`A disk of ${sizeText(usual.disk)}`] : []),
    ...(ip === undefined ? ['Address by DHCP'] : []),
  ];
}
