import type { Edge, Fragment } from './fragment.ts';
import { measuresAt } from './rules.ts';
import { small, uptimes } from './rules-super.ts';
import type { Sentence } from './sentence.ts';

/** `sort by name`, `ordered by memory descending`. */
export function orderEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  for (const { end } of s.core(at, 'sort')) {
    let next = end;
    while (/^(by|on|them|it|the|their|its|list|result|results|rows|according|to|those|these)$/.test(s.word(next)))
      next++;
    for (const [end2, key] of orderKeys(s, next)) edges.push(...withDirection(s, at, end2, key));
  }
  // "in reverse order by name"
  for (const { what, end } of s.core(s.word(at) === 'in' ? at + 1 : at, 'direction')) {
    if (s.word(end) !== 'by') continue;
    for (const [after, key] of orderKeys(s, end + 1))
      edges.push({ start: at, end: after, fragment: { f: 'order', dir: what.dir, ...key }, cost: 0.8 });
  }
  return edges;
}

type OrderKey = Omit<Extract<Fragment, { f: 'order' }>, 'f' | 'dir'>;

function orderKeys(s: Sentence, at: number): [number, OrderKey][] {
  const keys: [number, OrderKey][] = [];
  for (const { part, end } of measuresAt(s, at)) keys.push([end, { measure: part }]);
  for (const { what, end } of s.sense(at, 'attribute')) keys.push([end, { attributes: what }]);
  for (const { what, end } of s.sense(at, 'grade')) keys.push([end, { grades: what }]);
  return keys;
}

function withDirection(s: Sentence, start: number, end: number, key: OrderKey): Edge[] {
  const edges: Edge[] = [{ start, end, fragment: { f: 'order', dir: undefined, ...key }, cost: 1 }];
  const next = s.skip(end, new Set(['in', ',']));
  for (const { what, end: after } of s.core(next, 'direction')) {
    edges.push({ start, end: after, fragment: { f: 'order', dir: what.dir, ...key }, cost: 0.9 });
  }
  return edges;
}

/** `per node`, `for each storage`, `grouped by status`; `by node` may also be an order. */
export function groupEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  for (const { end } of s.core(at, 'per')) edges.push(...groupKeys(s, at, s.skip(end, small), true));
  if (/^(across|over|among|amongst|between|on)$/.test(s.word(at)) && spreads(s, at) >= 0)
    edges.push(...groupKeys(s, at, s.skip(at + 1, small), true));
  if (spread.test(s.word(at)) && spreads(s, s.tokens.length) === at)
    edges.push({ start: at, end: s.skip(at + 1, small), fragment: { f: 'core', core: { c: 'filler' } }, cost: 0.1 });
  const by = byEnd(s, at);
  if (by > at) {
    edges.push(...groupKeys(s, at, s.skip(by, small), spreads(s, at) >= 0));
    for (const [end, key] of orderKeys(s, s.skip(by, small))) {
      if (key.measure || key.attributes)
        edges.push(...withDirection(s, at, end, key).map((edge) => ({ ...edge, cost: edge.cost + 0.05 })));
    }
  }
  return edges;
}

const spread = /^(distribution|spread|split|breakdown)$/;

/** Where the "distribution of VMs" or "spread of VMs" that is asked for begins, before a place; -1 where none is. */
function spreads(s: Sentence, before: number): number {
  return s.tokens.findIndex(({ word }, place) => place < before && spread.test(word) && s.word(place + 1) === 'of');
}

/** Where `by`, `in terms of`, `according to` end; the place itself where they do not stand there. */
function byEnd(s: Sentence, at: number): number {
  if (s.word(at) === 'by') return at + 1;
  const words = `${s.word(at)} ${s.word(at + 1)} ${s.word(at + 2)}`;
  if (/^(in terms of|with respect to|with regard to)$/.test(words)) return at + 3;
  return /^(according to|based on|measured by|judged by) /.test(words) ? at + 2 : at;
}

