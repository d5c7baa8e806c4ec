import { setTimeout as wait } from 'node:timers/promises';
import { approve, begin, proposalAudit } from '@pxa/act';
import type { Job, Person, PlanRecord } from '@pxa/contract';
import { type Store, type StorePlace, openStore, verifyAuditLog } from '@pxa/store';
import type { Limits } from '../../packages/act/limits.ts';
import type { Random } from '../../packages/sandbox/worlds/random.ts';
import { planOfWords } from '../planner.ts';
import { Child, type Errand } from './children.ts';
import type { CountedCluster } from './cluster.ts';

/** As in earnest, shorter: a lease of a minute would make each round last several. */
const LIMITS: Partial<Limits> = {
  leaseMs: 1_500,
  callMs: 4_000,
  cancelEveryMs: 500,
  settleMs: 10_000,
  unreadableMs: 20_000,
};
/** The longest that a write is under way on the cluster's side: well below `callMs`. */
const SLOWEST_MS = 1_200;
const CLUSTER = 'kill';
const ANNA: Person = { name: 'anna', door: 'command_line' };

/** What came of one round; `wrong` is empty where all is well. */
export interface Round {
  readonly words: string;
  readonly how: string;
  readonly job: string;
  readonly wrong: readonly string[];
}

interface Given {
  readonly random: Random;
  readonly cluster: CountedCluster;
  readonly place: StorePlace;
  readonly words: string;
}

/**
 * One job, whose processes are killed or stopped at moments that `random` tells, until one carries it to its end.
 * Undefined where no plan comes of the words.
 */
export async function playRound(given: Given): Promise<Round | undefined> {
  const store = await openStore(given.place, { now: () => Date.now() });
  try {
    const begun = await begunJob(store, given);
    if (begun === undefined) return undefined;
    const { record, jobId } = begun;
    const errand = errandOf(given, jobId);
    if (given.random.chance(0.6)) given.cluster.slowDown(record, given.random.whole(200, SLOWEST_MS));
    const how = given.random.chance(0.25) ? await stopped(given.random, errand) : await killed(given.random, errand);
    const job = await store.job(jobId);
    if (job === undefined) throw new Error(`job ${jobId} is gone`);
    const wrong = await wrongs(store, given, { record, job, how });
    return { words: given.words, how: how.text, job: job.state, wrong };
  } finally {
    await store.close();
  }
}

async function begunJob(
  store: Store,
  { random, cluster, words }: Given,
): Promise<{ record: PlanRecord; jobId: string } | undefined> {
  const now = (): number => Date.now();
  const id = (prefix: string): string => `${prefix}_${random.whole(1, 999_999_999)}`;
  const { reader } = cluster.client.session();
  const planned = await planOfWords(words, {
    reader,
    now,
    clusterNow: now,
    id,
    by: ANNA,
    cluster: CLUSTER,
    user: cluster.sandbox.tokenId,
    isRehearsed: false,
  });
  if (planned.kind === 'none') return undefined;
  const { record, approval } = planned;
  await store.propose(record, approval, proposalAudit(record));
  const decided = await approve({ store, now }, approval.id, ANNA, record.plan.confirm);
  if (!decided.ok) throw new Error(decided.refused);
  const begun = await begin({ store, now, id }, approval.id);
  if (!begun.ok) throw new Error(begun.refused);
  return { record, jobId: begun.job.id };
}

function errandOf({ cluster, place }: Given, jobId: string): Omit<Errand, 'owner'> {
  const { url, tokenId, tokenSecret: secret, fingerprint } = cluster.sandbox;
  return { place, pve: { url, tokenId, secret, fingerprint }, jobId, cluster: CLUSTER, limits: LIMITS };
}

interface How {
  readonly text: string;
  /** How many processes ended before their time. */
  readonly deaths: number;
}

/** Some processes are killed, one after the other; the last one lives. */
async function killed(random: Random, errand: Omit<Errand, 'owner'>): Promise<How> {
  const deaths = random.chance(0.3) ? 2 : 1;
  const moments: string[] = [];
  for (let nth = 1; nth <= deaths; nth++) {
    const child = new Child({ ...errand, owner: `killed-${nth}` });
    moments.push(await untilMoment(random, child));
    await child.kill();
  }
  await new Child({ ...errand, owner: 'last' }).ended();
  return { text: `killed ${moments.join(', then ')}`, deaths };
}

/** A process is stopped for longer than its lease while another takes its job over, and goes on then. */
async function stopped(random: Random, errand: Omit<Errand, 'owner'>): Promise<How> {
  const child = new Child({ ...errand, owner: 'stopped' });
  const moment = await untilMoment(random, child);
  child.stop();
  const other = new Child({ ...errand, owner: 'other' });
  await wait(random.whole(2_000, 7_000));
  child.goOn();
  await Promise.all([child.ended(), other.ended()]);
  return { text: `stopped ${moment}`, deaths: 1 };
}

/** The moment after a process has come so far; what that was, in words. */
async function untilMoment(random: Random, child: Child): Promise<string> {
  const isEnd = (line: string): boolean => line.startsWith('ended ');
  if (random.chance(0.25)) {
    const ms = random.whole(0, 2_500);
    await child.until((line) => line === 'ready');
    await wait(ms);
    return `after ${ms} ms`;
  }
  const isAsked = random.chance(0.6);
  const ms = random.whole(0, random.chance(0.5) ? 15 : SLOWEST_MS + 100);
  await child.until(
    (line) => isEnd(line) || (isAsked ? line.endsWith('asked of Proxmox.') : line.includes('task began')),
  );
  await wait(ms);
  return `${ms} ms after ${isAsked ? 'it was to ask' : 'a task began'}`;
}

/** What is not as it must be. */
async function wrongs(
  store: Store,
  { cluster }: Given,
  { record, job, how }: { record: PlanRecord; job: Job; how: How },
): Promise<string[]> {
  const times = cluster.timesOf(record);
  const isUnknown = job.steps.some(({ state }) => state === 'unknown');
  // After two deaths at the same call it is left to a person whether it was done.
  const mayBeUnknown = how.deaths > 1 && isUnknown;
  const audit = await verifyAuditLog(store);
  return [
    ...times.flatMap((count, index) => (count > 1 ? [`step ${index} came in ${count} times`] : [])),
    ...(mayBeUnknown || job.state === 'done' ? [] : [`the job is ${job.state}: ${job.result}`]),
    ...job.steps.flatMap(({ state, index }) =>
      state === 'done' && times[index] === 0 ? [`step ${index} is said to be done, and never came in`] : [],
    ),
    ...(job.state === 'done' && job.proof?.outcome === 'unverified'
      ? [`unverified: ${job.proof.differs.join('; ')}`]
      : []),
    ...(audit.ok ? [] : [`the audit log is not whole: ${audit.what}`]),
    ...cluster.unplanned([record]).map((call) => `${call} is in no plan`),
  ];
}
