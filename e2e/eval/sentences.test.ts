import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCluster, type OpenCluster, shippedClusters } from './clusters.ts';
import { examine } from './examine.ts';
import { knownFailures } from './known.ts';
import { readFolder } from './sentence.ts';

const known = knownFailures();

for (const name of shippedClusters) {
  describe(`people ask about the ${name} cluster`, () => {
    let cluster: OpenCluster;
    beforeAll(async () => {
      cluster = await openCluster(name);
    });
    afterAll(() => cluster.close());

    for (const sentence of readFolder(join(import.meta.dirname, 'sentences', name))) {
      it(`${sentence.id}: ${sentence.turns.join(' / ')}`, async () => {
        const { wrong } = await examine(cluster.assistant, sentence);
        if (known[sentence.id] === undefined) expect(wrong).toEqual([]);
        else expect(wrong, 'it passes now: npm run eval -- --prune takes it off known-failures.json').not.toEqual([]);
      });
    }
  });
}
