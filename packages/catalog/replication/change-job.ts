import type { Fact } from '@pxa/contract';
import { asNumber, asText } from '@pxa/pve/values';
import { action, already, anyNode, call, factAt, piece, type Planned, type Planning, refused } from '../kit/index.ts';
import { isJob, jobInput, jobMeant, jobObjects, jobText, replicationFact, type ReplicationNow } from './job-now.ts';

async function nodeOf(planning: Planning, { source }: ReplicationNow): Promise<string> {
  return source ?? anyNode(planning);
}

/** How long a run that was asked for may take until it shows: up to a minute to its beginning, and the copy itself. */
const RUN_S = 900;

/** What is to be so after a run, and what is known before it. */
interface Run {
  readonly expects: Fact[];
  readonly warnings: string[];
}

/**
 * That the job has run well since; nothing where its node does not tell when it last did. One that has failed may well
 * do so again, which is no reason not to try: whether it was tried is what shows.
 */
async function ranAgain(planning: Planning, { id }: ReplicationNow, node: string): Promise<Run> {
  const got = await planning.list('/nodes/{node}/replication', { node });
  const row = got.ok ? got.data.find(({ data }) => data['id'] === id) : undefined;
  if (row === undefined) return { expects: [], warnings: [] };
  const failed = asNumber(row.data['fail_count']) ?? 0;
  const [key, what] = failed > 0 ? (['last_try', 'last attempt'] as const) : (['last_sync', 'last run'] as const);
  const since = asNumber(row.data[key]) ?? 0;
  const path = `/nodes/${node}/replication`;
  const error = asText(row.data['error']);
  return {
    expects: [factAt(`${what} of replication job ${id}`, path, [`[id=${id}]`, key], since, { how: 'more' })],
    warnings:
      failed === 0
        ? []
        : [
            `It has failed ${failed} times in a row${error === null ? '' : `: ${error}`}. That it was tried again is all that is verified; “list replication jobs” shows how it went.`,
          ],
  };
}

export const deleteReplication = action({
  id: 'replication.delete',
  verb: 'delete the replication job',
  risk: 'destructive',
  say: [
    ...jobObjects.map((object) => `(delete|remove|drop|stop|cancel|end) ${object}`),
    'stop replicating {guest} {*}',
  ],
  input: jobInput,
  async plan(planning, { input }): Promise<Planned> {
    const job = await jobMeant(planning, input, 'delete');
    if (!isJob(job)) return job;
    if (job.leaving) return already(`${jobText(job)} is being removed.`);
    const says = `Delete ${jobText(job)}`;
    return piece({
      says,
      steps: [
        {
          ...call('DELETE', '/cluster/replication/{id}', { id: job.id }, says),
          node: await nodeOf(planning, job),
          limitSeconds: 60,
          relies: [replicationFact(job.id, 'target', job.target), replicationFact(job.id, 'remove_job', null)],
          expects: [replicationFact(job.id, 'remove_job', 'full')],
        },
      ],
      warnings: ['Proxmox marks it, and takes it and the replicas away within minutes.'],
      loses: [`the replicas of guest ${job.guest} on ${job.target}`, jobText(job)],
      changes: [{ about: jobText(job), key: 'job', before: job.schedule, after: null }],
      confirm: job.id,
    });
  },
  examples: [
    { say: 'delete replication job 102-0', sends: ['DELETE /cluster/replication/102-0'] },
    { say: 'stop replicating dc01-win2022', sends: ['DELETE /cluster/replication/100-0'] },
    { say: 'delete the replication of build-agent', sends: 'clarification' },
  ],
});

export const runReplication = action({
  id: 'replication.run',
  verb: 'run the replication job',
  risk: 'change',
  say: [
    ...jobObjects.map((object) => `(run|start|trigger|execute|launch|kick off) ${object} [now]`),
    '(replicate|sync) {guest} now',
  ],
  input: jobInput,
  async plan(planning, { input }): Promise<Planned> {
    const job = await jobMeant(planning, input, 'run');
    if (!isJob(job)) return job;
    if (!job.enabled || job.leaving) {
      const say = `enable replication job ${job.id}`;
      return refused({
        why: `${jobText(job)} is ${job.leaving ? 'being removed' : 'disabled'}: it does not run.`,
        next: `Enable it first: “${say}”.`,
        say,
      });
    }
    const node = await nodeOf(planning, job);
    const says = `Run ${jobText(job)} now`;
    const { expects, warnings } = await ranAgain(planning, job, node);
    return piece({
      says,
      steps: [
        {
          ...call('POST', '/nodes/{node}/replication/{id}/schedule_now', { node, id: job.id }, says),
          node,
          limitSeconds: 60,
          settleSeconds: RUN_S,
          expects,
        },
      ],
      assumptions: ['Proxmox begins it with its next minute'],
      warnings,
      changes: [{ about: jobText(job), key: 'next run', before: job.schedule, after: 'now' }],
    });
  },
  examples: [
    { say: 'run replication job 100-0 now', sends: ['POST /nodes/pve-node01/replication/100-0/schedule_now'] },
    {
      say: 'run replication job 102-0',
      sends: ['POST /nodes/pve-node01/replication/102-0/schedule_now'],
    },
    { say: 'run the replication of build-agent', sends: 'clarification' },
  ],
});

