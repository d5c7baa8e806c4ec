import type { Volume } from './model.ts';
import { properties } from './guest-size.ts';

export type PruneMark = 'keep' | 'remove' | 'protected' | 'renamed';

interface Entry {
  volume: Volume;
  ctime: number;
  mark?: PruneMark;
}

/** How many backups to keep, by period; each backup counts for one period only. */
const PERIODS: [option: string, period: (date: Date) => string][] = [
  ['keep-last', (date) => String(date.getTime())],
  ['keep-hourly', (date) => date.toISOString().slice(0, 13)],
  ['keep-daily', (date) => date.toISOString().slice(0, 10)],
  ['keep-weekly', isoWeek],
  ['keep-monthly', (date) => date.toISOString().slice(0, 7)],
  ['keep-yearly', (date) => date.toISOString().slice(0, 4)],
];

/** The ISO week that a date lies in: its Thursday decides the year. */
function isoWeek(date: Date): string {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  return `${year}/${Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 604_800_000)}`;
}

/**
 * What would become of each backup of one guest under a retention (`keep-last=3,keep-weekly=2`), newest first:
 * PVE::Storage::prune_mark_backup_group. `tzOffset` in seconds east of UTC.
 */
export function markBackups(volumes: readonly Volume[], retention: string, tzOffset: number): [Volume, PruneMark][] {
  const keep = properties(retention);
  const entries = volumes
    .map((volume): Entry => ({ volume, ctime: Number(volume['ctime'] ?? 0), ...fixedMark(volume) }))
    .sort((a, b) => b.ctime - a.ctime);
  const open = entries.filter(({ mark }) => mark === undefined);
  const counts = PERIODS.map(([option]) => Number(keep[option] ?? 0));
  const all = keep['keep-all'] === '1' || counts.every((count) => count === 0);
  PERIODS.forEach(([, period], index) => {
    const of = ({ ctime }: Entry): string => period(new Date((ctime + tzOffset) * 1000));
    if (!all) markPeriod(open, counts[index] ?? 0, of);
  });
  return entries.map(({ volume, mark }) => [volume, mark ?? (all ? 'keep' : 'remove')]);
}

/** Protected archives stay; those whose name somebody has changed are left alone. */
function fixedMark(volume: Volume): { mark?: PruneMark } {
  if (volume['protected'] === 1) return { mark: 'protected' };
  const standard = /vzdump-(?:qemu|lxc)-\d+-\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d\.|:backup\/(?:vm|ct)\//;
  return standard.test(volume.volid) ? {} : { mark: 'renamed' };
}

function markPeriod(entries: readonly Entry[], count: number, of: (entry: Entry) => string): void {
  if (count === 0) return;
  const had = new Set(entries.filter(({ mark }) => mark === 'keep').map(of));
  const added = new Set<string>();
  for (const entry of entries) {
    const period = of(entry);
    if (entry.mark !== undefined || had.has(period)) continue;
    if (added.has(period)) entry.mark = 'remove';
    else if (added.size >= count) return;
    else {
      added.add(period);
      entry.mark = 'keep';
    }
  }
}
