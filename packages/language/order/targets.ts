import type { EntityKind } from '@pxa/catalog';
import { amountsAt } from '../amounts.ts';
import type { Risk } from '@pxa/contract';
import type { Conversation } from '../said-before.ts';
import type { Entity } from '../inventory.ts';
import { entitiesAt, isOrdinary, namesColumn } from '../rules-names.ts';
import type { Sentence } from '../sentence.ts';
import type { On, Targets } from './acted-on.ts';
import { isStrange } from './names.ts';
import { pronounsAt } from './pronouns.ts';
import { type Candidate, type Problem, problemCost } from './problem.ts';

/** The kind of thing that the rows of a dataset are, and how their ids are made of names. */
const kinds: Readonly<Record<On['dataset'], { kind: EntityKind | undefined; prefix: string }>> = {
  guests: { kind: 'guest', prefix: '' },
  nodes: { kind: 'node', prefix: 'node/' },
  storage: { kind: 'storage', prefix: 'storage/' },
  pools: { kind: 'pool', prefix: 'pool/' },
  users: { kind: 'user', prefix: 'user/' },
  'backup-jobs': { kind: undefined, prefix: 'backup-job/' },
};

/** What stands before or behind a name: `VM web-01`, `the web-01 container`. */
const nouns: Readonly<Record<On['dataset'], RegExp>> = {
  guests: /^(vm|container|ct|lxc|qemu|guest|machine|instance|server|vmid|template|box|host|workload|id)$/,
  nodes: /^(node|host|server|hypervisor|machine)$/,
  storage: /^(storage|datastore|store)$/,
  pools: /^(pool|resource pool)$/,
  users: /^(user|account)$/,
  'backup-jobs': /^(job|backup|schedule)$/,
};

/** The things named at a place: one, or several in a row; longest first. Pronouns stand for what was said before. */
export function targetsAt(
  s: Sentence,
  at: number,
  on: On,
  conversation: Conversation,
  risk?: Risk,
): Candidate<Targets>[] {
  const found = [...namedAt(s, at, on), ...pronounsAt(s, at, on, conversation, risk)];
  const nothing: Candidate<Targets> = {
    end: at,
    value: { ids: [], says: '' },
    cost: problemCost + 1,
    problem: { p: 'nothing' },
  };
  return [...found, nothing];
}

/** A row by its id, and what it is called. */
type Thing = Pick<Entity, 'key' | 'name'>;

interface One {
  readonly end: number;
  readonly things: readonly Thing[];
  readonly cost: number;
  readonly problem?: Problem;
  readonly note?: string;
  /** Of a run of numbers: the first of them, by itself. */
  readonly alone?: One;
}

function namedAt(s: Sentence, at: number, on: On): Candidate<Targets>[] {
  const found: Candidate<Targets>[] = [];
  let all: readonly Thing[] = [];
  let notes: string[] = [];
  let cost = 0;
  let type = '';
  const add = (one: One): readonly Thing[] => {
    const things = [...all, ...one.things.filter(({ key }) => all.every((each) => each.key !== key))];
    const value: Targets = {
      ids: things.map((each) => idOf(each, on)),
      says: saysOf(things),
      notes: one.note === undefined ? notes : [...notes, one.note],
    };
    found.push({
      end: one.end,
      value,
      cost: Math.max(cost, one.cost),
      ...(one.problem ? { problem: one.problem } : {}),
    });
    return things;
  };
  for (let place = at; ;) {
    const noun = nounEnd(s, place, on);
    if (noun !== undefined) type = s.tokens[noun - 1]?.stem ?? '';
    const one = oneAt(s, noun ?? skipArticle(s, place), on, noun !== undefined || found.length > 0, type);
    if (one === undefined) break;
    // "memory of 104 to 512 MB" is no run of numbers: the first alone may be meant.
    if (one.alone !== undefined) add(one.alone);
    all = add(one);
    notes = one.note === undefined ? notes : [...notes, one.note];
    cost = Math.max(cost, one.cost);
    if (one.problem) break;
    const next = afterComma(s, one.end) ?? (isNext(s, one.end, on) ? one.end : undefined);
    if (next === undefined) break;
    if (next === one.end) cost += 0.2;
    place = next;
  }
  return found.reverse();
}

