import { eachTarget, lackOf } from '../judge.ts';
import type { Check, Circumstances, Rule, Seen } from '../rule.ts';
import { guestLook, listOf } from './guest-looks.ts';

const DAY = 86_400;
/** Older than a weekly job makes them. */
const OLD_DAYS = 8;

/** Rules about what becomes of a guest that is lost. */
export const guestProtectionRules: readonly Rule[] = [
  {
    id: 'guest.not_backed_up',
    kind: 'configuration',
    title: 'A backup job covers every guest',
    about: 'guest',
    grade: 'medium',
    looks: [guestLook('backed')],
    judge: eachTarget({
      needs: ['backed'],
      fault: (row, name) => (row.value('backed') === false ? { text: `No backup job covers ${name}.` } : undefined),
    }),
    remedy: 'Add it to a backup job: Datacenter → Backup.',
    controls: ['CIS 11.2', 'SOC2 A1.2'],
  },
  {
    id: 'guest.no_recent_backup',
    kind: 'configuration',
    title: `Every guest has a backup of the last ${OLD_DAYS} days`,
    about: 'guest',
    grade: 'high',
    looks: [
      guestLook('vmid'),
      { dataset: 'backups', columns: [], group: ['guest'], measure: { of: 'max', column: 'taken' } },
    ],
    judge: newestBackups,
    remedy: 'Make a backup now, and find out why the job did not.',
    fix: { action: 'backup.create', on: 'target' },
    controls: ['CIS 11.2', 'SOC2 A1.2'],
  },
  {
    id: 'guest.unprotected',
    kind: 'configuration',
    title: 'Guests in production are protected from deletion',
    about: 'guest',
    grade: 'low',
    looks: [guestLook('tags', 'protection')],
    judge: eachTarget({
      when: (row) => listOf(row, 'tags').some((tag) => /^(env[-_])?(production|prod)$/.test(tag)),
      needs: ['protection', 'tags'],
      fault: (row, name) =>
        row.value('protection') === false
          ? { text: `${name} is tagged as production, and nothing keeps it from being deleted.` }
          : undefined,
    }),
    remedy: 'Switch its protection on.',
    fix: { action: 'guest.protection_on', on: 'target' },
    controls: ['SOC2 CC8.1'],
  },
];

/** The newest archive of each guest; where storages could not be read, its absence is not known. */
function newestBackups([guests, archives]: readonly Seen[], { targets, now }: Circumstances): Check[] {
  const byGuest = new Map((archives?.rows ?? []).map((row) => [row.value('guest'), row]));
  return (guests?.rows ?? []).flatMap((guest): Check[] => {
    const target = guest.id;
    const name = targets.get(target);
    if (name === undefined) return [];
    const row = byGuest.get(target);
    const taken = row?.value('max');
    if (row !== undefined && typeof taken === 'number') {
      const days = Math.floor((now - taken) / DAY);
      if (days <= OLD_DAYS) return [{ state: 'passed', target }];
      const text = `The newest backup of ${name} is ${days} days old.`;
      const why = lackOf(archives, target);
      if (why !== undefined) return [{ state: 'unknown', target, why }];
      return [{ state: 'failed', target, fault: { text, grade: 'medium', by: [[row, 'max']] } }];
    }
    const why = lackOf(archives, target);
    if (why !== undefined) return [{ state: 'unknown', target, why }];
    return [{ state: 'failed', target, fault: { text: `There is no backup of ${name}.`, by: [[guest, 'vmid']] } }];
  });
}
