import { asNumber, asObject, asText } from '@pxa/pve/values';
import type { Given, Refusal } from '../kit/index.ts';

const periodical = <const P extends string>(period: P) =>
  ({ kind: 'count', say: [`[keep|keeping] {} ${period} [backup|backups]`] }) as const;

/** What is to be kept of the backups of each guest, each said by its own words: "7 daily and 4 weekly backups". */
export const retentionInput = {
  keepAll: { kind: 'flag', say: ['[keep|keeping] (all|every) (backup|backups)'] },
  keepLast: {
    kind: 'count',
    say: ['[keep|keeping] (last|newest|latest) {} [backup|backups]', '[keep|keeping] {} (backup|backups)'],
  },
  keepHourly: periodical('hourly'),
  keepDaily: periodical('daily'),
  keepWeekly: periodical('weekly'),
  keepMonthly: periodical('monthly'),
  keepYearly: periodical('yearly'),
} as const;

type Said = Given<typeof retentionInput>;
type Key = keyof typeof retentionInput;

/** The options of a rule as Proxmox calls them, in the order in which it writes them. */
const OPTIONS: Readonly<Record<Key, string>> = {
  keepAll: 'keep-all',
  keepDaily: 'keep-daily',
  keepHourly: 'keep-hourly',
  keepLast: 'keep-last',
  keepMonthly: 'keep-monthly',
  keepWeekly: 'keep-weekly',
  keepYearly: 'keep-yearly',
};
const keys = Object.keys(OPTIONS) as Key[]; // OPTIONS has these keys and no others.

/** A rule as it is sent: `keep-daily=7,keep-weekly=4`; undefined where nothing was said of it. */
export function retentionSaid(said: Said): string | undefined {
  const parts = keys.flatMap((key) => (said[key] === undefined ? [] : [`${OPTIONS[key]}=${Number(said[key])}`]));
  return parts.length === 0 ? undefined : parts.join(',');
}

/** A rule as Proxmox tells it, a text or an object, as it would be said: nothing of what it does not name. */
export function retentionNow(value: unknown): Said {
  const written = (asText(value) ?? '').split(',').map((part) => part.split('='));
  const told = asObject(value) ?? Object.fromEntries(written);
  return Object.fromEntries(
    keys.flatMap((key): [Key, boolean | number][] => {
      const count = asNumber(told[OPTIONS[key]]) ?? 0;
      return count > 0 ? [[key, key === 'keepAll' ? true : count]] : [];
    }),
  );
}

const MOST = 10_000;

/** Proxmox keeps all, or so many of each kind: both at once it refuses, and nothing at all it takes for all (JSONSchema.pm, prune-backups). */
export function retentionRefusals(said: Said): Refusal[] {
  const counts = keys.filter((key) => key !== 'keepAll' && said[key] !== undefined);
  const strange = counts.flatMap((input): Refusal[] => {
    const count = Number(said[input]);
    if (count >= 1 && count <= MOST) return [];
    const why = `${count} is no number of backups that can be kept.`;
    return [{ why, next: `Name one from 1 to ${MOST}.`, input, reason: count < 1 ? 'too_small' : 'too_big' }];
  });
  if (said.keepAll !== true || counts.length === 0) return strange;
  const why = 'All backups are kept, or so many of them: not both.';
  return [...strange, { why, next: 'Say one of the two.', input: 'keepAll', reason: 'not_acceptable' }];
}
