import type { PlanRecord } from '@pxa/contract';
import { type Cluster, connect } from '@pxa/pve';
import { type Fault, type Sandbox, startSandbox } from '@pxa/sandbox';

type Strike = (method: string, path: string) => unknown;

/** A cluster that listens, and counts the writes that come in. */
export class CountedCluster {
  readonly sandbox: Sandbox;
  readonly client: Cluster;
  /** Every write that came in, as `POST /nodes/…`, in order. */
  readonly arrived: string[] = [];
  readonly #first = Promise.withResolvers<void>();

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    const { url, tokenId, tokenSecret: secret, fingerprint } = sandbox;
    this.client = connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
    // Every request goes by the faults, before anything is done about it.
    const faults = sandbox.faults as Sandbox['faults'] & { strike: Strike };
    const strike = faults.strike.bind(faults);
    faults.strike = (method, path) => {
      if (method !== 'GET') this.#note(`${method} ${path}`);
      return strike(method, path);
    };
  }

  /** Settles when the first write comes in. */
  get firstWrite(): Promise<void> {
    return this.#first.promise;
  }

  #note(call: string): void {
    this.arrived.push(call);
    this.#first.resolve();
  }

  static async start(seed: number): Promise<CountedCluster> {
    return new CountedCluster(await startSandbox({ seed, nodes: 3, guests: 60 }));
  }

  /** Lets the writes of a plan take so long on the cluster's side, from coming in to being carried out. */
  slowDown({ plan }: PlanRecord, ms: number): void {
    for (const { method, path } of plan.steps) {
      this.sandbox.faults.add({ fault: 'latency', ms, method, path, times: 1 } satisfies Fault);
    }
  }

  /** How often each call of a plan came in. */
  timesOf({ plan }: PlanRecord): number[] {
    return plan.steps.map(({ method, path }) => this.arrived.filter((call) => call === `${method} ${path}`).length);
  }

  /** Writes that came in and are in none of the plans. */
  unplanned(plans: readonly PlanRecord[]): string[] {
    const planned = new Set(plans.flatMap(({ plan }) => plan.steps.map(({ method, path }) => `${method} ${path}`)));
    return this.arrived.filter((call) => !planned.has(call));
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.sandbox.close();
  }
}
