import type { Query, Risk } from '@pxa/contract';
import type { Conversation } from '../said-before.ts';
import { columnsIn, parts } from '../filters.ts';
import type { Sentence } from '../sentence.ts';
import { type Candidate, type Problem, problemCost } from './problem.ts';
import { nameOf, type On, type Targets } from './acted-on.ts';
import { table } from '../table.ts';

const ordinals = table<number>({
  first: 0, '1st': 0, second: 1, '2nd': 1, third: 2, '3rd': 2, fourth: 3, '4th': 3, fifth: 4, '5th': 4, last: -1, top: 0,
}); // prettier-ignore

/** What stands at a place for what was said before: `it`, `them`, `that VM`, `both`, `the first one`, `all of them`. */
export function pronounsAt(
  s: Sentence,
  at: number,
  on: On,
  conversation: Conversation,
  risk?: Risk,
): Candidate<Targets>[] {
  const found = pronounEnd(s, at);
  if (found === undefined) return [];
  if (conversation.earlier !== undefined) return saidEarlier(s, at, found, on, conversation.earlier);
  // "disks of web-01" – "delete it": hardly the guest.
  const others = risk === 'destructive' ? othersShown(on, conversation) : undefined;
  const isSaid = guestWords.test(s.tokens[found.end - 1]?.stem ?? '');
  if (others !== undefined && !isSaid) {
    const problem: Problem = { p: 'others', said: s.surface(at, found.end), shown: others };
    return [{ end: found.end, value: { ids: [], says: '' }, cost: problemCost, problem }];
  }
  const before = idsBefore(on, conversation);
  const said = s.surface(at, found.end);
  const all = found.which === undefined ? before : before.slice(found.which).slice(0, 1);
  const ids = ofType(all, s.tokens[found.end - 1]?.stem ?? '');
  if (ids.length === 0) {
    const value: Targets = { ids: [], says: '' };
    const problem: Problem = found.bare ? { p: 'nothing' } : { p: 'pronoun', said };
    return [{ end: found.end, value, cost: problemCost + (found.bare ? 0.5 : 0), problem }];
  }
  const says = ids
    .slice(0, 5)
    .map((id) => nameOf(s, id))
    .join(', ');
  const more = ids.length > 5 ? ` and ${ids.length - 5} more` : '';
  const value: Targets = { ids, says: `${says}${more}` };
  const problem = problemOf(s, at, found, ids, conversation);
  return [{ end: found.end, value, cost: found.bare ? 0.3 : 0.1, ...(problem === undefined ? {} : { problem }) }];
}

/** What an earlier order of the same sentence is about: "stop web-01 and delete it", "stop all VMs tagged web, then start them". */
function saidEarlier(
  s: Sentence,
  at: number,
  { end, one, which, bare }: Pronoun,
  on: On,
  { on: of, targets }: NonNullable<Conversation['earlier']>,
): Candidate<Targets>[] {
  const isSame = of?.dataset === on.dataset && which === undefined;
  const isMany = targets.selection !== undefined || targets.ids.length > 1;
  if (isSame && (targets.ids.length > 0 || targets.selection !== undefined) && !(isMany && one === true))
    return [{ end, value: targets, cost: bare === true ? 0.3 : 0.1 }];
  const problem: Problem = { p: 'pronoun', said: s.surface(at, end) };
  return [{ end, value: { ids: [], says: '' }, cost: problemCost, problem }];
}

/** "that VM", "those containers": of the guests that were said, those of the type. */
function ofType(ids: readonly string[], noun: string): readonly string[] {
  const type = /^(vm|qemu)$/.test(noun) ? 'qemu/' : /^(container|ct|lxc)$/.test(noun) ? 'lxc/' : '';
  const fitting = ids.filter((id) => id.startsWith(type));
  return fitting.length > 0 ? fitting : ids;
}

/** "it" after several rows is one of them; "them" after a list of all there is is everything. */
function problemOf(
  s: Sentence,
  at: number,
  found: Pronoun,
  ids: readonly string[],
  conversation: Conversation,
): Problem | undefined {
  if (ids.length < 2 || found.which !== undefined) return undefined;
  if (found.one) return { p: 'several', at, end: found.end, ids };
  // "both of them" says how many they are.
  if (/\b(both|two|three|four|five)\b/i.test(s.surface(at, found.end))) return undefined;
  const what = conversation.order === undefined ? everythingListed(conversation.query) : undefined;
  return what === undefined ? undefined : { p: 'everything', what };
}

/** What a question listed all of, with nothing that chose among it: `guests`, `qemu`. */
function everythingListed(query: Query | undefined): string | undefined {
  if (query === undefined || query.limit !== undefined || query.window !== undefined) return undefined;
  const types: string[] = [];
  for (const part of parts(query.where)) {
    const isType = part.op === 'compare' && part.column === 'type' && part.is === '=';
    if (isType) types.push(String(part.value));
    // That templates are left out chooses nothing.
    else if (part.op !== 'not' || !columnsIn(part).includes('template')) return undefined;
  }
  return types[0] ?? query.dataset;
}

