import { asNumber, asTime } from '@pxa/pve/values';
import { guestsIn } from '../guests/asked.ts';
import {
  type Cell,
  compare,
  count,
  dataset,
  draft,
  type Draft,
  extracted,
  flag,
  given,
  isUnknown,
  known,
  pointer,
  type Reading,
  type Rec,
  type RowsReader,
  seconds,
  text,
  type Unknown,
  unknownCell,
} from '../kit/index.ts';

/** The jobs from the cluster's configuration, with the guest and the node that it runs on now. */
const rows: RowsReader = async (reading) => {
  const got = await reading.list('/cluster/replication', {});
  if (!got.ok) {
    reading.lacks('replication jobs', got.why, got.nextStep);
    return [];
  }
  const resources = got.data.length > 0 ? await reading.list('/cluster/resources', {}) : undefined;
  const guests = resources?.ok ? guestsIn(resources.data) : [];
  return got.data.map((rec) => {
    const at = pointer(rec.at, 'guest');
    const guest = guests.find(({ vmid }) => vmid === asNumber(rec.data['guest']));
    const source =
      typeof rec.data['source'] === 'string' ? { value: rec.data['source'], at: pointer(rec.at, 'source') } : undefined;
    const lost = unknownCell(`guest ${String(rec.data['guest'])} is not listed`);
    return draft(`replication/${String(rec.data['id'])}`, rec, {
      guest: guest ? { value: guest.id, at: `${at}, ${guest.rec.at}` } : lost,
      guest_name: guest?.name ? { value: guest.name, at: pointer(guest.rec.at, 'name') } : lost,
      source: guest ? { value: guest.node, at: pointer(guest.rec.at, 'node') } : (source ?? lost),
    });
  });
};

/** How a job fares: only the node that its guest runs on knows. */
async function statusOf(reading: Reading, row: Draft): Promise<Rec | Unknown> {
  const node = row.given['source']?.value;
  if (typeof node !== 'string') return { unknown: 'the node of its guest is not known' };
  const found = (await reading.nodes()).find((each) => each.node === node);
  if (found && !found.online) return { unknown: `node ${node} is offline` };
  const got = await reading.list('/nodes/{node}/replication', { node });
  if (!got.ok) return { unknown: got.why };
  const id = row.id.slice('replication/'.length);
  return got.data.find(({ data }) => data['id'] === id) ?? { unknown: `${node} does not know ${id} yet` };
}

/** Proxmox writes 0 for a run that has not been. */
const runTime = (label: string, key: string, words: string): ReturnType<typeof extracted> =>
  extracted(label, 'number', 'time', 'status', (data) => ({ value: asTime(data[key]), keys: [key] }), { words });

function stateOf(row: Draft): Cell {
  const base = row.recs['base'];
  if (base && !isUnknown(base) && asNumber(base.data['disable']) === 1)
    return { value: 'disabled', at: pointer(base.at, 'disable') };
  const rec = row.recs['status'];
  if (rec === undefined) return unknownCell('its status was not read');
  if (isUnknown(rec)) return unknownCell(rec.unknown);
  const at = pointer(rec.at, 'fail_count');
  if ((asNumber(rec.data['fail_count']) ?? 0) > 0) return { value: 'failing', at };
  if (rec.data['pid'] !== undefined) return { value: 'running', at: pointer(rec.at, 'pid') };
  if (asTime(rec.data['last_sync']) === null) return { value: 'not yet run', at: pointer(rec.at, 'last_sync') };
  return { value: 'ok', at: `${at}, ${pointer(rec.at, 'last_sync')}` };
}

