import { randomBytes } from 'node:crypto';
import { type Assistant, createAssistant, type Rules } from '@pxa/assistant';
import { type Cluster, connect } from '@pxa/assistant/clusters';
import { type Sandbox, SandboxClock, type SandboxOptions, startSandbox } from '@pxa/assistant/lab';
import { openAll, type Seal } from '@pxa/assistant/store';
import type { Job } from '@pxa/contract';
import { storedMemory } from '../conversations/memory.ts';
import { mintToken, type Wanted } from '../auth/mint.ts';
import type { Scope } from '../auth/scopes.ts';
import { type App, createServer } from '../server.ts';
import type { Service } from '../service.ts';
import { type ServiceSettings, serviceSettings } from '../settings.ts';
import { systemHome } from '../storage/uploads/leftovers.ts';
import { Spool } from '../storage/uploads/spool.ts';
import { CallWatch } from '../operations/call-watch.ts';
import type { ServerOptions } from '../operations/options.ts';
import type { z } from 'zod';

/** When tests happen: 23 February 2026, 10:00. */
const NOW_MS = Date.UTC(2026, 1, 23, 10);

const TICK_MS = 100;

/** Turns a text round: enough to tell what was sealed from what was not. */
const turned = (text: string): string => [...text].toReversed().join('');
const seal = (): Promise<Seal> => Promise.resolve({ seal: turned, open: turned });

/** What came back for a request, and what stands at a path of its body: `data.vms.0.id`. */
export class Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;

  constructor(status: number, headers: Readonly<Record<string, unknown>>, body: unknown) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  at(path: string): unknown {
    return path.split('.').reduce((value: unknown, key) => {
      const record = value as Readonly<Record<string, unknown>> | null | undefined; // what is none has nothing at any key
      return record?.[key];
    }, this.body);
  }

  text(path: string): string {
    return String(this.at(path));
  }

  list(path: string): readonly Readonly<Record<string, unknown>>[] {
    const value = this.at(path);
    return Array.isArray(value) ? value : [];
  }
}

/** The service over a sandbox, as a client sees it, without a socket between. */
export class Lab {
  readonly app: App;
  readonly sandbox: Sandbox;
  readonly service: Service;

  readonly #assistant: () => Assistant;

  private constructor(parts: { app: App; sandbox: Sandbox; service: Service; assistant: () => Assistant }) {
    this.app = parts.app;
    this.sandbox = parts.sandbox;
    this.service = parts.service;
    this.#assistant = parts.assistant;
  }

  /** Lets so much time go by. */
  later(seconds: number): Promise<void> {
    return this.sandbox.clock.advance(seconds * 1_000);
  }

  /** A job as it ended; time goes by for it. */
  async ended(jobId: string): Promise<Job> {
    for (;;) {
      const job = await this.service.store.job(jobId);
      if (job?.ended_at !== undefined) return job;
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
      await this.sandbox.clock.advance(TICK_MS);
    }
  }

  static async start(
    world: SandboxOptions = {},
    settings: z.input<typeof ServiceSettings> = {},
    { rules, ...options }: ServerOptions & { rules?: Rules } = {},
  ): Promise<Lab> {
    const sandbox = await startSandbox({ clock: new SandboxClock(NOW_MS, 0), ...world });
    const { url, tokenId, tokenSecret: secret, fingerprint } = sandbox;
    const calls = new CallWatch();
    const cluster = (): Cluster =>
      connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint }, onCall: calls.of('home') });
    let count = 0;
    const id = (prefix: string): string => `${prefix}_${++count}`;
    const now = (): number => sandbox.clock.now();
    const { store, service: kept } = await openAll({ kind: 'sqlite', file: ':memory:' }, { now, seal });
    const parsed = serviceSettings(settings, {});
    const uploads = new Spool(systemHome(parsed.upload_folder), randomBytes);
    const assistant = (): Assistant =>
      createAssistant({
        cluster: cluster(),
        now,
        ids: () => id('conversation'),
        memory: storedMemory(kept, 'home', now),
        changes: {
          openStore: () => Promise.resolve(store),
          connection: 'home',
          user: tokenId,
          person: { name: 'nobody', door: 'rest' },
          owner: 'lab',
          id,
          sleep: sandbox.clock.sleep,
          files: uploads,
          ...(rules === undefined ? {} : { rules }),
        },
      });
    const service: Service = {
      clusters: new Map([['home', assistant()]]),
      store,
      kept,
      now,
      id,
      random: randomBytes,
      sleep: sandbox.clock.sleep,
      owner: 'lab',
      version: '1.0.0',
      isSandbox: false,
      calls,
      settings: parsed,
      uploads,
    };
    const app = await createServer(service, options);
    return new Lab({ app, sandbox, service, assistant });
  }

  /** Another process over the same store and cluster, as a lab of its own; it is to be closed by `app.close` alone. */
  async replica(clusters: Service['clusters'] = new Map([['home', this.#assistant()]])): Promise<Lab> {
    const service = { ...this.service, clusters };
    return new Lab({ app: await createServer(service), sandbox: this.sandbox, service, assistant: this.#assistant });
  }

  /** The secret of a new token with scopes, as somebody who runs the service would make it. */
  async token(scopes: readonly Scope[], more: Partial<Wanted> = {}, owner = 'anna'): Promise<string> {
    const wanted: Wanted = { name: 'for a test', description: '', scopes, approval: 'own', ...more };
    return (await mintToken(this.service, { name: owner, door: 'command_line' }, wanted)).secret;
  }

  /** Sends a request: `GET /v1/vms`, with a body where there is one. */
  async send(line: string, token?: string, body?: unknown, headers: Record<string, string> = {}): Promise<Got> {
    const [method = 'GET', url = '/'] = line.split(' ');
    const answered = await this.app.inject({
      method: method as 'GET', // the tests name methods that there are
      url,
      headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object | string }),
    });
    const text = answered.body;
    const isJson = String(answered.headers['content-type']).startsWith('application/json') && text !== '';
    return new Got(answered.statusCode, answered.headers, isJson ? JSON.parse(text) : text);
  }

  /** Sends a body as it is written, JSON or not. */
  sendRaw(line: string, token: string, body: string, type = 'application/json'): Promise<Got> {
    return this.send(line, token, body, { 'content-type': type });
  }

  async close(): Promise<void> {
    await this.app.close();
    for (const cluster of this.service.clusters.values()) await cluster.close();
    await this.service.store.close();
    await this.sandbox.close();
  }
}
