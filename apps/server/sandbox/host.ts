import type { Person } from '@pxa/contract';
import { Cron } from 'croner';
import type { Service } from '../service.ts';

/** Every day at 00:00 UTC, whatever the clock of the sandbox shows. */
const DAILY = '0 0 * * *';
const OPEN = ['queued', 'running'] as const;
/** A job that was asked to stop does so before its next step; so long, in all, is waited for that. */
const LOOKS = 50;
const LOOK_MS = 100;
const MOST = 1_000;

/**
 * Lets the cluster of a sandbox service begin anew, daily and when somebody asks. Tokens stay; what was planned or under
 * way on the old cluster is cancelled first, so that nothing of it is carried out on the new one.
 */
export class SandboxHost {
  readonly #service: Service;
  readonly #restart: () => Promise<void>;
  readonly #daily: Cron;
  #underWay: Promise<void> | undefined;

  /** `restart` replaces the cluster. `tell` hears of a daily reset that failed; the next day it is tried again. */
  constructor(service: Service, restart: () => Promise<void>, tell: (error: unknown) => void) {
    this.#service = service;
    this.#restart = restart;
    const by: Person = { name: 'the sandbox', door: 'rest' };
    const options = { timezone: 'UTC', unref: true, protect: true, catch: tell };
    this.#daily = new Cron(DAILY, options, () => this.reset(by));
  }

  /** Who asks while it begins anew waits for that. */
  reset(by: Person): Promise<void> {
    this.#underWay ??= this.#reset(by).finally(() => (this.#underWay = undefined));
    return this.#underWay;
  }

  nextReset(): Date | undefined {
    return this.#daily.nextRun() ?? undefined;
  }

  close(): void {
    this.#daily.stop();
  }

  async #reset(by: Person): Promise<void> {
    const { store, now } = this.#service;
    await this.#endPlans(by);
    await this.#restart();
    const at = new Date(now()).toISOString();
    const entry = { at, kind: 'sandbox.reset', who: by.name, door: by.door, cluster: '' };
    await store.audit({ ...entry, plan_id: null, job_id: null, data: {} });
  }

  async #endPlans(by: Person): Promise<void> {
    const { store, clusters, sleep } = this.#service;
    for (const { changes } of clusters.values()) {
      const pending = (await changes?.approvals('pending')) ?? [];
      for (const { plan_id: plan } of pending) await changes?.cancel(plan, by);
      const open = await store.jobs({ states: OPEN, limit: MOST });
      for (const { id } of open) await changes?.cancelJob(id, by);
    }
    for (let look = 0; look < LOOKS; look++) {
      if ((await store.jobs({ states: OPEN, limit: 1 })).length === 0) return;
      await sleep(LOOK_MS);
    }
  }
}