async function switched(planning: Planning, job: ReplicationNow, enable: boolean): Promise<Planned> {
  if (job.enabled === enable) return already(`${jobText(job)} is ${enable ? 'enabled' : 'disabled'}.`);
  const says = `${enable ? 'Enable' : 'Disable'} ${jobText(job)}`;
  return piece({
    says,
    steps: [
      {
        ...call('PUT', '/cluster/replication/{id}', { id: job.id, disable: !enable }, says),
        node: await nodeOf(planning, job),
        limitSeconds: 60,
        relies: [replicationFact(job.id, 'disable', 1, enable ? undefined : 'not')],
        expects: [replicationFact(job.id, 'disable', 1, enable ? 'not' : undefined)],
      },
    ],
    warnings: enable
      ? []
      : [`The replica of guest ${job.guest} on ${job.target} grows older until it is enabled again.`],
    changes: [{ about: jobText(job), key: 'enabled', before: enable ? 'no' : 'yes', after: enable ? 'yes' : 'no' }],
  });
}

export const enableReplication = action({
  id: 'replication.enable',
  verb: 'enable the replication job',
  risk: 'change',
  say: jobObjects.map((object) => `(enable|activate|resume|turn on|switch on) ${object}`),
  input: jobInput,
  async plan(planning, { input }): Promise<Planned> {
    const job = await jobMeant(planning, input, 'enable');
    return isJob(job) ? switched(planning, job, true) : job;
  },
  examples: [
    { say: 'enable replication job 102-0', sends: 'answer' },
    { say: 'resume the replication of dc01-win2022', sends: 'answer' },
    { say: 'enable replication job 999-0', sends: 'clarification' },
  ],
});

export const disableReplication = action({
  id: 'replication.disable',
  verb: 'disable the replication job',
  risk: 'change',
  say: jobObjects.map((object) => `(disable|deactivate|pause|suspend|turn off|switch off) ${object}`),
  input: jobInput,
  async plan(planning, { input }): Promise<Planned> {
    const job = await jobMeant(planning, input, 'disable');
    return isJob(job) ? switched(planning, job, false) : job;
  },
  examples: [
    { say: 'disable replication job 102-0', sends: ['PUT /cluster/replication/102-0 disable=1'] },
    { say: 'pause the replication of dc01-win2022', sends: ['PUT /cluster/replication/100-0 disable=1'] },
    { say: 'disable replication job 999-0', sends: 'clarification' },
  ],
});

export const changeReplication = action({
  id: 'replication.change',
  verb: 'change the replication job',
  risk: 'change',
  say: jobObjects.flatMap((object) => [`(change|set|update|reschedule) [schedule of] ${object} [to run] {+}`]),
  input: {
    ...jobInput,
    schedule: { kind: 'schedule', say: ['[to] [run] {}', '(to|at|with schedule) {}'], ask: 'How often is it to run?' },
  },
  async plan(planning, { input }): Promise<Planned> {
    const job = await jobMeant(planning, input, 'change');
    if (!isJob(job)) return job;
    const { schedule = '' } = input;
    if (schedule === job.schedule) return already(`${jobText(job)} runs ${schedule}.`);
    const says = `Change ${jobText(job)}: schedule ${schedule}`;
    return piece({
      says,
      steps: [
        {
          ...call('PUT', '/cluster/replication/{id}', { id: job.id, schedule }, says),
          node: await nodeOf(planning, job),
          limitSeconds: 60,
          relies: [replicationFact(job.id, 'target', job.target)],
          expects: [replicationFact(job.id, 'schedule', schedule)],
        },
      ],
      changes: [{ about: jobText(job), key: 'schedule', before: job.schedule, after: schedule }],
    });
  },
  examples: [
    {
      say: 'change replication job 100-0 to every 30 minutes',
      sends: ['PUT /cluster/replication/100-0 schedule=*/30'],
    },
    {
      say: 'set the schedule of replication job 102-0 to every hour',
      sends: ['PUT /cluster/replication/102-0 schedule=hourly'],
    },
    { say: 'change replication job 999-0 to every 30 minutes', sends: 'clarification' },
  ],
});
