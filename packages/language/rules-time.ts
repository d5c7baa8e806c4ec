import type { Window } from '@pxa/contract';
import { amountsAt, numberAt, secondsOf } from './amounts.ts';
import { spanAt } from './calendar.ts';
import type { Edge } from './fragment.ts';
import type { Sentence } from './sentence.ts';

const day = 86_400;
const lead = new Set([
  'in',
  'over',
  'during',
  'within',
  'for',
  'of',
  'from',
  'the',
  'throughout',
  'on',
  'since',
  'these',
  'those',
]);

/** Stretches of time: `this week`, `in the last 24 hours`, `today`, `last night`, `since yesterday`, `on 2025-11-19`. */
export function windowEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  const from = s.skip(at, lead);
  const add = (end: number, window: Window): void => {
    edges.push({
      start: at,
      end,
      fragment: { f: 'window', window: { ...window, says: s.surface(from, end) } },
      cost: 0.9,
    });
  };
  const word = s.word(from);
  if (word === 'today' || word === 'tonight') add(from + 1, { from: { midnight: 0 } });
  if (word === 'yesterday') {
    const since = s.tokens.slice(at, from).some((token) => token.word === 'since');
    add(from + 1, since ? { from: { midnight: 1 } } : { from: { midnight: 1 }, to: { midnight: 0 } });
  }
  if (/^(last|this|past|previous|recent)$/.test(word)) lastEdges(s, from, add);
  // "no backup in 7 days"
  if (/^(in|within)$/.test(s.word(at)) && from === at + 1) {
    for (const { amount, end } of amountsAt(s.tokens, from)) {
      if (amount.unit === 'seconds' && s.word(end) !== 'old' && s.word(end) !== 'ago')
        add(end, { from: { ago: amount.number } });
    }
  }
  const ago = agoAt(s, from);
  if (ago && s.tokens.slice(at, from).some((token) => token.word === 'since'))
    add(ago.end, { from: { ago: ago.seconds } });
  if (word === 'midnight') add(from + 1, { from: { midnight: 0 } });
  for (const { end, window } of datedAt(s, at)) add(end, window);
  const span = from > at || /^(last|this|past)$/.test(word) ? spanAt(s, from) : undefined;
  if (span !== undefined) {
    const since = s.tokens.slice(at, from).some((token) => token.word === 'since');
    add(span.end, since ? { from: span.from } : { from: span.from, to: span.to });
  }
  return edges;
}

function lastEdges(s: Sentence, at: number, add: (end: number, window: Window) => void): void {
  const next = s.word(at + 1);
  if (/^nights?$/.test(next)) add(at + 2, { from: { midnight: 1, plus: 18 * 3600 } });
  const counted =
    numberAt(s.tokens, at + 1) ??
    (/^(few|couple)$/.test(next) ? { number: 3, end: at + (s.word(at + 2) === 'of' ? 3 : 2) } : undefined);
  const unitAt = counted?.end ?? at + 1;
  const seconds = secondsOf(s.tokens[unitAt]?.stem ?? '');
  if (seconds !== undefined && !s.tokens[unitAt]?.quoted) {
    // "This week" and "last week" are the last 7 days, as is said in the contract of answers.
    add(unitAt + 1, { from: { ago: (counted?.number ?? 1) * seconds } });
  }
  for (const glued of amountsAt(s.tokens, at + 1).filter(({ amount }) => amount.unit === 'seconds'))
    add(glued.end, { from: { ago: glued.amount.number } });
  if (/^(morning|evening|weekend)$/.test(next))
    add(at + 2, { from: next === 'weekend' ? { ago: 3 * day } : { midnight: 0 } });
}

/** `from 2026-02-20 to 2026-02-21`, `between … and …`, `after March`, `before last Tuesday`, `from … on`. Days are whole ones. */
function datedAt(s: Sentence, at: number): { end: number; window: Window }[] {
  const first = spanAt(s, at + (s.word(at + 1) === 'than' ? 2 : 1));
  if (first === undefined) return [];
  const { end } = first;
  const found: { end: number; window: Window }[] = [];
  const word = s.word(at);
  if (/^(from|between)$/.test(word) && /^(to|till|until|and|through)$/.test(s.word(end))) {
    const last = spanAt(s, end + 1);
    if (last !== undefined) found.push({ end: last.end, window: { from: first.from, to: last.to } });
  }
  if (word === 'from' && /^(on|onwards|onward)$/.test(s.word(end)))
    found.push({ end: end + 1, window: { from: first.from } });
  if (/^(after|later)$/.test(word)) found.push({ end, window: { from: first.to } });
  if (/^(since|starting)$/.test(word)) found.push({ end, window: { from: first.from } });
  if (/^(before|earlier)$/.test(word)) found.push({ end, window: { from: { at: 0 }, to: first.from } });
  // "until the 19th" takes the 19th in.
  if (/^(until|till)$/.test(word)) found.push({ end, window: { from: { at: 0 }, to: first.to } });
  return found;
}

