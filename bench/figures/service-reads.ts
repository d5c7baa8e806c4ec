import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunningSandbox } from '../../e2e/product.ts';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { memoryMiB } from '../memory.ts';
import { bareGet, withCluster } from '../sandbox.ts';
import { load } from '../service/load.ts';
import { type MeasuredService, withService } from '../service/process.ts';
import { compare } from '../timing.ts';

/** Clusters by what a list of their guests may cost at most over the one call to Proxmox that it needs. */
const CLUSTERS = [
  // Over a call of some 2.5 ms, 1.3 leaves less than a millisecond: for a second hop, and all that a service does.
  { guests: 150, nodes: 5, goal: 1.3, open: true },
  { guests: 10_000, nodes: 64, goal: 1.5, open: false },
] as const;

/** What lists of guests cost over the call to Proxmox, over a route that only sends the same bytes, and under load. */
export async function* serviceReads(effort: Effort): AsyncGenerator<Figure> {
  for (const { goal, open, ...size } of CLUSTERS) {
    yield* withCluster(size, (sandbox) =>
      withService(sandbox, async function* (service) {
        const figure = await overTheCall(sandbox, service, { effort, goal, guests: size.guests });
        yield open ? { ...figure, open } : figure;
        if (size.guests === 150) yield* underLoad(service, effort);
      }),
    );
  }
}

async function overTheCall(
  sandbox: RunningSandbox,
  service: MeasuredService,
  { effort, goal, guests }: { effort: Effort; goal: number; guests: number },
): Promise<Figure> {
  // A service that has just started has not been compiled yet.
  await load(`${service.url}/vms`, service.headers, { connections: 4, seconds: effort.short ? 4 : 10 });
  const { a, b, ratio } = await compare(
    effort.short ? 15 : 100,
    () => service.send('GET /vms'),
    () => bareGet(sandbox, '/api2/json/cluster/resources?type=vm'),
  );
  return atMost(
    { figure: `GET /v1/vms of ${guests} guests over its call`, value: a, unit: 'ms', against: b, ratio },
    goal,
  );
}

async function* underLoad(service: MeasuredService, { short }: Effort): AsyncGenerator<Figure> {
  const seconds = short ? 2 : 10;
  for (const path of ['/info', '/vms']) {
    const url = `${service.url}${path}`;
    const body = await (await fetch(url, { headers: service.headers })).text();
    await load(url, service.headers, { connections: 8, seconds: 1 });
    const ours = await load(url, service.headers, { connections: 8, seconds });
    const bare = await withBareRoute(body, (at) => load(at, {}, { connections: 8, seconds }));
    const figure = `GET /v1${path} a second, over a bare route with its bytes`;
    yield {
      figure,
      value: ours.perSecond,
      unit: 'per_s',
      against: bare.perSecond,
      ratio: ours.perSecond / bare.perSecond,
    };
  }
  const url = `${service.url}/vms`;
  const calm = await load(url, service.headers, { connections: 1, seconds });
  const busy = await load(url, service.headers, { connections: 10, seconds });
  const figure = 'GET /v1/vms: p99 at ten times the connections, over p50 at one';
  yield { figure, value: busy.p99, unit: 'ms', against: calm.p50, ratio: busy.p99 / calm.p50 };
  yield* memoryOver(service, url, short ? 4_000 : 100_000);
}

/** Memory after the first part of many requests, and after all of them. */
async function* memoryOver(service: MeasuredService, url: string, requests: number): AsyncGenerator<Figure> {
  const many = { connections: 8, seconds: 3_600 };
  await load(url, service.headers, { ...many, most: Math.ceil(requests / 5) });
  const early = memoryMiB(service.pid);
  await load(url, service.headers, { ...many, most: Math.floor((requests * 4) / 5) });
  const late = memoryMiB(service.pid);
  const figure = `memory after ${requests.toLocaleString('en')} requests, over a fifth of them`;
  yield atMost({ figure, value: late, unit: 'MiB', against: early, ratio: late / early }, 1.2);
}

/** A bare route that answers these bytes, as a process of its own, while `use` runs. */
async function withBareRoute<T>(body: string, use: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pxa-bench-bare-'));
  const file = join(folder, 'body.json');
  await writeFile(file, body);
  const script = join(import.meta.dirname, '../service/bare-route.mjs');
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]; // the one line it prints
    return await use(`http://127.0.0.1:${port}/`);
  } finally {
    child.kill();
    await rm(folder, { recursive: true });
  }
}
