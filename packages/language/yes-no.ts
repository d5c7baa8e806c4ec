import type { Interpretation } from './interpretation.ts';
import { entitiesAt, isOrdinary } from './rules-names.ts';
import type { Sentence } from './sentence.ts';

const beginsYesNo = /^(is|are|was|were|does|do|did|has|have|had|any)$/;
const leadIn =
  /^(and|so|please|hey|hi|ok|tell|me|if|whether|well|hello|pls|i|am|wondering|wonder|can|could|you|let|know|check|see)$/;

/** Whether a sentence asks for yes or no. */
export function asksYesNo(s: Sentence): boolean {
  let at = 0;
  while (leadIn.test(s.word(at))) at++;
  if (/^(do|have)$/.test(s.word(at)) && s.word(at + 1) === 'not') return false;
  // "build-agent up?"
  const isName = entitiesAt(s, 0).some(({ kind }) => kind === 'guest' || kind === 'node') && !isOrdinary(s, 0);
  const last = s.phrases(s.tokens.length - 1).flatMap(({ senses }) => senses);
  const isState = last.some(({ t }) => t === 'condition') && !last.some(({ t }) => t === 'noun');
  if (at === 0 && asksShortly(s, isState)) return true;
  if (at === 0 && s.tokens.length <= 4 && isName && isState) return true;
  return beginsYesNo.test(s.word(at)) || (at > 0 && /^(if|whether)$/.test(s.word(at - 1)));
}

/** "all guests running?", "quorum ok?", "firewall enabled?": a subject and its state, with a question mark. */
function asksShortly(s: Sentence, isState: boolean): boolean {
  const last = s.tokens.at(-1);
  const isSaid = isState || /^(on|off|ok|okay|fine|healthy|enabled|disabled)$/.test(last?.word ?? '');
  const begins = s.core(0, 'all').length > 0;
  if (/^(until|since|why)$/.test(s.word(0)) || s.core(0, 'ask').length > 0) return false;
  const isSubject = begins || s.phrases(0).some(({ senses }) => senses.some(({ t }) => t !== 'condition'));
  return last?.asks === true && isSaid && isSubject && s.tokens.length > 1;
}

const well =
  /^(ok|okay|fine|healthy|good|alright|online|up|running|working|active|enabled|complete|successful|order|quorate|started|green)$/;

/** "is HA ok?", "are the nodes online?" are about all of them; "is there a stopped VM?" and "is replication failing?" about any. */
export function saysAllIsWell(s: Sentence, it: Interpretation): boolean {
  const begins = s.tokens.findIndex(({ word }) => /^(is|are|was|were)$/.test(word));
  if (begins < 0 || begins > 2 || it.any || it.neg) return false;
  const some = s.tokens.some(
    ({ word }, at) => /^(there|any|some)$/.test(word) || (/^(a|an)$/.test(word) && at === begins + 1),
  );
  return !some && s.tokens.slice(begins + 1).some(({ word }) => well.test(word));
}

const existential = /^(there|any|some|have|has|exist|exists|got|left|a|an)$/;

/** "is there …?", "does it have any …?": whether something exists at all. */
export function saysThereIs(s: Sentence): boolean {
  return s.tokens.some(({ word }) => existential.test(word));
}

/** Whether a yes/no question without a condition asks for anything but that there are such rows. */
export function asksNothing(s: Sentence, it: Interpretation): boolean {
  if (!asksYesNo(s) || it.aggregate !== undefined || it.superlative || it.own.length > 0) return false;
  if (it.root.parts.length > 0 || it.root.children.length > 0 || it.guesses.length > 0) return false;
  return !saysThereIs(s);
}
