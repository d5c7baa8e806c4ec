import { ctimeSeconds } from './local-time.ts';

/** What a pool's `scan` text tells of its last scrub. */
export interface Scan {
  readonly kind: 'scrub' | 'resilver' | 'none' | 'unknown';
  readonly state: 'finished' | 'running' | 'paused' | 'canceled' | 'never' | 'unknown';
  /** When it ended, or when it began where it runs; seconds since 1970. */
  readonly at: number | undefined;
  readonly errors: number | undefined;
  readonly repaired: string | undefined;
  /** From 0 to 1, while it runs. */
  readonly done: number | undefined;
}

const nothing = { at: undefined, errors: undefined, repaired: undefined, done: undefined };

/**
 * Reads the prose that `zpool status` writes about scans (OpenZFS cmd/zpool, print_scan_scrub_resilver_status). A
 * resilver's text takes the place of the scrub's before it.
 */
export function parseScan(text: string, timeZone: string): Scan {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat === '' || flat === 'none requested') return { ...nothing, kind: 'none', state: 'never' };
  const kind = flat.startsWith('scrub') ? 'scrub' : flat.startsWith('resilver') ? 'resilver' : 'unknown';
  const at = ctimeSeconds(flat, timeZone);
  if (/ in progress since /.test(flat)) {
    const percent = /([\d.]+)% done/.exec(flat)?.[1];
    return { ...nothing, kind, state: 'running', at, done: percent === undefined ? undefined : Number(percent) / 100 };
  }
  if (/ paused since /.test(flat)) return { ...nothing, kind, state: 'paused', at };
  if (/ canceled on /.test(flat)) return { ...nothing, kind, state: 'canceled', at };
  const ended = /(?:repaired|resilvered) (\S+) in .* with (\d+) errors? on /.exec(flat);
  if (ended === null) return { ...nothing, kind, state: 'unknown', at };
  return { ...nothing, kind, state: 'finished', at, repaired: ended[1], errors: Number(ended[2]) };
}
