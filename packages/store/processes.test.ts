import { describe, expect, it } from 'vitest';
import { verifyAuditLog } from './audit.ts';
import { runTogether, startChild } from './testing/child.ts';
import { engines } from './testing/engines.ts';
import { openedStores } from './testing/opened.ts';
import { approvalOf, entry, planOf } from './testing/samples.ts';
import { expectWhole } from './testing/whole.ts';
import type { Store } from './store.ts';

/** How far a plan has come, by what a child says of it and by what the store holds. */
const FAR = ['proposed', 'approved', 'queued', 'running', 'step 0', 'step 1', 'done'];

describe.each(engines)('$name, several processes', ({ fresh }) => {
  const open = openedStores({ fresh });

  it('may make the tables at once', async () => {
    const place = await fresh();
    expect(await runTogether('open', place, ['a', 'b', 'c', 'd'])).toEqual(Array.from({ length: 4 }, () => ['opened']));
    await expectWhole(await open(place));
  });

  it('decide and begin: one of them each time', async () => {
    const place = await fresh();
    const store = await open(place);
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
    for (const id of ids) await store.propose(planOf(id), approvalOf(planOf(id)), entry('proposed'));
    const said = (await runTogether('contend', place, ['a', 'b', 'c'])).flat().sort();
    expect(said).toEqual(ids.flatMap((id) => [`decided ${id}`, `begun ${id}`]).sort());
    await expectWhole(store);
  });

  it('write one audit log', async () => {
    const place = await fresh();
    expect(await runTogether('audit', place, ['a', 'b', 'c'])).toEqual([[], [], []]);
    expect(await verifyAuditLog(await open(place))).toMatchObject({ ok: true, count: 150 });
  });

  it.each([1, 8, 30, 71])(
    'killed after %i acknowledged writes: all of them are there, and nothing by half',
    async (count) => {
      const place = await fresh();
      const child = await startChild('work', place, 'p');
      child.go();
      const said: string[] = [];
      for await (const line of child.lines) if (said.push(line) === count) child.process.kill('SIGKILL');
      await child.ended;
      const store = await open(place);
      expect(said.length).toBeGreaterThanOrEqual(count);
      for (const [id, far] of furthest(said))
        expect([id, await farOf(store, id)]).toEqual([id, expect.toSatisfy((is: number) => is >= far)]);
      await expectWhole(store);
    },
  );
});

function furthest(said: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const line of said) {
    const space = line.lastIndexOf(' ');
    found.set(line.slice(space + 1), FAR.indexOf(line.slice(0, space)));
  }
  return found;
}

async function farOf(store: Store, id: string): Promise<number> {
  const job = await store.job(`job-${id}`);
  if (job === undefined)
    return FAR.indexOf((await store.approval(`approval-${id}`))?.state.replace('pending', 'proposed') ?? '');
  const done = job.steps.filter(({ state }) => state === 'done').length;
  return done > 0 && job.state === 'running' ? FAR.indexOf(`step ${done - 1}`) : FAR.indexOf(job.state);
}
