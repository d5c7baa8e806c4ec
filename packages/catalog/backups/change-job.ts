import type { Change, Fact } from '@pxa/contract';
import type { ParamsOf } from '@pxa/pve/facts';
import { asText } from '@pxa/pve/values';
import {
  action,
  already,
  anyNode,
  call,
  CannotPlan,
  needed,
  piece,
  type Planned,
  type Planning,
  refused,
} from '../kit/index.ts';
import { jobFact, jobNow, jobTitle, selectionText } from './job-now.ts';
import type { Job } from './jobs-of.ts';
import { retentionInput, retentionNow, retentionRefusals, retentionSaid } from './retention.ts';
import { scheduleRefusals } from './schedule-said.ts';

type Sent = Omit<ParamsOf<'PUT', '/cluster/backup/{id}'>, 'id'>;

/** One thing that changes of a job: what is sent, and how it reads before and after. */
interface Edit {
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly sent: Sent;
  readonly is: Fact | readonly Fact[];
  readonly was: Fact;
}

const vmidOf = (id: string): number => Number(id.slice(id.indexOf('/') + 1));

/** The guests that a job takes once some are added and some are taken out. */
function selectionEdit(job: Job, add: readonly number[], drop: readonly number[]): Edit[] {
  if (job.pool !== undefined) {
    throw new CannotPlan({
      why: `Backup job ${job.id} takes the members of pool ${job.pool}.`,
      next: `Change the pool’s members instead: “add … to pool ${job.pool}”.`,
      input: 'add',
      reason: 'not_acceptable',
    });
  }
  const before = job.all ? job.exclude : job.vmids;
  const more = job.all ? drop : add;
  const less = job.all ? add : drop;
  const after = [...new Set([...before, ...more])].filter((id) => !less.includes(id)).toSorted((a, b) => a - b);
  if (after.length === before.length && after.every((id) => before.includes(id))) return [];
  if (after.length === 0 && !job.all) {
    throw new CannotPlan({
      why: `Backup job ${job.id} would back nothing up any more.`,
      next: `Delete it instead: “delete backup job ${job.id}”.`,
      say: `delete backup job ${job.id}`,
      input: 'drop',
      reason: 'not_acceptable',
    });
  }
  const key = job.all ? 'exclude' : 'vmid';
  const none = job.all && after.length === 0;
  const sent: Sent = none ? { delete: 'exclude' } : job.all ? { exclude: after.join(',') } : { vmid: after.join(',') };
  return [
    {
      key: job.all ? 'all guests but' : 'guests',
      before: before.join(', ') || 'none',
      after: after.join(', ') || 'none',
      sent,
      is: jobFact(job.id, key, none ? null : after.join(',')),
      was: jobFact(job.id, key, asText(job.rec.data[key])),
    },
  ];
}

function plainEdit(job: Job, key: 'schedule' | 'storage' | 'mode' | 'comment', value: string | undefined): Edit[] {
  const before = asText(job.rec.data[key]);
  if (value === undefined || value === before) return [];
  const sent: Sent = { [key]: value };
  return [
    {
      key,
      before: before ?? 'none',
      after: value,
      sent,
      is: jobFact(job.id, key, value),
      was: jobFact(job.id, key, before),
    },
  ];
}

/** Another rule about what it keeps: all of it, since Proxmox takes it as one value. */
function keepEdit(job: Job, rule: string | undefined): Edit[] {
  const now = job.rec.data['prune-backups'];
  const before = retentionSaid(retentionNow(now));
  if (rule === undefined || before === rule) return [];
  const place = jobFact(job.id, 'prune-backups', null);
  // What it does not name, Proxmox tells nothing of: each that it names shows that it is this rule.
  const parts = rule.split(',').map((part) => part.split('='));
  const is = parts.map(([key = '', value]): Fact => ({ ...place, at: [...place.at, key], is: Number(value) }));
  const was: Fact = now === undefined ? place : { ...place, how: 'known' };
  const told = before ?? 'that of the storage';
  return [{ key: 'retention', before: told, after: rule, sent: { 'prune-backups': rule }, is, was }];
}

/** What goes by a rule, in words: with the next run of the job. */
function pruned(rule: string | undefined): string[] {
  if (rule === undefined || rule === 'keep-all=1') return [];
  const last = /^keep-last=(\d+)$/.exec(rule)?.[1];
  const goes =
    last === undefined
      ? `the backups of each guest on its storage that ${rule} does not keep`
      : `all but the last ${last} backups of each guest on its storage`;
  return [`With its next run, ${goes} are removed, protected ones excepted.`];
}