/** `30 days ago` */
function agoAt(s: Sentence, at: number): { seconds: number; end: number } | undefined {
  for (const { amount, end } of amountsAt(s.tokens, at)) {
    if (amount.unit === 'seconds' && s.word(end) === 'ago') return { seconds: amount.number, end: end + 1 };
  }
  return undefined;
}

/** Ages: `older than 30 days`, `more than two weeks old`, `newer than a week`, `from before 2025-01-01`, `30+ days old`. */
export function ageEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  const add = (end: number, is: '<' | '>', seconds: number, cost = 0.85): void => {
    edges.push({ start: at, end, fragment: { f: 'age', is, than: { ago: seconds } }, cost });
  };
  for (const { what, end } of s.core(at, 'older')) {
    for (const { amount, end: after } of amountsAt(s.tokens, end)) {
      if (amount.unit !== 'seconds') continue;
      add(s.word(after) === 'ago' ? after + 1 : after, what.is, amount.number);
    }
    // What is “since Friday” was said as a window of time, which takes Friday in.
    if (s.word(end - 1) === 'since') continue;
    if (s.word(end) === 'yesterday') add(end + 1, what.is, day);
    else edges.push(...thanSpan(s, at, end, what.is));
  }
  const from = s.skip(at, new Set(['from', 'made', 'taken', 'created', 'that', 'are', 'is', 'were', 'was']));
  for (const { what, end } of s.core(from, 'compare')) {
    for (const { amount, end: after } of amountsAt(s.tokens, end)) {
      if (amount.unit !== 'seconds' || !/^(old|ago|back)$/.test(s.word(after))) continue;
      add(after + 1, what.is.startsWith('>') ? '<' : '>', amount.number);
    }
  }
  const older = /^(\d+)\+$/.exec(s.word(at));
  const unit = secondsOf(s.tokens[at + 1]?.stem ?? '');
  if (older && unit !== undefined && s.word(at + 2) === 'old') add(at + 3, '<', Number(older[1]) * unit);
  return edges;
}

/** `older than March`, `newer than last Tuesday`, `older than 2025-01-01`. */
function thanSpan(s: Sentence, start: number, at: number, is: '<' | '>'): Edge[] {
  const span = spanAt(s, at);
  if (span === undefined) return [];
  const than = is === '<' ? span.from : span.to;
  return [{ start, end: span.end, fragment: { f: 'age', is, than }, cost: 0.85 }];
}

/** What stands between what ends and the time within which it does. */
const toEnd = new Set(
  'in within during the next coming following less than under upcoming before by until this over'.split(' '),
);

/** Ends: `expires within 30 days`, `running out in the next week`, `that have expired`. */
export function dueEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  for (const { what: senses, end } of s.sense(at, 'due')) {
    const past = /^(expired|ended|lapsed)$/.test(s.word(end - 1));
    const next = s.skip(end, toEnd);
    for (const { amount, end: after } of amountsAt(s.tokens, next)) {
      if (amount.unit === 'seconds')
        edges.push({
          start: at,
          end: after,
          fragment: { f: 'due', senses, seconds: amount.number, past: false },
          cost: 0.8,
        });
    }
    const span = next > end ? spanAt(s, next, true) : undefined;
    if (span !== undefined) {
      const until = /^(before|by)$/.test(s.word(next - 1)) ? span.from : span.to;
      const fragment = { f: 'due' as const, senses, seconds: undefined, until, past: false };
      edges.push({ start: at, end: span.end, fragment, cost: 0.8 });
    }
    const unit = secondsOf(s.tokens[next]?.stem ?? '');
    if (next > end && unit !== undefined)
      edges.push({ start: at, end: next + 1, fragment: { f: 'due', senses, seconds: unit, past: false }, cost: 0.8 });
    // "soon (30 days)"
    const soon = /^(soon|shortly)$/.test(s.word(end)) ? s.skip(end + 1, new Set(['in', 'within'])) : undefined;
    for (const { amount, end: after } of soon === undefined ? [] : amountsAt(s.tokens, soon)) {
      if (amount.unit !== 'seconds') continue;
      const fragment = { f: 'due' as const, senses, seconds: amount.number, past: false };
      edges.push({ start: at, end: after, fragment, cost: 0.8 });
    }
    if (/^(soon|shortly)$/.test(s.word(end)))
      edges.push({
        start: at,
        end: end + 1,
        fragment: { f: 'due', senses, seconds: 30 * day, past: false },
        cost: 0.8,
      });
    if (/^(first|soonest|next|earliest)$/.test(s.word(end)))
      edges.push({ start: at, end: end + 1, fragment: { f: 'super', dir: 'asc', due: senses }, cost: 0.8 });
    edges.push({ start: at, end, fragment: { f: 'due', senses, seconds: undefined, past }, cost: 1.05 });
  }
  return edges;
}
