import { actions } from '@pxa/catalog';
import { describe, expect, test } from 'vitest';
import { type Earlier, type Played, played } from './orders.ts';

/** How far the predicted duration may be off. */
const CLOSE_SECONDS = 2;

/** What no read of the API tells of, and a twin cannot know therefore. */
const UNTOLD: readonly (readonly [order: RegExp, change: RegExp])[] = [
  // Backups hold the firewall of their guest; extractconfig gives its configuration alone.
  [/^restore /, / firewall /],
  // While changes of a network wait, the list shows what is to come.
  [/^(?:apply|revert) /, /^network of /],
];

/** Holds a rehearsal against what came of its plan: the same changes, in the same time, and borne out by a fresh read. */
function check(words: string, { rehearsed, job, predicted, real, seconds }: Played): void {
  const isUntold = (change: string): boolean => UNTOLD.some(([order, form]) => order.test(words) && form.test(change));
  const told = (changes: readonly string[]): string[] => changes.filter((change) => !isUntold(change));
  expect(rehearsed.rehearsal).toMatchObject({ outcome: 'ok' });
  expect(job.state).toBe('done');
  expect(job.proof).toMatchObject({ outcome: 'verified' });
  expect(told(predicted)).toEqual(told(real));
  expect(Math.abs((rehearsed.rehearsal.seconds ?? 0) - seconds)).toBeLessThanOrEqual(CLOSE_SECONDS);
}

/** What sends files of somebody's own computer: there is none here. */
const OF_FILES = new Set(['storage.upload']);

describe('what is rehearsed is what comes of it, for the examples of every action', () => {
  const plans = [...actions.values()].map(({ id, examples }) => {
    const says = examples.filter(({ sends }) => typeof sends !== 'string').map(({ say }) => say);
    return [id, says] as const;
  });

  test.each(plans.filter(([id, says]) => says.length > 0 && !OF_FILES.has(id)))('%s', async (_id, says) => {
    for (const words of says) check(words, await played(words));
  });
});

const BRIDGE: Earlier = ['POST /nodes/pve-node02/network', 'iface=vmbr9&type=bridge'];

/** Orders that make a plan only after something else was done. */
const LATER: readonly (readonly [words: string, earlier: readonly Earlier[]])[] = [
  ['apply the network changes of pve-node02', [BRIDGE]],
  ['revert the network changes of pve-node02', [BRIDGE]],
  [
    'migrate monitoring-stack to pve-node02',
    [
      ['POST /nodes/pve-node01/qemu/105/snapshot', 'snapname=live&vmstate=1'],
      ['POST /nodes/pve-node01/qemu/105/status/stop'],
    ],
  ],
  ['add zfs storage fast with pool rpool/fast for disks', []],
  ['add zfs storage fast with pool rpool/fast for disks on node pve-node02', []],
];

test.each(LATER)('what is rehearsed is what comes of it: %s', async (words, earlier) => {
  check(words, await played(words, earlier));
});
