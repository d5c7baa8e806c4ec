import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { migrations } from './migrations.ts';
import { openAll } from './open.ts';
import { dumpedSchemas, dumpFile } from './testing/dumps.ts';
import { engines, tamper } from './testing/engines.ts';
import { at, entry, NOW_MS, planOf } from './testing/samples.ts';
import { expectWhole } from './testing/whole.ts';

describe.each(engines)('a store on $name that was made by', ({ name, fresh }) => {
  it.each(dumpedSchemas(name))('%s is brought up to date, and gone on with', async (schema) => {
    const place = await fresh();
    await tamper(place, readFileSync(dumpFile(name, schema), 'utf8'));
    const { store, service } = await openAll(place, { now: () => NOW_MS });
    expect(await store.plan('1')).toEqual(planOf('1'));
    const [job] = await store.jobs({ limit: 9 });
    expect(job).toMatchObject({ plan_id: '1', state: 'queued', steps: [{ index: 0 }, { index: 1 }] });
    const id = job?.id ?? '';
    expect(await store.due({ now: NOW_MS, limit: 9 })).toEqual([id]);
    if (schema >= '002') expect(await service.tokenByHash('hash-1')).toMatchObject({ name: 'old', revoked_at: null });
    const claim = await store.claim({ jobId: id, owner: 'a', now: NOW_MS, leaseMs: 1_000 });
    if (claim === undefined) throw new Error('nobody holds it');
    const event = { job_id: id, at: at(9), kind: 'ended', text: 'Done.' } as const;
    await store.end(claim, { state: 'done', at: at(9), result: 'Done.' }, event, entry('job.ended'));
    await expectWhole(store);
    await store.close();
  });

  it('each version that there was, since each has left a dump', () => {
    expect(dumpedSchemas(name).toSorted()).toEqual(Object.keys(migrations).toSorted());
  });
});
