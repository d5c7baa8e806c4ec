import type { FastifyReply, FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { WatchedCall } from '../operations/call-watch.ts';
import type { Service } from '../service.ts';
import { LoopLag } from './loop-lag.ts';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const DELIVERY_STATES = ['pending', 'delivered', 'parked'];
/** States that a job is in; each is told, so that a graph does not begin with the first job in it. */
const JOB_STATES = ['queued', 'running', 'done', 'failed', 'cancelled', 'drifted'];

/**
 * What Prometheus reads. Labels are bounded: routes are told as they are registered and not as they are asked for,
 * connections as they are configured, methods and states are few.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #lag: LoopLag;
  readonly #service: Service;
  #countsProcess = false;

  readonly #requests = this.#histogram('pxa_http_request_duration_seconds', 'How long requests took, by route.', [
    'method',
    'route',
    'status',
  ]);
  readonly #calls = this.#histogram('pxa_proxmox_call_duration_seconds', 'How long calls to Proxmox took.', [
    'connection',
    'method',
    'status',
  ]);
  readonly #open = this.#gauge('pxa_http_requests_under_way', 'Requests that are being answered.');
  readonly #jobs = this.#gauge('pxa_jobs', 'Jobs that are kept, by state.', ['state']);
  readonly #waiting = this.#gauge('pxa_jobs_waiting', 'Jobs that are due and that no replica works on.');
  readonly #approvals = this.#gauge('pxa_approvals_pending', 'Plans that wait for a person.');
  readonly #deliveries = this.#gauge('pxa_webhook_deliveries', 'Deliveries to webhooks that are kept, by state.', [
    'state',
  ]);
  readonly #scrapeFailures = new Counter({
    name: 'pxa_metrics_store_failures_total',
    help: 'How often the store could not be asked for these figures.',
    registers: [this.#registry],
  });
  readonly #loop = this.#gauge(
    'pxa_event_loop_lag_seconds',
    'The longest that the process was busy with one thing since the last look.',
  );

  constructor(service: Service) {
    this.#service = service;
    this.#lag = new LoopLag(service.now);
  }

  began(): void {
    this.#open.inc();
  }

  /** A request was answered, or given up by who made it. */
  ended({ method, routeOptions }: FastifyRequest, reply: FastifyReply): void {
    this.#open.dec();
    const known = METHODS.has(method) ? method : 'other';
    const labels = { method: known, route: routeOptions.url ?? 'none', status: String(reply.statusCode) };
    this.#requests.observe(labels, reply.elapsedTime / 1_000);
  }

  /** A call to Proxmox ended; status 0: without an answer. */
  called({ connection, method, status, ms }: WatchedCall): void {
    this.#calls.observe({ connection, method, status: String(status) }, ms / 1_000);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The figures as Prometheus reads them; those of the store as it is now. Without the store, its figures are left out. */
  async text(): Promise<string> {
    if (!this.#countsProcess) collectDefaultMetrics({ register: this.#registry });
    this.#countsProcess = true;
    this.#loop.set(this.#lag.longestMs() / 1_000);
    await this.#countStore();
    return this.#registry.metrics();
  }

  close(): void {
    this.#lag.close();
    this.#registry.clear();
  }

  async #countStore(): Promise<void> {
    const { kept, now } = this.#service;
    for (const gauge of [this.#jobs, this.#waiting, this.#approvals, this.#deliveries]) gauge.reset();
    try {
      const { jobs, waiting, pendingApprovals, deliveries } = await kept.counts(now());
      for (const state of new Set([...JOB_STATES, ...Object.keys(jobs)])) this.#jobs.set({ state }, jobs[state] ?? 0);
      this.#waiting.set(waiting);
      this.#approvals.set(pendingApprovals);
      for (const state of DELIVERY_STATES) this.#deliveries.set({ state }, deliveries[state] ?? 0);
    } catch {
      // Figures of the process are wanted most when the store is away.
      for (const gauge of [this.#waiting, this.#approvals]) gauge.remove();
      this.#scrapeFailures.inc();
    }
  }

  #histogram<T extends string>(name: string, help: string, labelNames: T[]): Histogram<T> {
    return new Histogram({ name, help, labelNames, buckets: SECONDS, registers: [this.#registry] });
  }

  #gauge<T extends string>(name: string, help: string, labelNames: T[] = []): Gauge<T> {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }
}
