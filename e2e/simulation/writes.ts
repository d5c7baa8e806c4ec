import type { Job, PlanRecord } from '@pxa/contract';
import { type Arrived, callText } from './cluster.ts';
import type { Simulation } from './simulation.ts';

/** A task that did nothing, since it met with a lock: it may be asked for again. */
const MET_A_LOCK = /\bis locked\b|can't lock file/;

/** All writes of a simulation that the cluster took, against what was approved. */
export class Writes {
  readonly #simulation: Simulation;
  /** By the text of a call, what came of it: those that the cluster took, and that did something. */
  readonly #effective = new Map<string, Arrived[]>();
  readonly #planned = new Map<string, number>();

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    for (const one of simulation.cluster.arrived) {
      if (!this.#didSomething(one)) continue;
      this.#effective.set(one.call, [...(this.#effective.get(one.call) ?? []), one]);
    }
    for (const record of simulation.plans.values()) {
      for (const call of callsOf(record)) this.#planned.set(call, (this.#planned.get(call) ?? 0) + 1);
    }
  }

  #didSomething({ status, upid }: Arrived): boolean {
    if (status !== 200) return false;
    const ended = upid === undefined ? undefined : this.#simulation.cluster.twin.tasks.find(upid)?.status;
    return !MET_A_LOCK.test(ended ?? '');
  }

  /** What the cluster was made to do by a call. */
  of(call: string): readonly Arrived[] {
    return this.#effective.get(call) ?? [];
  }

  /** Whether the plans hold a call more often than once: then nobody can tell whose it was. */
  isShared(call: string): boolean {
    return (this.#planned.get(call) ?? 0) > 1;
  }

  /** No write without its permit, and each at most once. */
  *violations(jobs: readonly Job[]): Generator<string> {
    const stops = new Set(
      jobs
        .filter(({ id }) => this.#simulation.cancelled.has(id))
        .flatMap(({ steps }) => steps.flatMap(({ upid }) => (upid === undefined ? [] : [stopOf(upid)]))),
    );
    for (const { call, by } of this.#simulation.cluster.arrived) {
      if (!this.#planned.has(call) && !stops.has(call)) yield `${by} wrote what no approved plan holds: ${call}`;
    }
    for (const [call, done] of this.#effective) {
      const most = this.#planned.get(call);
      if (most !== undefined && done.length > most) {
        const whose = done.map(({ by, atMs }) => `${by} at ${new Date(atMs).toISOString()}`).join(', ');
        yield `done ${done.length} times, and planned ${most}: ${call} (${whose})`;
      }
    }
  }

  /** Nobody writes for a job that another process has taken over before. */
  *lateWriters(): Generator<string> {
    for (const [jobId, record] of this.#simulation.plans) {
      const calls = new Set(callsOf(record));
      const takes = this.#simulation.holders.get(jobId) ?? [];
      for (const { call, by, atMs } of this.#simulation.cluster.arrived) {
        if (!calls.has(call) || this.isShared(call)) continue;
        const own = takes.findLastIndex((take) => take.by === by && take.atMs <= atMs);
        const next = takes[own + 1];
        if (own === -1 || (next !== undefined && next.by !== by && next.atMs + IN_FLIGHT_MS < atMs)) {
          yield `${by} wrote after ${next?.by ?? 'nobody'} had taken its job over: ${call}`;
        }
      }
    }
  }
}

/** So long a request may be under way when its job is taken over: until the client gives it up, or as late as it may arrive. */
const IN_FLIGHT_MS = 76_000;

const stopOf = (upid: string): string => `DELETE /nodes/${upid.split(':')[1]}/tasks/${upid}`;

function callsOf({ plan, records }: PlanRecord): string[] {
  return [...plan.steps, ...records.flatMap(({ undo }) => undo)].map(callText);
}
