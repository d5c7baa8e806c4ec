import { type FindingRule, percentText } from '../kit/index.ts';
import { badVdevs } from './columns.ts';
import { errorKinds } from './vdevs.ts';

const day = 86_400;
const severe = ['FAULTED', 'UNAVAIL', 'SUSPENDED', 'DEGRADED', 'REMOVED', 'OFFLINE'];

type Value = (column: string) => unknown;
const pool = (value: Value): string => `${String(value('node'))}/${String(value('name'))}`;
const look = (value: Value): string =>
  `Check physical disk health with \`zpool status ${String(value('name'))}\` on ${String(value('node'))}.`;

const listLost = (value: Value): string =>
  `\`zpool status -v ${String(value('name'))}\` on ${String(value('node'))} lists what is damaged; restore that from a backup.`;

/** What ZFS pools tell that their keeper should know. */
export const findings: readonly FindingRule[] = [
  {
    code: 'zfs.degraded',
    severity: 'critical',
    needs: ['state', 'bad_vdevs', 'node', 'name'],
    check: (value, _thresholds, row) => {
      const state = String(value('state'));
      if (!severe.includes(state)) return undefined;
      return { text: `${pool(value)} is ${state}.${vdevText(badVdevs(row))}`, next_step: look(value) };
    },
  },
  {
    code: 'zfs.errors',
    severity: 'warning',
    needs: ['bad_vdevs', 'errors', 'scrub', 'state', 'node', 'name'],
    check: (value, _thresholds, row) => {
      const errors = value('errors');
      const lost = typeof errors === 'string' && errors !== 'No known data errors';
      // A pool that is not online is told of as such; its devices' errors are part of that.
      const bad = severe.includes(String(value('state'))) ? [] : badVdevs(row);
      const scrubbed = value('scrub') === 'errors';
      if (!lost && bad.length === 0 && !scrubbed) return undefined;
      const parts = [
        ...(lost ? [errors.replace(/, use '-v' for a list$/, '')] : []),
        ...(scrubbed ? ['its last scrub found errors'] : []),
        ...(bad.length > 0 ? [vdevText(bad).trim().replace(/\.$/, '')] : []),
      ];
      return {
        severity: lost ? 'critical' : 'warning',
        text: `${pool(value)}: ${parts.join('; ')}.`,
        next_step: lost ? listLost(value) : look(value),
      };
    },
  },
  {
    code: 'zfs.fragmented',
    severity: 'warning',
    needs: ['frag', 'node', 'name'],
    check: (value, { fragmentation }) => {
      const frag = value('frag');
      if (typeof frag !== 'number' || frag < fragmentation) return undefined;
      return {
        text: `${pool(value)}: high fragmentation (${percentText(frag)}) may impact write performance.`,
        next_step: 'Consider rebalancing: free space in it, or move volumes away and back.',
      };
    },
  },
  {
    code: 'zfs.high',
    severity: 'warning',
    needs: ['share', 'node', 'name'],
    check: (value, { storage }) => {
      const share = value('share');
      if (typeof share !== 'number' || share < storage) return undefined;
      return {
        text: `${pool(value)} is ${percentText(share)} full; ZFS slows down as a pool fills up.`,
        next_step: `Free space in it, or add disks. See what takes it with \`zfs list -o space -r ${String(value('name'))}\` on ${String(value('node'))}.`,
      };
    },
  },
  {
    code: 'zfs.scrub_old',
    severity: 'warning',
    needs: ['last_scrub', 'scrub', 'node', 'name'],
    check: (value, { scrubDays }, _row, now) => {
      const last = value('last_scrub');
      const never = value('scrub') === 'never';
      const days = typeof last === 'number' ? Math.floor((now - last) / day) : 0;
      if (!never && days <= scrubDays) return undefined;
      const text = never ? 'has never been scrubbed' : `was last scrubbed ${days} days ago`;
      return {
        text: `${pool(value)} ${text}.`,
        next_step: `Run \`zpool scrub ${String(value('name'))}\` on ${String(value('node'))}.`,
      };
    },
  },
];

/** ` 1 vdev shows read errors (ata-X, FAULTED: too many errors).` */
function vdevText(bad: readonly ReturnType<typeof badVdevs>[number][]): string {
  if (bad.length === 0) return '';
  const kinds = [...new Set(bad.flatMap(errorKinds))].map((kind) => `${kind} errors`);
  const many = bad.length > 1;
  const what = kinds.length > 0 ? `show${many ? '' : 's'} ${kinds.join(' and ')}` : many ? 'have failed' : 'has failed';
  const names = bad.map(({ name, state, msg }) =>
    [name, state === 'ONLINE' ? '' : state, msg].filter(Boolean).join(' '),
  );
  return ` ${bad.length} vdev${many ? 's' : ''} ${what} (${names.join(', ')}).`;
}
