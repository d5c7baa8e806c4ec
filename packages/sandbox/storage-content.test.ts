import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MultipartReader } from './contents/multipart.ts';
import { startChanging, type Changing } from './testing/changing.ts';
import { ask } from './testing/raw.ts';

let lab: Changing;
beforeEach(async () => {
  lab = await startChanging();
});
afterEach(() => lab.sandbox.close());

type Step = [line: string, params: object | undefined, end: unknown];

const TWO = '/nodes/pve-node02';
const ON = (storage: string, volid = ''): string =>
  `${TWO}/storage/${storage}/content${volid && `/${encodeURIComponent(volid)}`}`;
const having = (row: object): unknown => expect.objectContaining(row);
const ISO = { content: 'iso', filename: 'new image.iso', url: 'https://images.example.org/new.iso' };
const SHA256 = 'ab'.repeat(32);
const DOWNLOAD = `POST ${TWO}/storage/local/download-url`;

const STORIES: Record<string, Step[]> = {
  'a disk is made, copied and removed': [
    [`POST ${ON('local-zfs')}`, { vmid: 104, filename: 'vm-104-disk-7', size: '5G' }, 'local-zfs:vm-104-disk-7'],
    [
      `GET ${ON('local-zfs')}?vmid=104`,
      undefined,
      expect.arrayContaining([having({ volid: 'local-zfs:vm-104-disk-7', size: 5 * 1024 ** 3 })]),
    ],
    [
      `POST ${ON('local-zfs')}`,
      { vmid: 104, filename: 'vm-104-disk-7', size: '5G' },
      "zfs error: cannot create 'rpool/data/vm-104-disk-7': dataset already exists",
    ],
    [
      `POST ${ON('local-zfs')}`,
      { vmid: 104, filename: 'vm-105-disk-7', size: '5G' },
      "illegal name 'vm-105-disk-7' - should be 'vm-104-*'",
    ],
    [
      `POST ${ON('local-zfs')}`,
      { vmid: 104, filename: 'nonsense', size: '5G' },
      "unable to parse zfs volume name 'nonsense'",
    ],
    [
      `POST ${ON('local-zfs')}`,
      { vmid: 104, filename: 'vm-104-disk-8.qcow2', size: '5G', format: 'raw' },
      having({ format: 'different storage formats (raw != qcow2)' }),
    ],
    [
      `POST ${ON('local-zfs')}`,
      { vmid: 104, filename: 'vm-104-disk-8', size: '5G', format: 'qcow2' },
      "unsupported format 'qcow2'",
    ],
    [`POST ${ON('local')}`, { vmid: 104, filename: 'vm-104-disk-8.raw', size: '1024' }, 'local:104/vm-104-disk-8.raw'],
    [`POST ${ON('local-zfs', 'local-zfs:vm-104-disk-7')}`, { target: 'local-zfs:vm-104-disk-9' }, 'OK'],
    [
      `POST ${ON('local-zfs', 'local-zfs:vm-104-disk-7')}`,
      { target: 'local-zfs:vm-104-disk-9' },
      "volume 'local-zfs:vm-104-disk-9' already exists",
    ],
    [`DELETE ${ON('local-zfs', 'local-zfs:vm-104-disk-7')}`, undefined, 'OK'],
    [`DELETE ${ON('local-zfs', 'vm-104-disk-9')}`, undefined, 'OK'],
    [
      `DELETE ${ON('local-zfs', 'local:vm-104-disk-9')}`,
      undefined,
      having({ volume: 'storage ID mismatch (local != local-zfs)\n' }),
    ],
    [`DELETE ${ON('local', 'nonsense')}`, undefined, "unable to parse directory volume name 'nonsense'"],
  ],
  'what cannot be removed': [
    [
      `DELETE ${ON('local-zfs', 'local-zfs:vm-110-disk-0')}`,
      undefined,
      "zfs error: cannot destroy 'rpool/data/vm-110-disk-0': dataset is busy",
    ],
    [`POST ${TWO}/qemu/9000/clone`, { newid: 106 }, 'OK'],
    [
      `DELETE ${ON('local-zfs', 'local-zfs:base-9000-disk-0')}`,
      undefined,
      "base volume 'base-9000-disk-0' is still in use by linked cloned",
    ],
  ],
  'a file is downloaded': [
    [DOWNLOAD, { ...ISO, filename: 'new.txt' }, having({ filename: 'wrong file extension' })],
    [
      DOWNLOAD,
      { ...ISO, content: 'import', filename: 'a.qcow2' },
      "storage 'local' is not configured for content-type 'import'",
    ],
    [
      `POST ${TWO}/storage/local-zfs/download-url`,
      ISO,
      "can't upload to storage type 'zfspool', not a file based storage!",
    ],
    [
      DOWNLOAD,
      { ...ISO, url: 'https://nowhere.invalid/new.iso' },
      "download failed: wget: unable to resolve host address 'nowhere.invalid'",
    ],
    [
      DOWNLOAD,
      { ...ISO, checksum: '0'.repeat(64), 'checksum-algorithm': 'sha256' },
      expect.stringMatching(/^checksum mismatch: got '[0-9a-f]{64}' != expect '0{64}'$/),
    ],
    [DOWNLOAD, { ...ISO, checksum: SHA256, 'checksum-algorithm': 'sha256' }, 'OK'],
    [
      `GET ${ON('local')}?content=iso`,
      undefined,
      expect.arrayContaining([having({ volid: 'local:iso/new_image.iso', format: 'iso' })]),
    ],
    [DOWNLOAD, ISO, "refusing to override existing file '/var/lib/vz/template/iso/new_image.iso'"],
    [DOWNLOAD, { ...ISO, checksum: SHA256, 'checksum-algorithm': 'sha256' }, 'OK'],
    [`GET ${TWO}/query-url-metadata?url=${encodeURIComponent(ISO.url)}`, undefined, having({ filename: 'new.iso' })],
    [`DELETE ${ON('local', 'local:iso/new_image.iso')}`, undefined, 'OK'],
  ],
  'a container template is downloaded': [
    [`POST ${TWO}/aplinfo`, { storage: 'local', template: 'none' }, having({ template: 'no such template' })],
    [`POST ${TWO}/aplinfo`, { storage: 'local', template: 'debian-13-standard_13.1-2_amd64.tar.zst' }, 'OK'],
    [
      `GET ${ON('local')}?content=vztmpl`,
      undefined,
      expect.arrayContaining([
        having({ volid: 'local:vztmpl/debian-13-standard_13.1-2_amd64.tar.zst', format: 'tzst' }),
      ]),
    ],
    [`POST ${TWO}/storage/local/oci-registry-pull`, { reference: 'library/nginx:1.29' }, 'OK'],
    [
      `POST ${TWO}/storage/local/oci-registry-pull`,
      { reference: 'library/nginx:1.29' },
      "refusing to override existing file 'local:vztmpl/nginx_1.29.tar'",
    ],
  ],
};

