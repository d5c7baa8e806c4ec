import type { ParamsOf } from '@pxa/pve/facts';
import { storageTypes } from '@pxa/pve/facts';
import { action, anyNode, call, factAt, piece, type Planned, refused, unknownNodes } from '../kit/index.ts';
import { retentionInput, retentionRefusals, retentionSaid } from '../backups/retention.ts';
import { contentInput, contentRefusals, contentSaid, contentTexts } from './content-words.ts';
import { definitionFact } from './definition-now.ts';
import { type Given, lacking, nameRefusals, OPTIONS, optionRefusals, type Sent, TYPES } from './definition-refusals.ts';
import { groundRefusals } from './ground.ts';
import { ruleless } from './set-retention.ts';

type Type = ParamsOf<'POST', '/storage'>['type'];

const input = {
  type: {
    kind: 'choice',
    say: ['[of] type {}', '{} storage'],
    values: {
      dir: 'dir|directory|folder|local directory',
      nfs: 'nfs|nfs share',
      cifs: 'cifs|smb|samba|cifs share|smb share',
      pbs: 'pbs|proxmox backup server|backup server',
      zfspool: 'zfs|zfspool|zfs pool',
      lvm: 'lvm',
      lvmthin: 'lvmthin|lvm thin|lvm-thin|thin lvm',
    },
  },
  name: { kind: 'name', say: ['(called|named|as|with name|name|id) {}'] },
  path: { kind: 'word', say: ['(at|path|with path|in directory|in folder|on path) {}'] },
  server: { kind: 'word', say: ['[with|on|from|at|and] (server|host) {}', 'from {}'] },
  export: { kind: 'word', say: ['[with|and] (export|exporting|nfs export|path) {}'] },
  share: { kind: 'word', say: ['[with|and] share {}'] },
  datastore: { kind: 'word', say: ['[with|and] datastore {}'] },
  namespace: { kind: 'word', say: ['[with|and] namespace {}'] },
  pool: { kind: 'word', say: ['[with|on|and] (pool|zfs pool|dataset) {}'] },
  vgname: { kind: 'word', say: ['[with|on|and] (volume group|vg|vgname) {}'] },
  thinpool: { kind: 'word', say: ['[with|and] (thin pool|thinpool) {}'] },
  username: { kind: 'word', say: ['[with|as|and] (user|username) {}'] },
  password: { kind: 'word', say: ['[with|and] password {}'] },
  fingerprint: { kind: 'word', say: ['[with|and] fingerprint {}'] },
  nodes: { kind: 'words', say: ['[only] (for|on) (node|nodes) {}', '[only] on {}', 'limited to [node|nodes] {}'] },
  ...contentInput,
  ...retentionInput,
} as const;

