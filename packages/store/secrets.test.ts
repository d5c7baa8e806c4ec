import { readFileSync } from 'node:fs';
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { isSecretName, maskSecrets, secretNames } from './secrets.ts';
import type { Seal } from './seal.ts';
import { StoreFailed } from './store.ts';
import { engines } from './testing/engines.ts';
import { openedStores } from './testing/opened.ts';
import { approvalOf, entry, planOf } from './testing/samples.ts';

describe('names of parameters', () => {
  const secret =
    'password cipassword confirmation-password new_password Password key keys secret token client-key certkey encryption-key eab-hmac-key keyring otp totp target-endpoint header otel-headers data api_key x-api-token ticket vncticket';
  const open =
    'sshkeys ssh-public-keys master-pubkey tokenid tokens lock-token generate-password keyboard name vmid content monkey value datastore data-pool certificates';
  it.each(secret.split(' '))('%s is a secret', (name) => expect(isSecretName(name)).toBe(true));
  it.each(open.split(' '))('%s is none', (name) => expect(isSecretName(name)).toBe(false));
});

describe('secrets in a value', () => {
  const value = {
    password: 'not a parameter here',
    steps: [{ params: { vmid: 1, cipassword: 'a', nested: { token: 'b' }, secret: '', key: null } }],
    undo: { input: { password: 'c' } },
    changes: [{ key: 'memory' }],
  };
  it('are named', () => expect(secretNames(value)).toEqual(['cipassword', 'password', 'token']));
  it('are hidden, and nothing else', () =>
    expect(maskSecrets(value)).toEqual({
      ...value,
      steps: [{ params: { vmid: 1, cipassword: '[hidden]', nested: { token: '[hidden]' }, secret: '', key: null } }],
      undo: { input: { password: '[hidden]' } },
    }));
});

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [{ d: 1, c: 2 }], e: undefined }, '{"a":[{"c":2,"d":1}],"b":1}'],
    [JSON.parse('{"__proto__": 1, "a": 2}'), '{"__proto__":1,"a":2}'],
    ['ü\u2028\ud800', '"ü\u2028\\ud800"'],
    [null, 'null'],
  ])('%o', (value: unknown, text) => expect(canonicalJson(value)).toBe(text));
});

describe.each(engines)('$name', ({ fresh }) => {
  const open = openedStores({ fresh });
  const record = {
    ...planOf('1', 1, { vmid: 100, password: 'geheim' }),
    request: 'create it with the password geheim',
  };

  /** Not a seal of any worth: it shows that what was given is used. */
  const sealOf = (key: string) => async (): Promise<Seal> => ({
    seal: (text) => `${key}:${Buffer.from(text).toString('base64')}`,
    open: (sealed) => {
      if (!sealed.startsWith(`${key}:`)) throw new Error('another key');
      return Buffer.from(sealed.slice(key.length + 1), 'base64').toString();
    },
  });

  it('does not keep a plan with a secret without a key', async () => {
    const store = await open();
    await expect(store.propose(record, approvalOf(record), entry('proposed'))).rejects.toThrow(
      /not kept: it holds a secret \(password\), and there is no key/,
    );
    expect([await store.plan('1'), await store.approval('approval-1'), await store.auditHead()]).toMatchObject([
      undefined,
      undefined,
      { count: 0 },
    ]);
  });

  it('keeps it sealed, words and all, and gives it back whole to the same key alone', async () => {
    const place = await fresh();
    const store = await open(place, { seal: sealOf('k1') });
    await store.propose(
      record,
      approvalOf(record),
      entry('proposed', { data: { params: record.plan.steps[0]?.params } }),
    );
    expect(await store.plan('1')).toEqual(record);
    const other = await open(place, { seal: sealOf('k2') });
    await expect(other.plan('1')).rejects.toThrow(StoreFailed);
    await expect(other.plan('1')).rejects.toThrow(/sealed with another key/);
    await expect((await open(place)).plan('1')).rejects.toThrow(/no key was given/);
    if (place.kind === 'sqlite') {
      for (const file of [place.file, `${place.file}-wal`]) expect(readFileSync(file).includes('geheim')).toBe(false);
    }
  });

  it('keeps a plan without secrets in the clear, with or without a key', async () => {
    const place = await fresh();
    const plain = planOf('2', 1, { sshkeys: 'ssh-ed25519 AAAA' });
    const store = await open(place, { seal: sealOf('k1') });
    await store.propose(plain, approvalOf(plain), entry('proposed'));
    expect(await (await open(place)).plan('2')).toEqual(plain);
  });
});
