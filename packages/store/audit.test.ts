import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '@pxa/contract';
import { auditHash, FIRST_BEFORE, verifyAudit, verifyAuditLog } from './audit.ts';
import type { Store } from './store.ts';
import { engines, tamper } from './testing/engines.ts';
import { openedStores } from './testing/opened.ts';
import { entry } from './testing/samples.ts';

/** A chain of as many records, made without the store. */
function chain(count: number, who = 'anna'): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const record = { ...entry(`kind ${seq}`, { who }), seq, before: records.at(-1)?.hash ?? FIRST_BEFORE };
    records.push({ ...record, hash: auditHash(record) });
  }
  return records;
}

const edited = (records: AuditRecord[], index: number, more: object): AuditRecord[] =>
  records.map((record, at) => (at === index ? { ...record, ...more } : record));

describe('verifyAudit', () => {
  const five = chain(5);
  it.each<[name: string, records: AuditRecord[], seq: number | undefined, what?: string]>([
    ['a whole log', five, undefined],
    ['an empty log', [], undefined],
    ['an edited time', edited(five, 2, { at: '2020-01-01T00:00:00.000Z' }), 3, 'was edited'],
    ['edited data', edited(five, 2, { data: { a: 1 } }), 3, 'was edited'],
    ['a field that was put in', edited(five, 2, { note: 'x' }), 3, 'was edited'],
    ['another job', edited(five, 4, { job_id: 'j' }), 5, 'was edited'],
    ['an edited hash', edited(five, 1, { hash: 'f'.repeat(64) }), 2, 'was edited'],
    ['an edited link', edited(five, 1, { before: 'f'.repeat(64) }), 2, 'does not follow'],
    ['an edit with its own hash made anew', edited(five, 2, chain(3, 'eve')[2]!), 3, 'does not follow'],
    ['a removed record', five.toSpliced(2, 1), 3, 'is missing'],
    ['a removed first record', five.slice(1), 1, 'is missing'],
    ['two that changed places', [five[0]!, five[2]!, five[1]!, ...five.slice(3)], 2, 'is missing'],
    ['a record twice', five.toSpliced(2, 0, five[1]!), 3, 'was moved, or put in'],
    ['a record put in', five.toSpliced(2, 0, { ...five[1]!, seq: 3 }), 3, 'does not follow'],
  ])('%s', async (_name, records, seq, what) => {
    const verdict = await verifyAudit(records);
    if (seq === undefined)
      expect(verdict).toEqual({ ok: true, count: records.length, head: records.at(-1)?.hash ?? FIRST_BEFORE });
    else expect(verdict).toEqual({ ok: false, seq, what: expect.stringContaining(what ?? '') as string });
  });

  it('has the hash that anybody can compute', () => {
    const record = { ...entry('k', { data: { b: [1, { d: null, c: 'ü' }], a: true } }), seq: 1, before: FIRST_BEFORE };
    // by sha256sum of that JSON: keys in order, nothing between them, UTF-8
    expect(auditHash(record)).toBe('699f0bd3f55befedff7cbee782d0995bf2caef5d77236e41e8d7e80399ca621a');
  });
});

describe.each(engines)('$name', ({ fresh }) => {
  const open = openedStores({ fresh });

  async function write(store: Store, count: number): Promise<void> {
    for (let number = 1; number <= count; number++) await store.audit(entry(`kind ${number}`));
  }

  const copied = `insert into audit (seq, hash, body) select 6, hash, replace(body, '"seq":5', '"seq":6') from audit where seq = 5`;
  it.each<[name: string, sql: string, seq: number]>([
    ['an edited body', `update audit set body = replace(body, 'kind 3', 'kind x') where seq = 3`, 3],
    ['a body that is no JSON', `update audit set body = 'x' where seq = 3`, 3],
    ['a removed record', `delete from audit where seq = 3`, 3],
    ['a removed end', `delete from audit where seq >= 4`, 4],
    ['a removed log', `delete from audit`, 1],
    ['a number that was changed', `update audit set seq = 9 where seq = 2`, 2],
    ['a record put in at the end', copied, 6],
    ['the count set back', `update audit_head set count = 4`, 4],
    ['another hash of the last', `update audit_head set hash = '${FIRST_BEFORE}'`, 5],
  ])('shows %s', async (_name, sql, seq) => {
    const place = await fresh();
    const store = await open(place);
    await write(store, 5);
    expect(await verifyAuditLog(store)).toMatchObject({ ok: true, count: 5 });
    await tamper(place, sql);
    expect(await verifyAuditLog(store)).toMatchObject({ ok: false, seq });
  });

  it('that was written anew as a whole shows against a head that was noted elsewhere', async () => {
    const place = await fresh();
    const store = await open(place);
    await write(store, 3);
    const { hash: noted } = await store.auditHead();
    await write(store, 2);
    expect(await verifyAuditLog(store, noted)).toMatchObject({ ok: true, count: 5 });
    expect(await verifyAuditLog(store, FIRST_BEFORE)).toMatchObject({ ok: true, count: 5 });
    await tamper(place, 'delete from audit');
    await tamper(place, `update audit_head set count = 0, hash = '${FIRST_BEFORE}'`);
    for (const who of ['eve', 'eve', 'eve', 'eve', 'eve']) await store.audit(entry('forged', { who }));
    expect(await verifyAuditLog(store)).toMatchObject({ ok: true, count: 5 });
    const what = expect.stringMatching(/^None of the 5 records has the hash [0-9a-f]{64}: .*written anew/) as string;
    expect(await verifyAuditLog(store, noted)).toEqual({ ok: false, what });
  });

  it('makes one chain of what two instances write at once, and can be checked meanwhile', async () => {
    const place = await fresh();
    const stores = [await open(place), await open(place)];
    const writing = Promise.all(stores.map((store) => Promise.all(Array.from({ length: 40 }, () => write(store, 1)))));
    expect(await verifyAuditLog(stores[0]!)).toMatchObject({ ok: true });
    await writing;
    expect(await verifyAuditLog(stores[1]!)).toMatchObject({ ok: true, count: 80 });
    expect((await stores[0]!.auditLog(30, 2)).map(({ seq }) => seq)).toEqual([31, 32]);
  });

  it('holds no secret, and what is no text as JSON has it', async () => {
    const store = await open();
    const params = { password: 'geheim', vmid: 100, sshkeys: 'ssh-ed25519 AAAA' };
    await store.audit(
      entry('k', { who: 'a\u0000\ud800', data: { step: { params }, late: undefined, when: new Date(0), n: -0 } }),
    );
    const [record] = await store.auditLog(0, 1);
    expect(record?.data).toEqual({
      step: { params: { ...params, password: '[hidden]' } },
      when: '1970-01-01T00:00:00.000Z',
      n: 0,
    });
    expect(await verifyAuditLog(store)).toMatchObject({ ok: true, count: 1 });
  });
});
