import type { Assistant, Memory, Rules } from '@pxa/assistant';
import type { StorePlace } from '@pxa/assistant/store';
import type { CallWatch, Service, ServiceSettings, Spool } from '@pxa/server';
import type { Opened } from '../backend.ts';
import { changeOptions, storeFile } from '../changes/options.ts';
import { sealSource } from '../changes/seal.ts';
import { usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Settings } from '../settings.ts';
import { VERSION } from '../version.ts';
import type { Served } from './served.ts';

type ForService = Settings & { service: ServiceSettings };

/** The service over clusters that share one store. `tell` hears of trouble beside any request, `calls` of calls to Proxmox. */
export async function serviceOver(
  io: Io,
  served: readonly Served[],
  settings: ForService,
  { calls, tell }: { calls: CallWatch; tell: (error: Error) => void },
): Promise<{ service: Service; close: () => Promise<void> }> {
  const [first] = served;
  if (first === undefined) throw new Error('nothing is served');
  const { keeps, reset } = first.opened;
  const now = (): number => first.opened.now();
  const { openAll } = await import('@pxa/assistant/store');
  const deps = { now, seal: sealSource(io, keeps), tell };
  const { store, service: kept, queue } = await openAll(storePlace(io, keeps), deps);
  const rules = withMinutes(settings.approvals, io.env['PXA_APPROVAL_MINUTES']);
  const random = (size: number): Buffer => Buffer.from(io.random(size));
  const { Spool, storedMemory, systemHome } = await import('@pxa/server');
  const uploads = new Spool(systemHome(settings.service.upload_folder), random);
  const clusters = new Map<string, Assistant>();
  for (const { name, opened } of served) {
    const memory = storedMemory(kept, name, now);
    clusters.set(name, await assistantOver(io, opened, { ...settings, approvals: rules }, { store, uploads, memory }));
  }
  const { id, owner, sleep } = changeOptions(io, first.opened);
  const service: Service = {
    clusters,
    store,
    kept,
    ...(queue === undefined ? {} : { queue }),
    now,
    id,
    random,
    sleep,
    owner,
    version: VERSION,
    isSandbox: keeps === 'in memory',
    settings: settings.service,
    uploads,
    calls,
    ...(reset === undefined ? {} : { restartSandbox: reset }),
  };
  const close = async (): Promise<void> => {
    for (const cluster of clusters.values()) await cluster.close();
    await store.close();
  };
  return { service, close };
}

async function assistantOver(
  io: Io,
  opened: Opened,
  { thresholds, approvals }: ForService,
  { store, uploads, memory }: { store: Service['store']; uploads: Spool; memory: Memory },
): Promise<Assistant> {
  const { createAssistant } = await import('@pxa/assistant');
  // Who asks sits at another computer: the files of this one are not theirs, but those that they uploaded.
  const usual = changeOptions(io, opened);
  const changes = { ...usual, files: uploads, openStore: () => Promise.resolve(store), rules: approvals };
  const now = (): number => opened.now();
  return createAssistant({ cluster: opened.cluster, now, ids: () => io.id(), thresholds, memory, changes });
}

/** PostgreSQL where one is named, for any number of replicas; else the file that the command line uses, too. */
export function storePlace({ env }: Pick<Io, 'env'>, keeps: Opened['keeps']): StorePlace {
  const url = env['PXA_DATABASE_URL'];
  // What a sandbox does is for nobody's database.
  if (keeps === 'in memory') return { kind: 'sqlite', file: ':memory:' };
  return url === undefined || url === '' ? { kind: 'sqlite', file: storeFile(env) } : { kind: 'postgres', url };
}

const MOST_MINUTES = 24 * 60;

/** The rules with how long a plan waits for its approval, where the environment says so. */
function withMinutes(rules: Rules, given: string | undefined): Rules {
  if (given === undefined || given === '') return rules;
  const minutes = Number(given);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES) {
    return { ...rules, windowSeconds: minutes * 60 };
  }
  throw usageError(
    `PXA_APPROVAL_MINUTES is ${JSON.stringify(given.slice(0, 40))}.`,
    `It is how long a plan waits for its approval: a whole number of minutes, from 1 to ${MOST_MINUTES}.`,
  );
}
