import type { Job } from '@pxa/contract';
import { type Store, StoreFailed, openStore } from '@pxa/store';
import { afterEach, describe, expect, test } from 'vitest';
import { type Lab, openLab } from '../../packages/act/testing/lab.ts';
import { NODE1, NODE2, planOf, start, stop } from '../../packages/act/testing/plans.ts';
import { freshPostgres, postgresLacks, runSql } from '../../packages/store/testing/postgres.ts';

const lacks = postgresLacks();
if (lacks !== undefined) console.log(`PostgreSQL that goes away is not tested here: ${lacks}`);

let number = 0;

/** A database of its own on the server, and a user who can be kept out of it. */
class Server {
  readonly url: string;
  readonly #admin: string;
  readonly #role: string;

  private constructor(admin: string, role: string) {
    this.#admin = admin;
    this.#role = role;
    const url = new URL(admin);
    url.username = role;
    this.url = url.href;
  }

  static async fresh(): Promise<Server> {
    const admin = await freshPostgres();
    const role = `worker_${process.pid}_${++number}`;
    await runSql(
      admin,
      `create role ${role} login; do $$ begin execute format('grant all on schema %I to ${role}', current_schema()); end $$`,
    );
    return new Server(admin, role);
  }

  /** Cuts all connections off, as a restart does. */
  async restart(): Promise<void> {
    await runSql(this.#admin, `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${this.#role}'`);
  }

  /** Cuts them off, and lets nobody in. */
  async goAway(): Promise<void> {
    await runSql(this.#admin, `alter role ${this.#role} nologin`);
    await this.restart();
  }

  async comeBack(): Promise<void> {
    await runSql(this.#admin, `alter role ${this.#role} login`);
  }
}

let lab: Lab;
afterEach(() => lab.close());

/** A store whose server has something happen to it right before it is asked for the n-th time. */
const beforeThe =
  (nth: number, happens: () => Promise<void>) =>
  (store: Store): Store => {
    let asked = 0;
    return new Proxy(store, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        // Every method of a store gives a promise.
        const call = method.bind(target) as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          if (++asked === nth) await happens();
          return call(...args);
        };
      },
    });
  };

const plan = () => planOf([start(`${NODE2}/qemu/104`), { ...stop(`${NODE1}/qemu/105`), after: [0] }]);
const WRITES = [`POST /nodes/${NODE2}/qemu/104/status/start`, `POST /nodes/${NODE1}/qemu/105/status/stop`];

/** How far a job of two steps asks the store. */
const PLACES = [1, 3, 6, 9, 12, 15];

describe.skipIf(lacks !== undefined)('PostgreSQL', () => {
  test.each(PLACES)('restarts in the middle of a job, at its call %i: each step is done once', async (nth) => {
    const server = await Server.fresh();
    let isOver = false;
    const happens = async (): Promise<void> => {
      if (!isOver) await server.restart();
      isOver = true;
    };
    lab = await openLab({ place: { kind: 'postgres', url: server.url }, tamper: beforeThe(nth, happens) });
    const jobId = await lab.approved(plan());
    await lab.run(jobId).catch((error: unknown) => expect(error).toBeInstanceOf(StoreFailed));
    expect(isOver).toBe(true);
    await lab.pass(70_000);
    const job = await lab.resume(jobId);
    expect([job.state, lab.writes]).toEqual(['done', WRITES]);
  });

  test.each(PLACES)(
    'goes away in the middle of a job, at its call %i: nothing more is sent, and it is gone on with',
    async (nth) => {
      const server = await Server.fresh();
      let sentBefore = -1;
      const happens = async (): Promise<void> => {
        if (sentBefore >= 0) return;
        sentBefore = lab.writes.length;
        await server.goAway();
      };
      lab = await openLab({ place: { kind: 'postgres', url: server.url }, tamper: beforeThe(nth, happens) });
      const jobId = await lab.approved(plan());
      const ended = await lab.run(jobId).catch((error: unknown) => error);
      expect(ended).toBeInstanceOf(StoreFailed);
      expect(String(ended)).toMatch(/PostgreSQL at localhost/);
      // What was written down before it went away may have been sent since: one call, and no other.
      expect(lab.writes.length - sentBefore).toBeLessThanOrEqual(1);
      await server.comeBack();
      await lab.pass(70_000);
      const job: Job = await lab.resume(jobId);
      expect([job.state, lab.writes]).toEqual(['done', WRITES]);
    },
  );

  test('that is away when a plan is to be kept says so, and keeps nothing', async () => {
    const server = await Server.fresh();
    lab = await openLab({ place: { kind: 'postgres', url: server.url } });
    await server.goAway();
    await expect(lab.approved(plan())).rejects.toThrow(
      /PostgreSQL at localhost.* (?:refused the login|has closed the connection)/,
    );
    await expect(openStore({ kind: 'postgres', url: server.url }, { now: () => 0 })).rejects.toThrow(
      /refused the login/,
    );
    await server.comeBack();
    expect(await lab.store.auditHead()).toMatchObject({ count: 0 });
    expect(await lab.store.approvals({ now: new Date(0).toISOString(), limit: 1 })).toEqual([]);
  });
});
