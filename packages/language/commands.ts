import type { Dataset } from '@pxa/catalog';
import type { Meaning } from '@pxa/contract';
import { clarifyEverything, wantsEverything } from './bulk.ts';
import { clarification, clarifyAmbiguous, clarifyName, isNameLike } from './clarify.ts';
import { actionAt } from './command-words.ts';
import type { Conversation } from './said-before.ts';
import type { Entity } from './inventory.ts';
import { entitiesAt, isOrdinary } from './rules-names.ts';
import { bestReading } from './question.ts';
import { asksNothing } from './yes-no.ts';
import type { OrderRead, Orders } from './order/orders.ts';
import type { Sentence } from './sentence.ts';

const polite = new Set([
  'please',
  'can',
  'could',
  'would',
  'will',
  'you',
  'kindly',
  'i',
  'want',
  'to',
  'like',
  'need',
  'let',
  'us',
  'go',
  'ahead',
  'and',
  'now',
  'just',
  'pls',
  'hey',
  'then',
  'ok',
  'okay',
  'also',
  'pxa',
  ',',
]);

const everything = /^(all|every|everything|each|whole|entire|cluster|things?|stuff)$/;

/** A request to change something; undefined where the words ask for something rather than order it. */
export function understandCommand(s: Sentence, conversation: Conversation, orders: Orders): Meaning | undefined {
  // "can I put …?" asks.
  if (/^(can|could|should|where|would)$/.test(s.word(0)) && /^(i|we)$/.test(s.word(1)) && s.word(0) !== 'would')
    return undefined;
  if (conversation.order?.later !== undefined && saysTheSame(s)) return clarifySame();
  if (isConditional(s, orders)) return clarifyCondition();
  const order = orders.read(s, conversation);
  // "keep 101 on pve2" is an order to HA.
  if (s.word(0) === 'keep' && conversation.query === undefined && order?.sure !== true) return clarifyKeeping();
  const all = allOrdered(s, order, orders.datasets);
  if (all !== undefined) return all;
  // "do not start web-01 at boot" is an order where an action says so.
  if (order?.sure && orders.beginsAt(s, 0)) return order.meaning;
  const asked = asksAboutChanging(s, orders);
  if (asked !== undefined) return asked;
  if (order?.sure) return order.meaning;
  let at = 0;
  while (polite.has(s.word(at))) at++;
  const found = actionAt(s, at);
  if (order !== undefined && (found === undefined || order.near || orders.has(found.action.id)))
    return orderAsked(s, order, at, found?.action.sure ?? false, orders.datasets);
  if (found === undefined) return undefined;
  const { action, end } = found;
  // "start tasks of today" and "update count per node" are about tasks and updates.
  if (isNounPhrase(s, at)) return undefined;
  // "tag web" names a tag.
  if (/^(tag|label)$/.test(s.word(at)) && s.tokens.length === at + 2) return undefined;
  const named = targetsFrom(s, end);
  if (named.problem) return named.problem;
  if (named.targets.length === 0 && !action.sure && !refersTo(s, end)) return undefined;
  const isVague = action.id === 'guest.delete' && s.tokens.slice(end).some(({ word }) => everything.test(word));
  if (named.targets.length === 0 && action.risky && (wantsEverything(s, end) || isVague)) {
    return clarifyEverything(s, end, orders.datasets);
  }
  const isNamed = named.targets.length > 0 || (refersTo(s, end) && (conversation.ids ?? []).length > 0);
  const needsTarget = end >= s.tokens.length || !needsNoTarget.test(action.id);
  if (!isNamed && needsTarget && !selects(s, end)) {
    return clarification(`What do you want to ${action.says}? Name the guest, by its name or number.`);
  }
  if (orders.has(action.id) || orders.beginsAt(s, at)) return clarifyOrder(action.says, named.targets);
  const targets =
    named.targets.length > 0
      ? named.targets.map(({ key }) => key)
      : refersTo(s, end)
        ? [...(conversation.ids ?? [])]
        : [];
  const what = targets.length > 0 ? ` ${named.targets.map(({ name }) => name).join(', ') || targets.join(', ')}` : '';
  return {
    kind: 'command',
    command: {
      action: action.id,
      targets,
      input: { words: s.surface(at, s.tokens.length) },
      says: `${action.says}${what}`,
    },
    notes: [],
  };
}

