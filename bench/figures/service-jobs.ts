import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freshPostgres, postgresLacks } from '../../packages/store/testing/postgres.ts';
import { atMost, type Effort, type Figure } from '../figure.ts';
import { speedUp, withCluster } from '../sandbox.ts';
import { type MeasuredService, withService } from '../service/process.ts';
import { percentile } from '../timing.ts';

const CLUSTER = { guests: 150, nodes: 5 };

/** How soon a job is begun once it is made, on both stores, and how fast webhooks are delivered. */
export async function* serviceJobs(effort: Effort): AsyncGenerator<Figure> {
  const lacks = postgresLacks();
  if (lacks !== undefined) console.error(`jobs on PostgreSQL are not measured: ${lacks}`);
  const before = process.env['TMPDIR'];
  // The server of the tests keeps where it is in the folder of its run.
  const folder = await mkdtemp(join(tmpdir(), 'pxa-bench-'));
  process.env['TMPDIR'] = folder;
  try {
    yield* onStore('embedded', 5, effort, {});
    if (lacks === undefined) yield* onStore('PostgreSQL', 20, effort, { PXA_DATABASE_URL: await freshPostgres() });
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(folder, { recursive: true, force: true });
  }
}

async function* onStore(
  name: string,
  goalMs: number,
  { short }: Effort,
  env: Readonly<Record<string, string>>,
): AsyncGenerator<Figure> {
  yield* withCluster(
    CLUSTER,
    async function* (sandbox) {
      await speedUp(sandbox, 50);
      yield* withService(
        sandbox,
        async function* (service) {
          const waits = await untilBegun(service, short ? 6 : 40);
          const figure = `${name}: from a job made to its first request to Proxmox`;
          yield atMost({ figure: `${figure}, p50`, value: percentile(waits, 0.5), unit: 'ms' }, goalMs);
          yield { figure: `${figure}, p99`, value: percentile(waits, 0.99), unit: 'ms' };
          const perSecond = await deliveries(service, short ? 20 : 300);
          yield { figure: `${name}: webhooks delivered to one address`, value: perSecond, unit: 'per_s' };
        },
        env,
      );
    },
    ['--control'],
  );
}

interface JobTimes {
  readonly job: {
    readonly created_at: string;
    readonly started_at: string | null;
    readonly completed_at: string | null;
  };
}

/** How long each of some jobs waited, in milliseconds: one after the other, each a change of a description. */
async function untilBegun(service: MeasuredService, count: number): Promise<number[]> {
  const { vms } = await service.send<{ vms: { id: string }[] }>('GET /vms?status=running&limit=50');
  const waits: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const vm = vms[at % vms.length];
    if (vm === undefined) throw new Error('the cluster has no VM that runs');
    const { job_id: id } = await service.send<{ job_id: string }>(`PUT /vms/${vm.id}`, { description: `round ${at}` });
    const { created_at: made, started_at: begun } = await ended(service, id);
    waits.push(Date.parse(begun ?? '') - Date.parse(made));
  }
  return waits;
}

async function ended(service: MeasuredService, id: string): Promise<JobTimes['job']> {
  for (;;) {
    const { job } = await service.send<JobTimes>(`GET /jobs/${id}`);
    if (job.completed_at !== null) return job;
    await wait(10);
  }
}

/** Test deliveries a second, from the first that was asked for to the last that came. */
async function deliveries(service: MeasuredService, count: number): Promise<number> {
  const all = Promise.withResolvers<void>();
  let came = 0;
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      response.end();
      if (++came === count) all.resolve();
    });
  });
  await new Promise<void>((resolve) => {
    receiver.listen(0, '127.0.0.1', resolve);
  });
  try {
    const { port } = receiver.address() as AddressInfo; // it listens on TCP
    const url = `http://127.0.0.1:${port}/`;
    const { webhook } = await service.send<{ webhook: { id: string } }>('POST /webhooks', {
      url,
      events: ['vm.created'],
    });
    const from = performance.now();
    for (let at = 0; at < count; at += 1) await service.send(`POST /webhooks/${webhook.id}/test`);
    await all.promise;
    return count / ((performance.now() - from) / 1_000);
  } finally {
    receiver.close();
  }
}
