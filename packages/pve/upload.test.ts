import { createHash } from 'node:crypto';
import { type Sandbox, SandboxClock, startSandbox } from '@pxa/sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Permit, PermitRefused, type WriteCall, mintPermits } from './gate.ts';
import { type Cluster, asRows, connect } from './index.ts';
import { type UploadFile, type Written, writerOf } from './writer.ts';

const CHUNK = Buffer.alloc(256 * 1024, 'not really an image\r\n--');
const CHUNKS = 40;

let sandbox: Sandbox;
let cluster: Cluster;

beforeAll(async () => {
  sandbox = await startSandbox({ clock: new SandboxClock(Date.UTC(2026, 1, 23, 10), 0) });
  const { url, tokenId, tokenSecret: secret, fingerprint } = sandbox;
  cluster = connect({ url, auth: { kind: 'token', tokenId, secret }, tls: { fingerprint } });
});
afterAll(async () => {
  await cluster.close();
  await sandbox.close();
});

function* chunksOf(count: number): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield CHUNK;
}

/** Ten megabytes, of which `reads` is what is read when it is sent. */
function fileOf(reads: () => Iterable<Uint8Array>): UploadFile {
  const hash = createHash('sha256');
  for (const chunk of chunksOf(CHUNKS)) hash.update(chunk);
  return {
    bytes: CHUNK.length * CHUNKS,
    sha256: hash.digest('hex'),
    async *read() {
      await Promise.resolve();
      yield* reads();
    },
  };
}

function callFor({ sha256 }: UploadFile, more: Record<string, unknown> = {}): WriteCall {
  const params = { content: 'iso', filename: 'a.iso', checksum: sha256, 'checksum-algorithm': 'sha256', ...more };
  return { method: 'POST', path: '/nodes/pve-node02/storage/local/upload', params };
}

function permitFor(call: WriteCall): Permit {
  const plan = { id: 'plan_1', hash: 'sha256:1', expires_at: '2026-02-23T11:00:00Z', steps: [call] };
  const approved = { approved_hash: plan.hash, approved_by: 'anna', approved_at: '2026-02-23T10:00:00Z' };
  const [permit] = mintPermits({ plan, ...approved });
  if (permit === undefined) throw new Error('no permit was minted');
  return permit;
}

const send = (file: UploadFile, call = callFor(file), signal?: AbortSignal): Promise<Written> =>
  writerOf(cluster.session()).upload(permitFor(call), call, file, signal === undefined ? {} : { signal });

const tasks = async (): Promise<number> => {
  const read = await cluster.session().reader.get('/cluster/tasks', {});
  return read.ok ? asRows(read.data).filter(({ row }) => row['type'] === 'imgcopy').length : -1;
};

test('a file goes along with a call, and is there when its task has ended', async () => {
  const written = await send(fileOf(() => chunksOf(CHUNKS)));
  expect(written).toMatchObject({ ok: true, data: expect.stringContaining(':imgcopy:') });
  await sandbox.clock.advance(60_000);
  const at = { node: 'pve-node02', storage: 'local', content: 'iso' } as const;
  const content = await cluster.session().reader.get('/nodes/{node}/storage/{storage}/content', at);
  const rows: unknown = content.ok ? content.data : content.problem;
  expect(rows).toContainEqual(expect.objectContaining({ volid: 'local:iso/a.iso', size: CHUNK.length * CHUNKS }));
});

/** What is read when it is sent, and which trouble that makes. */
const others: Record<string, [reads: () => Iterable<Uint8Array>, problem: RegExp]> = {
  'is shorter': [() => chunksOf(CHUNKS - 1), /not the one that was planned with/],
  'is longer': [() => chunksOf(CHUNKS + 1), /not the one that was planned with/],
  'has other bytes': [
    function* () {
      yield* chunksOf(CHUNKS - 1);
      yield Buffer.alloc(CHUNK.length, 'x');
    },
    /not the one that was planned with/,
  ],
  'cannot be read': [
    function* () {
      yield CHUNK;
      throw new Error('EIO');
    },
    /could not be read to its end/,
  ],
  'is gone': [
    function* () {
      yield CHUNK;
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    },
    /is not there any more/,
  ],
};

describe('nothing comes of a file that', () => {
  test.each(Object.entries(others))('%s', async (_name, [reads, problem]) => {
    const before = await tasks();
    expect(await send(fileOf(reads))).toMatchObject({
      ok: false,
      sent: 'no',
      problem: { kind: 'invalid', message: expect.stringMatching(problem) },
    });
    expect(await tasks()).toBe(before);
  });

  test('is called off on the way', async () => {
    const before = await tasks();
    const off = new AbortController();
    const file = fileOf(function* () {
      yield* chunksOf(CHUNKS / 2);
      off.abort();
      yield* chunksOf(CHUNKS / 2);
    });
    expect(await send(file, callFor(file), off.signal)).toMatchObject({
      ok: false,
      sent: 'no',
      problem: { kind: 'cancelled' },
    });
    expect(await tasks()).toBe(before);
  });
});

describe('refused before anything is sent', () => {
  const file = fileOf(() => chunksOf(CHUNKS));
  const other = { ...file, sha256: '0'.repeat(64) };

  test('a permit for a call with another file', async () => {
    const written = writerOf(cluster.session()).upload(permitFor(callFor(other)), callFor(file), file);
    await expect(written).rejects.toThrow(PermitRefused);
  });

  test.each([
    ['another checksum', callFor(other)],
    ['a checksum of another kind', callFor(file, { 'checksum-algorithm': 'sha1' })],
    ['none', { ...callFor(file), params: { content: 'iso', filename: 'a.iso' } }],
  ])('a call that holds %s', (_name, call) => {
    expect(() => writerOf(cluster.session()).upload(permitFor(call), call, file)).toThrow('the call is not for this');
  });
});

test('what Proxmox refuses is told in its words', async () => {
  const file = fileOf(() => chunksOf(CHUNKS));
  expect(await send(file, callFor(file, { content: 'import' }))).toMatchObject({
    ok: false,
    sent: 'refused',
    problem: { errors: { filename: expect.stringContaining('wrong extension') } },
  });
});
