import { catalogue, datasets } from '@pxa/catalog';
import { queryText } from '@pxa/contract';
import { describe, expect, it } from 'vitest';
import { exampleInventory } from './testing/inventory.ts';
import { Language } from './understand.ts';

const language = new Language([...datasets.values()]);

/** What a sentence means, in one line. */
function meaningOf(say: string): string {
  const meaning = language.understand(say, {}, exampleInventory);
  return meaning.kind === 'query' ? queryText(meaning.query) : meaning.kind;
}

for (const { id, examples } of catalogue) {
  describe(id, () => {
    it.each(examples.map(({ say, means }) => [say, means]))('%s', (say, means) => {
      expect(meaningOf(say)).toBe(means);
    });
  });
}
