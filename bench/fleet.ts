/**
 * `npm run bench:fleet -- [--costs FILE] [--record]`: what one unit of each kind of work costs a replica and its PostgreSQL, and
 * what a fleet of clusters comes to by that, on paper and played; `--record` writes it into docs/scale.md. With costs that were
 * printed before, nothing is measured; to measure them takes PostgreSQL, and a machine that does nothing else.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { freshPostgres, postgresLacks } from '../packages/store/testing/postgres.ts';
import { Meter } from './fleet/meter.ts';
import { type Costs, FLEETS, needsOf, share } from './fleet/needs.ts';
import { record } from './fleet/page.ts';
import { idleWith } from './fleet/several.ts';
import { simulate } from './fleet/simulate.ts';
import { withCluster, speedUp } from './sandbox.ts';
import { type MeasuredService, withService } from './service/process.ts';

const { values } = parseArgs({ options: { record: { type: 'boolean', default: false }, costs: { type: 'string' } } });
const GUESTS = 10_000;
/** With so many clusters more, it shows what each of them costs. */
const SEVERAL = 5;
const IDLE_S = 120;
if (values.costs === undefined) await measureAndTell();
else await tell(JSON.parse(await readFile(values.costs, 'utf8')) as Costs); // as this command printed them
process.exit();

async function tell(costs: Costs): Promise<void> {
  console.log(JSON.stringify(costs));
  for (const fleet of FLEETS) {
    const needs = needsOf(fleet, costs);
    console.log(JSON.stringify({ fleet, needs, played: simulate(fleet, costs, needs.replicas) }));
  }
  if (values.record) await record(costs);
}

async function measureAndTell(): Promise<void> {
  const lacks = postgresLacks();
  if (lacks !== undefined) throw new Error(`PostgreSQL is needed: ${lacks}`);
  const folder = await mkdtemp(join(tmpdir(), 'pxa-fleet-'));
  process.env['TMPDIR'] = folder;
  try {
    const machine = machineNow();
    const url = await freshPostgres();
    for await (const costs of measured(url)) await tell({ measured: machine, ...costs });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function machineNow(): string {
  const processors = cpus();
  const day = new Date().toISOString().slice(0, 10);
  const [load = 0] = loadavg();
  return `Measured on ${day}: ${processors.length} × ${processors[0]?.model.trim()}, Node ${process.versions.node}; load before: ${load.toFixed(1)}`;
}

async function* measured(url: string): AsyncGenerator<Omit<Costs, 'measured'>> {
  const idle = { guests: GUESTS, seconds: IDLE_S, settleMs: 20_000 };
  const one = await idleWith(1, { ...idle, url: await freshPostgres() });
  const several = await idleWith(SEVERAL, { ...idle, url: await freshPostgres() });
  const clusterSecond = share(several, one, SEVERAL - 1);
  const replicaSecond = share(one, clusterSecond, 1);
  yield* withCluster(
    { guests: GUESTS, nodes: 64 },
    async function* (sandbox) {
      await speedUp(sandbox, 50);
      yield* withService(
        sandbox,
        async function* (service) {
          const meter = new Meter(service, url);
          const list = await meter.during(100, () => repeat(100, () => service.send('GET /vms?limit=100')));
          const { vms } = await service.send<{ vms: { id: string }[] }>('GET /vms?limit=1&status=running');
          const id = vms[0]?.id ?? '';
          const change = await meter.during(100, () => repeat(100, (index) => changeOne(service, id, index)));
          yield { guests: GUESTS, replicaSecond, clusterSecond, list, change };
        },
        { PXA_DATABASE_URL: url },
      );
    },
    ['--control'],
  );
}

async function repeat(times: number, does: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < times; index++) await does(index);
}

async function changeOne(service: MeasuredService, vm: string, index: number): Promise<void> {
  const { job_id: id } = await service.send<{ job_id: string }>(`PUT /vms/${vm}`, { description: `round ${index}` });
  for (;;) {
    const { job } = await service.send<{ job: { completed_at: string | null } }>(`GET /jobs/${id}`);
    if (job.completed_at !== null) return;
    await wait(10);
  }
}
