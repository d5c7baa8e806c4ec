import type { ParamsOf } from '@pxa/pve/facts';
import { guestsIn } from '../guests/asked.ts';
import { action, call, needed, piece, type PieceStep, type Planned, refused } from '../kit/index.ts';
import { newArchiveFact } from './archives-now.ts';
import { jobNow, jobTitle, selectionText, sentAgain } from './job-now.ts';
import { type Job, takes } from './jobs-of.ts';

/** What of a job is about when and where it runs, and not how (pve-manager www/manager6/dc/Backup.js, run_backup_now). */
const scheduling = new Set([
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

type Sent = Omit<ParamsOf<'POST', '/nodes/{node}/vzdump'>, 'node'>;

/** The job's own parameters, as a run of it by hand sends them. */
function paramsOf(job: Job): Sent {
  const own = Object.entries(job.rec.data).flatMap(([key, value]): [string, string | number][] => {
    const sent = scheduling.has(key) ? undefined : sentAgain(value);
    return sent === undefined ? [] : [[key, sent]];
  });
  // The facts of both calls name the same parameters; the plan's calls are validated against them once more.
  return { ...Object.fromEntries(own), 'job-id': job.id } as Sent;
}

interface Run {
  readonly node: string;
  readonly vmids: readonly number[];
  /** When it was planned, in seconds since 1970. */
  readonly since: number;
}

function runStep(job: Job, { node, vmids, since }: Run): PieceStep {
  const [only] = vmids;
  const { storage = '' } = job;
  const says = `Back up ${vmids.join(', ')} on ${node} to ${job.storage ?? 'the storage of the job'}`;
  return {
    ...call('POST', '/nodes/{node}/vzdump', { node, ...paramsOf(job) }, says),
    node,
    // vzdump names its task after the guest only where it is the only one (pve-manager API2/VZDump.pm).
    tasks: [{ type: 'vzdump', id: vmids.length === 1 ? String(only) : '' }],
    limitSeconds: 24 * 3_600,
    // Where the job names no storage, its archives lie in a directory of the node that no list shows.
    expects: job.storage === undefined ? [] : vmids.map((vmid) => newArchiveFact({ node, storage }, vmid, since)),
  };
}

export const runJob = action({
  id: 'backup_job.run',
  verb: 'run backup job',
  risk: 'change',
  on: { dataset: 'backup-jobs' },
  say: [
    '(run|start|execute|trigger|launch|kick off|fire) (backup job|backup jobs|job|backup schedule|scheduled backup) {on} [now|immediately]',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const job = await jobNow(planning, target);
    const rows = needed(await planning.list('/cluster/resources', {}), 'The list of guests');
    const online = new Set((await planning.nodes()).filter((node) => node.online).map(({ node }) => node));
    const chosen = guestsIn(rows).filter((guest) => takes(job, guest));
    const reached = chosen.filter(({ node }) => online.has(node));
    if (reached.length === 0) {
      const why = `Backup job ${job.id} finds no guest to back up (${selectionText(job)}).`;
      return refused({ why, next: `Change what it takes: “add … to backup job ${job.id}”.` });
    }
    const byNode = [...Map.groupBy(reached, ({ node }) => node)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const left = chosen.filter(({ node }) => !online.has(node)).map(({ vmid }) => vmid);
    const mode = String(job.rec.data['mode'] ?? 'snapshot');
    const stops = mode !== 'snapshot';
    return piece({
      says: `Run ${jobTitle(job)} now`,
      risk: stops ? 'disruptive' : 'change',
      steps: byNode.map(([node, guests]) =>
        runStep(job, { node, vmids: guests.map(({ vmid }) => vmid), since: planning.now }),
      ),
      assumptions: [`As the job says: ${selectionText(job)}, mode ${mode}, to ${job.storage ?? 'its storage'}`],
      warnings: [
        ...(left.length === 0 ? [] : [`${left.join(', ')} are on nodes that are offline, and left out.`]),
        ...(stops
          ? [`Running guests are ${mode === 'stop' ? 'stopped' : 'held still'} while they are backed up.`]
          : []),
        ...(job.enabled ? [] : ['The job is disabled; that does not keep it from being run by hand.']),
        ...(job.rec.data['prune-backups'] === undefined
          ? []
          : [`Old backups are pruned afterwards, as the job says: ${sentAgain(job.rec.data['prune-backups'])}.`]),
      ],
      changes: byNode.map(([node, guests]) => ({
        about: node,
        key: 'backups',
        before: null,
        after: `of ${guests.map(({ vmid }) => vmid).join(', ')}`,
      })),
    });
  },
  examples: [
    {
      say: 'run backup job backup-01 now',
      sends: [
        'POST /nodes/pve-node01/vzdump storage=backup-pool vmid=100,101,102,103,105,200,201 mode=snapshot job-id=backup-01 prune-backups=keep-daily=7',
      ],
    },
    {
      say: 'run backup job backup-03',
      sends: [
        'POST /nodes/pve-node01/vzdump vmid=200,201,202,203,204',
        'POST /nodes/pve-node02/vzdump vmid=200,201,202,203,204',
        'POST /nodes/pve-node03/vzdump vmid=200,201,202,203,204',
      ],
    },
    { say: 'run backup job backup-42', sends: 'clarification' },
  ],
});
