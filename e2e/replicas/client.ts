import { setTimeout as wait } from 'node:timers/promises';

/** What came back. */
export interface Got {
  readonly status: number;
  readonly body: unknown;
}

/** Somebody who changes machines through the balancer and never gives up: what is lost on the way is asked again under its key. */
export class Client {
  readonly #url: string;
  readonly #token: string;
  /** How often something was asked again. */
  repeats = 0;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Asks until there is an answer that is not about the way there. */
  async send(method: string, path: string, more: { key?: string; body?: unknown } = {}): Promise<Got> {
    for (let tries = 0; ; tries++) {
      const got = await this.once(method, path, more).catch(() => undefined);
      if (got !== undefined && !isOnTheWay(got)) return got;
      if (tries > MOST_TRIES) throw new Error(`${method} ${path} came to no end: ${JSON.stringify(got)}`);
      this.repeats += 1;
      await wait(AGAIN_MS);
    }
  }

  /** Asks one time. */
  async once(method: string, path: string, { key, body }: { key?: string; body?: unknown } = {}): Promise<Got> {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Waits until a job has ended, or nobody answers any more. */
  async endedOrGone(jobId: string): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const got = await this.once('GET', `/v1/jobs/${jobId}`).catch(() => undefined);
      const status = got && at(got, 'data.job.status');
      if (status !== 'pending' && status !== 'running') return;
      await wait(AGAIN_MS);
    }
  }

  /** Waits until a job has ended, and gives how. */
  async ended(jobId: string): Promise<string> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const status = at(await this.send('GET', `/v1/jobs/${jobId}`), 'data.job.status');
      if (status !== 'pending' && status !== 'running') return String(status);
      await wait(AGAIN_MS);
    }
    return 'came to no end';
  }
}

const AGAIN_MS = 250;
/** Two minutes and more: a job whose replica was killed is taken up when its lease has run out. */
const MOST_TRIES = 700;

/** Replica gone, store away, or the first attempt still held by a replica that may be gone. */
function isOnTheWay({ status, body }: Got): boolean {
  return status >= 500 || (status === 409 && at({ status, body }, 'error.details.reason') === 'under_way');
}

/** What stands at a path of an answer's body. */
export function at({ body }: Got, path: string): unknown {
  return path.split('.').reduce((value: unknown, key) => {
    const record = value as Readonly<Record<string, unknown>> | null | undefined; // what is none has nothing at any key
    return record?.[key];
  }, body);
}
