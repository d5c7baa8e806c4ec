import type { Cells } from '../http/cells.ts';
import { GiB } from '../http/cells.ts';
import type { GuestDetails } from './details-schema.ts';

/** How a guest is backed up, of its newest archive and of the job that takes it. */
export function backupOf(guest: Cells, newest: Cells, jobs: readonly Cells[]): GuestDetails['backup'] {
  const vmid = String(guest.number('vmid'));
  const job = jobs.find(
    (each) => each.flag('enabled') === true && each.list('guest_ids').some((of) => endsIn(of, vmid)),
  );
  return {
    enabled: guest.flag('backed'),
    schedule: job?.text('schedule') ?? null,
    retention_days: retentionDays(job?.text('retention') ?? null),
    last_backup: newest.time('taken'),
    backup_size_gb: newest.in(GiB, 'size'),
  };
}

/** `101`, or `qemu/101`. */
const endsIn = (id: string, vmid: string): boolean => id === vmid || id.endsWith(`/${vmid}`);

const DAYS: Readonly<Record<string, number>> = { daily: 1, weekly: 7, monthly: 30 };

/** `keep-daily=7` keeps seven days, `keep-weekly=4` four weeks; rules of other kinds say it in no number of days. */
function retentionDays(retention: string | null): number | null {
  const kept = [...(retention ?? '').matchAll(/keep-(daily|weekly|monthly)=(\d+)/g)].map(
    ([, period = '', count]) => (DAYS[period] ?? 0) * Number(count),
  );
  return kept.length === 0 ? null : Math.max(...kept);
}
