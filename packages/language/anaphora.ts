import type { Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import { clarification, clarifyProblems } from './clarify.ts';
import type { Conversation } from './said-before.ts';
import { bestReading, finish } from './question.ts';
import type { Sentence } from './sentence.ts';
import type { Token } from './tokens.ts';

const mostNamed = 60;
const standsFor = /^(it|its|them|they|their|those|these)$/;

const asksOf = /^(is|are|was|were|does|do|did|has|have|had|will|can)$/;

/**
 * "which node is it on?", "what pool are they in?", "which jobs cover it?": the word stands for what was said before,
 * though the sentence has a word for rows itself. "which VMs are stopped, and are they old?" speaks of its own.
 */
export function asksOfThem(s: Sentence): boolean {
  const at = s.tokens.findIndex(({ word, quoted }) => !quoted && /^(it|they|them)$/.test(word));
  if (at < 2 || s.tokens.slice(0, at).some(({ word }) => /^(and|or|,|that|if|whether)$/.test(word))) return false;
  if (!/^(what|which|who|where|when|on|in|how)$/.test(s.word(0))) return false;
  const isObject = s.tokens.slice(at + 1).every(({ word }) => /^(on|in|of|from|to|with|now|currently)$/.test(word));
  return asksOf.test(s.word(at - 1)) || isObject;
}

/** "which node is it on?" with the names of the rows before in the place of the word that stands for them. */
function saidOut(s: Sentence, ids: readonly string[], dataset: Dataset): Sentence | undefined {
  const kind = dataset.entity;
  const at = s.tokens.findIndex(({ word, quoted }) => !quoted && standsFor.test(word));
  if (kind === undefined || at < 0 || ids.length === 0 || ids.length > mostNamed) return undefined;
  const names = ids.map((id) => s.inventory.get(kind, kind === 'guest' ? id : id.slice(id.indexOf('/') + 1)));
  const named = names.flatMap((entity, index): Token[] => {
    if (entity === undefined) return [];
    const text = String(entity.vmid ?? entity.name);
    const name: Token = { text, word: text.toLowerCase(), stem: text.toLowerCase(), quoted: false };
    return index === 0 ? [name] : [{ text: ',', word: ',', stem: ',', quoted: false }, name];
  });
  if (names.some((entity) => entity === undefined)) return undefined;
  // "it's" and "them all" leave nothing over.
  return s.said([...s.tokens.slice(0, at), ...named, ...s.tokens.slice(at + 1)]);
}

/** What a sentence asks of the rows before: what the same words ask with their names said. */
export function aboutNamed(
  s: Sentence,
  { ids = [] }: Conversation,
  dataset: Dataset,
  datasets: readonly Dataset[],
): Meaning {
  const named = saidOut(s, ids, dataset);
  if (named === undefined) return unrelated(dataset);
  const it = bestReading(named, datasets);
  if (it === undefined || it.problems.length > 0 || it.named.length === 0) return clarifyProblems(named, it);
  return { kind: 'query', query: finish(named, it), notes: [], guesses: [] };
}

/** Where nothing was made of "it": the rest of the words by themselves would answer another question. */
export function unlessPlain(
  s: Sentence,
  conversation: Conversation,
  dataset: Dataset,
  datasets: readonly Dataset[],
): Meaning | undefined {
  const isSaid = s.tokens.some(({ word, quoted }) => !quoted && /^(it|its|them|they|their)$/.test(word));
  const it = isSaid ? bestReading(s, datasets) : undefined;
  return it === undefined || it.noun === undefined || it.problems.length > 0
    ? undefined
    : aboutNamed(s, conversation, dataset, datasets);
}

function unrelated({ title }: Dataset): Meaning {
  return clarification(
    `I do not see how that goes together with the ${title.toLowerCase()} that were shown. Could you name what you ask about?`,
  );
}
