import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Got, Lab } from '../../testing/lab.ts';
import { liesElsewhere } from './elsewhere.ts';
import { removeLeftovers, systemHome } from './leftovers.ts';
import { Spool } from './spool.ts';

const MiB = 2 ** 20;
const CONTENT = randomBytes(3 * MiB);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

let folder: string;
let lab: Lab;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pxa-test-'));
  lab = await Lab.start({}, { upload_folder: folder, largest_upload_gb: 4 / 1_024 });
  token = await lab.token(['storage:read', 'storage:write']);
});
afterAll(async () => {
  await lab.close();
  const left = await readdir(folder);
  await rm(folder, { recursive: true });
  if (left.length > 0) throw new Error(`the service left ${left.join(', ')} behind`);
});

/** For a machine that does much else at the same time. */
const PATIENT = { timeout: 20_000 };

type Part = readonly [name: string, value: string | Buffer, filename?: string];

/** A form as browsers send it. */
function form(parts: readonly Part[], boundary = 'b0undary'): Buffer {
  const chunks = parts.flatMap(([name, value, filename]) => {
    const file = filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: application/octet-stream`;
    return [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ];
  });
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
}

const TYPE = { 'content-type': 'multipart/form-data; boundary=b0undary' };
const iso = (name = 'talos-1.9.iso', content: Buffer = CONTENT): Part => ['file', content, name];

function upload(parts: readonly Part[], to = 'local', by = token): Promise<Got> {
  return lab.send(`POST /v1/storage/${to}/upload`, by, form(parts), TYPE);
}

/** The files that lie in the folder for uploads. */
async function spooled(): Promise<string[]> {
  const homes = await readdir(folder);
  return (await Promise.all(homes.map((home) => readdir(join(folder, home))))).flat();
}

describe('POST /v1/storage/ID/upload', () => {
  test('hands a file on, and keeps nothing of it', async () => {
    const begun = await upload([['node', 'pve-node02'], ['checksum', SHA256], iso()]);
    expect(begun).toMatchObject({
      status: 202,
      body: { data: { status: 'pending', message: /Upload talos-1.9.iso/ } },
    });
    const [file] = await spooled();
    const [home = ''] = await readdir(folder);
    expect((await stat(join(folder, home))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, home, file ?? ''))).mode & 0o777).toBe(0o600);
    const job = await lab.ended(begun.text('data.job_id'));
    expect(job).toMatchObject({ state: 'done', proof: { outcome: 'verified' } });
    const listed = await lab.send('GET /v1/storage/local/content?content=iso&node=pve-node02', token);
    expect(listed.list('data.content').map(({ name }) => name)).toContain('talos-1.9.iso');
    await lab.later(5);
    await expect.poll(spooled, PATIENT).toEqual([]);
  });

  test('of a token that needs a person waits for one, and goes when the plan is over', async () => {
    const careful = await lab.token(['storage:write'], { approval: 'required' });
    const asked = await upload([['filename', 'waiting.iso'], iso()], 'nfs-backup', careful);
    expect(asked).toMatchObject({ status: 202, body: { data: { status: 'pending_approval', job_id: null } } });
    await lab.later(60);
    expect(await spooled()).toHaveLength(1);
    const boss = await lab.token(['approval:read', 'approval:approve']);
    const shown = await lab.send(`GET /v1/approvals/${asked.text('data.approval_id')}`, boss);
    expect(JSON.stringify(shown.body)).not.toContain(folder);
    await lab.later(16 * 60);
    await expect.poll(spooled, PATIENT).toEqual([]);
  });

  test('is handed on once a person has approved it', async () => {
    const careful = await lab.token(['storage:write'], { approval: 'required' });
    const asked = await upload([iso('approved.iso')], 'nfs-backup', careful);
    const boss = await lab.token(['approval:approve']);
    const approved = await lab.send(`POST /v1/approvals/${asked.text('data.approval_id')}/approve`, boss);
    expect(await lab.ended(approved.text('data.job_id'))).toMatchObject({ state: 'done' });
    await lab.later(5);
    await expect.poll(spooled, PATIENT).toEqual([]);
  });

  test('under a key is handed on once', async () => {
    const headers = { ...TYPE, 'idempotency-key': 'once' };
    const body = form([iso('once.iso')]);
    const send = (): Promise<Got> => lab.send('POST /v1/storage/nfs-backup/upload', token, body, headers);
    const first = await send();
    const again = await send();
    expect(again).toMatchObject({ status: 202, body: { data: { job_id: first.at('data.job_id') } } });
    expect(await lab.ended(first.text('data.job_id'))).toMatchObject({ state: 'done' });
    await lab.later(5);
    await expect.poll(spooled, PATIENT).toEqual([]);
  });

  test('takes a name from nobody that leads elsewhere', async () => {
    const begun = await upload([iso('../../../etc/cron.d/x.iso')], 'nfs-backup');
    expect(begun.at('data.message')).toBe('Upload x.iso to nfs-backup');
    expect(await lab.ended(begun.text('data.job_id'))).toMatchObject({ state: 'done' });
    await lab.later(5);
    await expect.poll(spooled, PATIENT).toEqual([]);
  });

  const refused: [name: string, parts: Part[], status: number, field: string, reason: string | undefined][] = [
    ['no file', [['node', 'pve-node02']], 422, 'file', 'required'],
    ['an empty file', [iso('a.iso', Buffer.alloc(0))], 422, 'file', 'not_acceptable'],
    ['a field after it', [iso('b.iso'), ['node', 'pve-node02']], 422, 'node', 'after_the_file'],
    ['an unknown field', [['path', '/etc/passwd'], iso()], 422, 'path', 'unknown_field'],
    ['another file', [['image', CONTENT, 'x.iso']], 422, 'image', 'unknown_field'],
    ['a name that tells nothing', [iso('notes.txt')], 422, 'filename', 'not_acceptable'],
    ['a path for a name', [['filename', '../x.iso'], iso()], 422, 'filename', 'invalid_format'],
    ['a node that is not', [['node', 'mars'], iso('e.iso')], 422, 'node', 'not_found'],
    ['another checksum', [['checksum', '0'.repeat(64)], iso('c.iso')], 422, 'checksum', 'not_acceptable'],
    ['a checksum that is none', [['checksum', 'abc'], iso('d.iso')], 422, 'checksum', 'not_acceptable'],
    ['one that is there', [['node', 'pve-node02'], iso()], 409, 'filename', 'exists'],
    ['one that is too large', [iso('e.iso', Buffer.alloc(5 * MiB))], 413, 'file', undefined],
    ['a field with a name of JavaScript', [['__proto__', 'x'], iso()], 400, '', undefined],
  ];
  test.each(refused)('%s is refused, and leaves nothing', async (_name, parts, status, field, reason) => {
    const got = await upload(parts);
    expect({
      status: got.status,
      field: got.at('error.details.field') ?? '',
      reason: got.at('error.details.reason'),
    }).toEqual({ status, field, reason });
    expect(await spooled()).toEqual([]);
  });

  test('what is no form is refused, and a storage that takes none', async () => {
    expect((await lab.send('POST /v1/storage/local/upload', token, { file: '/etc/passwd' })).status).toBe(415);
    expect((await lab.sendRaw('POST /v1/storage/local/upload', token, 'x', 'multipart/form-data')).status).toBe(400);
    expect((await upload([iso()], 'nothing')).status).toBe(404);
    expect((await upload([iso('f.iso')], 'local-zfs')).status).toBe(422);
    expect((await upload([iso()], 'local', await lab.token(['storage:read']))).status).toBe(403);
    expect(await spooled()).toEqual([]);
  });

  test('no words reach a file of the machine, nor one that was uploaded', async () => {
    const asker = await lab.token(['admin']);
    for (const path of ['/etc/passwd', './package.json', 'upload:x', `${folder}/x.iso`]) {
      const got = await lab.send('POST /v1/ask', asker, {
        request: `upload "${path}" to local on pve-node02 as x.iso`,
      });
      expect(got.at('data.kind')).not.toBe('plan');
    }
  });
});

test('a job that sends a file is left to the replica that has it, for a while', async () => {
  const begun = await upload([iso('here.iso')], 'nfs-backup');
  const job = await lab.ended(begun.text('data.job_id'));
  const queue = { start: () => Promise.resolve(), again: () => Promise.resolve(), stop: () => Promise.resolve() };
  const here = { ...lab.service, queue };
  const there = { ...here, uploads: new Spool(systemHome(folder), randomBytes) };
  expect(await liesElsewhere(here, job)).toBe(false);
  expect(await liesElsewhere(there, job)).toBe(true);
  await lab.later(11 * 60);
  expect(await liesElsewhere(there, job)).toBe(false);
});

describe('over a connection', () => {
  let at: URL;
  beforeAll(async () => {
    at = new URL(await lab.app.listen({ host: '127.0.0.1', port: 0 }));
  });

  /** The beginning of an upload, on a connection of its own; what comes back is in `answer`. */
  function begun(more: string[], start: Buffer): { socket: Socket; answer: () => string } {
    const head = ['POST /v1/storage/local/upload HTTP/1.1', `Host: ${at.host}`, `Authorization: Bearer ${token}`];
    const socket = connect(Number(at.port), at.hostname);
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write(`${[...head, `Content-Type: ${TYPE['content-type']}`, ...more].join('\r\n')}\r\n\r\n`);
    socket.write(start);
    return { socket, answer: () => heard };
  }

  test('whoever goes away in the middle leaves nothing behind', async () => {
    const body = form([iso('gone.iso')]);
    const { socket } = begun([`Content-Length: ${body.length}`], body.subarray(0, MiB));
    await expect.poll(spooled, PATIENT).toHaveLength(1);
    socket.destroy();
    await expect.poll(spooled, PATIENT).toEqual([]);
    expect(lab.service.uploads?.size).toBe(0);
  });

  test('a file without an end is cut off at what is taken', async () => {
    const body = form([iso('endless.iso')]).subarray(0, MiB);
    const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
    const { socket, answer } = begun(['Transfer-Encoding: chunked'], chunk);
    const more = Buffer.concat([Buffer.from(`${MiB.toString(16)}\r\n`), Buffer.alloc(MiB), Buffer.from('\r\n')]);
    for (let sent = 0; sent < 8; sent += 1) socket.write(more);
    // Whoever goes on sending may find the connection closed before they read why.
    await expect.poll(() => answer() !== '' || socket.closed, { timeout: 20_000 }).toBe(true);
    expect(answer()).toMatch(/^(?:HTTP\/1\.1 413 .*PAYLOAD_TOO_LARGE.*)?$/s);
    socket.destroy();
    await expect.poll(spooled, PATIENT).toEqual([]);
  });

  test('no more than so many are taken in at a time', async () => {
    const body = form([iso('slow.iso')]);
    const slow = Array.from({ length: 4 }, () => begun([`Content-Length: ${body.length}`], body.subarray(0, 1_000)));
    await expect.poll(spooled, PATIENT).toHaveLength(4);
    expect(await upload([iso('fifth.iso')])).toMatchObject({
      status: 503,
      body: { error: { code: 'RESOURCE_LIMIT_EXCEEDED', details: { reason: 'too_many_uploads' } } },
    });
    for (const { socket } of slow) socket.destroy();
    await expect.poll(spooled, PATIENT).toEqual([]);
  });
});

test('what a process left that is no more is removed at the start of the next', async () => {
  const place = await mkdtemp(join(tmpdir(), 'pxa-test-'));
  const home = systemHome(place);
  const names = [`pxa-uploads.${home.host}.999999999.abc`, `pxa-uploads.${home.host}.1.abc`, 'pxa-uploads.else.9.abc'];
  for (const name of [...names, 'other']) {
    await mkdir(join(place, name));
    await writeFile(join(place, name, 'file'), 'x');
  }
  await removeLeftovers(home);
  expect((await readdir(place)).toSorted()).toEqual([...names.slice(1), 'other'].toSorted());
  await rm(place, { recursive: true });
});