export const addStorage = action({
  id: 'storage.add',
  verb: 'add the storage',
  risk: 'change',
  say: [
    '(add|create|define|attach|mount|connect|set up|register) [new] {type} [storage|share|datastore] {name} {*}',
    '(add|create|define|attach|mount|connect|set up|register) [new] {type} (storage|share|datastore) {*}',
    '(add|create|define|attach|connect|set up|register) [new] (storage|datastore) {name} {*}',
  ],
  input,
  async plan(planning, { input: said }): Promise<Planned> {
    const { type, name = '' } = said;
    const taken = await nameRefusals(planning, name);
    if (taken.length > 0) return refused(...taken);
    if (type === undefined)
      return {
        kind: 'ask',
        question: `Of which type is storage ${name} to be? Say it as “add nfs storage ${name} …”.`,
        options: TYPES.map((each) => ({ label: each, say: `add ${each} storage ${name}` })),
      };
    const given = withServer(said);
    const nodes = [...new Set(said.nodes)];
    const content = contentSaid(said);
    const retention = retentionSaid(said);
    const wrong = [
      ...lacking(type, given),
      ...optionRefusals(type, given),
      ...contentRefusals(type, content),
      ...(retention === undefined ? [] : ruleless(type)),
      ...retentionRefusals(said),
      ...(await unknownNodes(planning, nodes)),
      ...(await groundRefusals(planning, { type, given, nodes })),
    ];
    if (wrong.length > 0) return refused(...wrong);
    return addition({ type, name, given, nodes, content, retention, node: nodes[0] ?? (await anyNode(planning)) });
  },
  examples: [
    {
      say: 'add nfs storage nas2 with server 10.10.0.60 and export /volume1/pve for backups and iso images',
      sends: ['POST /storage storage=nas2 type=nfs server=10.10.0.60 export=/volume1/pve content=iso,backup'],
    },
    {
      say: 'add dir storage scratch at /data/scratch for backups on node pve-node03',
      sends: ['POST /storage storage=scratch type=dir path=/data/scratch content=backup nodes=pve-node03'],
    },
    {
      say: 'add dir storage scratch at /data/scratch for backups keeping 7 daily backups',
      sends: ['POST /storage storage=scratch type=dir path=/data/scratch content=backup prune-backups=keep-daily=7'],
    },
    { say: 'add nfs storage nas2', sends: 'clarification' },
    { say: 'add dir storage local at /data/x', sends: 'clarification' },
    { say: 'add zfs storage fast with pool rpool/fast for backups', sends: 'clarification' },
    { say: 'add zfs storage fast with pool tank', sends: 'clarification' },
    { say: 'add storage nas3', sends: 'clarification' },
  ],
});

interface Wanted {
  readonly type: string;
  readonly name: string;
  readonly given: Given;
  readonly nodes: readonly string[];
  readonly content: readonly string[];
  /** Which backups it keeps: `keep-daily=7`. */
  readonly retention: string | undefined;
  /** One that will see it. */
  readonly node: string;
}

function addition({ type, name, given, nodes, content, retention, node }: Wanted): Planned {
  const holds = content.length > 0 ? content : (storageTypes()[type]?.defaultContent ?? []);
  const sent: Sent = {
    ...given,
    ...(content.length > 0 ? { content: content.join(',') } : {}),
    ...(nodes.length > 0 ? { nodes: nodes.join(',') } : {}),
    ...(retention === undefined ? {} : { 'prune-backups': retention }),
  };
  const says = `Add ${type} storage ${name}`;
  // The choice has Proxmox's own names for the types.
  const step = call('POST', '/storage', { storage: name, type: type as Type, ...sent }, says);
  const isOwn = type === 'dir' && nodes.length === 0;
  return piece({
    says,
    steps: [
      {
        ...step,
        node,
        limitSeconds: 300,
        relies: [definitionFact(name, 'storage', null)],
        expects: [
          definitionFact(name, 'type', type),
          ...(retention === undefined ? [] : [definitionFact(name, 'prune-backups', retention)]),
          factAt(`storage ${name} on ${node}`, `/nodes/${node}/storage/${name}/status`, ['active'], 1),
        ],
      },
    ],
    assumptions: [
      ...(content.length === 0 ? [`It may hold ${contentTexts(holds)}: what Proxmox gives this type`] : []),
      ...(nodes.length === 0 ? ['On all nodes'] : []),
    ],
    warnings: isOwn ? [`Each node has a ${given.path ?? ''} of its own: what lies there is not shared.`] : [],
    changes: [{ about: 'storage', key: name, before: null, after: `${type}, for ${contentTexts(holds)}` }],
  });
}

/** What was said of it; `10.0.0.5:/volume1` is a server and its export, and an NFS path is its export. */
function withServer(said: Readonly<Record<string, unknown>>): Given {
  const given: { -readonly [K in (typeof OPTIONS)[number]]?: string } = {};
  for (const key of OPTIONS) if (typeof said[key] === 'string') given[key] = said[key];
  const [, server, path] = /^([^/:]+|\[[^\]]+\]):(\/.*)$/.exec(given.server ?? '') ?? [];
  if (server !== undefined && path !== undefined) Object.assign(given, { server, export: path });
  if (said['type'] === 'nfs' && given.path !== undefined) {
    given.export ??= given.path;
    delete given.path;
  }
  return given;
}
