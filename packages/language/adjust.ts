import { columnsIn } from './filters.ts';
import type { Interpretation } from './interpretation.ts';
import type { Sentence } from './sentence.ts';

/** What speaks for or against a dataset, beyond whether its words fit. */
export function adjust(s: Sentence, it: Interpretation): void {
  const isHistory = it.dataset.id.endsWith('-history');
  const overTime = it.aggregate === 'max' || it.aggregate === 'min' || it.aggregate === 'avg';
  if (isHistory && it.window === undefined && !(overTime && it.named.length > 0) && it.noun === undefined)
    it.penalty += 2;
  if (!isHistory && overTime && it.own.length === 1) it.penalty += 2.5;
  const didWho =
    s.word(0) === 'who' &&
    /^(started|stopped|did|ran|created|deleted|removed|changed|made|migrated|moved|restarted|rebooted|shut|took|cloned|restored|killed|cancelled|last)$/.test(
      s.word(1),
    );
  if (didWho && it.dataset.scopes?.user === undefined && it.dataset.entity !== 'user') it.penalty += 5;
  // "everything anna@pve did" asks for what was done.
  const [last] = s.tokens.slice(-1);
  const isDoer = it.dataset.entity === 'user' && it.own.length > 0 && it.noun === undefined;
  if (isDoer && /^(did|done)$/.test(last?.word ?? '')) it.penalty += 4;
  // "who is in the group admins?" asks for people.
  if (s.word(0) === 'who' && it.dataset.entity === 'user') it.penalty -= 0.8;
  if (asksWhen(s) && !tellsTime(it)) it.penalty += 3;
  if (it.counted !== undefined && !it.superlative) it.unattached(String(it.counted));
  // "how much free memory is there?" is about the hosts.
  if (it.measure !== undefined && it.dataset.entity === 'guest' && it.noun === undefined && it.own.length === 0)
    it.penalty += 0.6;
  // "memory allocated on pve-node03" was allocated to guests.
  if (it.measure?.given && it.dataset.entity === 'node') it.penalty += 2.5;
  else if (it.measure?.given && it.dataset.entity !== 'guest' && it.noun === undefined && it.own.length === 0)
    it.penalty += 0.6;
  // "what is not running?" is asked about guests, where nothing else is said.
  const bare = it.noun === undefined && it.own.length === 0 && it.focus.length === 0 && it.order.length === 0;
  // Nothing in the sentence says anything of such rows.
  if (bare && !it.hinted && it.root.parts.length + it.root.children.length === 0) it.penalty += 1;
  if (bare && !it.hinted && it.dataset.entity !== 'guest' && it.dataset.gathers === undefined) it.penalty += 0.6;
  // "what is on pve-node03?": guests, where nothing else is said.
  const onlyScopes =
    it.noun === undefined && it.own.length === 0 && it.focus.length === 0 && it.order.length === 0 && !it.hinted;
  const scopes = new Set(Object.values(it.dataset.scopes ?? {}));
  if (onlyScopes && it.dataset.entity !== 'guest' && it.root.parts.every(({ about }) => scopes.has(about)))
    it.penalty += 1.5;
  // "is anything wrong?" is about everything.
  if (
    it.dataset.gathers &&
    it.noun === undefined &&
    s.tokens.some(({ word }) =>
      /^(anything|everything|something|all|cluster|system|infrastructure|environment)$/.test(word),
    )
  )
    it.penalty -= 1;
  // A figure that is asked for, but of nothing that the dataset measures.
  const isSize = /^how many [a-z]*(b|gig|bytes?)( of)?$/.test(it.aggregateWord);
  const figure = it.measure ?? it.qualifier ?? it.focus[0];
  if (overTime && it.measure === undefined && it.order.length === 0) it.penalty += 6;
  else if (isSize && figure === undefined) it.penalty += 6;
}

function asksWhen(s: Sentence): boolean {
  return s.word(0) === 'when' && /^(was|were|did|has|have)$/.test(s.word(1));
}

/** Whether a reading has anything to say of when something was. */
function tellsTime({ dataset, root, focus, order }: Interpretation): boolean {
  const columns = [
    ...focus,
    ...root.parts.flatMap(({ filter }) => columnsIn(filter)),
    ...order.map(({ column }) => column),
  ];
  return dataset.time !== undefined || columns.some((column) => dataset.columns[column]?.unit === 'time');
}
