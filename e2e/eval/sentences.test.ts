import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type OpenCluster } from './clusters.ts';
import { examine } from './examine.ts';
import { readFolder } from './sentence.ts';

const folder = import.meta.dirname;
/** Sentences that are not answered rightly yet, each with the reason; one that passes must leave the list. */
const known = JSON.parse(readFileSync(join(folder, 'known-failures.json'), 'utf8')) as Record<string, string>;

for (const name of ['demo', 'odd', 'generated'] as const) {
  describe(`people ask about the ${name} cluster`, () => {
    let cluster: OpenCluster;
    beforeAll(async () => {
      cluster = await openCluster(name);
    });
    afterAll(() => cluster.close());

    const sentences = readFolder(join(folder, 'sentences', name)).map((each) => [
      each.id,
      each.turns.join(' / '),
      each,
    ]);
    it.each(sentences as [string, string, ReturnType<typeof readFolder>[number]][])(
      '%s: %s',
      async (id, _, sentence) => {
        const { wrong } = await examine(cluster.assistant, sentence);
        if (known[id] === undefined) expect(wrong).toEqual([]);
        else expect(wrong, 'it passes now: take it off known-failures.json').not.toEqual([]);
      },
    );
  });
}
