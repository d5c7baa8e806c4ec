import { createHash } from 'node:crypto';
import type { Job } from '@pxa/contract';
import { verifyAuditLog } from '@pxa/store';
import { changeViolations } from './changes.ts';
import { START_MS } from './cluster.ts';
import { scenarioOf } from './scenario.ts';
import { Simulation, inWords } from './simulation.ts';
import { proofViolations, stateViolations } from './states.ts';
import { Writes } from './writes.ts';

/** What came of one seed. */
export interface Verdict {
  readonly seed: number;
  /** What went against the invariants, in words; nothing where all is well. */
  readonly violations: readonly string[];
  readonly troubles: readonly string[];
  readonly asked: readonly string[];
  /** How the jobs ended: `done`, or `failed: unknown, skipped`. */
  readonly jobs: readonly string[];
  readonly writes: number;
  readonly hours: number;
  /** The same for the same seed: a run goes the same way each time. */
  readonly trace: string;
}

/** Plays one seed, and holds what came of it against the invariants. Never rejects. `look` sees it when it is over. */
export async function simulate(seed: number, look?: (simulation: Simulation) => Promise<void>): Promise<Verdict> {
  const simulation = new Simulation(scenarioOf(seed));
  const violations: string[] = [];
  let jobs: Job[] = [];
  simulation.onEnd = async (job, record) => {
    violations.push(...(await proofViolations(simulation, job, record)));
  };
  try {
    await simulation.run();
    jobs = await simulation.store.jobs({ limit: 100 });
    const writes = new Writes(simulation);
    violations.push(...simulation.seen, ...writes.violations(jobs), ...writes.lateWriters());
    for (const job of jobs) violations.push(...stateViolations(simulation, writes, job));
    violations.push(...quietViolations(simulation, jobs), ...changeViolations(simulation));
    violations.push(...(await restViolations(simulation, jobs)));
  } catch (error) {
    violations.push(...simulation.seen, inWords(error));
    jobs = await simulation.store.jobs({ limit: 100 }).catch(() => []);
  }
  await look?.(simulation);
  const verdict = verdictOf(simulation, jobs, violations);
  await simulation.close();
  return verdict;
}

/** Where nothing goes wrong, what was planned is done, and verified. */
function quietViolations({ scenario, plans }: Simulation, jobs: readonly Job[]): string[] {
  if (scenario.troubles.size > 0 || scenario.asks.length > 1) return [];
  return jobs
    .filter(({ state, proof }) => state !== 'done' || proof?.outcome === 'unverified')
    .map((job) => `nothing went wrong, and yet "${plans.get(job.id)?.request}" is ${job.state}: ${job.result}`);
}

/** The audit log is whole and tells of every write; whoever starts now finds nothing left to do. */
async function restViolations(simulation: Simulation, jobs: readonly Job[]): Promise<string[]> {
  const found: string[] = [];
  const arrived = simulation.cluster.arrived.length;
  const audit = await verifyAuditLog(simulation.store);
  if (!audit.ok) found.push(`the audit log is not whole: ${audit.what}`);
  const records = await simulation.store.auditLog(0, 10_000);
  for (const job of jobs) {
    const told = new Set(
      records.filter(({ kind, job_id: id }) => kind === 'call.sent' && id === job.id).map(({ data }) => data['step']),
    );
    const untold = job.steps.find(({ index, state }) => state === 'done' && !told.has(index));
    if (untold !== undefined) found.push(`the audit log does not tell of step ${untold.index} of job ${job.id}`);
  }
  const more = await simulation.resumeOnceMore();
  if (more.length > 0) found.push(`${more.length} jobs were taken up again after all had ended`);
  if (simulation.cluster.arrived.length > arrived) found.push('something was written after all jobs had ended');
  return found;
}

function verdictOf(simulation: Simulation, jobs: readonly Job[], violations: readonly string[]): Verdict {
  const { scenario, cluster, asked } = simulation;
  const ends = jobs.map(({ state, steps }) => {
    const others = steps.flatMap((step) => (step.state === 'done' ? [] : [step.state]));
    return others.length === 0 ? state : `${state}: ${others.join(', ')}`;
  });
  const trace = createHash('sha256').update(JSON.stringify([cluster.arrived, jobs, cluster.clock.now()]));
  return {
    seed: scenario.seed,
    violations,
    troubles: [...scenario.troubles],
    asked,
    jobs: ends,
    writes: cluster.arrived.length,
    hours: (cluster.clock.now() - START_MS) / 3_600_000,
    trace: trace.digest('hex').slice(0, 16),
  };
}