/** A storage that a job may write to: one that holds backups, wherever the job runs. */
async function checkStorage(planning: Planning, storage: string): Promise<void> {
  const list = needed(await planning.list('/storage', {}), 'The storages');
  const wanted = list.find(({ data }) => data['storage'] === storage);
  if ((asText(wanted?.data['content']) ?? '').split(',').includes('backup')) return;
  const fit = list.filter(({ data }) => (asText(data['content']) ?? '').split(',').includes('backup'));
  throw new CannotPlan({
    input: 'storage',
    reason: wanted === undefined ? 'not_found' : 'not_acceptable',
    why: wanted === undefined ? `There is no storage ${storage}.` : `${storage} does not take backups.`,
    next: `Storages that do: ${fit.map(({ data }) => String(data['storage'])).join(', ') || 'none'}.`,
  });
}

/** The plan of a job's edits, as one call. */
async function editJob(
  planning: Planning,
  job: Job,
  edits: readonly Edit[],
  warnings: readonly string[],
): Promise<Planned> {
  const node = await anyNode(planning);
  const says = `Change ${jobTitle(job)}: ${edits.map(({ key, after }) => `${key} ${after}`).join(', ')}`;
  const sent: Sent = Object.assign({}, ...edits.map((edit) => edit.sent)) as Sent; // Each edit has keys of its own.
  const step = call('PUT', '/cluster/backup/{id}', { id: job.id, ...sent }, says);
  const changes: Change[] = edits.map(({ key, before, after }) => ({ about: jobTitle(job), key, before, after }));
  return piece({
    says,
    steps: [
      { ...step, node, limitSeconds: 60, relies: edits.map(({ was }) => was), expects: edits.flatMap(({ is }) => is) },
    ],
    warnings,
    changes,
  });
}

export const changeJob = action({
  id: 'backup_job.change',
  verb: 'change backup job',
  risk: 'change',
  on: { dataset: 'backup-jobs' },
  say: [
    '(change|set|update|edit|modify|alter|reschedule|move|switch) [schedule|storage|target|retention|mode|time] [of|for] [backup|schedule] [job] {on} [to run|to start|to keep] {+}',
    '(run|start) [backup job|job] {on} {schedule}',
    '(set|change) retention (of|for) [backup] [job] {on} to {keepLast} [backups]',
    '(set|change) retention (of|for) [backup] [job] {on} to {+}',
    '(add|include|put) {add} (to|in|into) [backup] (job|schedule) {on}',
    '(remove|take|drop|exclude|leave out) {drop} (from|out of|of) [backup] (job|schedule) {on}',
    'let (backup job|job) {on} (run|start|keep|write) {+}',
  ],
  input: {
    schedule: {
      kind: 'schedule',
      say: ['[to] [run|start] (at|to) {}', '[to] [run|start] {}', '(to|with|on) [schedule|time] {}'],
    },
    storage: { kind: 'storage', say: ['(to|on|onto|into) [storage] {}', '(storage|target) [to] {}'] },
    mode: {
      kind: 'choice',
      say: ['(to|with|in) [mode] {} [mode]', 'mode {}'],
      values: { snapshot: 'snapshot', suspend: 'suspend', stop: 'stop' },
    },
    ...retentionInput,
    keepLast: {
      kind: 'count',
      say: ['[to] (keep|keeping) [last] {} [backups|of them|copies]', '[last] {} (backups|copies)'],
    },
    add: { kind: 'guests', say: [] },
    drop: { kind: 'guests', say: [] },
    comment: { kind: 'text', say: ['(comment|note|description) [to] {}'] },
  },
  async plan(planning, { target, input }): Promise<Planned> {
    const job = await jobNow(planning, target);
    if (input.storage !== undefined) await checkStorage(planning, input.storage);
    const { add = [], drop = [] } = input;
    const wrong = [...scheduleRefusals(input.schedule), ...retentionRefusals(input)];
    if (wrong.length > 0) return refused(...wrong);
    const rule = retentionSaid(input);
    const edits = [
      ...plainEdit(job, 'schedule', input.schedule),
      ...plainEdit(job, 'storage', input.storage),
      ...plainEdit(job, 'mode', input.mode),
      ...plainEdit(job, 'comment', input.comment),
      ...keepEdit(job, rule),
      ...(add.length + drop.length > 0 ? selectionEdit(job, add.map(vmidOf), drop.map(vmidOf)) : []),
    ];
    if (edits.length === 0) return already(`${jobTitle(job)} is so already: ${selectionText(job)}, ${job.schedule}.`);
    return editJob(planning, job, edits, [
      ...(input.storage === undefined
        ? []
        : [`Its older backups stay on ${job.storage ?? 'the old storage'}, and are not pruned there any more.`]),
      ...pruned(rule),
      ...(drop.length === 0 ? [] : ['What it has backed up of them stays.']),
    ]);
  },
  examples: [
    { say: 'change backup job backup-01 to run at 3:30', sends: ['PUT /cluster/backup/backup-01 schedule=03:30'] },
    { say: 'move backup job backup-01 to nfs-backup', sends: ['PUT /cluster/backup/backup-01 storage=nfs-backup'] },
    {
      say: 'add build-agent to backup job backup-02',
      sends: ['PUT /cluster/backup/backup-02 vmid=100,101,102,103,104,105,110,112'],
    },
    {
      say: 'remove 103 from backup job backup-02',
      sends: ['PUT /cluster/backup/backup-02 vmid=100,101,102,105,110,112'],
    },
    {
      say: 'set the retention of backup job backup-03 to 5',
      sends: ['PUT /cluster/backup/backup-03 prune-backups=keep-last=5'],
    },
    {
      say: 'set the retention of backup job backup-03 to 7 daily and 4 weekly backups',
      sends: ['PUT /cluster/backup/backup-03 prune-backups=keep-daily=7,keep-weekly=4'],
    },
    { say: 'move backup job backup-02 to local-zfs', sends: 'clarification' },
    { say: 'set the schedule of backup job backup-99 to daily', sends: 'clarification' },
  ],
});

