import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../connection/connection.ts';
import { listConnections, openConnection, removeConnection, saveConnection } from '../connection/saved.ts';
import { newHome } from '../in-process.ts';
import type { Io } from '../io.ts';
import { keyFilePath } from './key.ts';
import { seal, unseal } from './sealed.ts';

const SECRET = '6f0b5a1e-5a55-4c4b-9f0e-1d2c3b4a5f60';

const connection = (name: string): Connection => ({
  name,
  url: 'https://pve1.example.com:8006',
  identity: { kind: 'token', tokenId: 'root@pam!pxa', secret: SECRET },
  fingerprint: 'AA:BB',
});

function ioWith(env: Record<string, string> = {}): Io {
  return {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: { HOME: newHome(), ...env },
    now: () => 0,
    sleep: () => Promise.resolve(),
    random: (size) => randomBytes(size),
    id: () => randomUUID(),
    onStop: () => () => undefined,
  };
}

const fileOf = (io: Io, name: string): string => join(io.env['HOME'] ?? '', '.config/pxa/connections', `${name}.json`);

describe('a saved connection', () => {
  const keys: [string, Record<string, string>][] = [
    ['a key file', {}],
    ['32 bytes in base64', { PXA_VAULT_KEY: randomBytes(32).toString('base64') }],
    ['32 bytes in hex', { PXA_VAULT_KEY: randomBytes(32).toString('hex') }],
    ['a passphrase', { PXA_VAULT_KEY: 'correct horse battery' }],
  ];
  test.each(keys)('comes back as it was, with %s', async (_, env) => {
    const io = ioWith(env);
    await saveConnection(io, connection('prod'));
    expect(await openConnection(io, 'prod')).toEqual(connection('prod'));
    expect(readFileSync(fileOf(io, 'prod'), 'utf8')).not.toContain(SECRET);
  });

  test('a password comes back too, with authorities in place of a fingerprint', async () => {
    const io = ioWith();
    const saved: Connection = {
      name: 'a',
      url: 'https://a:8006',
      identity: { kind: 'password', username: 'root@pam', password: 'é"\n' },
      ca: 'PEM',
    };
    await saveConnection(io, saved);
    expect(await openConnection(io, 'a')).toEqual(saved);
  });

  test('nobody else can read the files, and nothing temporary is left', async () => {
    const io = ioWith();
    await saveConnection(io, connection('prod'));
    await saveConnection(io, connection('prod'));
    expect(statSync(fileOf(io, 'prod')).mode & 0o777).toBe(0o600);
    expect(statSync(keyFilePath(io.env)).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(fileOf(io, 'prod'), '..'))).toEqual(['prod.json']);
  });

  test('connections that are saved at once are all there', async () => {
    const io = ioWith();
    const names = Array.from({ length: 12 }, (_, at) => `c${at}`);
    await Promise.all(names.map((name) => saveConnection(io, connection(name))));
    const opened = await Promise.all(names.map((name) => openConnection(io, name)));
    expect(opened.map(({ identity }) => identity.kind === 'token' && identity.secret)).toEqual(names.map(() => SECRET));
  });

  test('the last one is in use; removing it leaves none in use', async () => {
    const io = ioWith();
    await saveConnection(io, connection('a'));
    await saveConnection(io, connection('b'));
    expect((await listConnections(io)).map(({ name, isCurrent }) => [name, isCurrent])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    await removeConnection(io, 'b');
    expect((await listConnections(io)).map(({ name, isCurrent }) => [name, isCurrent])).toEqual([['a', false]]);
  });
});

