import type { Input, SlotKind } from '@pxa/catalog';
import type { Sentence } from '../sentence.ts';
import { countsAt, durationsAt, flagsAt, sizesAt, timesAt } from './amounts.ts';
import { thingsAt } from './names.ts';
import { type Candidate, inputCost } from './problem.ts';
import { changedSchedule, clocksAt, mergedSchedule, schedulesAt } from './schedule.ts';
import { targetsAt } from './targets.ts';
import { addressesAt, disksAt, namesAt, nicsAt, pathsAt, textsAt, urlsAt, wordAt, wordListAt } from './texts.ts';

type SlotReader = (s: Sentence, at: number) => readonly Candidate<unknown>[];

/** A guest by its name or number, as its row id. Orders to things that were said before are for `{on}`. */
const guestAt: SlotReader = (s, at) =>
  targetsAt(s, at, { dataset: 'guests' }, {})
    .filter(({ value, problem }) => value.ids.length === 1 || problem?.p === 'name')
    .map(({ value, ...rest }) => ({ ...rest, value: value.ids[0] ?? '' }));

const guestsAt: SlotReader = (s, at) =>
  targetsAt(s, at, { dataset: 'guests' }, {})
    .filter(({ value, problem }) => value.ids.length > 0 || problem?.p === 'name')
    .map(({ value, cost, ...rest }) => ({ ...rest, value: value.ids, cost: cost + inputCost }));

/** The number of a guest, whether there is one or not. */
const vmidAt: SlotReader = (s, at) => {
  let place = at;
  while (/^(vmid|id|number|no|vm|ct|container|guest|#)$/.test(s.word(place))) place++;
  const number = /^#?(\d{1,9})$/.exec(s.word(place))?.[1];
  return number === undefined ? [] : [{ end: place + 1, value: Number(number), cost: 0.1 }];
};

/** What may stand at a place for each kind of slot, the longest first. */
const readers: Readonly<Record<Exclude<SlotKind, 'choice'>, SlotReader>> = {
  size: sizesAt,
  count: countsAt,
  duration: durationsAt,
  time: timesAt,
  flag: flagsAt,
  name: namesAt,
  word: wordAt,
  words: wordListAt,
  text: textsAt,
  address: addressesAt,
  url: urlsAt,
  path: pathsAt,
  clock: clocksAt,
  schedule: schedulesAt,
  node: (s, at) => thingsAt(s, at, 'node'),
  storage: (s, at) => thingsAt(s, at, 'storage'),
  pool: (s, at) => thingsAt(s, at, 'pool'),
  user: (s, at) => thingsAt(s, at, 'user'),
  bridge: (s, at) => thingsAt(s, at, 'bridge'),
  guest: guestAt,
  guests: guestsAt,
  vmid: vmidAt,
  disk: disksAt,
  nic: nicsAt,
};

/** The values that may stand at a place for an input, the longest first. Of a choice, the values by their own names. */
export function slotAt(s: Sentence, at: number, input: Input): readonly Candidate<unknown>[] {
  if (at >= s.tokens.length) return [];
  if (input.kind !== 'choice') return readers[input.kind](s, at);
  const said = s.tokens[at]?.word ?? '';
  const value = Object.keys(input.values ?? {}).find((each) => each.toLowerCase() === said);
  return value === undefined ? [] : [{ end: at + 1, value, cost: 0 }];
}

/** What an input comes to that is said anew, in a word after the order. */
export function changedValue(kind: SlotKind, before: unknown, value: unknown): unknown {
  const isSchedule = kind === 'schedule' && typeof before === 'string' && typeof value === 'string';
  return isSchedule ? changedSchedule(before, value) : value;
}

/** What an input comes to that was said in two parts; undefined where it cannot be. */
export function mergedValue(kind: SlotKind, before: unknown, value: unknown): unknown {
  if (kind === 'schedule' && typeof before === 'string' && typeof value === 'string')
    return mergedSchedule(before, value);
  return undefined;
}