/** Copies of guests' disks that nodes keep for each other. */
export const replication = dataset({
  id: 'replication',
  title: 'Replication jobs',
  counted: 'count',
  nouns: [
    {
      words: 'replication job|replication|replica|storage replication|replication task|replicated guest',
      title: 'Replication jobs',
    },
    { words: 'job', title: 'Replication jobs', weak: true },
  ],
  rows,
  details: { status: statusOf },
  columns: {
    job: text('JOB', 'id', { words: 'id|job id|job' }),
    guest: given('GUEST ID', 'guest', 'text', 'text', { names: 'guest' }),
    vmid: count('VMID', 'guest', { words: 'vmid|guest id' }),
    guest_name: given('GUEST', 'guest_name', 'text', 'text', { words: 'guest|guest name|vm' }),
    source: given('FROM', 'source', 'text', 'text', { words: 'source|source node|from', names: 'node' }),
    target: text('TO', 'target', { words: 'target|target node|destination', names: 'node' }),
    schedule: text('SCHEDULE', 'schedule', { words: 'schedule|interval|frequency', absent: '*/15' }),
    disabled: flag('DISABLED', 'disable', {
      absent: false,
      words: 'disabled',
      yes: 'disabled|switched off|turned off',
      no: 'enabled|active|switched on',
    }),
    state: {
      label: 'STATE',
      type: 'text',
      unit: 'text',
      from: ['base', 'status'],
      uses: [],
      words: 'state|status|health',
      values: {
        ok: 'ok|healthy|fine|working|work|successful|succeed|up to date|in sync',
        failing: 'failing|failed|fail|failure|broken|in error|with error|erroring|not working|unsuccessful|out of sync',
        running: 'running|in progress|syncing',
        disabled: 'disabled|switched off',
      },
      read: stateOf,
    },
    last_sync: runTime(
      'LAST SYNC',
      'last_sync',
      'last sync|last synchronisation|last synchronization|last successful (sync|synchronisation|synchronization|run|replication)|last replication|synced',
    ),
    last_try: runTime('LAST TRY', 'last_try', 'last try|last attempt'),
    next_sync: runTime('NEXT SYNC', 'next_sync', 'next sync|next run|next synchronisation|next replication'),
    duration: seconds('DURATION', 'duration', { from: 'status', words: 'duration|time taken' }),
    fail_count: count('FAILURES', 'fail_count', {
      from: 'status',
      words: 'failure count|fail count|failed attempt',
      absent: 0,
    }),
    error: text('ERROR', 'error', { from: 'status', words: 'error|error message|reason', absent: '' }),
    rate: count('RATE LIMIT MB/S', 'rate', { words: 'rate|rate limit|bandwidth limit' }),
    comment: text('COMMENT', 'comment', { words: 'comment|note', absent: '' }),
  },
  identity: ['job'],
  shown: ['job', 'vmid', 'guest_name', 'source', 'target', 'schedule', 'state', 'last_sync', 'fail_count', 'error'],
  named: 'job',
  scopes: { guest: 'guest', node: 'source' },
  towards: { node: 'target' },
  form: { column: 'job', pattern: /^\d{3,9}-\d{1,2}$/ },
  time: 'last_sync',
  quantities: [{ words: 'failure|failed attempt|fail count', plain: 'fail_count', total: 'fail_count' }],
  grades: [{ words: 'slow|long', column: 'duration', dir: 'desc' }],
  phrases: [
    {
      say: '(what|who|which guests)? (get|gets|getting|is|are|being) (replicated|synced|copied)|(what|who|which guests)? (replicate|replicates|replicating)',
      focus: ['guest_name', 'target'],
    },
    { say: 'targeting', focus: ['target'] },
    { say: '(last)? (replicated|synced|synchronised|synchronized)', where: known('last_sync'), focus: ['last_sync'] },
    {
      say: '(with|having) (an)? error|(with|having) failures',
      where: compare('fail_count', '>', 0),
      focus: ['state', 'fail_count', 'error'],
    },
  ],
  order: [{ column: 'job', dir: 'asc' }],
  summary: (all) => {
    const of = (state: string): number => all.filter((row) => row('state') === state).length;
    return `${all.length} jobs · ${of('ok')} ok · ${of('failing')} failing`;
  },
  findings: [
    {
      code: 'replication.failing',
      severity: 'warning',
      needs: ['job', 'state', 'vmid', 'guest_name', 'target', 'fail_count', 'error', 'last_sync'],
      check: (value, _thresholds, _row, now) => {
        if (value('state') !== 'failing') return undefined;
        const last = value('last_sync');
        const age = typeof last === 'number' ? `; the copy is ${ageText(now - last)} old` : '; it has never succeeded';
        const error = value('error') ? `: "${String(value('error'))}"` : '';
        return {
          text: `Replication ${String(value('job'))} of ${String(value('vmid'))} (${String(value('guest_name'))}) to ${String(value('target'))} has failed ${String(value('fail_count'))} times in a row${error}${age}.`,
          next_step: `Read its log in the web interface (Datacenter, Replication, ${String(value('job'))}), and check that both nodes have the storage and space.`,
        };
      },
    },
  ],
});

function ageText(age: number): string {
  if (age < 2 * 3600) return `${Math.round(age / 60)} minutes`;
  return age < 2 * 86_400 ? `${Math.round(age / 3600)} hours` : `${Math.floor(age / 86_400)} days`;
}