/** How orders name a backup job. */
export const jobWords = '(backup job|backup jobs|job|backup schedule|scheduled backup)';

function switching(job: Job, enable: boolean): Edit {
  const text = (on: boolean): string => (on ? 'yes' : 'no');
  return {
    key: 'enabled',
    before: text(!enable),
    after: text(enable),
    sent: { enabled: enable },
    is: jobFact(job.id, 'enabled', enable ? 1 : 0, enable ? 'not' : undefined),
    was: jobFact(job.id, 'enabled', job.rec.data['enabled'] === undefined ? null : job.enabled ? 1 : 0),
  };
}

export const enableJob = action({
  id: 'backup_job.enable',
  verb: 'enable backup job',
  risk: 'change',
  on: { dataset: 'backup-jobs' },
  say: [
    `(enable|activate|turn on|switch on|resume|unpause|reactivate) ${jobWords} {on}`,
    `(turn|switch) ${jobWords} {on} on`,
    '(enable|activate|turn on|switch on|resume) (all|every|each) {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const job = await jobNow(planning, target);
    if (job.enabled) return already(`${jobTitle(job)} is enabled.`);
    return editJob(planning, job, [{ ...switching(job, true), is: jobFact(job.id, 'enabled', 0, 'not') }], []);
  },
  examples: [
    { say: 'enable backup job backup-01', sends: 'answer' },
    { say: 'turn on backup job backup-02', sends: 'answer' },
    { say: 'enable backup job backup-77', sends: 'clarification' },
  ],
});

export const disableJob = action({
  id: 'backup_job.disable',
  verb: 'disable backup job',
  risk: 'disruptive',
  on: { dataset: 'backup-jobs' },
  say: [
    `(disable|deactivate|turn off|switch off|pause|suspend) ${jobWords} {on}`,
    `(turn|switch) ${jobWords} {on} off`,
    '(disable|deactivate|turn off|switch off|pause) (all|every|each) {on}',
  ],
  input: {},
  async plan(planning, { target }): Promise<Planned> {
    const job = await jobNow(planning, target);
    if (!job.enabled) return already(`${jobTitle(job)} is disabled.`);
    const warning = `Until it is enabled again, ${selectionText(job)} are not backed up by it.`;
    return editJob(planning, job, [switching(job, false)], [warning]);
  },
  examples: [
    { say: 'disable backup job backup-02', sends: ['PUT /cluster/backup/backup-02 enabled=0'] },
    { say: 'turn off backup job backup-01', sends: ['PUT /cluster/backup/backup-01 enabled=0'] },
    { say: 'disable backup job backup-77', sends: 'clarification' },
  ],
});
