import { asNumber, asObject } from '@pxa/pve/values';
import { needed, type Planned, type Planning, type Refusal, refused } from '../kit/index.ts';
import { archivesNamed, archivesNow, type ArchiveNow, fileOf, takenText } from '../backups/archives-now.ts';
import { storagesOf } from '../guest-disks/disks.ts';

/** Which backup is meant, in the words that both ways to restore share. */
export const whichInput = {
  which: {
    kind: 'choice',
    say: ['(from|using|with) [its|the] {} (backup|archive)', '(from|using|with) [its|the] {}'],
    values: {
      newest: 'newest|latest|last|most recent|newest one',
      oldest: 'oldest|first|earliest',
      lastNight: "last night|last night's|last nights|tonight's",
      today: "today|today's|this morning|this morning's",
      yesterday: "yesterday|yesterday's|yesterdays",
    },
  },
  date: {
    kind: 'word',
    say: ['(from|of|taken|dated) [on|at] {}', '(from|using) (backup|archive) (of|from|dated) {}'],
  },
  archive: { kind: 'word', say: ['(from|using) (backup|archive|backup file) {}'] },
  from: { kind: 'storage', say: ['(from|on|in) [storage] {}'] },
} as const;

export interface Which {
  readonly which?: string;
  readonly date?: string;
  readonly archive?: string;
  /** The storage that it lies on. */
  readonly from?: string;
}