describe('what lies on storages', () => {
  it.each(Object.entries(STORIES))('%s', async (_name, steps) => {
    for (const [line, params, end] of steps) expect([line, await lab.done(line, params)]).toEqual([line, end]);
  });

  it('notes and protection stay with a backup', async () => {
    const pool = lab.sandbox.state.nodes.get('pve-node02')?.storages.get('nfs-backup')?.pool;
    const volid = pool?.volumes.find(({ vmid, content }) => content === 'backup' && vmid === 110)?.volid ?? '';
    const path = ON('nfs-backup', volid);
    expect(await lab.call(`PUT ${path}`, { notes: 'first\nsecond', protected: 1 })).toBeNull();
    expect(await lab.call(`GET ${path}`)).toMatchObject({ notes: 'first\nsecond', protected: 1 });
    expect(await lab.call(`GET ${ON('nfs-backup')}?vmid=110`)).toEqual(
      expect.arrayContaining([having({ volid, notes: 'first', protected: 1 })]),
    );
    const name = volid.replace('nfs-backup:', '');
    expect(await lab.done(`DELETE ${path}`)).toBe(`cannot remove protected volume '${name}' on 'nfs-backup'`);
    expect(await lab.call(`PUT ${path}`, { protected: 0 })).toBeNull();
    expect(await lab.done(`DELETE ${path}`)).toBe('OK');
    expect(await lab.call(`PUT ${ON('local', 'local:iso/debian-13.3.0-amd64-netinst.iso')}`, { notes: 'x' })).toBe(
      "attribute 'notes' is not supported for storage/volume type",
    );
  });

  it('a retention is carried out', async () => {
    const prune = `${TWO}/storage/nfs-backup/prunebackups`;
    const before = await lab.call(`GET ${prune}?prune-backups=keep-last%3D2&vmid=110`);
    expect(before).toHaveLength(5);
    expect(await lab.done(`DELETE ${prune}?prune-backups=keep-last%3D2&vmid=110`)).toBe('OK');
    expect(lab.log()).toEqual([
      ...Array.from({ length: 3 }, () => expect.stringMatching(/^removing backup 'nfs-backup:/)),
      'TASK OK',
    ]);
    expect(await lab.call(`GET ${prune}?prune-backups=keep-last%3D2&vmid=110`)).toHaveLength(2);
  });
});

interface Sent {
  fields: Record<string, string>;
  filename?: string;
  body?: string;
  name?: string;
}

const BOUNDARY = 'xxBOUNDARYxx';

function form({ fields, filename, body = '', name = 'filename' }: Sent): string {
  const parts = Object.entries(fields).map(
    ([key, value]) => `content-disposition: form-data; name="${key}"\r\n\r\n${value}`,
  );
  if (filename !== undefined) {
    parts.push(
      `Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: application/octet-stream\r\n\r\n${body}`,
    );
  }
  return `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`;
}

/** What an upload comes to: its refusal, or how its task ends. */
async function upload(sent: Sent, storage = 'local'): Promise<unknown> {
  const { sandbox } = lab;
  const headers = {
    Authorization: `PVEAPIToken=${sandbox.tokenId}=${sandbox.tokenSecret}`,
    'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
  };
  const answer = await ask(sandbox.url, `POST /api2/json${TWO}/storage/${storage}/upload`, headers, form(sent));
  if (answer.body === '') return answer.reason;
  // the body is Proxmox's envelope
  const { data, message, errors } = JSON.parse(answer.body) as { data: unknown; message?: string; errors?: object };
  if (typeof data !== 'string') return errors ?? message?.trimEnd();
  await sandbox.clock.advance(600_000);
  return sandbox.tasks.find(data)?.status;
}

const BYTES = 'not really an image\r\n--xxBOUND\r\n'.repeat(500);
const SUM = createHash('sha1').update(BYTES).digest('hex');
const UPLOADS: Record<string, [Sent, storage: string, unknown]> = {
  'to its place': [{ fields: { content: 'iso' }, filename: 'my file.iso', body: BYTES }, 'local', 'OK'],
  'with a checksum': [
    {
      fields: { content: 'iso', checksum: SUM.toUpperCase(), 'checksum-algorithm': 'sha1' },
      filename: 'a.iso',
      body: BYTES,
    },
    'local',
    'OK',
  ],
  'with a wrong checksum': [
    {
      fields: { content: 'iso', checksum: '0'.repeat(40), 'checksum-algorithm': 'sha1' },
      filename: 'a.iso',
      body: BYTES,
    },
    'local',
    `checksum mismatch: got '${SUM}' != expect '${'0'.repeat(40)}'`,
  ],
  'with a wrong ending': [
    { fields: { content: 'iso' }, filename: 'a.exe', body: BYTES },
    'local',
    having({ filename: 'wrong file extension' }),
  ],
  'of a kind that the storage has not': [
    { fields: { content: 'import' }, filename: 'a.qcow2', body: BYTES },
    'local',
    "storage 'local' does not support 'import' content",
  ],
  'to a storage without files': [
    { fields: { content: 'iso' }, filename: 'a.iso', body: BYTES },
    'local-zfs',
    "can't upload to storage type 'zfspool'",
  ],
  'without its kind': [
    { fields: {}, filename: 'a.iso', body: BYTES },
    'local',
    having({ content: 'property is missing and it is not optional' }),
  ],
  'without a file': [{ fields: { content: 'iso', filename: 'a.iso' } }, 'local', 'missing temporary file name'],
  'under a wrong field': [
    { fields: { content: 'iso' }, filename: 'a.iso', body: BYTES, name: 'file' },
    'local',
    "wrong field name 'file' for file upload, expected 'filename'",
  ],
};

describe('a file is uploaded', () => {
  it.each(Object.entries(UPLOADS))('%s', async (_name, [sent, storage, end]) => {
    expect(await upload(sent, storage)).toEqual(end);
  });

  it('is there afterwards, in the size that was sent', async () => {
    await upload({ fields: { content: 'iso' }, filename: 'my file.iso', body: BYTES });
    expect(await lab.call(`GET ${ON('local')}?content=iso`)).toEqual(
      expect.arrayContaining([having({ volid: 'local:iso/my_file.iso', size: BYTES.length })]),
    );
  });

  it('is told in pieces of any size', () => {
    const whole = Buffer.from(
      form({ fields: { content: 'iso', 'checksum-algorithm': 'sha1' }, filename: 'a.iso', body: BYTES }),
    );
    const cut = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(cut, (sizes) => {
        const reader = new MultipartReader(BOUNDARY);
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          reader.push(whole.subarray(at, at + size));
          at += size;
        }
        expect(reader.end()).toEqual({
          fields: { content: 'iso', 'checksum-algorithm': 'sha1' },
          upload: { filename: 'a.iso', size: BYTES.length, sum: SUM },
        });
      }),
    );
  });
});
