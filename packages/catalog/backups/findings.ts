import type { FindingRule } from '../kit/index.ts';

/** What to do about an error that vzdump names, where it is a known one. */
function adviceFor(error: string, vmid: string): string {
  if (/exceeds storage limit|no space left|not enough space|disk quota exceeded/i.test(error)) {
    return 'Free space on the storage of the backups, or keep fewer of them (the job’s retention).';
  }
  if (/input\/output error|err -5\b|read error/i.test(error)) {
    return `Check the disks under ${vmid}: \`zpool status\` or \`dmesg\` on its node, and the storage of the backups.`;
  }
  if (/is locked|can't acquire lock|got timeout/i.test(error)) {
    return `See what holds ${vmid}: its lock and its running tasks.`;
  }
  if (/not online|does not exist|could not activate|no route|timed? ?out|connection/i.test(error)) {
    return 'Check that the storage of the backups can be reached from the node.';
  }
  return 'Read the whole log of the run, then back it up again.';
}

export const runFindings: readonly FindingRule[] = [
  {
    code: 'backup.failed',
    severity: 'warning',
    needs: ['status', 'error', 'vmid', 'guest_name', 'node', 'started'],
    check: (value) => {
      if (value('status') !== 'failed') return undefined;
      const error = String(value('error') ?? '');
      const vmid = value('vmid');
      const who =
        vmid === null
          ? `The backup on ${String(value('node'))}`
          : `Backup of ${String(vmid)}${nameOf(value('guest_name'))}`;
      const day = typeof value('started') === 'number' ? ` on ${dayOf(Number(value('started')))}` : '';
      return {
        text: `${who} failed${day}. Error: "${error}"`,
        next_step: adviceFor(error, vmid === null ? 'the guest' : String(vmid)),
      };
    },
  },
];

const nameOf = (name: unknown): string => (typeof name === 'string' && name !== '' ? ` (${name})` : '');

/** The day of a time, in UTC unless an offset of local time is given: `Feb 21`. */
export function dayOf(time: number, offset = 0): string {
  return new Date((time + offset) * 1000).toLocaleDateString('en-US', {
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  });
}

export const jobFindings: readonly FindingRule[] = [
  {
    code: 'backup.job_failed',
    severity: 'warning',
    needs: ['id', 'outcome', 'failures'],
    check: (value) => {
      const failures = value('failures');
      if (!Array.isArray(failures) || failures.length === 0) return undefined;
      const error = /Error: "(.*)"$/.exec(failures[0] ?? '')?.[1] ?? '';
      const vmid = /(?:VM|CT) (\d+)/.exec(failures[0] ?? '')?.[1] ?? 'the guest';
      return { text: `${String(value('id'))}: ${failures.join('; ')}`, next_step: adviceFor(error, vmid) };
    },
  },
];
