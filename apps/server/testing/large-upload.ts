/**
 * Uploads a large file through a service to its cluster, and prints as JSON what was held meanwhile. A process of its own:
 * what other tests hold is none of it.
 */
import { request } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Lab } from './lab.ts';

const MiB = 2 ** 20;
const SIZE = 64 * MiB;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // what the flag gives

/** Bytes of buffers that something still holds: what is only not collected yet says nothing. */
function held(): number {
  collect();
  // What the first frees is swept beside, and counted as free once the next begins.
  collect();
  return process.memoryUsage().arrayBuffers;
}

/** A form with a file of so many bytes, which is nowhere as a whole. */
function* form(bytes: number): Generator<Buffer> {
  yield Buffer.from('--b\r\nContent-Disposition: form-data; name="file"; filename="large.iso"\r\n\r\n');
  const chunk = Buffer.alloc(MiB, 'x');
  for (let sent = 0; sent < bytes; sent += MiB) yield chunk;
  yield Buffer.from('\r\n--b--\r\n');
}

async function upload(url: URL, token: string): Promise<{ status: number; jobId: string }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=b' };
  const sending = request(new URL('/v1/storage/nfs-backup/upload', url), { method: 'POST', headers });
  const answered = new Promise<{ status: number; jobId: string }>((resolve, reject) => {
    sending.on('error', reject);
    sending.on('response', (response) => {
      void response.toArray().then((chunks: Buffer[]) => {
        const { data } = JSON.parse(Buffer.concat(chunks).toString()) as { data: { job_id: string } }; // as documented
        resolve({ status: response.statusCode ?? 0, jobId: data.job_id });
      }, reject);
    });
  });
  await pipeline(Readable.from(form(SIZE)), sending);
  return answered;
}

const folder = await mkdtemp(join(tmpdir(), 'pxa-test-'));
const lab = await Lab.start({}, { upload_folder: folder });
const token = await lab.token(['storage:write']);
const url = new URL(await lab.app.listen({ host: '127.0.0.1', port: 0 }));
const before = held();
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, held())), 400);
const { status, jobId } = await upload(url, token);
const job = status === 202 ? await lab.ended(jobId) : undefined;
clearInterval(watch);
await lab.close();
const left = await readdir(folder);
await rm(folder, { recursive: true });
process.stdout.write(
  JSON.stringify({ status, state: job?.state, proof: job?.proof?.outcome, grownMiB: (peak - before) / MiB, left }),
);
process.exit(0);
