import { amountsAt } from './amounts.ts';
import type { Edge } from './fragment.ts';
import { ageEdges, windowEdges } from './rules-time.ts';
import type { Sentence } from './sentence.ts';

/** `restarted in the last week`, `booted less than 10 days ago`, `rebooted for 60 days`, `most recently started`, `rebooted last`. */
export function beganEdges(s: Sentence, at: number): Edge[] {
  const edges: Edge[] = [];
  for (const { what: senses, end } of s.sense(at, 'began')) {
    for (const edge of [...windowEdges(s, end), ...ageEdges(s, end)]) {
      const { fragment } = edge;
      if (fragment.f !== 'window' && fragment.f !== 'age') continue;
      const when = fragment.f === 'window' ? { window: fragment.window } : { age: fragment };
      edges.push({ start: at, end: edge.end, fragment: { f: 'began', senses, ...when }, cost: 1.2 });
    }
    for (const { seconds, end: after } of stretchesAt(s, end)) {
      const window = { from: { ago: seconds }, says: s.surface(end, after) };
      edges.push({ start: at, end: after, fragment: { f: 'began', senses, window }, cost: 1.2 });
    }
    const last = placeAfter(s, end);
    if (last) edges.push({ start: at, end: last.end, fragment: { f: 'super', dir: last.dir, due: senses }, cost: 0.9 });
  }
  const before = placeBefore(s, at);
  for (const { what: senses, end } of before ? s.sense(before.end, 'began') : [])
    edges.push({ start: at, end, fragment: { f: 'super', dir: before?.dir, due: senses }, cost: 0.9 });
  return edges;
}

interface Place {
  readonly dir: 'asc' | 'desc';
  readonly end: number;
}

/** `rebooted last`, `started most recently`, `booted longest ago`. */
function placeAfter(s: Sentence, at: number): Place | undefined {
  const words = `${s.word(at)} ${s.word(at + 1)} `;
  if (/^(most recently|least recently|longest ago) $/.test(words))
    return { dir: words.startsWith('most') ? 'desc' : 'asc', end: at + 2 };
  const isEnd = at + 1 === s.tokens.length;
  if (isEnd && /^(last|latest)$/.test(s.word(at))) return { dir: 'desc', end: at + 1 };
  return isEnd && /^(first|earliest)$/.test(s.word(at)) ? { dir: 'asc', end: at + 1 } : undefined;
}

/** `most recently started`, `last rebooted`. */
function placeBefore(s: Sentence, at: number): Place | undefined {
  if (/^(most|least)$/.test(s.word(at)) && s.word(at + 1) === 'recently')
    return { dir: s.word(at) === 'most' ? 'desc' : 'asc', end: at + 2 };
  return undefined;
}

/** `for 60 days`, `in 60 days` */
function stretchesAt(s: Sentence, at: number): { seconds: number; end: number }[] {
  if (!/^(for|in|within)$/.test(s.word(at))) return [];
  const from = /^(over|the|at)$/.test(s.word(at + 1)) ? at + 2 : at + 1;
  return amountsAt(s.tokens, from).flatMap(({ amount, end }) =>
    amount.unit === 'seconds' ? [{ seconds: amount.number, end }] : [],
  );
}
