/**
 * What kill/children.ts starts, and kills: a process that carries one job out to its end, or goes on with it, with its
 * store on disk. It prints `ready`, then a line for each event once it is kept, and at last `ended STATE`.
 */
import { writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { runJob } from '@pxa/act';
import { connect } from '@pxa/pve';
import { ClaimLost, StoreFailed, openStore } from '@pxa/store';
import type { Errand } from './children.ts';

/** Written at once, so that a line that was seen was kept before. */
const say = (line: string): void => void writeSync(1, `${line.replaceAll('\n', ' ')}\n`);

// children.ts gives it.
const { place, pve, jobId, owner, cluster: clusterId, limits } = JSON.parse(process.argv[2] ?? '') as Errand;
const now = (): number => Date.now();
const store = await openStore(place, { now });
const { url, tokenId, secret, fingerprint } = pve;
const cluster = connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
  wait(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
const deps = { store, cluster, clusterId, user: tokenId, owner, now, sleep, limits };
say('ready');
for (;;) {
  try {
    const job = await runJob(deps, jobId, { onEvent: ({ text }) => say(text) });
    if (job.state !== 'queued' && job.state !== 'running') {
      say(`ended ${job.state}`);
      break;
    }
  } catch (error) {
    // Another process has it, or the store was away: as `pxa job ID --follow`, it looks again.
    if (!(error instanceof ClaimLost) && !(error instanceof StoreFailed)) throw error;
    say(error.message);
  }
  await wait(100);
}
await store.close();
process.exit();
