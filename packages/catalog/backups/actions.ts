import { asNumber, asObject, asText } from '@pxa/pve/values';
import {
  action,
  call,
  type GuestNow,
  locked,
  needed,
  piece,
  type Planned,
  type Planning,
  type Rec,
  refused,
} from '../kit/index.ts';
import { newArchiveFact } from './archives-now.ts';
import { placeFor } from '../guest-disks/disks.ts';

/** Whether a backup job of Proxmox's takes a guest: by name, by pool, or all but some (pve-manager Jobs/VZDump.pm). */
function takes(job: Rec, guest: GuestNow, pool: string | undefined): boolean {
  const { data } = job;
  const ids = (key: string): string[] => String(data[key] ?? '').split(',');
  if (typeof data['node'] === 'string' && data['node'] !== guest.node) return false;
  if (asNumber(data['all']) === 1) return !ids('exclude').includes(String(guest.vmid));
  if (typeof data['pool'] === 'string') return data['pool'] === pool;
  return ids('vmid').includes(String(guest.vmid));
}

/** The storage that the guest's own job writes to, where there is one; else the one for backups with the most room. */
async function storageFor(
  planning: Planning,
  guest: GuestNow,
  { named, among }: { readonly named: string | undefined; readonly among: readonly string[] | undefined },
): ReturnType<typeof placeFor> {
  const place = (storage: string | undefined): ReturnType<typeof placeFor> =>
    placeFor(planning, {
      node: guest.node,
      content: 'backup',
      named: storage,
      bytes: 0,
      ...(among === undefined ? {} : { among }),
    });
  if (named !== undefined) return place(named);
  const [jobs, rows] = await Promise.all([
    planning.list('/cluster/backup', {}),
    planning.list('/cluster/resources', {}),
  ]);
  if (!jobs.ok || !rows.ok) return place(undefined);
  const row = rows.data.find(({ data }) => data['id'] === guest.id);
  const pool = typeof row?.data['pool'] === 'string' ? row.data['pool'] : undefined;
  for (const job of jobs.data.filter((each) => asNumber(each.data['enabled']) !== 0 && takes(each, guest, pool))) {
    const storage = job.data['storage'];
    if (typeof storage !== 'string') continue;
    const found = await place(storage);
    if ('storage' in found)
      return {
        ...found,
        assumptions: [
          `Storage ${storage}: the one that backup job ${String(job.data['id'])} of ${guest.title} writes to`,
        ],
      };
  }
  return place(undefined);
}

/** The storages that encrypt what is backed up to them: backup servers with a key (pve-storage PBSPlugin.pm). */
async function encrypting(planning: Planning): Promise<string[]> {
  const list = needed(await planning.list('/storage', {}), 'The definitions of storages');
  return list.flatMap(({ data }) =>
    data['type'] === 'pbs' && asText(data['encryption-key']) !== null ? [String(data['storage'])] : [],
  );
}

/** `0` is what Proxmox calls none (PVE::VZDump::Common, compress). */
const COMPRESS = { zstd: 'zstd', gzip: 'gzip', lzo: 'lzo', none: '0' } as const;

/** Lines and backslashes as a template of notes holds them (PVE::VZDump, generate_notes). */
const asTemplate = (notes: string): string => notes.replaceAll('\\', '\\\\').replace(/\r?\n/g, '\\n');

/** What a new backup pushes out: Proxmox prunes by the storage's own rule, and refuses where that is full and forbids it. */
async function pruned(planning: Planning, storage: string): Promise<string[]> {
  const got = await planning.read('/storage/{storage}', { storage });
  const rule = got.ok ? asText(asObject(got.data)?.['prune-backups']) : null;
  if (rule === null || /keep-all=1/.test(rule)) return [];
  return [`${storage} keeps ${rule.replaceAll(',', ', ')} of each guest: an older backup may go for the new one.`];
}