function afterComma(s: Sentence, at: number): number | undefined {
  let place = at;
  // "or" leaves open which: that is asked about.
  while (/^(,|and|&|plus|as)$/.test(s.word(place)) || (s.word(place) === 'well' && s.word(place - 1) === 'as')) place++;
  return place === at ? undefined : place;
}

/** "stop 103 105 201": another one right behind it, and no "512 MB". */
function isNext(s: Sentence, at: number, { dataset }: On): boolean {
  const { kind } = kinds[dataset];
  const isNamed = !isOrdinary(s, at) && entitiesAt(s, at).some((each) => each.kind === kind);
  return isNamed && amountsAt(s.tokens, at).every(({ amount }) => amount.unit === 'plain');
}

function skipArticle(s: Sentence, at: number): number {
  return s.skip(at, new Set(['the', 'my', 'our', 'both', 'a', 'named', 'called']));
}

/** Where the words end that say of what kind the thing is that is named next. */
function nounEnd(s: Sentence, at: number, on: On): number | undefined {
  const from = skipArticle(s, at);
  let place = from;
  while (nouns[on.dataset].test(s.tokens[place]?.stem ?? '') && s.tokens[place]?.quoted === false) place++;
  return place === from
    ? undefined
    : s.skip(place, new Set(['named', 'called', 'with', 'id', 'vmid', 'number', 'no', 'the', 'name']));
}

/** One thing: by its name, its number, or a run of numbers. */
function oneAt(s: Sentence, at: number, on: On, typed: boolean, type: string): One | undefined {
  const run = on.dataset === 'guests' ? runAt(s, at) : undefined;
  const alone = run?.end === at + 1 ? undefined : nameAt(s, at, on, typed, type);
  return run === undefined ? alone : { ...run, ...(alone === undefined ? {} : { alone }) };
}

function nameAt(s: Sentence, at: number, on: On, typed: boolean, type: string): One | undefined {
  const token = s.tokens[at];
  if (token === undefined || token.word === ',') return undefined;
  const { kind } = kinds[on.dataset];
  if (kind === undefined) return jobAt(s, at, typed);
  // A name that is a word of ours is meant as one only where its kind was said; one of a mere column is ("stop dns").
  if (!typed && isOrdinary(s, at) && !namesColumn(s, at)) return undefined;
  const bearers = entitiesAt(s, at).filter((each) => each.kind === kind);
  const end = nounAfter(s, at + 1, on);
  const narrowed = bearers.length > 1 ? ofType(bearers, type, s.tokens[end - 1]?.stem ?? '') : bearers;
  const [first] = narrowed;
  const said = token.text;
  if (first !== undefined && new Set(narrowed.map(({ key }) => key)).size > 1)
    return { end, things: [first], cost: problemCost, problem: { p: 'ambiguous', said, entities: narrowed } };
  if (first !== undefined) {
    const isOther = on.type !== undefined && first.type !== undefined && first.type !== on.type;
    const wants = on.type ?? 'qemu';
    return isOther
      ? { end, things: [first], cost: problemCost, problem: { p: 'type', entity: first, wants } }
      : { end, things: [first], cost: 0 };
  }
  const apart = nameApart(s, at, on);
  if (apart !== undefined) return apart;
  const isNumber = /^\d+$/.test(token.word) && (typed || (on.dataset === 'guests' && isPlainNumber(s, at)));
  const isName = isStrange(s, at) || isNumber;
  if (!isName) return undefined;
  return { end: at + 1, things: [], cost: problemCost, problem: { p: 'name', said, kinds: [kind] } };
}

