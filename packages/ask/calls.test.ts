import type { Query } from '@pxa/contract';
import { expect, test } from 'vitest';
import { openWorld } from './testing/tape.ts';

/** Questions that a fixed number of calls answers, however many guests there are. */
const questions: Query[] = [
  { dataset: 'guests' },
  { dataset: 'guests', measure: { of: 'count' } },
  { dataset: 'guests', order: [{ column: 'mem', dir: 'desc' }], limit: 1 },
  { dataset: 'guests', where: { op: 'compare', column: 'mem_share', is: '>', value: 0.8 } },
  { dataset: 'guests', where: { op: 'compare', column: 'state', is: '=', value: 'paused' } },
  { dataset: 'guests', group: ['node'] },
  { dataset: 'guests', where: { op: 'not', of: { op: 'known', column: 'tags' } } },
  { dataset: 'nodes' },
  { dataset: 'storage' },
  { dataset: 'pools' },
];

/** How many calls each of the questions takes on a cluster of so many guests, and how many guests were looked at. */
async function callsAt(guests: number): Promise<{ calls: number[]; counted: number | null | undefined }> {
  const world = await openWorld({ seed: 7, nodes: 3, guests });
  const told = [];
  for (const query of questions) told.push(await world.ask(query));
  await world.close();
  return { calls: told.map(({ calls }) => calls), counted: told[1]?.view.value?.number };
}

test('as many calls answer about 10,000 guests as about 10', async () => {
  const [few, many] = [await callsAt(10), await callsAt(10_000)];
  expect([few.counted, many.counted]).toEqual([10, 10_000]);
  expect(many.calls).toEqual(few.calls);
});
