import { adviceDatasets, advices } from '@pxa/advise';
import { catalogue, datasets } from '@pxa/catalog';
import { queryText } from '@pxa/contract';
import { describe, expect, it } from 'vitest';
import { exampleInventory } from './inventory.ts';
import { sentences } from './sentences.ts';
import { Language } from '@pxa/language';

const language = new Language([...datasets.values(), ...adviceDatasets.values()]);

/** What a sentence means, in one line. */
function meaningOf(say: string): string {
  const meaning = language.understand(say, {}, exampleInventory);
  return meaning.kind === 'query' ? queryText(meaning.query) : meaning.kind;
}

// Capabilities that only do things have orders for examples, which are planned where a cluster is at hand.
for (const { id, examples } of [...catalogue, ...advices].filter(({ examples }) => examples.length > 0)) {
  describe(id, () => {
    it.each(examples.map(({ say, means }) => [say, means]))('%s', (say, means) => {
      expect(meaningOf(say)).toBe(means);
    });
  });
}

describe('other wordings', () => {
  it.each(sentences.map(([say, means]) => [say, means]))('%s', (say, means) => {
    expect(meaningOf(say)).toBe(means);
  });
});
