import { asNumber } from '@pxa/pve/values';
import {
  baseText,
  type Cell,
  type ColumnDef,
  type Draft,
  type FindingRule,
  pointer,
  type Reading,
  type Rec,
  type Unknown,
  worked,
} from '../kit/index.ts';

/** Whether a backup job takes a guest along, as Proxmox itself works it out: one call for all guests. */
export async function coverageOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const got = await reading.list('/cluster/backup-info/not-backed-up', {});
  if (!got.ok) return { unknown: got.why };
  const vmid = Number(baseText(row, 'vmid'));
  const listed = got.data.find(({ data }) => asNumber(data['vmid']) === vmid);
  const backed: Cell = {
    value: listed === undefined,
    at: listed ? pointer(listed.at, 'vmid') : `not listed in ${got.at}`,
  };
  return { data: { backed }, at: listed?.at ?? got.at };
}

/** A column of guests: whether any enabled backup job covers them. */
export const coverageColumn: ColumnDef = worked('IN A BACKUP JOB', 'coverage', 'backed', 'flag', 'yes_no', {
  words: 'backup coverage|backup state',
  yes: 'backed up|covered by a backup|covered by a backup job|covered by backup|covered by backups|in a backup job|with a backup job|having a backup job|part of a backup job|being backed up|with backups configured|protected by a backup job',
  no: 'not backed up|without a backup job|not covered by a backup|not covered by a backup job|not covered by backups|not in a backup job|in no backup job|without backup job|not part of a backup job|with no backup job|not being backed up|left out of backups|missing from backups|without backups configured|unbacked|no backup job',
});

/** A guest of which no job makes backups; looked for where the question is about that. */
export const coverageFinding: FindingRule = {
  code: 'guest.not_backed_up',
  when: 'focused',
  severity: 'warning',
  needs: ['backed', 'vmid', 'name'],
  check: (value) =>
    value('backed') === false
      ? {
          text: `${String(value('vmid'))} (${String(value('name'))}) is in no backup job.`,
          next_step: `Add ${String(value('vmid'))} to a backup job (Datacenter, Backup), or tag it if it needs none.`,
        }
      : undefined,
};
