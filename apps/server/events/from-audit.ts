import type { AuditRecord, Job, PlanRecord } from '@pxa/contract';
import type { NewEvent } from '@pxa/assistant/store';
import { jobSummary } from '../jobs/schemas.ts';
import type { Service } from '../service.ts';
import type { EventType } from './types.ts';

type Data = Readonly<Record<string, unknown>>;

/** What a record of the audit log tells of, and the words for it. */
interface Said {
  readonly type: EventType;
  readonly data: Data;
}

/** What is looked up for records: jobs and plans as they are kept. */
type Deps = Pick<Service, 'store' | 'clusters'>;

/** How a kind of record is told. Records of other kinds are of no event. */
const TOLD: Readonly<Record<string, (record: AuditRecord, deps: Deps) => Said | Promise<Said>>> = {
  'plan.proposed': (record) => ({
    type: 'approval.requested',
    data: {
      approval: { id: record.plan_id, says: record.data['says'], risk: record.data['risk'], requested_by: record.who },
    },
  }),
  'plan.approved': (record) => decided('approval.approved', record),
  'plan.cancelled': (record) => decided('approval.cancelled', record),
  'job.begun': (record) => ({
    type: 'job.created',
    data: { job: { id: record.job_id, status: 'pending', message: record.data['says'], approval_id: record.plan_id } },
  }),
  'call.sent': ({ job_id: id, data: { step, method, path, result } }) => ({
    type: 'job.step',
    data: { job: { id }, step: { index: step, method, path, result } },
  }),
  'job.cancelling': ({ job_id: id, data, who }) => ({
    type: 'job.cancelling',
    data: { job: { id, message: data['says'], cancelled_by: who } },
  }),
  'job.ended': ended,
  'scan.completed': ({ data }) => ({
    type: 'security.scan_completed',
    data: 'scan' in data ? data : { scan: data },
  }),
  'webhook.failing': (record) => alert(record, 'warning', 'raised', 'stays failing: nothing has reached it.'),
  'webhook.disabled': (record) => alert(record, 'warning', 'raised', 'was switched off: its receiver is gone.'),
  'webhook.recovered': (record) => alert(record, 'info', 'cleared', 'is reached again.'),
};

function decided(type: EventType, { plan_id: id, data, who }: AuditRecord): Said {
  return { type, data: { approval: { id, says: data['says'], decided_by: who } } };
}

async function ended(record: AuditRecord, { store }: Deps): Promise<Said> {
  const id = record.job_id ?? '';
  const job = await store.job(id);
  const data = { job: job === undefined ? { id, status: record.data['state'] } : endOf(job, await planOf(store, job)) };
  return { type: 'job.completed', data };
}

function endOf(job: Job, record: PlanRecord | undefined): Data {
  const summary = jobSummary({ job, action: record?.action ?? null, seconds: null });
  const { progress: _, estimated_completion: __, ...told } = summary;
  return { ...told, type: record === undefined ? null : told.type };
}

/** Its plan, which may be sealed with a key that is not to be had any more: what is told then is less, and not late. */
function planOf(store: Deps['store'], { plan_id: id }: Job): Promise<PlanRecord | undefined> {
  return store.plan(id).catch(() => undefined);
}

function alert({ data }: AuditRecord, severity: 'info' | 'warning', state: 'raised' | 'cleared', what: string): Said {
  const about = `webhook/${String(data['webhook'])}`;
  const text = `Webhook ${String(data['webhook'])} ${what}`;
  return { type: 'system.alert', data: { alert: { state, severity, code: 'webhook.failing', about, text } } };
}

/** The event that a record of the audit log is told as; undefined for what nobody is told of. */
export async function eventOfRecord(record: AuditRecord, deps: Deps): Promise<NewEvent | undefined> {
  const say = TOLD[record.kind];
  if (say === undefined) return undefined;
  const { type, data } = await say(record, deps);
  const named = record.data['connection'];
  const isNamed = typeof named === 'string' && deps.clusters.has(named);
  const connection = isNamed ? named : connectionOf(record.cluster, deps);
  return { key: `audit:${record.seq}`, type, atMs: Date.parse(record.at), connection, data };
}

/** The connection behind a cluster's name as plans have it: `tli-prod at home`. Empty where it is none of these. */
export function connectionOf(cluster: string, { clusters }: Pick<Deps, 'clusters'>): string {
  const [first = ''] = clusters.keys();
  if (clusters.size === 1) return cluster === '' ? '' : first;
  const name = cluster.slice(cluster.lastIndexOf(' at ') + ' at '.length);
  return clusters.has(name) ? name : '';
}
