import { retentionText } from '../backups/target.ts';
import { isSet } from '../backups/selection.ts';
import { vzdumpWrites } from '../behaviours/vzdump-writes.ts';
import { rootCall, type World } from '../ha/world.ts';
import { nextEvent } from '../state/calendar.ts';
import type { NodeState, Row } from '../state/model.ts';
import type { DueJob } from './due.ts';

/** Options of a job that are none of vzdump (pve-manager PVE/Jobs/VZDump.pm, run). */
const NOT_OF_A_RUN = new Set([
  'id',
  'type',
  'enabled',
  'schedule',
  'starttime',
  'dow',
  'node',
  'comment',
  'next-run',
  'repeat-missed',
]);

/** When the backup jobs run next, on each node that they are for. A node that is away then has missed it. */
export function dueBackups(world: World, after: number): DueJob[] {
  const { backupJobs, nodes } = world.state;
  const enabled = backupJobs.filter((job) => job['enabled'] === undefined || isSet(job['enabled']));
  return enabled.flatMap((job) =>
    [...nodes.values()].flatMap((node): DueJob[] => {
      if (job['node'] !== undefined && job['node'] !== node.name) return [];
      const at = nextEvent(String(job['schedule'] ?? '00:00'), after, node.tzOffset);
      return at === undefined ? [] : [{ at, run: () => run(world, node, job) }];
    }),
  );
}

/** A run for the guests of one node, as root@pam; where it has none of the job's, nothing is begun. */
function run(world: World, node: NodeState, job: Row): void {
  if (node.offlineSince !== undefined || world.state.quorumLost === true) return;
  const options = Object.entries(job).filter(([key, value]) => !NOT_OF_A_RUN.has(key) && value !== undefined);
  const params = Object.fromEntries(options.map(([key, value]) => [key, sent(value)]));
  const call = rootCall(world, node.name, { node: node.name, ...params, quiet: 1, 'job-id': job['id'] });
  try {
    void vzdumpWrites['POST /nodes/{node}/vzdump']?.(call);
  } catch {
    // What cannot be begun is in the log of the node alone (run_jobs).
  }
}

/** Property strings are kept taken apart, and given to vzdump as text. */
const sent = (value: unknown): unknown => (typeof value === 'object' ? retentionText(value) : value);
