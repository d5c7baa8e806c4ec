import type { Sentence } from './sentence.ts';

const modal = /^(should|shall|could|can|may|might|would|must|ought)$/;
const between = /^(i|we|you|they|one|it|be|get|have|been|safely|just|now|still|better|also|a|an|the|to|not|all)$/;
/** How far before a verb its modal stands at the most. */
const mostBetween = 4;

/** Whether a word stands under a modal verb, or says what for: "could I shut down", "can be deleted", "would a migration", "to delete". */
export function isOnlyPossible(s: Sentence, at: number): boolean {
  if (s.word(at - 1) === 'to' && at > 1 && s.sense(at - 2, 'noun').length > 0) return true;
  // "happen to be stopped" says that they are.
  if (s.word(at - 1) === 'be' && s.word(at - 2) === 'to') return !/^happens?$/.test(s.word(at - 3));
  for (let place = at - 1; place >= Math.max(0, at - 1 - mostBetween); place--) {
    if (modal.test(s.word(place))) return !isRequest(s, place);
    if (!between.test(s.word(place))) return false;
  }
  return false;
}

/** "could you list …", "can I see …": politeness, at the beginning. */
function isRequest(s: Sentence, at: number): boolean {
  return at === 0 && s.word(1) === 'you';
}
