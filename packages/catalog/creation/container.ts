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
import { filesNamed, filesOf } from '../guest-disks/isos.ts';
import { addressRefusals, sshKeyRefusals } from '../guest-config/cloud-init.ts';
import { bridgeFor, idFor, nodeFor } from './placement.ts';
import { namesakes, saidRefusals } from './said.ts';
import { systems } from './systems.ts';
import { newGuest } from './words.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

const input = {
  ...newGuest,
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

type Told = Given<typeof input>;

interface Parts {
  node: string;
  vmid: number;
  storage: string;
  bridge: string;
  template: string;
  assumptions: string[];
}

const usual = { cores: 1, memory: 512 * MiB, disk: 8 * GiB };

function refusalsOf(told: Told): Refusal[] {
  const { ip, gateway, key, password } = told;
  const found = saidRefusals('container', told);
  if (password !== undefined && (password.length < 5 || password.length > 72))
    found.push({
      why: 'Proxmox takes passwords of containers of 5 to 72 characters.',
      next: 'Say it as: password "…".',
    });
  if (key !== undefined) found.push(...sshKeyRefusals(key));
  found.push(...mountRefusals(told));
  return ip === undefined ? found : [...found, ...addressRefusals(ip, gateway)];
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
  };
}

async function partsOf(planning: Planning, told: Told): Promise<Parts | Planned> {
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
  const id = await idFor(planning, told.vmid);
  if ('refusals' in id) return refused(...id.refusals);
  const place = await placeFor(planning, {
    node,
    content: 'rootdir',
    named: told.storage,
    bytes: (told.disk ?? usual.disk) + (told.mountSize ?? 0),
  });
  if ('refusals' in place) return refused(...place.refusals);
  const net = await bridgeFor(planning, node, told.bridge);
  if ('refusals' in net) return refused(...net.refusals);
  const assumptions = [...at.assumptions, ...id.assumptions, ...place.assumptions, ...net.assumptions];
  return { node, vmid: id.vmid, storage: place.storage.storage, bridge: net.bridge, template, assumptions };
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
      return { kind: 'ask', question: 'What is the new container to be called?', options: [] };
    const wrong = refusalsOf(told);
    if (wrong.length > 0) return refused(...wrong);
    const parts = await partsOf(planning, told);
    if ('kind' in parts) return parts;
    const title = `Container ${parts.vmid} ${told.name}`;
    return piece({
      says: `Create ${title} on ${parts.node}`,
      steps: [createStep(told, parts, title)],
      assumptions: [...parts.assumptions, ...usualOnes(told)],
      warnings: [
        ...(await namesakes(planning, told.name)),
        ...(told.privileged === true ? [`${title} is privileged: root inside is root on the node.`] : []),
        ...(told.key === undefined && told.password === undefined
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

function createStep(told: Told, { node, vmid, storage, bridge, template }: Parts, title: string): PieceStep {
  const {
    name = '',
    cores = usual.cores,
    memory = usual.memory,
    disk = usual.disk,
    vlan,
    ip = 'dhcp',
    gateway,
    tags,
  } = told;
  const gib = disk / GiB;
  const net = [
    `name=eth0`,
    `bridge=${bridge}`,
    ...(vlan === undefined ? [] : [`tag=${vlan}`]),
    `ip=${ip}`,
    ...(gateway === undefined ? [] : [`gw=${gateway}`]),
  ];
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
      net0: net.join(','),
      ...(told.mountSize === undefined
        ? {}
        : { mp0: `${storage}:${Math.ceil(told.mountSize / GiB)},mp=${told.mountPath ?? ''}` }),
      unprivileged: told.privileged !== true,
      ...(told.nesting === true ? { features: 'nesting=1' } : {}),
      ...(told.key === undefined ? {} : { 'ssh-public-keys': told.key }),
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
  };
}