/** "if 103 is stopped, start it": what is to be done hangs on what is so by then. */
function isConditional(s: Sentence, orders: Orders): boolean {
  if (!/^(if|unless|once|whenever|after|before|until|as)$/.test(s.word(0))) return false;
  return s.tokens.some((_, at) => at > 1 && orders.beginsAt(s, at) && actionAt(s, at)?.action.sure === true);
}

function clarifyCondition(): Meaning {
  return clarification(
    'Nothing was changed. An order is carried out as soon as its plan is approved: it waits for nothing, and asks for no condition. Look how things are, then say the order by itself.',
  );
}

/** "the same for 103": of several orders, or of one, that is not said. */
function saysTheSame(s: Sentence): boolean {
  return s.tokens.length < 8 && s.tokens.some(({ word, quoted }) => !quoted && /^(same|likewise)$/.test(word));
}

function clarifySame(): Meaning {
  return clarification('Several things were ordered last. Say the orders again, with the other name in them.');
}

/** "keep only the newest snapshot of web-01" would have the others deleted: those are to be named. */
function clarifyKeeping(): Meaning {
  return clarification(
    'Nothing was changed. To have some deleted and others kept, say which are to go, such as “delete snapshot NAME of GUEST”; to see them, ask for them.',
  );
}

/** A risky order to everything there is, unless it says itself of what. */
function allOrdered(s: Sentence, order: OrderRead | undefined, datasets: readonly Dataset[]): Meaning | undefined {
  let at = 0;
  while (polite.has(s.word(at))) at++;
  const found = actionAt(s, at);
  const isWhole = order === undefined || (order.sure && order.meaning.kind === 'command');
  if (isWhole || found?.action.risky !== true || !wantsEverything(s, found.end)) return undefined;
  return clarifyEverything(s, found.end, datasets);
}

/** An order that was not understood as a whole, where the words are no question either. */
function orderAsked(
  s: Sentence,
  order: OrderRead,
  at: number,
  isVerb: boolean,
  datasets: readonly Dataset[],
): Meaning | undefined {
  if (isNounPhrase(s, at)) return undefined;
  // "clone 133 pve02" names what is to be done to what: it is no question about what was done.
  const isDirect = entitiesAt(s, at + 1).some(({ kind }) => kind === 'guest') && !isOrdinary(s, at + 1);
  if (isVerb || (isDirect && s.tokens.at(-1)?.asks !== true)) return order.meaning;
  const it = bestReading(s, datasets);
  return it !== undefined && it.problems.length === 0 && !asksNothing(s, it) ? undefined : order.meaning;
}

const needsNoTarget = /^(guest\.create|backup-job\.create|storage\.content|task\.stop|guest\.config)$/;

/** Whether words choose among guests: "every VM with the tag web". */
function selects(s: Sentence, from: number): boolean {
  return s.tokens.some((_, at) => at >= from && s.sense(at, 'noun').length > 0);
}

const changing =
  /^(?:please |kindly |and |but |so )*((how (do|can|should|would|could) (i|we|you|one)|should (i|we)|may (i|we)?|do not|never|what would|what happens if (i|we)?)\b|can \S+ be\b)/;