function groupKeys(s: Sentence, start: number, at: number, sure: boolean): Edge[] {
  const edges: Edge[] = [];
  for (const { senses, end } of s.phrases(at)) {
    const keys = senses.filter(({ t }) => t === 'attribute' || t === 'noun');
    if (keys.length > 0) edges.push({ start, end, fragment: { f: 'group', senses: keys, sure }, cost: sure ? 0.9 : 1 });
  }
  return edges;
}

/** `how long has web-01 been up`, `since when is it running`: the time that it has been up. */
export function sinceWhenEdges(s: Sentence, at: number): Edge[] {
  const asked = /^(how long|since when)$/.test(`${s.word(at)} ${s.word(at + 1)}`);
  // "is web-01 running?" – "since when?"
  if (asked && s.tokens.length === at + 2 && at === 0 && s.uptimeSenses().length > 0)
    return [
      {
        start: at,
        end: at + 2,
        fragment: { f: 'measure', measure: { senses: s.uptimeSenses(), qualifier: undefined } },
        cost: 0.5,
      },
    ];
  const place = s.tokens.findIndex(
    ({ word }, index) => index > 1 && uptimes.test(word) && index >= s.tokens.length - 2,
  );
  const senses = s.uptimeSenses();
  if (place < 0 || senses.length === 0) return [];
  if (asked)
    return [
      { start: at, end: at + 2, fragment: { f: 'measure', measure: { senses, qualifier: undefined } }, cost: 0.5 },
    ];
  const isAsked = /\b(how long|since when)\b/.test(s.surface(0, at).toLowerCase());
  // "been up" then says nothing more.
  if (!isAsked || (at !== place && at !== place - 1)) return [];
  return [{ start: at, end: at + 1, fragment: { f: 'core', core: { c: 'filler' } }, cost: 0.1 }];
}

const roomWords = /^(room|space|capacity|headroom|fit|fits|host|hold|accommodate|place|put|take|support)$/;

/** `room for`, `can pve1 take a VM with 16 GB`, `where would a VM with 8 GB fit`. */
export function roomEdges(s: Sentence, at: number): Edge[] {
  const isAsked = s.tokens.some(({ word }) => /^(room|fit|fits|put|place|host|accommodate|space)$/.test(word));
  if (isAsked && /^(new|another|additional)$/.test(s.word(at)) && s.sense(at + 1, 'noun').length > 0) {
    return [{ start: at, end: at + 1, fragment: { f: 'core', core: { c: 'filler' } }, cost: 0.1 }];
  }
  if (!roomWords.test(s.word(at))) return [];
  const isNoun = /^(room|space|capacity|headroom)$/.test(s.word(at));
  if (isNoun && s.word(at - 1) === 'much') return [];
  const before = s.tokens.slice(0, at).some(({ word }) => /^(can|could|would|will|where|should|does|do)$/.test(word));
  const after = s.tokens.slice(at + 1).some(({ word }) => /^(for|vm|container|guest|machine|another|new)$/.test(word));
  if (isNoun ? !after : !before) return [];
  return [{ start: at, end: at + 1, fragment: { f: 'room' }, cost: 0.2 }];
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** `the second one`, `the 3rd`, `number 2`, `the last one`. */
export function ordinalEdges(s: Sentence, at: number): Edge[] {
  const from = s.word(at) === 'the' ? at + 1 : at;
  const word = s.word(from);
  const digits = /^#?(\d+)(st|nd|rd|th)$/.exec(word) ?? /^#(\d+)$/.exec(word);
  let n = ordinals.indexOf(word) + 1;
  if (digits?.[1]) n = Number(digits[1]);
  if (word === 'last' && (/^(one|entry|row|item)$/.test(s.word(from + 1)) || s.tokens.length === from + 1)) n = -1;
  let end = from + 1;
  if (/^(number|no|row|entry|item|option)$/.test(word) && /^\d{1,2}$/.test(s.word(from + 1))) {
    n = Number(s.word(from + 1));
    end = from + 2;
  }
  if (n === 0) return [];
  if (/^(one|entry|row|item|option|guest|vm|container|node)$/.test(s.word(end))) end++;
  return [{ start: at, end, fragment: { f: 'ordinal', n }, cost: 1 }];
}