/** The rows of the last answer, or what the last order was about, as far as the order can be about such. */
function idsBefore(on: On, { order, query, ids = [] }: Conversation): readonly string[] {
  const ordered = order === undefined ? [] : [order, ...(order.later ?? [])].flatMap(({ targets }) => targets);
  const last = ordered.length > 0 ? ordered : ids;
  const isSame = last === ids ? query === undefined || query.dataset === on.dataset : true;
  const fitting = last.flatMap((id) => rowOf(id, on, isSame) ?? []);
  return [...new Set(fitting)];
}

/** Orders that are about a guest or node as a whole: "shut it down" – "delete it". */
const ofWhole =
  /^(guest|node)\.(start|stop|shutdown|reboot|reset|suspend|hibernate|resume|delete|migrate|protection|rename)$/;

/** What was spoken of last, where that is something else than what an order is for: parts of it, or what was made of it. */
function othersShown({ dataset }: On, { order, query, ids = [] }: Conversation): string | undefined {
  if (order !== undefined && order.targets.length > 0) {
    return ofWhole.test(order.action) ? undefined : 'what the last order makes';
  }
  const isOther = ids.length > 0 && query !== undefined && query.dataset !== dataset;
  return isOther ? `one of the ${query.dataset.replaceAll('-', ' ')} that were shown` : undefined;
}

/** The thing of the wanted kind that a row is, or is about: the guest of a snapshot. */
function rowOf(id: string, { dataset }: On, isSame: boolean): string | undefined {
  if (dataset === 'guests') return /(?:^|\/)((?:qemu|lxc)\/\d+)(?=$|[/#])/.exec(id)?.[1];
  if (dataset === 'nodes') return /^(node\/[^/]+)/.exec(id)?.[1];
  if (dataset === 'storage') {
    const storage = /^storage\/(?:[^/]+\/)?([^/]+)$/.exec(id)?.[1];
    return storage === undefined ? undefined : `storage/${storage}`;
  }
  return isSame ? id : undefined;
}

const guestWords = /^(vm|container|ct|guest|machine|server|instance)$/;
const thing = /^(vm|container|ct|guest|machine|one|node|host|storage|pool|user|job|server|instance|template|thing)$/;

/** Where a word ends that stands for what was said before; `bare` is a noun alone ("the VM"). */
interface Pronoun {
  readonly end: number;
  readonly which?: number;
  readonly bare?: true;
  /** Whether it stands for one thing: "it", "that VM". */
  readonly one?: true;
}

function pronounEnd(s: Sentence, at: number): Pronoun | undefined {
  let place = at;
  if (/^(all|both|each|every)$/.test(s.word(place)) && /^(of|the)$/.test(s.word(place + 1))) {
    place = s.word(place + 1) === 'of' ? place + 2 : place + 1;
    if (/^(the|these|those|them)$/.test(s.word(place)) && /^(two|three|four|five)$/.test(s.word(place + 1)))
      return { end: place + 2 };
  }
  const word = s.word(place);
  if (/^(it|them|they|these|those|itself|him)$/.test(word)) {
    const noun = /^(these|those)$/.test(word) && thing.test(s.tokens[place + 1]?.stem ?? '');
    const one = /^(it|itself|him)$/.test(word) && place === at ? { one: true as const } : {};
    return { end: noun ? place + 2 : place + 1, ...one };
  }
  if (/^(that|this|the same|same)$/.test(word)) {
    const next = s.tokens[place + 1];
    const one = /^(that|this)$/.test(word) ? { one: true as const } : {};
    return { end: next !== undefined && !next.quoted && thing.test(next.stem) ? place + 2 : place + 1, ...one };
  }
  // "set its memory to 8 GB"
  if (/^(its|their)$/.test(word) && place === at) return { end: place + 1, ...(word === 'its' ? { one: true } : {}) };
  if (word === 'both' && place === at) {
    return { end: thing.test(s.tokens[place + 1]?.stem ?? '') ? place + 2 : place + 1 };
  }
  if (word === 'the' && s.word(place + 1) === 'same') {
    return { end: thing.test(s.tokens[place + 2]?.stem ?? '') ? place + 3 : place + 2 };
  }
  const from = word === 'the' ? place + 1 : place;
  const which = ordinals[s.word(from)];
  if (which === undefined && s.tokens[from]?.quoted === false && thing.test(s.word(from)) && s.word(from) !== 'one')
    return { end: from + 1, bare: true, one: true };
  if (which === undefined || !thing.test(s.tokens[from + 1]?.stem ?? '')) return undefined;
  return { end: from + 2, which };
}
