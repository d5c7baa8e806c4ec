import { asNumber, asText } from '@pxa/pve/values';
import {
  action,
  already,
  anyNode,
  call,
  factAt,
  needed,
  piece,
  type Planned,
  type Planning,
  refused,
  type Refusal,
} from '../kit/index.ts';
import { retentionInput, retentionRefusals, retentionSaid } from './retention.ts';
import { scheduleRefusals } from './schedule-said.ts';
import { placeFor } from '../guest-disks/disks.ts';

/** Whether a calendar event says when: “daily” and “weekly” would be at midnight, when everything else is. */
const saysWhen = (event: string): boolean => !/^(daily|weekly|monthly|quarterly|yearly)$/.test(event);

/** What a job covers, as it is sent and in words. */
interface Covered {
  readonly sent: { vmid: string } | { all: boolean } | { pool: string };
  readonly title: string;
  readonly node: string;
  readonly assumptions: readonly string[];
}

/** The pools that there are, as far as we may see them; whatever was said where the list could not be read. */
async function poolRefusals(planning: Planning, pool: string): Promise<Refusal[]> {
  const got = await planning.list('/pools', {});
  const names = got.ok ? got.data.map(({ data }) => String(data['poolid'])) : [pool];
  if (names.includes(pool)) return [];
  const next = `There are: ${names.join(', ') || 'none'}.`;
  return [{ why: `There is no pool ${pool}.`, next, input: 'pool', reason: 'not_found' }];
}

async function coveredBy(
  planning: Planning,
  { who, pool, guests = [] }: { who?: string; pool?: string; guests?: readonly string[] },
): Promise<Covered | { refusal: Refusal }> {
  const node = await anyNode(planning);
  if (who === 'all')
    return {
      sent: { all: true },
      title: 'all guests',
      node,
      assumptions: ['Guests that are made later are covered as well'],
    };
  if (pool !== undefined) {
    const [refusal] = await poolRefusals(planning, pool);
    if (refusal !== undefined) return { refusal };
    return {
      sent: { pool },
      title: `pool ${pool}`,
      node,
      assumptions: [`Whatever is in pool ${pool} when it runs is covered`],
    };
  }
  const rows = needed(await planning.list('/cluster/resources', {}), 'The list of guests');
  const chosen = rows.filter(({ data }) =>
    who === undefined ? guests.includes(String(data['id'])) : data['type'] === who && asNumber(data['template']) !== 1,
  );
  const [first] = chosen;
  if (first === undefined)
    return { refusal: { why: 'No guest is chosen by that.', next: 'Name the guests.', input: 'guests' } };
  const vmids = chosen.map(({ data }) => Number(data['vmid'])).toSorted((a, b) => a - b);
  return {
    sent: { vmid: vmids.join(',') },
    title: vmids.join(', '),
    node: String(first.data['node']),
    assumptions: who === undefined ? [] : ['Those that there are now: “all guests” covers later ones as well'],
  };
}

