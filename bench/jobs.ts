import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { approve, begin, proposalAudit, runJob } from '@pxa/act';
import type { Job, Person, PlanRecord, Step } from '@pxa/contract';
import { type Cluster, connect } from '@pxa/pve';
import { openStore } from '@pxa/store';
import type { RunningSandbox } from '../e2e/product.ts';
import { type PlannedWords, planOfWords } from '../e2e/planner.ts';
import { bareGet, bareWrite } from './sandbox.ts';

const ANNA: Person = { name: 'anna', door: 'command_line' };
const CLUSTER = 'bench';
let ids = 0;

const now = (): number => performance.timeOrigin + performance.now();

/** The client of a sandbox. */
export function clientOf({ url, tokenId, tokenSecret: secret, fingerprint }: RunningSandbox): Cluster {
  return connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
}

/** The plan that words make, and what was read for it, in order. */
export async function plan(
  cluster: Cluster,
  sandbox: RunningSandbox,
  { words, isRehearsed }: { words: string; isRehearsed: boolean },
): Promise<{ planned: Extract<PlannedWords, { kind: 'plan' }>; paths: string[] }> {
  const { reader, calls } = cluster.session();
  const planned = await planOfWords(words, {
    reader,
    now,
    clusterNow: now,
    id: (prefix) => `${prefix}_${++ids}`,
    by: ANNA,
    cluster: CLUSTER,
    user: sandbox.tokenId,
    isRehearsed,
  });
  if (planned.kind === 'none') throw new Error(`no plan comes of "${words}": ${planned.why}`);
  return { planned, paths: calls.map(({ path }) => path) };
}

/** Carries a plan out to its end, with its store on disk, and gives how long that alone took. */
export async function carryOut(
  cluster: Cluster,
  sandbox: RunningSandbox,
  { planned, atOnce, folder }: { planned: Extract<PlannedWords, { kind: 'plan' }>; atOnce: number; folder: string },
): Promise<{ job: Job; ms: number }> {
  const { record, approval } = planned;
  const store = await openStore({ kind: 'sqlite', file: join(folder, `${record.plan.id}.db`) }, { now });
  try {
    await store.propose(record, approval, proposalAudit(record));
    await approve({ store, now }, approval.id, ANNA, record.plan.confirm);
    const begun = await begin({ store, now, id: (prefix) => `${prefix}_${++ids}` }, approval.id);
    if (!begun.ok) throw new Error(begun.refused);
    const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
      wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
    const who = { clusterId: CLUSTER, user: sandbox.tokenId, owner: 'bench' };
    const started = performance.now();
    const job = await runJob({ store, cluster, ...who, now, sleep, limits: { atOnce } }, begun.job.id);
    const ms = performance.now() - started;
    if (job.state !== 'done') throw new Error(`the job is ${job.state}: ${job.result?.slice(0, 300)}`);
    return { job, ms };
  } finally {
    await store.close();
  }
}

/** As long as Proxmox's own web interface takes to look again, and as pxa does at first. */
const POLL_MS = 500;
const PER_NODE = 2;

/**
 * The same calls made by a bare loop, so many at a time, each task followed to its end: what a script has to do at least.
 * In milliseconds.
 */
export async function bareJob(
  sandbox: RunningSandbox,
  { plan: { steps } }: PlanRecord,
  atOnce: number,
): Promise<number> {
  const started = performance.now();
  const waiting = [...steps];
  const busy = new Map<string, number>();
  const takeNext = (): Step | undefined => {
    const index = waiting.findIndex((step) => (busy.get(nodeOf(step)) ?? 0) < PER_NODE);
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  };
  const lane = async (): Promise<void> => {
    while (waiting.length > 0) {
      const step = takeNext();
      if (step === undefined) {
        await wait(5);
        continue;
      }
      busy.set(nodeOf(step), (busy.get(nodeOf(step)) ?? 0) + 1);
      await bareStep(sandbox, step);
      busy.set(nodeOf(step), (busy.get(nodeOf(step)) ?? 1) - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return performance.now() - started;
}

const nodeOf = ({ path }: Step): string => path.split('/')[2] ?? '';

async function bareStep(sandbox: RunningSandbox, step: Step): Promise<void> {
  const upid = await bareWrite(sandbox, step);
  if (typeof upid !== 'string' || !upid.startsWith('UPID:')) return;
  for (let ms = POLL_MS; ; ms = Math.min(ms * 2, 5_000)) {
    const path = `/api2/json/nodes/${upid.split(':')[1]}/tasks/${upid}/status`;
    const { data } = (await bareGet(sandbox, path)) as { data: { status: string; exitstatus?: string } }; // its envelope
    if (data.status === 'stopped' && data.exitstatus !== 'OK') throw new Error(`${upid} ended with ${data.exitstatus}`);
    if (data.status === 'stopped') return;
    await wait(ms);
  }
}