/** `build agent`, `docker host 01`: a name that is written with hyphens. */
function nameApart(s: Sentence, at: number, on: On): One | undefined {
  const { kind } = kinds[on.dataset];
  for (const end of [at + 3, at + 2]) {
    const words = s.tokens.slice(at, end);
    if (words.length < end - at || words.some(({ quoted, word }) => quoted || word === ',')) continue;
    // "the top 3" are not the one called top-3.
    if (
      words.some(
        (_, index) => s.cores(at + index).some(({ end: to }) => to > at + index) && !/\d/.test(s.word(at + index)),
      )
    )
      continue;
    const [thing, ...others] = s.inventory
      .named(words.map(({ text }) => text).join('-'))
      .filter((each) => each.kind === kind);
    if (thing !== undefined && others.length === 0) return { end, things: [thing], cost: 0.4 };
  }
  return undefined;
}

/** `migrate 999`: a number with nothing that it counts. */
function isPlainNumber(s: Sentence, at: number): boolean {
  const isLong = /^\d{3,9}$/.test(s.word(at));
  return isLong && amountsAt(s.tokens, at).every(({ amount }) => amount.unit === 'plain');
}

/** A job of backups is named by its id, which is not among the names that are known. */
function jobAt(s: Sentence, at: number, typed: boolean): One | undefined {
  const text = s.tokens[at]?.text ?? '';
  if (entitiesAt(s, at).length > 0 || /^\d+$/.test(text)) return undefined;
  // "nightly-crm": an id may be any name; one word of letters alone only behind "job".
  const isId =
    /^(backup-[\da-f]+(-[\da-f]+)*|[\w-]*\d[\w-]*|[a-z]\w*(-\w+)+)$/i.test(text) || (typed && isStrange(s, at));
  if (!isId) return undefined;
  return { end: at + 1, things: [{ key: text, name: text }], cost: 0.2 };
}

/** `110 to 114`, `101-103`, `101 through 105`: the guests that have such a number. */
function runAt(s: Sentence, at: number): One | undefined {
  const glued = /^(\d{3,9})(?:-|\.\.|–)(\d{3,9})$/.exec(s.word(at));
  const isSpaced = /^\d{3,9}$/.test(s.word(at)) && /^(to|through|until|-|–|\.\.)$/.test(s.word(at + 1));
  const from = Number(glued?.[1] ?? s.word(at));
  const to = glued ? Number(glued[2]) : isSpaced && /^\d{3,9}$/.test(s.word(at + 2)) ? Number(s.word(at + 2)) : NaN;
  if (!(to > from) || to - from > mostInRun) return undefined;
  const end = glued ? at + 1 : at + 3;
  const things: Thing[] = [];
  const lacking: number[] = [];
  for (let vmid = from; vmid <= to; vmid++) {
    const guest = s.inventory.vmid(vmid);
    if (guest) things.push(guest);
    else lacking.push(vmid);
  }
  const said = s.surface(at, end);
  if (things.length === 0) return { end, things, cost: problemCost, problem: { p: 'name', said, kinds: ['guest'] } };
  const none = `No guest has the number${lacking.length > 1 ? 's' : ''} ${lacking.slice(0, 10).join(', ')}${lacking.length > 10 ? ', …' : ''}.`;
  return { end, things, cost: 0.5, ...(lacking.length > 0 ? { note: none } : {}) };
}

const mostInRun = 1000;

function nounAfter(s: Sentence, at: number, on: On): number {
  return nouns[on.dataset].test(s.tokens[at]?.stem ?? '') && s.tokens[at]?.quoted === false ? at + 1 : at;
}

/** "VM sandbox-01" and "the sandbox-01 container" choose among guests of one name. */
function ofType(bearers: readonly Entity[], before: string, after: string): readonly Entity[] {
  const has = (words: RegExp): boolean => words.test(before) || words.test(after);
  const type = has(/^(vm|qemu)$/) ? 'qemu' : has(/^(container|ct|lxc)$/) ? 'lxc' : undefined;
  const fitting = bearers.filter((each) => type === undefined || each.type === type);
  return fitting.length > 0 ? fitting : bearers;
}

function idOf({ key }: Thing, on: On): string {
  return `${kinds[on.dataset].prefix}${key}`;
}

function saysOf(things: readonly Thing[]): string {
  const names = things.slice(0, 5).map(({ name }) => name);
  return `${names.join(', ')}${things.length > 5 ? ` and ${things.length - 5} more` : ''}`;
}