describe('what does not open', () => {
  type Change = (file: Record<string, unknown>) => void;
  const changes: [string, Change][] = [
    ['another URL', (file) => (file['url'] = 'https://evil.example.com:8006')],
    ['another fingerprint', (file) => (file['fingerprint'] = 'CC:DD')],
    ['no fingerprint', (file) => delete file['fingerprint']],
    ['another user', (file) => (file['identity'] = 'other@pam!pxa')],
    [
      'a changed byte',
      (file) => Object.assign(file['secret'] as object, { data: Buffer.from('x'.repeat(36)).toString('base64') }),
    ],
    ['a short tag', (file) => Object.assign(file['secret'] as object, { tag: 'AAAA' })],
  ];
  test.each(changes)('%s', async (_, change) => {
    const io = ioWith();
    await saveConnection(io, connection('prod'));
    const file = JSON.parse(readFileSync(fileOf(io, 'prod'), 'utf8')) as Record<string, unknown>;
    change(file);
    writeFileSync(fileOf(io, 'prod'), JSON.stringify(file));
    await expect(openConnection(io, 'prod')).rejects.toThrow(/cannot be opened/);
  });

  test("another connection's secret", async () => {
    const io = ioWith();
    await saveConnection(io, connection('a'));
    await saveConnection(io, connection('b'));
    const text = readFileSync(fileOf(io, 'a'), 'utf8').replace('"name": "a"', '"name": "b"');
    writeFileSync(fileOf(io, 'b'), text);
    await expect(openConnection(io, 'b')).rejects.toThrow(/cannot be opened/);
  });

  test.each(['', '{', '[]', '{"version":2}', 'null'])('a file that holds %j', async (text) => {
    const io = ioWith();
    await saveConnection(io, connection('a'));
    writeFileSync(fileOf(io, 'a'), text);
    await expect(openConnection(io, 'a')).rejects.toThrow(/not a saved connection/);
  });

  test.each([0o640, 0o604, 0o660])('a key file with mode %i', async (mode) => {
    const io = ioWith();
    await saveConnection(io, connection('a'));
    chmodSync(keyFilePath(io.env), mode);
    await expect(openConnection(io, 'a')).rejects.toThrow(/can be read by others/);
    await expect(saveConnection(io, connection('b'))).rejects.toThrow(/can be read by others/);
  });

  const keyTexts: [string, RegExp][] = [
    ['', /does not hold a key/],
    ['AAAA', /does not hold a key/],
    [randomBytes(32).toString('base64'), /cannot be opened/],
  ];
  test.each(keyTexts)('a key file that holds %j', async (text, says) => {
    const io = ioWith();
    await saveConnection(io, connection('a'));
    writeFileSync(keyFilePath(io.env), text);
    await expect(openConnection(io, 'a')).rejects.toThrow(says);
  });

  const environments: [string, string, string | undefined, RegExp][] = [
    ['no key', 'correct horse battery', undefined, /PXA_VAULT_KEY, which is not set/],
    ['another passphrase', 'correct horse battery', 'wrong horse battery', /cannot be opened/],
    ['a passphrase for a key', randomBytes(32).toString('hex'), 'correct horse battery', /not the key of 32 bytes/],
  ];
  test.each(environments)('from the environment: %s', async (_, key, other, says) => {
    const io = ioWith({ PXA_VAULT_KEY: key });
    await saveConnection(io, connection('a'));
    if (other === undefined) delete io.env['PXA_VAULT_KEY'];
    else io.env['PXA_VAULT_KEY'] = other;
    await expect(openConnection(io, 'a')).rejects.toThrow(says);
  });

  test('a short passphrase is not taken', async () => {
    await expect(saveConnection(ioWith({ PXA_VAULT_KEY: 'hunter2' }), connection('a'))).rejects.toThrow(
      /passphrase of at least 12/,
    );
  });
});

test('what is sealed opens with the same key and binding, and with no other', () => {
  const key = randomBytes(32);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (secret, bound, other) => {
      const sealed = seal(secret, key, bound, (size) => randomBytes(size));
      expect(unseal(sealed, key, bound)).toBe(secret);
      if (other !== bound) expect(unseal(sealed, key, other)).toBeUndefined();
      expect(unseal(sealed, randomBytes(32), bound)).toBeUndefined();
    }),
  );
});