/** What kind of guest an archive holds, as its name tells (pve-storage Plugin.pm and PBSPlugin.pm). */
export function typeOf({ volid }: ArchiveNow): 'qemu' | 'lxc' | undefined {
  if (/vzdump-qemu-|:backup\/vm\//.test(volid)) return 'qemu';
  return /vzdump-(lxc|openvz)-|:backup\/ct\//.test(volid) ? 'lxc' : undefined;
}

const day = 86_400;

/** How far a node's clock is from UTC, in seconds. */
async function offsetOf(planning: Planning, node: string): Promise<number> {
  const got = await planning.read('/nodes/{node}/time', { node });
  const { time, localtime } = got.ok ? (asObject(got.data) ?? {}) : {};
  return (asNumber(localtime) ?? 0) - (asNumber(time) ?? 0);
}

/** The stretch of time that words are for, in seconds since 1970: last night began at 18:00 of the day before. */
async function stretchOf(
  planning: Planning,
  node: string | undefined,
  said: Which,
): Promise<readonly [number, number] | undefined> {
  const isTimed = said.date !== undefined || /^(lastNight|today|yesterday)$/.test(said.which ?? '');
  if (!isTimed || node === undefined) return undefined;
  const offset = await offsetOf(planning, node);
  const midnight = Math.floor((planning.now + offset) / day) * day - offset;
  if (said.date !== undefined) {
    const from = Date.parse(`${said.date}T00:00:00Z`) / 1_000 - offset;
    return [from, from + day];
  }
  if (said.which === 'lastNight') return [midnight - day / 4, planning.now];
  if (said.which === 'today') return [midnight, planning.now];
  return [midnight - day, midnight];
}

/** The archives that a node can read. */
export async function readable(planning: Planning, node: string, all: readonly ArchiveNow[]): Promise<ArchiveNow[]> {
  const storages = await storagesOf(planning, node);
  return all.filter((archive) => {
    const storage = storages.find((each) => each.storage === archive.storage);
    return storage !== undefined && (storage.shared || archive.node === node);
  });
}

/** Of which guest, and where it is to be read. */
export interface Wanted {
  readonly vmid: number | undefined;
  /** In words: `VM 104 build-agent`. */
  readonly title: string;
  readonly node: string | undefined;
}

/** The one archive that is meant, with what was taken for granted; or what is told where there is none, or several. */
export async function chooseArchive(
  planning: Planning,
  { vmid, title, node }: Wanted,
  said: Which,
): Promise<{ archive: ArchiveNow; assumptions: string[] } | Planned> {
  const archives = await archivesNow(planning, vmid);
  const here = node === undefined ? archives.found : await readable(planning, node, archives.found);
  const onStorage = here.filter(({ storage }) => said.from === undefined || storage === said.from);
  if (said.archive !== undefined) {
    const isElsewhere = here.length < archives.found.length && archivesNamed(archives, said.archive).length > 0;
    return named(onStorage, said.archive, isElsewhere ? { input: 'node', reason: 'not_acceptable' } : {});
  }
  if (said.date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(said.date))
    return refused({ why: `“${said.date}” is no day.`, next: 'Write it as 2026-02-22, or say “the newest backup”.' });
  const stretch = await stretchOf(planning, node ?? onStorage[0]?.node, said);
  const fit = onStorage.filter(({ taken }) => stretch === undefined || (taken >= stretch[0] && taken < stretch[1]));
  const archive = said.which === 'oldest' ? fit.at(-1) : fit[0];
  if (archive === undefined) return refused(none(title, node, said, onStorage, archives.unread));
  const isSaid = said.which !== undefined || said.date !== undefined;
  const text = `Backup ${fileOf(archive)} on ${archive.storage}, taken ${takenText(archive)}`;
  return {
    archive,
    assumptions: [isSaid && fit.length === 1 ? text : `${text}: the newest${isSaid ? ' of these' : ''}`],
  };
}

function named(
  archives: readonly ArchiveNow[],
  name: string,
  about: Pick<Refusal, 'input' | 'reason'>,
): { archive: ArchiveNow; assumptions: string[] } | Planned {
  const [archive, ...others] = archivesNamed({ found: archives, unread: [] }, name);
  if (archive === undefined)
    return refused({
      why: `There is no backup ${name} that can be read there.`,
      next: '“list backups” shows what there is.',
      say: 'list backups',
      ...about,
    });
  if (others.length > 0)
    return refused({ why: `“${name}” fits ${others.length + 1} backups.`, next: 'Write the name in full.' });
  return { archive, assumptions: [`Taken ${takenText(archive)}`] };
}

function none(
  title: string,
  node: string | undefined,
  said: Which,
  others: readonly ArchiveNow[],
  unread: readonly string[],
): Refusal {
  const when = said.date ?? (said.which === 'newest' || said.which === 'oldest' ? undefined : said.which);
  const where = said.from === undefined ? (node === undefined ? '' : ` that ${node} can read`) : ` on ${said.from}`;
  const lacks = unread.length === 0 ? '' : ` Not everything could be read: ${unread.join('; ')}.`;
  const days = [...new Set(others.map((each) => takenText(each)))].slice(0, 5);
  const next = days.length === 0 ? 'See what there is: “list backups”.' : `There are those of ${days.join(', ')}.`;
  const words: Record<string, string> = { lastNight: 'last night', today: 'today', yesterday: 'yesterday' };
  const of = when === undefined ? '' : ` from ${words[when] ?? when}`;
  return { why: `There is no backup of ${title}${of}${where}.${lacks}`, next, say: 'list backups' };
}

/** A volume that an archive holds, as the configuration in it names it. */
export interface HeldVolume {
  readonly key: string;
  readonly storage: string;
  readonly value: string;
}

/** The volumes in an archive, and the name of the guest that it was made of. */
export async function contentsOf(
  planning: Planning,
  archive: ArchiveNow,
  node: string,
): Promise<{ volumes: HeldVolume[]; name: string | undefined }> {
  const got = await planning.read('/nodes/{node}/vzdump/extractconfig', { node, volume: archive.volid });
  const text = String(needed<unknown>(got, `The configuration in ${fileOf(archive)}`));
  // What follows a line in brackets are snapshots, which an archive holds by name alone.
  const lines = text.split(/^\[/m)[0]?.split('\n') ?? [];
  const volumes = lines.flatMap((line) => {
    const [, key = '', storage = '', rest = ''] =
      /^((?:scsi|virtio|sata|ide|efidisk|tpmstate|mp)\d+|rootfs): ([^:,\s]+):(\S+)/.exec(line) ?? [];
    if (key === '' || /media=cdrom/.test(rest) || /(^|,)backup=0(,|$)/.test(rest)) return [];
    return [{ key, storage, value: `${storage}:${rest}` }];
  });
  const name = lines.flatMap((line) => /^(?:name|hostname): (\S+)/.exec(line)?.[1] ?? [])[0];
  return { volumes, name };
}
