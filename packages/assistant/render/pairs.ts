import type { Column, View } from '@pxa/contract';

/** Columns that a person reads as one: how much is used, of how much, and which share that is. */
export interface Pair {
  used: Column;
  total: Column;
  share: Column | undefined;
}

const TOTALS: Record<string, string> = { cpu_used: 'maxcpu', cpu: 'maxcpu', used: 'total' };
const SHARES: Record<string, string[]> = {
  cpu_used: ['cpu'],
  cpu: [],
  used: ['share', 'used_fraction'],
  disk: ['disk_share', 'share'],
};

/** `mem` → `maxmem`, `swap_used` → `swap_total`, `memused` → `memtotal`. */
function totalKey(used: string): string {
  const named = TOTALS[used];
  if (named !== undefined) return named;
  return used.endsWith('used') ? used.replace(/used$/, 'total') : `max${used}`;
}

function shareKeys(used: string): string[] {
  return SHARES[used] ?? [`${used.replace(/_used$/, '')}_share`];
}

/** The pairs of a view, by the key of the column that tells what is used. */
export function pairsOf(view: View): Map<string, Pair> {
  const byKey = new Map(view.columns.map((column) => [column.key, column]));
  const pairs = new Map<string, Pair>();
  for (const used of view.columns) {
    // A guest's `cpu` beside its vCPUs in use is their share.
    if (used.key === 'cpu' && byKey.has('cpu_used')) continue;
    const total = byKey.get(totalKey(used.key));
    if (total === undefined || !belongTogether(used, total)) continue;
    const share = shareKeys(used.key)
      .map((key) => byKey.get(key))
      .find((column) => column?.unit === 'fraction');
    pairs.set(used.key, { used, total, share });
  }
  return pairs;
}

function belongTogether(used: Column, total: Column): boolean {
  if (used.unit === 'bytes') return total.unit === 'bytes';
  return used.key === 'cpu' ? used.unit === 'fraction' : used.key === 'cpu_used';
}