/** "how do I delete a VM?", "do not stop 100", "can 110 be migrated?": about changing something, but no order to. */
function asksAboutChanging(s: Sentence, orders: Orders): Meaning | undefined {
  const text = s.tokens.map(({ word, quoted }) => (quoted ? '“”' : word)).join(' ');
  const begins = changing.exec(text);
  if (!begins) return undefined;
  const from = begins[0].trim().split(' ').length;
  const verb = s.tokens.findIndex(
    (_, at) =>
      at >= from &&
      (actionAt(s, at)?.action.sure === true ||
        (at === from && orders.beginsAt(s, at)) ||
        /^(migrated|moved|deleted|removed|stopped|started|resized|cloned)$/.test(s.word(at))),
  );
  if (verb < 0) return undefined;
  return clarification(
    'Nothing was changed. Say what is to be done as an order, such as “migrate web-01 to pve2”: it is shown as a plan first. Or ask for the state of what it is about.',
  );
}

const alsoNouns =
  /^(start|stop|update|boot|switch|lock|copy|clone|migrate|move|backup|snapshot|restart|reboot|resize|change|set)$/;

/** Whether what looks like a verb belongs to a noun that is not a guest: "boot order", "update count". */
function isNounPhrase(s: Sentence, at: number): boolean {
  if (!alsoNouns.test(s.word(at))) return false;
  const phrases = [...s.phrases(at), ...s.phrases(at + 1)].flatMap(({ senses }) => senses);
  if (/^(all|every|the|each|my|our|both)$/.test(s.word(at + 1))) return false;
  const longer = s.phrases(at).some(({ end }) => end > at + 1);
  const other = s
    .sense(at + 1, 'noun')
    .some(({ what }) => what.some(({ dataset, noun }) => dataset.entity === undefined && !noun.weak));
  const counts = /^(count|history|time|times|status|order|list|log)$/.test(s.word(at + 1));
  return (phrases.length > 0 && (longer || other)) || counts;
}

/** A verb that is known, but no order that is: nothing is made up of the rest. */
function clarifyOrder(says: string, targets: readonly Entity[]): Meaning {
  const what = `${says} ${targets.map(({ name }) => name).join(', ')}`.trim();
  return clarification(
    `This seems to be an order to ${what}, but I did not understand all of it. Could you put it differently?`,
    targets.length > 0 ? [{ label: what, say: what }] : [],
  );
}

function refersTo(s: Sentence, from: number): boolean {
  return s.tokens.slice(from).some(({ word, quoted }) => !quoted && /^(it|them|those|these|that|this)$/.test(word));
}

/** The guests (or nodes) that the words after a verb name. */
function targetsFrom(s: Sentence, from: number): { targets: Entity[]; problem?: Meaning } {
  const targets: Entity[] = [];
  for (let at = from; at < s.tokens.length; at++) {
    // What comes after these words is where to, or what is to be set, not what is acted on.
    if (/^(to|as|from|with|into|onto|called|named|at|by|using)$/.test(s.word(at))) break;
    const entities = isOrdinary(s, at) ? [] : entitiesAt(s, at);
    const guests = entities.filter(({ kind }) => kind === 'guest');
    const [first] = guests;
    if (guests.length > 1 && new Set(guests.map(({ key }) => key)).size > 1) {
      const kind = /^(vm|qemu)$/.test(s.word(at - 1))
        ? 'qemu'
        : /^(container|ct|lxc)$/.test(s.word(at - 1))
          ? 'lxc'
          : undefined;
      const typed = guests.filter(({ type }) => type === kind);
      if (typed.length !== 1) return { targets, problem: clarifyAmbiguous(s, s.tokens[at]?.text ?? '', guests) };
      targets.push(...typed);
    } else if (first) targets.push(first);
    else if (entities.length === 0 && isUnknownName(s, at))
      return { targets, problem: clarifyName(s, s.tokens[at]?.text ?? '') };
  }
  return { targets };
}

function isUnknownName(s: Sentence, at: number): boolean {
  const token = s.tokens[at];
  if (token === undefined || token.quoted || s.phrases(at).length > 0 || s.cores(at).length > 0) return false;
  return /^[a-z][\w.-]*$/i.test(token.word) && isNameLike(s, token.word, at);
}