export const schedule = action({
  id: 'backup_job.create',
  verb: 'schedule backups of',
  risk: 'change',
  say: [
    '(schedule|create|set up|add|make|configure|plan) [new] {*} (backup|backups|backup job|backup schedule) (of|for) {guests} {*}',
    'back up {guests} {schedule} {*}',
    '(schedule|create|set up|add|make|configure|plan) [new] {*} (backup|backups|backup job|backup schedule) (of|for) {who} {*}',
    '(schedule|create|set up|add|make|configure|plan) [new] {*} (backup|backups|backup job|backup schedule) (of|for) [guests in|guests of|all guests in|members of] pool {pool} {*}',
    'back up {who} {schedule} {*}',
  ],
  input: {
    guests: { kind: 'guests', say: [] },
    who: {
      kind: 'choice',
      say: [],
      values: {
        all: 'all guests|every guest|everything|all machines|all vms and containers|whole cluster|all my guests|all',
        qemu: 'all vms|every vm|all virtual machines|all my vms',
        lxc: 'all containers|every container|all cts|all my containers',
      },
    },
    pool: { kind: 'pool', say: [] },
    storage: { kind: 'storage', say: ['(to|on|onto|into) [storage] {}'], ask: 'To which storage?' },
    schedule: { kind: 'schedule', say: ['{}', 'at {}'] },
    ...retentionInput,
    keepLast: { kind: 'count', say: ['[and] (keep|keeping) [last] {} [backups|of them|copies]'] },
    mode: {
      kind: 'choice',
      say: ['(in|with) {} mode', 'in mode {}'],
      values: { snapshot: 'snapshot', suspend: 'suspend', stop: 'stop' },
    },
    comment: { kind: 'text', say: ['(with|and) (comment|note) {}'] },
    // What a program calls it, to find it again; Proxmox makes an id up where there is none.
    id: { kind: 'word', say: [], byPrograms: true },
  },
  async plan(planning, { input }): Promise<Planned> {
    const { schedule: event } = input;
    if (event === undefined || !saysWhen(event))
      return {
        kind: 'ask',
        input: 'schedule',
        reason: event === undefined ? 'required' : 'not_acceptable',
        question: `When is it to run${event === undefined ? '? Say it as “daily at 2:30”.' : `, at what time of day? Say it as “at 2:30”.`}`,
        options: [],
      };
    const wrong = [...scheduleRefusals(event), ...retentionRefusals(input)];
    if (wrong.length > 0) return refused(...wrong);
    const of = await coveredBy(planning, input);
    if ('refusal' in of) return refused(of.refusal);
    const { storage = '' } = input;
    const rule = retentionSaid(input);
    const place = await placeFor(planning, { node: of.node, content: 'backup', named: storage, bytes: 0 });
    if ('refusals' in place) return refused(...place.refusals);
    const says = `Back up ${of.title} to ${storage} at ${event}`;
    const [key, value] = Object.entries(of.sent)[0] ?? ['vmid', ''];
    const told = { [key]: String(typeof value === 'boolean' ? Number(value) : value), storage, schedule: event };
    const jobs = needed(await planning.list('/cluster/backup', {}), 'The backup jobs');
    const same = jobs.find(({ data }) => Object.entries(told).every(([name, is]) => asText(data[name]) === is));
    if (same !== undefined)
      return already(`Backup job ${String(same.data['id'])} does so: ${of.title} to ${storage}, ${event}.`);
    const isSo = factAt(
      `backup job of ${of.title} to ${storage} at ${event}`,
      '/cluster/backup',
      [...Object.entries(told).map(([name, is]) => `[${name}=${is}]`), 'id'],
      null,
    );
    const step = call(
      'POST',
      '/cluster/backup',
      {
        ...of.sent,
        storage,
        schedule: event,
        enabled: true,
        mode: (input.mode ?? 'snapshot') as 'snapshot' | 'suspend' | 'stop', // The choice has Proxmox's own values.
        compress: 'zstd',
        ...(rule === undefined ? {} : { 'prune-backups': rule }),
        ...(input.comment === undefined ? {} : { comment: input.comment }),
        ...(input.id === undefined ? {} : { id: input.id }),
      },
      says,
    );
    return piece({
      says,
      steps: [{ ...step, node: of.node, limitSeconds: 60, relies: [isSo], expects: [{ ...isSo, how: 'not' }] }],
      assumptions: [
        ...of.assumptions,
        ...(input.mode === undefined ? ['Mode snapshot, compressed with zstd'] : ['Compressed with zstd']),
        ...(rule === undefined ? [`Old backups go by the rule of ${storage}`] : []),
      ],
      changes: [{ about: 'backup jobs', key: 'job', before: null, after: `${of.title} to ${storage}, ${event}` }],
    });
  },
  examples: [
    {
      say: 'schedule a daily backup of 101 and 103 at 2:30 to storage nfs-backup',
      sends: ['POST /cluster/backup vmid=101,103 storage=nfs-backup schedule=02:30'],
    },
    {
      say: 'create a backup job for all guests daily at 03:00 to nfs-backup',
      sends: ['POST /cluster/backup all=1 storage=nfs-backup schedule=03:00'],
    },
    {
      say: 'create a backup job for all containers every sunday at 4:00 to nfs-backup',
      sends: ["POST /cluster/backup vmid=200,201,202,203,204 storage=nfs-backup schedule='sun 04:00'"],
    },
    {
      say: 'schedule a backup of 101 daily at 2:30 to nfs-backup keeping 7 daily and 4 weekly backups',
      sends: ['POST /cluster/backup vmid=101 schedule=02:30 prune-backups=keep-daily=7,keep-weekly=4'],
    },
    { say: 'schedule a weekly backup of build-agent to nfs-backup', sends: 'clarification' },
  ],
});
