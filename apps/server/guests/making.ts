import type { Command, Plan } from '@pxa/contract';
import type { FastifyRequest } from 'fastify';
import { beginChange } from '../changes/carry.ts';
import type { Changed } from '../changes/change.ts';
import { changesOf } from '../changes/kept.ts';
import type { Fields } from '../changes/refusal.ts';
import type { Connection } from '../connections/connection.ts';
import { Problem } from '../http/problem.ts';
import type { Service } from '../service.ts';

/** Planning takes a second or so; a replica that died meanwhile is waited for no longer. */
const LEASE_MS = 30_000;
const LOOK_MS = 50;
const MOST_LOOKS = 400;

/**
 * Plans what makes a guest, one such plan of a cluster after the other, over all replicas: a guest is given the next free
 * id, and one that is only about to be made is in no list of the cluster's yet. @throws Problem
 */
export async function beginMaking(
  request: FastifyRequest,
  { name, cluster }: Connection,
  command: Command,
  fields: Fields,
): Promise<Changed> {
  const { service } = request.server;
  return inTurn(service, { name: `guest ids of ${name}`, owner: request.id }, async () => {
    const avoid = await aboutToBeMade({ name, cluster });
    return beginChange(request, cluster, { ...command, input: { ...command.input, avoid } }, fields);
  });
}

/** The ids that jobs under way give to guests. */
async function aboutToBeMade({ cluster }: Connection): Promise<string[]> {
  const changes = changesOf(cluster);
  const open = await changes.jobs(['queued', 'running']);
  const plans = await Promise.all(open.map((job) => changes.plan(job.plan_id)));
  return plans.flatMap((found) => (found === undefined ? [] : (idOf(found.record.plan) ?? [])));
}

const idOf = (plan: Plan): string | undefined => {
  const vmid = vmidMade(plan);
  return vmid === undefined ? undefined : String(vmid);
};

/** The number that a plan gives to what it makes: that of a copy, or of what is made new. */
export function vmidMade({ steps }: Pick<Plan, 'steps'>): number | undefined {
  const made = steps.find(({ method, path }) => method === 'POST' && /\/(?:qemu|lxc)(?:\/\d+\/clone)?$/.test(path));
  const vmid = Number(made?.params['newid'] ?? made?.params['vmid']);
  return Number.isInteger(vmid) ? vmid : undefined;
}

/** Who waits within this process, by the name of what is waited for. */
const tails = new WeakMap<Service, Map<string, Promise<unknown>>>();

async function inTurn<T>(service: Service, of: { name: string; owner: string }, work: () => Promise<T>): Promise<T> {
  const own = tails.get(service) ?? new Map<string, Promise<unknown>>();
  tails.set(service, own);
  const before = own.get(of.name) ?? Promise.resolve();
  const turn = before.then(() => underLease(service, of, work));
  const ended = turn.catch(() => undefined);
  own.set(of.name, ended);
  void ended.then(() => own.get(of.name) === ended && own.delete(of.name));
  return turn;
}

async function underLease<T>(
  { kept, now, sleep }: Service,
  of: { name: string; owner: string },
  work: () => Promise<T>,
): Promise<T> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const lease = await kept.takeLease({ ...of, now: now(), leaseMs: LEASE_MS });
    if (lease === undefined) {
      await sleep(LOOK_MS);
      continue;
    }
    try {
      return await work();
    } finally {
      await kept.releaseLease(lease);
    }
  }
  const message = 'Others are making guests on this cluster: nothing was begun. Try again in a moment.';
  throw new Problem(503, 'CLUSTER_UNAVAILABLE', message, { reason: 'busy' });
}
