/** A service that kills itself after so many writes to its store: what crash.ts starts. It prints where it listens. */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createAssistant } from '@pxa/assistant';
import { type App, createServer, type Service, serviceSettings } from '@pxa/server';
import { connect } from '@pxa/pve';
import { openAll, type StorePlace } from '@pxa/store';

/** What the parent tells it, as JSON. */
export interface MortalOptions {
  readonly place: StorePlace;
  readonly cluster: {
    readonly url: string;
    readonly tokenId: string;
    readonly secret: string;
    readonly fingerprint: string;
  };
  /** It dies once so many writes are done; 0: never. */
  readonly writes: number;
  /** How far its clock is ahead: what a dead process held has run out by then, and nobody has to wait for it. */
  readonly aheadMs: number;
}

const READS =
  /^(?:plan|approval|approvalOf|approvals|job|jobOf|jobs|due|events|lastEvents|auditLog|auditHead|tokenByHash|tokens|rateCounter|close)$/;

const options = JSON.parse(process.argv[2] ?? '') as MortalOptions; // crash.ts gives it
let left = options.writes;

/** The same, but dead after the last of its writes. What other threads of work wrote meanwhile counts, too. */
function mortal<T extends object>(of: T): T {
  return new Proxy(of, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== 'function' || READS.test(String(name)) || !WRITES.test(String(name))) return method;
      return async (...given: unknown[]): Promise<unknown> => {
        const result: unknown = await method.apply(target, given);
        if (options.writes > 0 && --left === 0) process.kill(process.pid, 'SIGKILL');
        return result;
      };
    },
  });
}

/** What belongs to a request and its job; what runs beside it comes at any time. */
const WRITES = /^(?:beginAttempt|endAttempt|dropAttempt|propose|decide|begin|audit|claim|start|step|end|release)$/;

await listen(await compose());

async function compose(): Promise<App> {
  const { url, tokenId, secret, fingerprint } = options.cluster;
  const now = (): number => Date.now() + options.aheadMs;
  const opened = await openAll(options.place, { now });
  const [store, kept] = [mortal(opened.store), mortal(opened.service)];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  const id = (prefix: string): string => `${prefix}_${randomBytes(8).toString('hex')}`;
  const owner = String(process.pid);
  const assistant = createAssistant({
    cluster: connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } }),
    now,
    ids: () => id('conversation'),
    changes: {
      openStore: () => Promise.resolve(store),
      connection: 'home',
      user: tokenId,
      person: { name: 'nobody', door: 'rest' },
      owner,
      id,
      sleep,
    },
  });
  const service: Service = {
    clusters: new Map([['home', assistant]]),
    store,
    kept,
    ...(opened.queue === undefined ? {} : { queue: opened.queue }),
    now,
    id,
    random: randomBytes,
    sleep,
    owner,
    version: '1.0.0',
    isSandbox: true,
    settings: serviceSettings({}, {}),
  };
  return createServer(service);
}

async function listen(app: App): Promise<void> {
  console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
}