export const backUp = action({
  id: 'backup.create',
  verb: 'back up',
  risk: 'change',
  on: { dataset: 'guests', templates: true },
  say: [
    '(back up|backup) {on} [now] {*}',
    'back {on} up [now] {*}',
    '(take|make|create|run|do|start) [new|full] (backup|backups) (of|for) {on} [now] {*}',
  ],
  input: {
    storage: { kind: 'storage', say: ['(to|on|onto|into) [storage] {}'] },
    mode: {
      kind: 'choice',
      say: ['(in|with|using) {} [mode]', '{} mode'],
      values: { snapshot: 'snapshot', suspend: 'suspend', stop: 'stop' },
    },
    notes: { kind: 'text', say: ['(with|and) (note|notes|comment) {}'] },
    protect: { kind: 'flag', say: ['protected', '[and] protect it', 'and keep it'] },
    compress: {
      kind: 'choice',
      say: ['compressed (with|by|as) {}', '(with|using) {} compression'],
      values: { zstd: 'zstd|zstandard', gzip: 'gzip|gz', lzo: 'lzo', none: 'none|no' },
    },
    encrypt: { kind: 'flag', say: ['encrypted', '[and] encrypt it'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const guest = await planning.guest(target);
    const among = input.encrypt === true ? await encrypting(planning) : undefined;
    if (among?.length === 0)
      return refused({
        why: 'No storage encrypts backups: a Proxmox Backup Server that was added with a key does.',
        next: 'Add one with a key in Proxmox, or back up without encryption.',
        input: 'encrypt',
        reason: 'not_acceptable',
      });
    const place = await storageFor(planning, guest, { named: input.storage, among });
    const inTheWay = [...('refusals' in place ? place.refusals : []), ...locked(guest)];
    if ('refusals' in place || inTheWay.length > 0) return refused(...inTheWay);
    const { storage } = place.storage;
    const compress = COMPRESS[(input.compress ?? 'zstd') as keyof typeof COMPRESS]; // The choice has these keys.
    const mode = (input.mode ?? 'snapshot') as 'snapshot' | 'suspend' | 'stop';
    const says = `Back ${guest.title} up to ${storage}`;
    const step = call(
      'POST',
      '/nodes/{node}/vzdump',
      {
        node: guest.node,
        vmid: String(guest.vmid),
        storage,
        mode,
        compress,
        ...(input.notes === undefined ? {} : { 'notes-template': asTemplate(input.notes) }),
        ...(input.protect === true ? { protected: true } : {}),
      },
      says,
    );
    const stops = mode !== 'snapshot' && guest.status !== 'stopped';
    return piece({
      says,
      risk: stops ? 'disruptive' : 'change',
      steps: [
        {
          ...step,
          node: guest.node,
          tasks: [{ type: 'vzdump', id: String(guest.vmid) }],
          limitSeconds: 24 * 3_600,
          expects: [newArchiveFact({ node: guest.node, storage }, guest.vmid, planning.now)],
        },
      ],
      assumptions: [
        ...place.assumptions,
        ...(input.mode === undefined ? ['Mode snapshot: the guest goes on running'] : []),
      ],
      warnings: [
        ...(await pruned(planning, storage)),
        ...(stops ? [`${guest.title} is ${mode === 'stop' ? 'stopped' : 'held still'} while it is backed up.`] : []),
      ],
      changes: [{ about: guest.title, key: 'backup', before: null, after: `a new one on ${storage}` }],
    });
  },
  examples: [
    {
      say: 'back up docker-host-01 to nfs-backup',
      sends: ['POST /nodes/pve-node01/vzdump vmid=103 storage=nfs-backup'],
    },
    { say: 'take a backup of nginx-proxy now', sends: ['POST /nodes/pve-node01/vzdump vmid=200'] },
    {
      say: 'back up 103 to nfs-backup with gzip compression',
      sends: ['POST /nodes/pve-node01/vzdump vmid=103 storage=nfs-backup compress=gzip'],
    },
    { say: 'back up 103 encrypted', sends: 'clarification' },
    { say: 'backup 103 to local-zfs', sends: 'clarification' },
  ],
});
