import type { Fact, Instant } from '@pxa/contract';
import { asNumber } from '@pxa/pve/values';
import { factAt, type Planning, type Rec } from '../kit/index.ts';

/** An archive as it lies on a storage now. */
export interface ArchiveNow {
  readonly volid: string;
  readonly storage: string;
  /** A node that reaches it. */
  readonly node: string;
  readonly vmid: number | undefined;
  /** In seconds since 1970. */
  readonly taken: number;
  readonly size: number | undefined;
  readonly isProtected: boolean;
}

/** The archives that there are, newest first, and what could not be read of them. */
export interface Archives {
  readonly found: readonly ArchiveNow[];
  readonly unread: readonly string[];
}

/** The archives on all storages that hold backups, of one guest or of all; a storage that nodes share is read once. */
export async function archivesNow(planning: Planning, vmid?: number): Promise<Archives> {
  const unread: string[] = [];
  const nodes = await planning.nodes();
  const places = new Map<string, { node: string; storage: string }>();
  for (const { node, online } of nodes) {
    if (!online) unread.push(`${node} is offline`);
    const got = online
      ? await planning.list('/nodes/{node}/storage', { node, content: 'backup', enabled: true })
      : undefined;
    if (got?.ok === false) unread.push(`the storages of ${node}: ${got.why}`);
    for (const { data } of got?.ok === true ? got.data : []) {
      const storage = String(data['storage']);
      const key = asNumber(data['shared']) === 1 ? storage : `${node}/${storage}`;
      if (!places.has(key)) places.set(key, { node, storage });
    }
  }
  const lists = await Promise.all([...places.values()].map((place) => listOf(planning, place, vmid, unread)));
  return { found: lists.flat().toSorted((a, b) => b.taken - a.taken), unread };
}

async function listOf(
  planning: Planning,
  { node, storage }: { node: string; storage: string },
  vmid: number | undefined,
  unread: string[],
): Promise<ArchiveNow[]> {
  const of = vmid === undefined ? {} : { vmid };
  const at = { node, storage, content: 'backup', ...of };
  const got = await planning.list('/nodes/{node}/storage/{storage}/content', at);
  if (got.ok) return got.data.map((rec) => archiveOf(rec, node, storage));
  unread.push(`${storage} on ${node}: ${got.why}`);
  return [];
}

function archiveOf({ data }: Rec, node: string, storage: string): ArchiveNow {
  return {
    volid: String(data['volid']),
    storage,
    node,
    vmid: asNumber(data['vmid']) ?? undefined,
    taken: asNumber(data['ctime']) ?? 0,
    size: asNumber(data['size']) ?? undefined,
    isProtected: asNumber(data['protected']) === 1,
  };
}

/** Its file's name; of a Proxmox Backup Server, its group and time. */
export const fileOf = ({ volid }: ArchiveNow): string => volid.slice(volid.indexOf(':') + 1).replace(/^backup\//, '');

/** When it was taken, to the minute, in UTC as Proxmox's own names of archives of a backup server have it. */
export const takenText = ({ taken }: ArchiveNow): string =>
  `${new Date(taken * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A fact of an archive in its storage's list: that it is there (`volid`), `protected`. */
export function archiveFact(archive: ArchiveNow, key: 'volid' | 'protected', is: Fact['is']): Fact {
  const { node, storage, volid } = archive;
  const what = key === 'volid' ? 'backup' : 'protection of backup';
  const path = `/nodes/${node}/storage/${storage}/content`;
  return factAt(`${what} ${fileOf(archive)}`, path, [`[volid=${volid}]`, key], is, { params: { content: 'backup' } });
}

/** How far the clocks of a cluster's nodes may be apart: corosync and Ceph want them within a second or so. */
const CLOCKS_S = 5;

/** That a guest has a backup on a storage which was begun since a time, in seconds since 1970. */
export function newArchiveFact(
  { node, storage }: { readonly node: string; readonly storage: string },
  vmid: number,
  since: number,
): Fact {
  const path = `/nodes/${node}/storage/${storage}/content`;
  const newest = [`[vmid=${vmid}]`, `[ctime>${Math.floor(since) - CLOCKS_S}]`, 'volid'];
  return factAt(`new backup of guest ${vmid} on ${storage}`, path, newest, '', {
    params: { content: 'backup' },
    how: 'known',
  });
}

/** Those that a file's name or volume id means; a part of the name will do where it is that of one alone. */
export function archivesNamed({ found }: Archives, name: string): ArchiveNow[] {
  const whole = found.filter((each) => each.volid === name || fileOf(each) === name || baseOf(each) === name);
  return whole.length > 0 ? whole : found.filter(({ volid }) => name.length > 7 && volid.includes(name));
}

const baseOf = (archive: ArchiveNow): string => fileOf(archive).replace(/\.(vma|tar|tgz).*$/, '');

/** What of a guest's archives is meant: the newest, the oldest, all, those on one storage, from before some time. */
export interface Chosen {
  readonly which?: string | undefined;
  readonly storage?: string | undefined;
  readonly olderThan?: Instant | undefined;
  /** All but so many of the newest. */
  readonly butLast?: number | undefined;
}

export async function chosenOf({ found }: Archives, of: Chosen, planning: Planning): Promise<ArchiveNow[]> {
  const before = of.olderThan === undefined ? Infinity : await planning.instant(of.olderThan);
  const fitting = found
    .filter(({ storage }) => of.storage === undefined || storage === of.storage)
    .slice(of.butLast ?? 0)
    .filter(({ taken }) => taken < before);
  if (of.which === 'newest') return fitting.slice(0, 1);
  return of.which === 'oldest' ? fitting.slice(-1) : fitting;
}
