import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService, type RunningSandbox, startServiceProcess } from '../../e2e/product.ts';

/** More requests than any measurement makes. */
const MANY = 100_000_000;

/** Settings for measuring: no limits, and webhooks to this machine. */
const SETTINGS = {
  service: {
    limits: { authentication: MANY, vm: MANY, read: MANY, bulk: MANY, ai: MANY },
    allow_private_addresses: true,
  },
};

/** The service over a sandbox, as a process of its own with a store on disk, while `use` runs. */
export async function* withService<T>(
  sandbox: RunningSandbox,
  use: (service: MeasuredService) => AsyncGenerator<T>,
  env: Readonly<Record<string, string>> = {},
): AsyncGenerator<T> {
  const home = await mkdtemp(join(tmpdir(), 'pxa-bench-service-'));
  try {
    await mkdir(join(home, '.config/pxa'), { recursive: true });
    await writeFile(join(home, '.config/pxa/settings.json'), JSON.stringify(SETTINGS));
    const service = await startServiceProcess({ HOME: home, USER: 'bench', ...sandbox.env, ...env });
    try {
      yield* use(new MeasuredService(service));
    } finally {
      await service.stop();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** A running service with the token that the measurements use. */
export class MeasuredService {
  readonly url: string;
  readonly pid: number;
  readonly headers: { readonly authorization: string };

  constructor({ url, pid, token }: RunningService) {
    this.url = url;
    this.pid = pid;
    this.headers = { authorization: `Bearer ${token}` };
  }

  /** The `data` of an answer. Throws where it is none. */
  async send<T>(line: string, body?: object): Promise<T> {
    const [method = 'GET', path = '/'] = line.split(' ');
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...this.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${line} answered ${response.status}: ${text.slice(0, 300)}`);
    return (JSON.parse(text) as { data: T }).data; // the envelope; of what is in it, each measurement knows the form
  }
}
