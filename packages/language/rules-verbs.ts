import type { Edge } from './fragment.ts';
import { entitiesAt } from './rules-names.ts';
import type { Sentence } from './sentence.ts';

const relatives = /^(that|which|who|what|whatever|anything|everything|something|nothing|it|they|these|those|one|ones)$/;
const adverbs = /^(not|currently|actually|still|really|also|always|now|does|do)$/;
// What may stand behind a verb that has no object: "run" of "run Debian" and "run out" is another verb.
const after =
  /^(on|in|at|and|or|but|,|with|without|per|now|right|currently|today|inside|under|for|longer|since|there|here|)$/;

/**
 * `VMs that run`, `does any guest not run?`, `what runs on pve1`: a verb of state in the present says of its subject what
 * its participle says ("running").
 */
export function stateVerbEdges(s: Sentence, at: number): Edge[] {
  const word = s.word(at);
  if (!/^[a-z]{3,}$/.test(word) || at === 0 || !after.test(s.word(at + 1))) return [];
  if (s.tokens[at + 1]?.quoted === true || !isSaidOfRows(s, at)) return [];
  const senses = s.participle(at);
  return senses.length > 0 ? [{ start: at, end: at + 1, fragment: { f: 'phrase', senses }, cost: 0.1 }] : [];
}

function isSaidOfRows(s: Sentence, at: number): boolean {
  if (s.word(0) === 'where' || asksForObject(s, at)) return false;
  let subject = at - 1;
  while (subject >= 0 && adverbs.test(s.word(subject))) subject--;
  if (relatives.test(s.word(subject))) return true;
  if (subject < 0) return false;
  const isName = entitiesAt(s, subject).length > 0;
  const isNoun = s.tokens.some((_, place) => s.sense(place, 'noun').some(({ end }) => end === subject + 1));
  return (isName || isNoun) && agrees(s, at, subject);
}

/** "VMs run", "a VM runs", "does the VM run": in "backup run", the run is a noun. */
function agrees(s: Sentence, at: number, subject: number): boolean {
  const isBase = s.word(at) === s.tokens[at]?.stem;
  const hasAuxiliary = s.tokens.slice(0, at).some(({ word }) => /^(do|does)$/.test(word));
  const isPlural = s.word(subject) !== s.tokens[subject]?.stem;
  return hasAuxiliary ? isBase : isBase === isPlural;
}

/** "which kernel does pve1 run?", "on which host does web-01 run?", "which tasks did anna run?": the verb has an object. */
function asksForObject(s: Sentence, at: number): boolean {
  return s.tokens.slice(0, at).some(({ word }, place) => {
    if (word === 'did') return true;
    const isAuxiliary = place > 0 && /^(do|does)$/.test(word) && s.word(place + 1) !== 'not';
    return (
      isAuxiliary &&
      /\b(which|what|where|when|why|how)\b/.test(s.surface(0, place).toLowerCase()) &&
      !relatives.test(s.word(place - 1))
    );
  });
}
