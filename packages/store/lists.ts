import type { Approval, Job, JobState } from '@pxa/contract';
import { type SelectQueryBuilder, sql } from 'kysely';
import { approvalOf, OPEN } from './approvals.ts';
import type { Engine } from './engine.ts';
import { jobsOf } from './jobs.ts';
import { type Bound, type Page, type PageOf, type Paged, pageRows } from './pages.ts';
import { openedPlan } from './plans.ts';
import type { SealSource } from './seal.ts';
import type { Tables, Trx } from './tables.ts';

/** Which jobs; what is left out is not looked at. */
export interface JobsWanted {
  readonly states?: readonly JobState[] | undefined;
  /** Of those that are done: whether the fresh read after them showed what was expected. */
  readonly isVerified?: boolean | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly cluster?: string | undefined;
  /** Milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
}

/** A job, with what its plan tells of it. */
export interface ListedJob {
  readonly job: Job;
  readonly action: string | null;
  /** How long the rehearsal of its plan took. */
  readonly seconds: number | null;
}

export interface ApprovalsWanted {
  readonly state?: Approval['state'] | undefined;
  readonly risk?: string | undefined;
  /** Milliseconds since 1970: from their end on, those that were not used count as expired. */
  readonly nowMs: number;
}

/** An approval, with what its plan tells of it. */
export interface ListedApproval {
  readonly approval: Approval;
  readonly says: string;
  readonly risk: string;
  readonly action: string;
}

/** Lists a page at a time, each with what stands beside it: a page is a few queries, however long it is. */
export interface ListStore {
  jobPage(wanted: JobsWanted, page: PageOf): Promise<Page<ListedJob>>;
  approvalPage(wanted: ApprovalsWanted, page: PageOf): Promise<Page<ListedApproval>>;
}

export function sqlListStore(engine: Engine, seal: SealSource | undefined): ListStore {
  return {
    jobPage: (wanted, page) => engine.read((trx) => readJobPage(trx, wanted, page)),
    async approvalPage(wanted, page) {
      const found = await engine.read((trx) => readApprovalPage(trx, wanted, page));
      // The key is fetched outside of the transaction: nothing waits within it.
      const items = await Promise.all(
        found.rows.map(async (row) => ({ made: row.made, item: await listedApproval(row, wanted.nowMs, seal) })),
      );
      return { items, total: found.total, offset: found.offset };
    },
  };
}

/** Pages of a query by a column that numbers what it selects in the order of its making. */
function pagedBy<DB, TB extends keyof DB, O>(
  query: () => SelectQueryBuilder<DB, TB, O>,
  made: string,
): Paged<O & { made: number }> {
  const column = sql.ref<number>(made);
  const within = (bound: Bound | undefined): SelectQueryBuilder<DB, TB, O> =>
    bound === undefined ? query() : query().where(sql<boolean>`${column} ${sql.raw(bound.is)} ${bound.made}`);
  return {
    async total(bound) {
      const counted = await within(bound)
        .clearSelect()
        .select(sql<number>`count(*)`.as('total'))
        .execute();
      const [row] = counted as unknown as { total: number }[]; // it counts, and selects nothing else
      return row?.total ?? 0;
    },
    async rows({ bound, order, limit, offset }) {
      const rows = await within(bound)
        .select(column.as('made'))
        .orderBy(column, order)
        .limit(limit)
        .offset(offset)
        .execute();
      return rows as unknown as (O & { made: number })[]; // what was selected, and its number
    },
  };
}

async function readJobPage(trx: Trx, wanted: JobsWanted, page: PageOf): Promise<Page<ListedJob>> {
  const { rows, total, offset } = await pageRows(
    pagedBy<Tables, 'jobs' | 'plans', JobRow>(() => jobsWanted(trx, wanted), 'jobs.made'),
    page,
  );
  const jobs = await jobsOf(trx, rows);
  const items = rows.flatMap(({ made, action, seconds }, at) => {
    const job = jobs[at];
    return job === undefined ? [] : [{ made, item: { job, action, seconds } }];
  });
  return { items, total, offset };
}

interface JobRow {
  id: string;
  state: string;
  cancelling: number;
  started_at: string | null;
  ending: string | null;
  body: string;
  action: string | null;
  seconds: number | null;
}

/** As `JSON.stringify` writes it; within a text, the quotation marks would stand behind a backslash. */
const UNVERIFIED = '%"proof":{"outcome":"unverified"%';

function jobsWanted(trx: Trx, { states, isVerified, actions, cluster, sinceMs }: JobsWanted) {
  let query = trx
    .selectFrom('jobs')
    .innerJoin('plans', 'plans.id', 'jobs.plan_id')
    .select(['jobs.id', 'jobs.state', 'jobs.cancelling', 'jobs.started_at', 'jobs.ending', 'jobs.body'])
    .select(['plans.action', 'plans.seconds']);
  if (states !== undefined) query = query.where('jobs.state', 'in', states);
  if (isVerified === true) query = query.where('jobs.ending', 'not like', UNVERIFIED);
  if (isVerified === false) query = query.where('jobs.ending', 'like', UNVERIFIED);
  if (actions !== undefined) query = query.where('plans.action', 'in', actions);
  if (cluster !== undefined) query = query.where('jobs.cluster', '=', cluster);
  if (sinceMs !== undefined) query = query.where('jobs.created_ms', '>=', sinceMs);
  return query;
}

interface ApprovalRow {
  id: string;
  plan_id: string;
  state: string;
  expires_ms: number;
  decisions: string;
  body: string;
  action: string | null;
  risk: string | null;
  says: string | null;
  /** The plan, where what it says is not told beside it. */
  plan: { sealed: number; body: string } | undefined;
}

async function readApprovalPage(
  trx: Trx,
  wanted: ApprovalsWanted,
  page: PageOf,
): Promise<{ rows: (ApprovalRow & { made: number })[]; total: number; offset: number }> {
  const list = pagedBy<Tables, 'approvals' | 'plans', Omit<ApprovalRow, 'plan'>>(
    () => approvalsWanted(trx, wanted),
    'approvals.made',
  );
  const { rows, total, offset } = await pageRows(list, page);
  const untold = rows.filter(({ says }) => says === null).map((row) => row.plan_id);
  const plans =
    untold.length === 0
      ? []
      : await trx.selectFrom('plans').select(['id', 'sealed', 'body']).where('id', 'in', untold).execute();
  const byId = new Map(plans.map(({ id, sealed, body }) => [id, { sealed, body }]));
  return { rows: rows.map((row) => ({ ...row, plan: byId.get(row.plan_id) })), total, offset };
}

function approvalsWanted(trx: Trx, { state, risk, nowMs }: ApprovalsWanted) {
  let query = trx
    .selectFrom('approvals')
    .innerJoin('plans', 'plans.id', 'approvals.plan_id')
    .select(['approvals.id', 'approvals.plan_id', 'approvals.state', 'approvals.expires_ms', 'approvals.decisions'])
    .select(['approvals.body', 'plans.action', 'plans.risk', 'plans.says']);
  if (state === 'expired')
    query = query.where('approvals.state', 'in', OPEN).where('approvals.expires_ms', '<=', nowMs);
  else if (state !== undefined) query = query.where('approvals.state', '=', state);
  if (state !== undefined && OPEN.includes(state)) query = query.where('approvals.expires_ms', '>', nowMs);
  if (risk !== undefined) query = query.where('plans.risk', '=', risk);
  return query;
}

async function listedApproval(row: ApprovalRow, nowMs: number, seal: SealSource | undefined): Promise<ListedApproval> {
  const approval = approvalOf(row, nowMs);
  const { says, risk, action, plan } = row;
  if (says !== null && risk !== null && action !== null) return { approval, says, risk, action };
  if (plan === undefined) throw new Error(`approval ${row.id} has no plan`);
  const record = await openedPlan({ id: row.plan_id, ...plan }, seal);
  return { approval, says: record.plan.says, risk: record.plan.risk, action: record.action };
}
