import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { root } from '../../tools/repository.ts';
import { run } from '../command.ts';
import { CountedCluster } from './cluster.ts';

const pxa = join(root, 'pxa');
/** A lease of a minute, and the time in which a request could still come to something. */
const LIMIT_MS = 360_000;
/** The request is under way for so long: it is killed within. */
export const ANSWERED_AFTER_MS = 1_500;

/**
 * The same through the command line, as its users have it: `pxa approve` is killed so long after its request came in,
 * before it is answered, and `pxa job ID --follow` brings the job to its end once the lease is over. Gives what is not as it must be.
 */
export async function killCommand(words: string, killedAfterMs: number, folder: string): Promise<string[]> {
  const cluster = await CountedCluster.start(killedAfterMs + 1);
  const home = await mkdtemp(join(folder, 'home-'));
  try {
    const env = environmentOf(cluster, home);
    const planned = await run(pxa, ['ask', '--json', words.replaceAll('{running}', runningOf(cluster))], { env });
    const id = /"id":"(plan_\w+)"/.exec(planned.stdout)?.[1];
    if (id === undefined) return [`no plan came of "${words}": ${planned.stdout}${planned.stderr}`];
    cluster.sandbox.faults.add({ fault: 'latency', ms: ANSWERED_AFTER_MS, method: 'POST', times: 1 });
    if (!(await killedApproval(id, { cluster, afterMs: killedAfterMs, env }))) return ['pxa approve was not killed'];
    const jobs = await run(pxa, ['jobs', '--json'], { env });
    const jobId = /"id":"(job_\w+)"/.exec(jobs.stdout)?.[1] ?? '';
    const followed = await run(pxa, ['job', jobId, '--follow', '--json'], { env, timeoutMs: LIMIT_MS });
    const state = /"state":"(\w+)","steps"/.exec(followed.stdout)?.[1];
    const writes = cluster.arrived.length;
    return [
      ...(followed.ok && state === 'done' ? [] : [`pxa job --follow: ${followed.stdout}${followed.stderr}`]),
      ...(writes === 1 ? [] : [`the write came in ${writes} times: ${cluster.arrived.join(', ')}`]),
    ];
  } finally {
    await cluster.close();
    await rm(home, { recursive: true });
  }
}

function runningOf({ sandbox }: CountedCluster): string {
  const guest = [...sandbox.state.guests.values()].find(({ status }) => status === 'running');
  return String(guest?.vmid ?? 0);
}

function environmentOf({ sandbox }: CountedCluster, home: string): Record<string, string> {
  const xdg = ['CONFIG', 'DATA', 'CACHE', 'STATE'].map((name) => [`XDG_${name}_HOME`, join(home, name)] as const);
  return {
    ...Object.fromEntries(xdg),
    HOME: home,
    USER: 'anna',
    PXA_PVE_URL: sandbox.url,
    PXA_PVE_TOKEN_ID: sandbox.tokenId,
    PXA_PVE_TOKEN_SECRET: sandbox.tokenSecret,
    PXA_PVE_FINGERPRINT: sandbox.fingerprint,
  };
}

/** Approves, and kills the whole group of processes so long after the write came in; whether it was still alive then. */
async function killedApproval(id: string, { cluster, afterMs, env }: Approving): Promise<boolean> {
  const child = spawn(pxa, ['approve', id], { env: { ...process.env, ...env }, stdio: 'ignore', detached: true });
  const exited = once(child, 'exit');
  await Promise.race([cluster.firstWrite, exited]);
  await wait(afterMs);
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await exited;
  return child.signalCode === 'SIGKILL';
}

interface Approving {
  readonly cluster: CountedCluster;
  readonly afterMs: number;
  readonly env: Record<string, string>;
}
