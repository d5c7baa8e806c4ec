import type { Meaning } from '@pxa/contract';
import { clarification } from './clarify.ts';
import type { Conversation } from './said-before.ts';
import type { Inventory } from './inventory.ts';
import type { Token } from './tokens.ts';

const interjection =
  /^(?:(?:oh|ah|oops|hmm?|sorry|no|ok|okay|well|but|please|actually|wait|hold on|hang on|one moment|stop) (?:, )?)*/;
const takesBack =
  /^(?:never ?mind|forget (?:it|that|about it|this)|scratch that|cancel(?: (?:it|that|this))?|abort(?: (?:it|that|this))?|undo(?: (?:it|that|this))?|disregard(?: that)?|ignore that|leave it|(?:do not|not) bother)(?: please| then| again)?(?= |$)/;
const waits =
  /^(?:(?:no|but|oh|ok|please) )*(?:wait|hold on|hang on|one moment|first of all|actually)(?: a (?:moment|second|sec|minute))?(?= )/;

const refuses =
  /^(?:no|nope|nah|wait|hold on|hang on|not now|not yet|better not|rather not|do not|no do not|no wait|no hold on|wait no)(?: (?:,|please|thank|thanks|you|yet|now))*$/;

/** What a request says after words that take the last one back, or make it wait; `back` where the order is dropped. */
export interface TakenBack {
  readonly rest: readonly Token[];
  readonly back: boolean;
}

/** "forget it. how many VMs run?", "wait, show its memory first": the words around the request say nothing of their own. */
export function takenBack(list: readonly Token[], inventory: Inventory): TakenBack {
  const said = saidOf(list);
  if (refuses.test(said) && !isNamed(list, inventory)) return { rest: [], back: true };
  const lead = interjection.exec(said)?.[0] ?? '';
  const back = takesBack.exec(said.slice(lead.length));
  const until = back === null ? (waits.exec(said)?.[0] ?? '') : lead + back[0];
  if (until === '') return { rest: list, back: false };
  let at = until.trim().split(' ').length;
  while (/^(,|and|then|but|first|instead)$/.test(list[at]?.word ?? '')) at++;
  const rest = list.slice(at);
  // "cancel task UPID:…" takes nothing back: it is about a task.
  const isOrder = back !== null && /^(cancel|abort|undo)/.test(back[0]) && !/ (it|that|this)/.test(back[0]);
  if (isOrder && rest.length > 0) return { rest: list, back: false };
  return { rest: withoutFirst(rest), back: back !== null };
}

/** "show me its memory first": before something else, and no order of rows. */
function withoutFirst(list: readonly Token[]): readonly Token[] {
  const asks = /^(show|list|tell|give|check|what|how|is|are|does|which)$/.test(list[0]?.word ?? '');
  return asks && list.length > 2 && list.at(-1)?.word === 'first' ? list.slice(0, -1) : list;
}

/** "never mind", by itself. */
export function clarifyTakenBack(): Meaning {
  return clarification(
    'Nothing was changed, and nothing will be: a plan that nobody approves lapses by itself. What would you like instead?',
  );
}

const yes =
  'yes|y|yep|yeah|yup|sure|ok|okay|fine|alright|right|correct|agreed|absolutely|definitely|of course|please|i';
const assents =
  'go ahead|go for it|go on|go|proceed|continue|do (?:it|that|so|this)|just do it|make it so|carry (?:it|that|this) out|execute(?: (?:it|that|this))?|apply(?: (?:it|that|this))?|lgtm|(?:it |that )?(?:looks|sounds) (?:good|fine|ok|right)|approved?|accept(?:ed)?|confirm(?:ed)?|granted';
const approves = /\b(approved?|accept(ed)?|confirm(ed)?|granted)\b/;
const whole = new RegExp(
  `^(?:(?:${yes}|${assents})(?: |$)(?:, )?)+(?:(?:it|this|that|them|all|the|my|last|plans?|plan_\\S+|changes?|now|please|then|too|as well|anyway) ?)*$`,
);

/**
 * "go ahead", "yes", "approve it" after an order, or a word of approval at any time. Words approve nothing, and are no
 * question either. After a question back with one option, they take that option.
 */
export function assented(
  list: readonly Token[],
  { order, options = [] }: Conversation,
  inventory: Inventory,
): Meaning | { readonly option: string } | undefined {
  const said = saidOf(list);
  if (!whole.test(said) || isNamed(list, inventory)) return undefined;
  const [only] = options;
  if (only !== undefined && options.length === 1 && !approves.test(said)) return { option: only.say };
  if (order === undefined && /^(ok|okay|fine|right|alright)$/.test(said)) return undefined;
  return clarification(
    'Words in a conversation approve nothing, and nothing was changed. A plan is approved where it is shown, by a person: with “pxa approve” and its id, or on its page.',
  );
}

/** Whether something bears a word of it as its name: then it may be meant. */
function isNamed(list: readonly Token[], inventory: Inventory): boolean {
  return list.some(({ text }) => inventory.named(text).length > 0);
}

function saidOf(list: readonly Token[]): string {
  return list.map(({ word, quoted }) => (quoted ? '“”' : word)).join(' ');
}
