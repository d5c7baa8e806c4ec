import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StorePlace } from '@pxa/store';
import { CountedCluster } from '../kill/cluster.ts';
import { at, Client } from '../replicas/client.ts';
import type { MortalOptions } from './mortal.ts';
import { tokenFor } from './tokens.ts';

/** Longer than anything that a dead process holds: an attempt for 20 s, a job for 60. */
const AHEAD_MS = 100_000;
const script = fileURLToPath(new URL('mortal.ts', import.meta.url));

/** What is asked for: a change by its own word, or somebody's word for a change that waits. */
export type Asked = 'change' | 'approval';

/**
 * Sends one request under a key to a service that dies after so many writes, and again to one that lives. Gives what is
 * wrong after that, and whether the first one died at all: with as many writes it came to its end.
 */
export async function crash(
  place: StorePlace,
  asked: Asked,
  writes: number,
): Promise<{ wrong: string[]; died: boolean }> {
  const cluster = await CountedCluster.start(1);
  try {
    const { url, tokenId, tokenSecret: secret, fingerprint } = cluster.sandbox;
    const options = { place, cluster: { url, tokenId, secret, fingerprint } };
    const token = await tokenFor(place, 'own');
    const path = await pathFor(asked, options, await tokenFor(place, 'required'));
    const first = await start({ ...options, writes, aheadMs: 0 });
    const once = await new Client(first.url, token).once('POST', path, { key: 'k' }).catch(() => undefined);
    const jobBefore = once && at(once, 'data.job_id');
    if (typeof jobBefore === 'string') await new Client(first.url, token).endedOrGone(jobBefore);
    const died = first.process.signalCode === 'SIGKILL' || !(await isAlive(first));
    first.process.kill('SIGKILL');
    const second = await start({ ...options, writes: 0, aheadMs: AHEAD_MS });
    const client = new Client(second.url, token);
    const again = await client.send('POST', path, { key: 'k' });
    const jobId = String(at(again, 'data.job_id'));
    const end = again.status === 202 ? await client.ended(jobId) : `${again.status} ${JSON.stringify(again.body)}`;
    second.process.kill('SIGKILL');
    const wrong: string[] = [];
    if (end !== 'completed') wrong.push(`it is ${end}`);
    if (typeof jobBefore === 'string' && jobBefore !== jobId) wrong.push(`the job was ${jobBefore}, and then ${jobId}`);
    if (cluster.arrived.length !== 1) wrong.push(`it came to ${cluster.arrived.join(', ') || 'nothing'}`);
    return { wrong, died };
  } finally {
    await cluster.close();
  }
}

async function pathFor(
  asked: Asked,
  options: Pick<MortalOptions, 'place' | 'cluster'>,
  token: string,
): Promise<string> {
  const { url, process: child } = await start({ ...options, writes: 0, aheadMs: 0 });
  const client = new Client(url, token);
  const vms = at(await client.send('GET', '/v1/vms?status=stopped&limit=1'), 'data.vms') as { id: string }[]; // as the document has it
  const path = `/v1/vms/${vms[0]?.id}/start`;
  const approval = asked === 'change' ? undefined : at(await client.send('POST', path), 'data.approval_id');
  child.kill('SIGKILL');
  return approval === undefined ? path : `/v1/approvals/${String(approval)}/approve`;
}

interface Started {
  readonly process: ChildProcess;
  readonly url: string;
}

async function start(options: MortalOptions): Promise<Started> {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const [url] = (await once(lines, 'line', { signal: AbortSignal.timeout(120_000) })) as [string]; // it prints one line
  return { process: child, url };
}

async function isAlive({ url }: Started): Promise<boolean> {
  return fetch(`${url}/v1/info`).then(
    () => true,
    () => false,
  );
}
