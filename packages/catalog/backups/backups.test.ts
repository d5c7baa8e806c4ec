import type { Filter, Query } from '@pxa/contract';
import { type Expected, onDemoCluster, onExampleWorld } from '../check.ts';
import { all, compare, has, is, not } from '../kit/index.ts';

const week = { ago: 7 * 86_400 };
const runs = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'backup-runs', where, ...more });
const jobs = (where?: Filter, more: Partial<Query> = {}): Query => ({ dataset: 'backup-jobs', where, ...more });
const uncovered = ['qemu/104', 'qemu/105', 'qemu/106', 'qemu/107', 'qemu/108', 'lxc/203', 'lxc/204'];
const lastFailure = 'task/UPID:pve-node02:00001960:03CA30C0:691E21C0:vzdump::root@pam:';
const firstFailure = 'task/UPID:pve-node02:00001000:03C8DF40:691CD040:vzdump::root@pam:';
const tasksOf = (since: number): string[] =>
  [1, 2, 3].map((n) => `/nodes/pve-node0${n}/tasks?limit=10000&since=${since}&source=all&typefilter=vzdump`);
const logOf = (id: string): string => `/nodes/pve-node02/tasks/${id.slice(5)}/log?limit=0`;

const inputOutput = 'job failed with err -5 - Input/output error';

const examples: Record<string, [Query, Expected]> = {
  'failures of a week, with the lines of their logs; no other log is read': [
    runs(all(is('status', 'failed'), compare('started', '>=', week))),
    {
      rows: [lastFailure, firstFailure],
      cells: {
        [lastFailure]: { vmid: 103, guest_name: 'db-primary', error: inputOutput, job: 'nightly', storage: 'nas' },
      },
      findings: [`warning backup.failed ${lastFailure}`, `warning backup.failed ${firstFailure}`],
      calls: [
        '/cluster/resources',
        '/cluster/backup',
        '/nodes/pve-node01/time',
        ...tasksOf(1763029800),
        logOf(lastFailure),
        logOf(firstFailure),
      ],
    },
  ],
  'a run that only warned did not fail': [
    runs(is('status', 'warning')),
    {
      rows: ['task/UPID:pve-node01:00001640:03C78DC0:691B7EC0:vzdump::root@pam:'],
      cells: {
        'task/UPID:pve-node01:00001640:03C78DC0:691B7EC0:vzdump::root@pam:': {
          vmid: 101,
          error: 'VM 101: guest agent did not answer, no filesystem freeze',
          duration: 550,
        },
      },
    },
  ],
  'the other guest of a failed run has a row of its own': [
    runs(is('guest', 'qemu/102')),
    { cells: { [`${lastFailure}#102`]: { status: 'ok', duration: 538, error: '' } } },
  ],
  'what runs now': [
    runs(is('status', 'running')),
    { rows: ['task/UPID:pve-node01:000019CE:03CAFC4E:691EED4E:vzdump:101:anna@pve:'] },
  ],
  'jobs and how they fared this week': [
    jobs(),
    {
      rows: ['backup-job/nightly', 'backup-job/weekly-ct', 'backup-job/monthly-all'],
      cells: {
        'backup-job/nightly': { schedule: 'daily 21:00', outcome: 'WARN (1/3 runs)', last_run: 1763584500 },
        'backup-job/weekly-ct': { outcome: 'OK (1/1 runs)', last_run: 1763258700 },
        'backup-job/monthly-all': { outcome: 'disabled', selection: 'all but 108', last_run: null },
      },
      findings: ['warning backup.job_failed backup-job/nightly'],
    },
  ],
  'not all succeeded': [
    jobs(compare('last_run', '>=', week), { measure: { of: 'all', test: is('failed_runs', 0) } }),
    { value: 0, rows: ['backup-job/nightly', 'backup-job/weekly-ct'] },
  ],
  'the jobs of a guest': [
    jobs(is('guest_ids', 'lxc/201'), { columns: ['id'] }),
    { rows: ['backup-job/weekly-ct', 'backup-job/monthly-all'] },
  ],
  'guests that no job covers': [
    { dataset: 'guests', where: all(is('backed', false), is('template', false)), columns: ['vmid'] },
    {
      rows: uncovered,
      calls: ['/cluster/resources', '/cluster/backup-info/not-backed-up'],
      findings: uncovered.map((guest) => `warning guest.not_backed_up ${guest}`),
    },
  ],
  'guests without a backup of the last five days': [
    {
      dataset: 'guests',
      where: all(not(has('backups', compare('taken', '>=', { ago: 5 * 86_400 }))), is('template', false)),
      columns: ['vmid'],
    },
    { rows: uncovered },
  ],
  'the newest backup of a guest': [
    { dataset: 'backups', where: is('guest', 'qemu/104'), order: [{ column: 'taken', dir: 'desc' }], limit: 1 },
    {
      rows: ['backup/pve-node03/local:backup/vzdump-qemu-104-2025_11_04-11_30_00.vma.zst'],
      cells: { 'backup/pve-node03/local:backup/vzdump-qemu-104-2025_11_04-11_30_00.vma.zst': { taken: 1762252200 } },
    },
  ],
  'how much room backups take on a storage': [
    {
      dataset: 'backups',
      where: all(is('storage', 'nas'), is('guest', 'qemu/103')),
      measure: { of: 'sum', column: 'size' },
    },
    { value: 3 * 95026151424 },
  ],
};

const dockerHost = 'task/UPID:pve-node01:0025E254:45600280:699911A0:vzdump::root@pam:';

const demo: Record<string, [Query, Expected]> = {
  'did all backups complete successfully this week?': [
    jobs(compare('last_run', '>=', { ago: 8 * 86_400 }), { measure: { of: 'all', test: is('failed_runs', 0) } }),
    {
      value: 0,
      cells: { 'backup-job/backup-02': { schedule: 'daily 02:00', storage: 'nfs-backup' } },
      findings: ['warning backup.job_failed backup-job/backup-02'],
    },
  ],
  'the failure of the transcript': [
    runs(all(is('status', 'failed'), compare('started', '>=', week)), {
      columns: ['vmid', 'guest_name', 'error', 'job'],
    }),
    {
      rows: [dockerHost],
      cells: {
        [dockerHost]: {
          vmid: 103,
          guest_name: 'docker-host-01',
          error: 'vzdump: backup size 201 GB exceeds storage limit',
          job: 'backup-02',
        },
      },
    },
  ],
};

onExampleWorld('backups', examples);
onDemoCluster('backups', demo);
