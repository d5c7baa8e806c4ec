import type { Scan } from '@pxa/contract';
import type { Lease, ScanEnd } from '@pxa/assistant/store';
import { underAttempt } from '@pxa/assistant/store';
import type { Service } from '../service.ts';
import { ScanFailed } from './ratings.ts';
import { runScan } from './run-scan.ts';

/** So many scans run in a process at a time; others wait for their turn, here or at another replica. */
const MOST_AT_ONCE = 2;
/** How long a scan of a process that is no more stays where it is. */
const LEASE_MS = 30_000;
const RENEWED_MS = 10_000;
/** How often the scans that nobody runs are looked for. */
const LOOK_MS = 5_000;
/** A scan that takes longer has failed: a cluster of ten thousand guests takes minutes. */
const MOST_MS = 60 * 60_000;
/** A scan that ends each process that runs it, for want of memory, say, would end them for ever: so often it is begun again. */
const MOST_RUNS = 5;

/** Runs scans beside the requests that asked for them; of several replicas one runs each. */
export class Scans {
  readonly #service: Service;
  readonly #tell: (error: unknown, scanId: string) => void;
  readonly #ending = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  /** `tell` hears of scans that broke off; they are begun again. */
  constructor(service: Service, tell: (error: unknown, scanId: string) => void) {
    this.#service = service;
    this.#tell = tell;
  }

  /** Begins a scan, unless somebody runs it or others are in front; settles when it has begun, and not when it ends. */
  async begin(id: string): Promise<void> {
    if (this.#ending.signal.aborted || this.#running.has(id) || this.#running.size >= MOST_AT_ONCE) return;
    let hasBegun = (): void => undefined;
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    // What it writes is not of the request that it was begun by, which is answered meanwhile.
    const run = underAttempt(undefined, () => this.#run(id, hasBegun))
      .catch((error: unknown) => this.#tell(error, id))
      .finally(() => {
        this.#running.delete(id);
        hasBegun();
      });
    this.#running.set(id, run);
    await begun;
  }

  /** Begins what nobody runs, as long as it is told to: what an earlier process left, too. */
  async takeUp(signal: AbortSignal): Promise<void> {
    const { kept, sleep } = this.#service;
    while (!signal.aborted) {
      for (const { id } of await kept.openScans()) await this.begin(id);
      await sleep(LOOK_MS, signal);
    }
  }

  /** Lets go of all scans, so that another process begins them again. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running.values());
  }

  async #run(id: string, hasBegun: () => void): Promise<void> {
    const { kept, now, owner } = this.#service;
    const lease = await kept.takeLease({ name: `scan:${id}`, owner, now: now(), leaseMs: LEASE_MS });
    if (lease === undefined) return;
    const over = new AbortController();
    const keeping = this.#keep(lease, over);
    try {
      const scan = await kept.scan(id);
      const run = await kept.startScan(id, new Date(now()).toISOString());
      hasBegun();
      if (scan === undefined || run === undefined) return;
      const signal = AbortSignal.any([over.signal, this.#ending.signal]);
      const end = run > MOST_RUNS ? this.#givenUp() : await this.#end(scan, signal);
      // What was cut off says nothing: whoever holds the scan next begins it again.
      if (!signal.aborted) await kept.endScan(id, run, end, entryOf(scan, end));
    } finally {
      over.abort();
      await keeping;
      await kept.releaseLease(lease).catch(() => undefined);
    }
  }

  async #end(scan: Scan, signal: AbortSignal): Promise<ScanEnd> {
    const { now, sleep } = this.#service;
    const done = new AbortController();
    const late = sleep(MOST_MS, AbortSignal.any([done.signal, signal])).then(() => {
      if (done.signal.aborted || signal.aborted) return undefined;
      return new ScanFailed('It took longer than an hour, and was given up.');
    });
    const at = (): string => new Date(now()).toISOString();
    try {
      const ended = await Promise.race([runScan(this.#service, scan, AbortSignal.any([done.signal, signal])), late]);
      if (ended instanceof ScanFailed || ended === undefined) throw ended ?? new ScanFailed('It was cut off.');
      return { status: 'completed', at: at(), ...ended };
    } catch (error) {
      if (!(error instanceof ScanFailed)) throw error;
      return { status: 'failed', at: at(), error: error.message };
    } finally {
      done.abort();
    }
  }

  #givenUp(): ScanEnd {
    const error = `It was begun ${MOST_RUNS} times and came to no end: whatever ran it ended or broke off. The log of the service may tell why; scan fewer targets at a time, or give the service more memory.`;
    return { status: 'failed', at: new Date(this.#service.now()).toISOString(), error };
  }

  /** Holds on until the run is over; ends the run where another has taken it. */
  async #keep(lease: Lease, over: AbortController): Promise<void> {
    const { kept, now, sleep } = this.#service;
    let untilMs = now() + LEASE_MS;
    while (!over.signal.aborted) {
      await sleep(RENEWED_MS, over.signal);
      if (over.signal.aborted) return;
      const at = now();
      const isOurs = await kept.renewLease(lease, at, LEASE_MS).catch(() => undefined);
      if (isOurs === true) untilMs = at + LEASE_MS;
      if (isOurs === false || now() >= untilMs) over.abort();
    }
  }
}

function entryOf(scan: Scan, end: ScanEnd): Parameters<Service['store']['audit']>[0] {
  const { id, type, connection, requested_by: who } = scan;
  const told =
    end.status === 'completed' ? { score: end.result.score, findings: end.result.counts } : { error: end.error };
  const data = { id, type, connection, status: end.status, ...told };
  return { at: end.at, kind: 'scan.completed', who, door: 'rest', cluster: '', plan_id: null, job_id: null, data };
}
